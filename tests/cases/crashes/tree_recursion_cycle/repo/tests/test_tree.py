from tree import Category, path_of


def test_path_of():
    root = Category("All")
    books = Category("Books", root)
    assert path_of(books) == ["All", "Books"]
