"""Rendering of articles from the CMS; fields may be null there."""


def tag_line(article: dict) -> str:
    """Tags as `#a #b`; empty without tags."""
    return " ".join("#" + tag for tag in article["tags"])


def title_of(article: dict) -> str:
    return (article.get("title") or "").strip()


def render(article: dict) -> str:
    return f"{title_of(article)}\n{tag_line(article)}".rstrip()
