"""The `mendflow` command. Results go to stdout, logs and progress to stderr.

Exit codes: 0 done (for `run`: fixed), 1 internal error, 2 bad usage or input, 3 no validated fix, 4 refused.
"""

from __future__ import annotations

import logging
import sys
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import TyperException

from deployments.commands import alerts, demo, evaluate, history, run, validate
from tasks.errors import MendflowError

INTERRUPTED = 130

app = typer.Typer(
    name="mendflow",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="From an alert to a validated code change.",
    epilog="Start with `mendflow demo`, then `mendflow run INCIDENT --repo DIR`.",
)
app.command()(demo.demo)
app.command()(run.run)
app.command()(validate.validate)
app.command()(evaluate.evaluate)
app.add_typer(history.app, name="history")
app.add_typer(alerts.app, name="alerts")


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mendflow {version('mendflow')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit with its code; every expected error is one line on stderr."""
    try:
        code = app(arguments, standalone_mode=False)
        if code == INTERRUPTED:  # typer turns Ctrl-C into this code, and says nothing
            complain("interrupted; nothing was changed", INTERRUPTED)
    except MendflowError as error:
        code = complain(str(error), error.exit_code)
    except TyperException as error:
        what = error.format_message() or "a command is missing"
        code = complain(f"{what} (`mendflow --help` says more)", 2)
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as error:  # the outer edge: one line for people, the traceback for `logging.level: DEBUG`
        logging.getLogger("deployments").debug("internal error", exc_info=True)
        code = complain(f"internal error: {type(error).__name__}: {error}; `logging.level: DEBUG` shows more", 1)
    sys.exit(code or 0)


def complain(message: str, code: int) -> int:
    print("mendflow:", " ".join(message.split()), file=sys.stderr)  # noqa: T201
    return code


if __name__ == "__main__":
    main()
