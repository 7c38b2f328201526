"""Every error that mendflow raises on purpose.

    MendflowError
    ├── InputError              exit code 2: what the caller gave cannot be used
    │   ├── IncidentError       an incident or alert payload that cannot be read
    │   ├── RepositoryError     a repository that is missing or cannot be read
    │   ├── ConfigurationError  a wrong key or value, named with its line
    │   └── TestCommandError    a test command that cannot start
    ├── RefusedError            exit code 4: policy, budget or configuration says no
    ├── SandboxError            exit code 1: isolation could not be set up
    ├── CancelledRunError       exit code 1: work in a thread whose run was cancelled meanwhile
    └── HistoryError            exit code 1: the ledger or the history database cannot be written or read

Expected outcomes (a patch that fails a check, no fix found) are values, not errors.
"""


class MendflowError(Exception):
    """Base of the tree; `str(error)` is one line that names the thing and the next step."""

    exit_code = 1


class InputError(MendflowError):
    exit_code = 2


class IncidentError(InputError):
    pass


class RepositoryError(InputError):
    pass


class ConfigurationError(InputError):
    pass


class TestCommandError(InputError):
    __test__ = False  # not a test class, whatever pytest thinks of the name


class RefusedError(MendflowError):
    exit_code = 4


class SandboxError(MendflowError):
    pass


class HistoryError(MendflowError):
    pass


class CancelledRunError(MendflowError):
    pass
