"""Audit trail on SQLite."""
import sqlite3


class AuditLog:
    def __init__(self, path: str = ":memory:"):
        self.connection = sqlite3.connect(path)
        self.connection.execute("create table if not exists entry (actor text, action text)")

    def record(self, actor: str, action: str) -> None:
        with self.connection:
            self.connection.execute("insert into entry values (?, ?)", (actor, action))

    def actions_of(self, actor: str) -> list[str]:
        """What the actor did, oldest first."""
        cursor = self.connection.execute("select action from entry where actor = ? order by rowid", (actor,))
        rows = cursor.fetchall()
        cursor.close()
        return [action for (action,) in rows]

    def last_action(self, actor: str) -> str | None:
        """The newest action; None when the actor did nothing."""
        cursor = self.connection.execute(
            "select action from entry where actor = ? order by rowid desc limit 1", (actor,)
        )
        return cursor.fetchone()[0]
