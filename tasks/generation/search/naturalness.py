"""How much a line looks like the repository's own code, by the frequency of its token sequences.

Code repeats itself (Hindle et al., 2012): of two edits that pass the same tests, the one made of familiar sequences is
more often the one a maintainer would write.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

_TOKEN = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?|'[^'\n]*'|\"[^\"\n]*\"|[-+*/%&|^~<>=!]=?|//|\*\*|<<|>>|[^\s\w]")
_BACK_OFF = 0.4


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


class Naturalness:
    """Trigrams with stupid back-off over the texts given."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts: tuple[Counter[tuple[str, ...]], ...] = (Counter(), Counter(), Counter())
        for text in texts:
            found = tokens(text)
            for size in (1, 2, 3):
                self._counts[size - 1].update(zip(*(found[start:] for start in range(size)), strict=False))
        self._total = sum(self._counts[0].values()) or 1

    def gain(self, before: str, after: str) -> float:
        """Mean log-likelihood per token of `after` minus that of `before`: above 0 when it became more familiar."""
        return self._mean(tokens(after)) - self._mean(tokens(before))

    def _mean(self, found: list[str]) -> float:
        if not found:
            return -4.0
        padded = ["\n", "\n", *found]
        return sum(self._log(tuple(padded[i : i + 3])) for i in range(len(found))) / len(found)

    def _log(self, gram: tuple[str, ...]) -> float:
        weight = 1.0
        for size in (3, 2):
            part = gram[-size:]
            seen = self._counts[size - 1][part]
            if seen:
                return math.log(weight * seen / self._counts[size - 2][part[:-1]])
            weight *= _BACK_OFF
        return math.log(weight * (self._counts[0][gram[-1:]] + 0.1) / self._total)
