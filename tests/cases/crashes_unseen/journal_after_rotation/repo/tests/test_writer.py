from journal.writer import Journal


def test_write_and_rotate(tmp_path):
    journal = Journal(tmp_path / "app.log")
    journal.write("one")
    aside = journal.rotate()
    journal.close()
    assert aside.read_text() == "one\n"
