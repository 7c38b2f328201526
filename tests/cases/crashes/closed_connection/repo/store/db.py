import sqlite3


class Store:
    def __init__(self, path):
        self.path = path

    def _open(self):
        connection = sqlite3.connect(self.path)
        connection.execute("create table if not exists item (name text, amount integer)")
        return connection

    def add(self, name, amount):
        connection = self._open()
        connection.execute("insert into item values (?, ?)", (name, amount))
        connection.commit()
        connection.close()

    def total(self):
        """Sum of all amounts; 0 for an empty store."""
        connection = self._open()
        cursor = connection.execute("select coalesce(sum(amount), 0) from item")
        connection.close()
        return cursor.fetchone()[0]
