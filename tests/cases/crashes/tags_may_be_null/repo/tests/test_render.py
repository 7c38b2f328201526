from articles.render import render, tag_line


def test_tag_line():
    assert tag_line({"tags": ["a", "b"]}) == "#a #b"


def test_render():
    assert render({"title": " T ", "tags": []}) == "T"
