"""Draw all random numbers from the system's generator.

What it does
    Does what `use_secure_random` does, for every call, whatever its result is named.

Why it matters
    What an attacker must not predict is not always named as a secret.

Example
    Before: winner = random.choice(entries)
    After:  winner = random.SystemRandom().choice(entries)

When it does not apply
    The file seeds the generator: then its numbers are meant to be repeated.

Fix safety
    review: simulations get slower, and tests that patch or seed `random` elsewhere lose their grip.

References
    CWE-330; https://docs.python.org/3/library/random.html#random.SystemRandom
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.security.use_secure_random import UseSecureRandom
from tasks.models import Domain


class UseSystemRandom(UseSecureRandom):
    def is_secret(self, call: cst.Call) -> bool:
        return True


RULE = Rule(
    id="use_system_random",
    title="Draw all random numbers from the system's generator",
    domain=Domain.SECURITY,
    safety="review",
    transformer=UseSystemRandom,
    hints=("random",),
    cwe=(330, 338),
    bandit=("B311",),
    ruff=("S311",),
    codeql=("py/insecure-randomness",),
    words=("predictable",),
)

VALID = (
    """\
import random
random.seed(1)
random.random()
""",
    """\
import random
random.Random(7)
""",
)
INVALID = (
    (
        """\
import random as r
x = r.randint(1, 6)
""",
        """\
import random as r
x = r.SystemRandom().randint(1, 6)
""",
    ),
    (
        """\
import random
r = random.Random()
""",
        """\
import random
r = random.SystemRandom()
""",
    ),
)
