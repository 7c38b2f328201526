from tree import Category, depth


def test_depth():
    root = Category("All")
    books = Category("Books", root)
    assert depth(root) == 0
    assert depth(books) == 1
    assert depth(Category("Novels", books)) == 2
