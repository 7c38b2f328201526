"""Draw secrets from the system's generator.

What it does
    Turns `random.choice(...)` and its kin into calls of `random.SystemRandom()` where the result is named as a
    token, password, key, salt or the like.

Why it matters
    The default generator can be predicted from some of its numbers: so can the next password that it makes.

Example
    Before: token = random.choices(LETTERS, k=32)
    After:  token = random.SystemRandom().choices(LETTERS, k=32)

When it does not apply
    The file seeds the generator, or nothing says that the number is a secret.

Fix safety
    hardening: a little slower; the numbers cannot be reproduced.

References
    CWE-330, CWE-338; https://docs.python.org/3/library/secrets.html
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of
from tasks.models import Domain

FUNCTIONS = (
    "random", "randrange", "randint", "choice", "choices", "uniform", "triangular", "sample", "getrandbits",
    "randbytes", "shuffle",
)  # fmt: skip
CALLS = {f"random.{name}": name for name in FUNCTIONS}
SECRETS = re.compile(
    r"passw|secret|token|(api|private|access)_?key|salt|nonce|otp|\bpin\b|csrf|session_?id|reset_?code|verification",
    re.IGNORECASE,
)


class UseSecureRandom(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._seeded = "seed(" in node.code

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if self._seeded:
            return updated_node
        fresh = not original_node.args and self.calls(original_node, {"random.Random"})
        name = self.calls(original_node, CALLS)
        if not (fresh or name) or not self.is_secret(original_node) or not self.wanted(original_node):
            return updated_node
        system = self.name_for("random.SystemRandom")
        self.accept(original_node, "draw from the generator of the operating system")
        if name is None:
            return updated_node.with_changes(func=system)
        return updated_node.with_changes(func=cst.Attribute(cst.Call(system), cst.Name(CALLS[name])))

    def is_secret(self, call: cst.Call) -> bool:
        """The function or the variable that the number goes to is named as a secret."""
        function = self.enclosing_function(call)
        names = function.name.value if function is not None else ""
        for above in self.ancestors(call):
            if isinstance(above, cst.Assign):
                names += " " + " ".join(code_of(target.target) for target in above.targets)
            if isinstance(above, cst.BaseStatement):
                break
        return SECRETS.search(names) is not None


RULE = Rule(
    id="use_secure_random",
    title="Draw secrets from the system's generator",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=UseSecureRandom,
    hints=("random",),
    cwe=(330, 338),
    bandit=("B311",),
    ruff=("S311",),
    codeql=("py/insecure-randomness",),
    words=("predictable", "insecure random", "weak random"),
)

VALID = (
    """\
import random
x = random.choice(xs)
""",
    """\
import random
random.seed(1)
token = random.random()
""",
)
INVALID = (
    (
        """\
import random
token = ''.join(random.choice(AZ) for _ in range(9))
""",
        """\
import random
token = ''.join(random.SystemRandom().choice(AZ) for _ in range(9))
""",
    ),
    (
        """\
from random import randint


def make_otp():
    return randint(0, 9)
""",
        """\
import random


def make_otp():
    return random.SystemRandom().randint(0, 9)
""",
    ),
)
