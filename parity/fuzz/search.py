"""Looks for inputs on which the sides part: tries many at a time, keeps what reaches further."""

from __future__ import annotations

import itertools
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from parity.fixtures.choice import evenly
from parity.fuzz.calls import Call, Signature, Tier, Trial, magnitudes
from parity.fuzz.edges import Edges
from parity.fuzz.groups import Group, Seen, key_of
from parity.fuzz.making import Maker
from parity.fuzz.shrinking import shrunk
from parity.fuzz.sources import Sources
from parity.fuzz.steps import first_sequences
from parity.fuzz.streams import BASES, Draw, Streams
from parity.model import Difference

BATCH: Final = 192
FIRST: Final = 64
COMPLETED: Final = 6
"""Of what was recorded, how many are tried with the defaults that they leave to python."""
MOST_KEPT: Final = 400
MOST_GROUPS: Final = 40
MOST_SAMPLED: Final = 400
MOST_REACHING: Final = 60
LARGE: Final = 64
BULKY: Final = 1 << 16
"""Bytes of answers from which on an input costs more than it tells: larger ones cost even more."""
LIGHT: Final = 1 << 13
"""Bytes of answers up to which an input is a good example of a finding: it is run often."""
DEAR: Final = 1
"""How often java may hang or end its process in one way; then larger inputs are not tried."""
MOST_OUTSIDE: Final = 5
"""How many inputs may be tried for one that counts, where a domain leaves most of them out."""
SHRINK_SHARE: Final = 0.25
"""Of the time there is, what is kept for making inputs smaller and seeing them again."""


class Judge(Protocol):
    """Runs calls on both sides, a batch at a time; several batches may be under way."""

    depth: int
    """How many batches are worth being under way at once."""

    def begin(self, calls: Sequence[Call]) -> None:
        """Lets both sides run calls, behind those that were begun before."""
        ...

    def finish(self) -> list[Seen]:
        """What came of the batch that was begun first among those not finished."""
        ...


PATIENCE: Final = 4.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to look: so many seconds, or for so many inputs.

    Where so few as `least` were tried when the time is over, it goes on, up to four times as long:
    what a slow machine comes to is not to hang on how slow it is.
    """

    seconds: float | None = None
    examples: int | None = None
    seed: int = 0
    least: int = 0

    @property
    def at_most(self) -> float | None:
        """The seconds after which it ends whatever was tried."""
        if self.seconds is None:
            return None
        return self.seconds * (PATIENCE if self.least else 1.0)


@dataclass(frozen=True, slots=True)
class Target:
    """A unit to look at: what its parameters take, what its sources have, what was recorded."""

    signature: Signature
    sources: Sources
    recorded: Sequence[Call] = ()
    failing: Sequence[tuple[Call, Tier]] = ()
    """Inputs that differed in an earlier run."""


@dataclass(slots=True)
class Found:
    """What a search came to."""

    groups: list[Group] = field(default_factory=list)
    tried: int = 0
    matched: int = 0
    differing: int = 0
    unknown: int = 0
    outside: int = 0
    branches: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Why nothing could be told of inputs."""
    reaching: list[Call] = field(default_factory=list)
    """Inputs that reached something new and were judged: worth being kept as fixtures."""
    sample: list[Call] = field(default_factory=list)
    """Some of the inputs that matched."""


class Search:
    """One search. The same seed makes the same inputs, whatever time they take."""

    def __init__(
        self,
        target: Target,
        judge: Judge,
        limits: Limits,
        draw: Draw,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.target = target
        self.judge = judge
        self.limits = limits
        self.clock = clock
        self.started = clock()
        self.found = Found()
        self._groups: dict[tuple[str, ...], Group] = {}
        self._tried: set[int] = set()
        self._reached: set[int] = set()
        self._signs: set[int] = set()
        self._ways: set[tuple[str, ...]] = set()
        self._heavy: list[tuple[int, ...]] = []
        self._skipped: list[Trial] = []
        self._told = 0
        self._pace = 0.0
        self._random = random.Random(limits.seed)
        self._streams = self._made_streams(draw)

    def _made_streams(self, draw: Draw) -> Streams:
        target, signature = self.target, self.target.signature
        recorded = evenly(target.recorded, BASES * 4)
        nulls = any(None in (one.get("args") or ()) for one in recorded)
        maker = Maker(Edges.of(target.sources), self._random, nulls)
        left_out = map(signature.completed, evenly(target.recorded, COMPLETED))
        recorded += [call for call in left_out if call not in recorded]
        bases = recorded or list(_first_calls(signature, maker))
        return Streams(signature, maker, self._random, bases, bool(recorded), draw)

    # ------------------------------------------------------------ looking

    def run(self) -> Found:
        """Looks until the time or the inputs are used up, then makes what was found small."""
        under_way: list[list[Trial]] = []
        batches = self._batches()
        while True:
            is_spent = False
            while len(under_way) < self._depth and not self._is_over(sum(map(len, under_way))):
                batch = next(batches, None)
                is_spent = batch is None
                if not batch:
                    break
                self.judge.begin([trial.call for trial in batch])
                under_way.append(batch)
            else:
                is_spent = True
            if not under_way:
                if is_spent:
                    break
                continue  # what came next was known already: what comes then may not be
            trials = under_way.pop(0)
            for trial, seen in zip(trials, self.judge.finish(), strict=True):
                self._learn(trial, seen)
            self._told += len(trials)
            self._pace = self._used() / self._told
        self.found.branches = len(self._reached)
        self._shrink()
        self.found.groups = list(self._groups.values())
        return self.found

    @property
    def _depth(self) -> int:
        """How many batches are under way at once: fewer where java hangs, as each may."""
        hangs = any(one.is_dear for one in self._groups.values())
        return max(1, self.judge.depth // 2) if hangs else self.judge.depth

    def _is_over(self, ahead: int) -> bool:
        """Whether no more batch is to begin, with so many calls under way.

        They take of the time that is kept for making small what they find, where they are slow.
        """
        if self._left == 0:
            return True
        if len(self._groups) >= MOST_GROUPS:
            return True
        used = self._used() + ahead * self._pace
        if used <= 1 - (SHRINK_SHARE if self._groups else 0.08):
            return False
        return len(self._tried) >= self.limits.least or self._used() >= PATIENCE

    @property
    def _left(self) -> int | None:
        """How many inputs are left to be tried: what is outside does not count, within reason."""
        if self.limits.examples is None:
            return None
        counted = max(len(self._tried) - self.found.outside, len(self._tried) // MOST_OUTSIDE)
        return max(0, self.limits.examples - counted)

    def _used(self) -> float:
        """The share of the time that is used up."""
        if self.limits.seconds is None:
            return 0.0
        return (self.clock() - self.started) / max(self.limits.seconds, 0.001)

    def _batches(self) -> Iterator[list[Trial]]:
        """Batches of trials: what was recorded, what is near that, then of everything some."""
        known = [Trial.of(call, tier) for call, tier in self.target.failing]
        known += [Trial.of(call, "recorded") for call in self._streams.bases if self._recorded]
        known += [Trial.of(call, "boundary") for call in self._streams.bases if not self._recorded]
        for start in range(0, len(known), BATCH):
            yield self._fresh(iter(known[start : start + BATCH]), BATCH)
        near, boundary = self._streams.near(), self._streams.boundary()
        far, further = self._streams.far(), self._streams.further()
        if self._recorded:
            yield self._fresh(near, FIRST)
            yield self._fresh(near, BATCH)
        idle = 0
        for count in itertools.count():
            wanted: list[tuple[Iterator[Trial | None], int]] = [
                (near, 64 if self._recorded else 0),
                (boundary, 64 if self._recorded else 112),
                (further, 56),
                (far, 24 if count > 1 else 0),
            ]
            batch = self._once_more()
            batch += [
                trial
                for stream, size in wanted
                if size and len(batch) < BATCH
                for trial in self._fresh(stream, size)
            ]
            idle = 0 if batch else idle + 1
            if idle > 5:
                return
            yield batch

    def _once_more(self) -> list[Trial]:
        """Trials that were behind one which took too much, less those that would as well."""
        trials = [one for one in self._skipped if self._is_wanted(one.call)]
        self._skipped = trials[BATCH:]
        return trials[:BATCH]

    @property
    def _recorded(self) -> bool:
        return self._streams.recorded

    def _fresh(self, stream: Iterator[Trial | None], size: int) -> list[Trial]:
        """Trials of a stream that are new, and that java can be given."""
        found: list[Trial] = []
        for trial in itertools.islice(stream, size * 4):
            if trial is None:
                break
            key = hash(trial.text)
            if key in self._tried or not self._is_wanted(trial.call):
                continue
            if self._left == 0:
                break
            self._tried.add(key)
            found.append(trial)
            if len(found) == size:
                break
        return found

    def _is_wanted(self, call: Call) -> bool:
        if not self.target.signature.can_hold(call):
            return False
        return not self._heavy or not self._is_heavy(call)

    # ------------------------------------------------------------ learning

    def _learn(self, trial: Trial, seen: Seen) -> None:
        found = self.found
        if seen.call is not None:
            trial = Trial.of(seen.call, trial.tier, trial.steps)
        if seen.bulk > BULKY:
            self._note_heavy(trial.call, partial(_share_of, seen.bulk / BULKY))
        if seen.verdict == "skipped":
            self._skipped.append(trial)
            return
        found.tried += 1
        match seen.verdict:
            case "outside":
                found.outside += 1
                return
            case "unknown":
                found.unknown += 1
                found.reasons.update(one.note for one in seen.differences[:1])
                return
            case "costly":
                found.unknown += 1
                self._note_heavy(trial.call, _root_of)
                return
            case "matched":
                found.matched += 1
                if len(found.sample) < MOST_SAMPLED and seen.bulk <= LIGHT:
                    found.sample.append(trial.call)
            case "differs":
                found.differing += 1
        self._note_reached(trial, seen)
        key = key_of(seen.differences)
        if key is None:
            return
        known = self._groups.get(key)
        if known is None:
            self._groups[key] = Group(key, trial.call, seen.differences, trial.tier)
            return
        known.add(trial.call, seen.differences, trial.tier, light=seen.bulk <= LIGHT)
        if known.is_dear and known.found > DEAR:
            self._note_heavy(trial.call, int)

    def _note_reached(self, trial: Trial, seen: Seen) -> None:
        new = seen.new - self._reached
        self._reached |= new
        way = (seen.python, *(key_of(seen.differences) or ()))
        first = way not in self._ways
        self._ways.add(way)
        other = seen.sign not in self._signs
        self._signs.add(seen.sign)
        if trial.tier == "recorded" and (new or first or other):
            self._streams.kept.append(trial)
            return
        if new or first or (other and len(self.found.reaching) < MOST_REACHING):
            self.found.reaching.append(trial.call)
        if (new or first or other) and len(self._streams.kept) < MOST_KEPT:
            self._streams.kept.append(trial)

    # ------------------------------------------------------------ what takes too much

    def _note_heavy(self, call: Call, least_of: Callable[[int], int]) -> None:
        """An input that takes too much: larger ones would as well, and so would somewhat smaller.

        Python hangs on it or runs out of memory, or what is answered is so much that reading it
        takes the time of many others.
        """
        sizes = magnitudes(call, self.target.signature.slots(call))
        least = tuple(least_of(one) if one >= LARGE else 0 for one in sizes)
        if any(least) and not self._is_heavy(call):
            self._heavy.append(least)
            self._streams.maker.ceiling = max(least)

    def _is_heavy(self, call: Call) -> bool:
        sizes = magnitudes(call, self.target.signature.slots(call))
        return any(
            len(least) == len(sizes)
            and all(size >= one for size, one in zip(sizes, least, strict=True))
            for least in self._heavy
        )

    # ------------------------------------------------------------ making small

    def _shrink(self) -> None:
        groups = list(self._groups.values())
        for index, group in enumerate(groups):
            if group.is_dear:
                continue
            share = (1 - self._used()) / (len(groups) - index)
            ends_at = self._used() + share * 0.8

            def ends(limit: float = ends_at) -> bool:
                return self._used() > limit

            self._shrink_one(group, ends)

    def _shrink_one(self, group: Group, ends: Callable[[], bool]) -> None:
        told: dict[int, tuple[Call, Sequence[Difference]]] = {
            id(group.call): (group.call, group.differences)
        }

        def shows(calls: Sequence[Call]) -> list[bool]:
            held = [self.target.signature.can_hold(call) for call in calls]
            all_seen = iter(self._judged([one for one, ok in zip(calls, held, strict=True) if ok]))
            same = []
            for call, ok in zip(calls, held, strict=True):
                seen = next(all_seen) if ok else None
                good = seen is not None and key_of(seen.differences) == group.key
                if good and seen is not None:
                    told[id(call)] = seen.call or call, seen.differences
                same.append(good)
            return same

        call = shrunk(group.call, self.target.signature, shows, ends=ends)
        group.call, group.differences = told[id(call)]

    def _judged(self, calls: Sequence[Call]) -> list[Seen]:
        """What comes of calls, those in one batch for each that may be under way."""
        if not calls:
            return []
        step = -(-len(calls) // max(1, self.judge.depth // 2))
        parts = [calls[start : start + step] for start in range(0, len(calls), step)]
        for part in parts:
            self.judge.begin(part)
        return [seen for _ in parts for seen in self.judge.finish()]


def _first_calls(signature: Signature, maker: Maker) -> Iterator[Call]:
    return (first_sequences if signature.steps else Signature.first_calls)(signature, maker)


def _root_of(size: int) -> int:
    return max(LARGE, math.isqrt(size))


def _share_of(times: float, size: int) -> int:
    return max(LARGE, int(size / times))
