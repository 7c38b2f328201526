from articles.render import render, tag_line


def test_null_tags():
    assert tag_line({"tags": None}) == ""
    assert render({"title": "T", "tags": None}) == "T"
    assert tag_line({"tags": ["x"]}) == "#x"
