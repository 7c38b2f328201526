"""How several versions of the same functions behave on arguments seen in tests, and on variations of these.

Arguments are taken when a test calls the function on the unchanged code; each version is then called with copies.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
import re
import sys
import time
import types
from collections.abc import Iterator
from typing import Any

from .items import ItemRunner
from .swap import CannotSwap, Swapper
from .time_limit import OutOfTime, cpu_limit

_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
_MOST_CALLS = 60
_MOST_INPUTS = 240
_CALL_SECONDS = 0.1
_TEST_SECONDS = 1.0


class CallRecorder:
    """Keeps copies of the arguments of distinct calls of some functions."""

    def __init__(self, codes: dict[types.CodeType, str]) -> None:
        self._codes = codes
        self._seen: set[str] = set()
        self.calls: list[tuple[str, list[tuple[str, Any]]]] = []

    def __call__(self, frame: types.FrameType, event: str, argument: Any) -> None:
        if event != "call" or frame.f_code not in self._codes or len(self.calls) >= _MOST_CALLS:
            return
        sys.setprofile(None)
        try:
            self._take(frame)
        finally:
            sys.setprofile(self)

    def _take(self, frame: types.FrameType) -> None:
        code = frame.f_code
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if code.co_flags & 0x0C:
            # Star arguments follow the named ones in the code's variables.
            return
        try:
            taken = copy.deepcopy([(name, frame.f_locals[name]) for name in names])
            mark = self._codes[code] + repr(describe(taken))
        except Exception:
            return
        if mark not in self._seen:
            self._seen.add(mark)
            self.calls.append((self._codes[code], taken))


def describe(value: Any, depth: int = 4) -> Any:
    """A value as nested tuples that compare equal for equal contents, without addresses."""
    kind = type(value).__name__
    if value is None or isinstance(value, (bool, str, bytes, complex)):
        return kind, value
    if isinstance(value, int):
        return kind, value if abs(value) < 1 << 4000 else "huge"
    if isinstance(value, float):
        return kind, repr(value)
    return (kind,) if depth == 0 else (kind, _contents(value, depth - 1))


def _contents(value: Any, depth: int) -> Any:
    if isinstance(value, (list, tuple, types.GeneratorType)):
        return tuple(describe(item, depth) for item in itertools.islice(value, 200))
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(repr(describe(item, depth)) for item in value))
    if isinstance(value, dict):
        return tuple((repr(key), describe(item, depth)) for key, item in itertools.islice(value.items(), 200))
    try:
        state = vars(value)
    except TypeError:
        return _ADDRESS.sub("0x", repr(value))[:2000]
    return tuple((name, describe(item, depth)) for name, item in sorted(state.items()) if name[:2] != "__")


def vary(value: Any) -> Iterator[Any]:
    """Values near the one given that a caller could also pass."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, 0, -value, value * 2 + 3)
    elif isinstance(value, float):
        yield from (value + 0.5, -value, 0.0)
    elif isinstance(value, str):
        yield from ("", value[:-1], value[1:], value + value[-1:], value.upper(), " " + value, value + " x")
    elif isinstance(value, bytes):
        yield from (b"", value[:-1], value + value[:1])
    elif isinstance(value, list):
        yield from ([], value[:-1], value[1:], value[::-1], value + value[:1])
    elif isinstance(value, tuple):
        yield from (value[:-1], value[::-1])
    elif isinstance(value, dict):
        yield {}
        for key in list(value)[:3]:
            yield {k: v for k, v in value.items() if k != key}
    elif value is not None:
        return
    if value is not None:
        yield None


def inputs(calls: list[tuple[str, list[tuple[str, Any]]]]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """The calls, then variations of one argument each, as evenly over the calls as the limit allows."""
    found = list(calls)
    variations = [_variations(name, taken) for name, taken in calls]
    while variations and len(found) < _MOST_INPUTS:
        for source in list(variations):
            following = next(source, None)
            if following is None:
                variations.remove(source)
            elif len(found) < _MOST_INPUTS:
                found.append(following)
    return found


def _variations(unit: str, taken: list[tuple[str, Any]]) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    for place, (name, value) in enumerate(taken):
        if name not in ("self", "cls"):
            for other in vary(value):
                yield unit, [*taken[:place], (name, other), *taken[place + 1 :]]


class Probe:
    """Compares versions inside a fork; `versions` map unit keys to new sources, an absent unit stays as it is."""

    def __init__(self, request: dict[str, Any], items: list[Any], runner: ItemRunner, swapper: Swapper) -> None:
        self.request = request
        self.items = items
        self.runner = runner
        self.swapper = swapper
        self.units = request["units"]
        self._patience_s = _CALL_SECONDS

    def run(self) -> dict[str, Any]:
        recorder = CallRecorder(self._codes())
        limit_s = _TEST_SECONDS
        for number in self.request["tests"]:
            sys.setprofile(recorder)
            try:
                with cpu_limit(limit_s):
                    if isinstance(self.runner.run(self.items[number]), OutOfTime):
                        limit_s = 0.05
            except OutOfTime:
                continue
            finally:
                sys.setprofile(None)
        chosen = inputs(recorder.calls)
        observed = len(recorder.calls)
        versions = self.request["versions"]
        share_s = float(self.request["cpu_s"]) / max(1, len(versions))
        first = self._behaviour(versions[0], chosen, share_s)
        if first is not None:
            # What the first version had no time for is left out for all.
            chosen = chosen[: len(first)]
        rest = [self._behaviour(version, chosen, 4 * share_s) for version in versions[1:]]
        marks = [None if found is None or len(found) < len(chosen) else found for found in (first, *rest)]
        return {"observed": min(observed, len(chosen)), "inputs": len(chosen), "marks": marks}

    def _codes(self) -> dict[types.CodeType, str]:
        found = {}
        for key, unit in self.units.items():
            for function in self.swapper.functions_at(unit["path"], unit["line"], unit["name"]):
                found[function.__code__] = key
        return found

    def _behaviour(
        self, version: dict[str, str], chosen: list[tuple[str, list[tuple[str, Any]]]], limit_s: float
    ) -> list[str] | None:
        """A mark for each input's outcome, as far as the time allows; None when the version cannot be swapped in."""
        saved: list[Any] = []
        try:
            for key, source in version.items():
                unit = self.units[key]
                saved += self.swapper.apply(unit, self.swapper.compile(unit, source), source)
            self._patience_s = _CALL_SECONDS
            started = time.process_time()
            in_time = itertools.takewhile(lambda _: time.process_time() - started < limit_s, chosen)
            return [self._outcome(key, taken) for key, taken in in_time]
        except (CannotSwap, SyntaxError, ValueError, StopIteration):
            return None
        finally:
            self.swapper.restore(saved)
            self.swapper.clear_caches()

    def _outcome(self, key: str, taken: list[tuple[str, Any]]) -> str:
        unit = self.units[key]
        function = self.swapper.functions_at(unit["path"], unit["line"], unit["name"])[0]
        try:
            arguments = dict(copy.deepcopy(taken))
        except Exception:
            return "uncopied"
        try:
            with cpu_limit(self._patience_s):
                outcome: Any = ("result", describe(_call(function, arguments)))
        except OutOfTime:
            outcome = ("endless",)
            self._patience_s = max(0.005, 0.7 * self._patience_s)
        except BaseException as error:
            outcome = ("raised", type(error).__name__, _ADDRESS.sub("0x", str(error))[:300])
        try:
            text = repr((outcome, describe(arguments)))
        except BaseException as error:
            text = f"indescribable {type(error).__name__}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _call(function: types.FunctionType, arguments: dict[str, Any]) -> Any:
    positional = function.__code__.co_varnames[: function.__code__.co_argcount]
    ordered = [arguments[name] for name in positional if name in arguments]
    rest = {name: value for name, value in arguments.items() if name not in positional}
    result = function(*ordered, **rest)
    if isinstance(result, types.CoroutineType):
        return _drive(result)
    return list(itertools.islice(result, 100)) if isinstance(result, types.GeneratorType) else result


def _drive(coroutine: Any) -> Any:
    """The result of a coroutine that never really waits; the loop of the tests is not there."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    return "suspended"
