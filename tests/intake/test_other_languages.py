"""Stack traces of Java, JavaScript, Go and Ruby."""

from __future__ import annotations

from tasks.context.stacktrace import parse_stack_traces
from tasks.models import ExceptionInfo

JAVA = """\
2026-11-20 ERROR [main] com.acme.App - request failed
java.lang.IllegalStateException: cannot load user 7
\tat com.acme.users.UserService.load(UserService.java:42)
\tat java.base/java.lang.Thread.run(Thread.java:840)
\tat com.acme.Main.main(Native Method)
Caused by: java.sql.SQLException: no connection
\tat com.acme.db.Pool$1.lambda$get$0(Pool.java:10)
\t... 12 more
2026-11-20 INFO [main] com.acme.App - went on
"""
NODE = """\
/app/src/index.js:10
TypeError: Cannot read properties of undefined (reading 'id')
    at getUser (/app/src/users.js:12:15)
    at async Promise.all (index 0)
    at async /app/src/index.js:10:5
    at Object.<anonymous> (file:///app/src/main.mjs:1:7)
    at node:internal/process/task_queues:95:5 {
  [cause]: Error [ERR_CLOSED]: pool is closed
      at load (/app/src/db.js:3:9)
}
"""
GO = """\
panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.pick({0xc000012345, 0x3, 0x3}, 0x5)
\t/app/main.go:12 +0x1d
main.(*Server).serve(0xc0000)
\t/app/server.go:30 +0x65
created by main.main in goroutine 1
\t/app/main.go:7 +0x85
exit status 2
"""
RUBY = """\
app/models/user.rb:12:in `load': undefined method `id' for nil (NoMethodError)
\tfrom app/models/user.rb:5:in `block in all'
\tfrom bin/run.rb:3:in `<main>'
/app/x.rb:1:in 'Integer#/': divided by 0 (ZeroDivisionError)
"""


def places(exception: ExceptionInfo) -> list[tuple[str, int | None, str | None]]:
    return [(frame.path, frame.line, frame.function) for frame in exception.frames]


def test_reads_java_causes_first_and_paths_by_package() -> None:
    cause, raised = parse_stack_traces(JAVA)
    assert (cause.type, cause.message, cause.relation) == ("java.sql.SQLException", "no connection", "cause")
    assert places(cause) == [("com/acme/db/Pool.java", 10, "lambda$get$0")]
    assert (raised.type, raised.message) == ("java.lang.IllegalStateException", "cannot load user 7")
    assert places(raised)[-1] == ("com/acme/users/UserService.java", 42, "load")


def test_reads_javascript_with_its_cause() -> None:
    cause, raised = parse_stack_traces(NODE)
    assert (cause.type, cause.message, cause.relation) == ("Error", "pool is closed", "cause")
    assert raised.type == "TypeError"
    assert places(raised)[-3:] == [
        ("/app/src/main.mjs", 1, "Object.<anonymous>"),
        ("/app/src/index.js", 10, None),
        ("/app/src/users.js", 12, "getUser"),
    ]


def test_reads_a_go_panic() -> None:
    (panic,) = parse_stack_traces(GO)
    assert (panic.type, panic.message) == ("panic", "runtime error: index out of range [5] with length 3")
    assert places(panic) == [
        ("/app/main.go", 7, "main.main"),
        ("/app/server.go", 30, "main.(*Server).serve"),
        ("/app/main.go", 12, "main.pick"),
    ]


def test_reads_ruby_backtraces_of_old_and_new_versions() -> None:
    first, second = parse_stack_traces(RUBY)
    assert (first.type, first.message) == ("NoMethodError", "undefined method `id' for nil")
    assert places(first)[-1] == ("app/models/user.rb", 12, "load")
    assert places(first)[0] == ("bin/run.rb", 3, "<main>")
    assert (second.type, places(second)) == ("ZeroDivisionError", [("/app/x.rb", 1, "Integer#/")])


def test_reads_several_languages_in_the_order_of_the_log() -> None:
    types = [one.type for one in parse_stack_traces(RUBY + GO + NODE + JAVA)]
    assert types == [
        *["NoMethodError", "ZeroDivisionError", "panic", "Error", "TypeError"],
        *["java.sql.SQLException", "java.lang.IllegalStateException"],
    ]
