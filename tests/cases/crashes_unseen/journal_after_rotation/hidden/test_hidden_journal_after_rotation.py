from journal.writer import Journal


def test_goes_on_after_rotation(tmp_path):
    journal = Journal(tmp_path / "app.log")
    journal.write("one")
    aside = journal.rotate()
    journal.write("two")
    journal.write("three")
    journal.close()
    assert aside.read_text() == "one\n"
    assert journal.path.read_text() == "two\nthree\n"


def test_rotate_twice(tmp_path):
    journal = Journal(tmp_path / "app.log")
    journal.write("one")
    journal.rotate()
    journal.write("two")
    assert journal.rotate().read_text() == "two\n"
    journal.close()
