"""Runs a unit with some constructs meant as Java means them, to see what it would give then.

All of it happens in copies of the process that loaded the units: one in which functions are
rewritten, and a copy of that for each trial, which starts afresh and may end as it likes.
"""

import ast
import itertools
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Set, Tuple, Type

from .copies import TRIAL_SECONDS, Work, forked, lines_of, side_by_side, worked
from .hook import (
    ARGUMENTS,
    EVERYWHERE,
    LOOKS,
    Hook,
    Meant,
    known_meanings,
    read_meanings,
    with_copies,
)
from .instrument import Program, Rewriter, Site
from .rooted import is_of_sources
from .running import Limits, Runner
from .slip_sites import SlipRewriter
from .slips import Slips
from .tracing import HERE, STDLIB
from .valued import Valued

if TYPE_CHECKING:
    from .serving import Server

LOOK_SECONDS = 1.0
LOOK_ENOUGH = 0.4
PLAIN_ENOUGH = 0.2
"""What is enough of that, and of runs that change nothing, where each line takes long."""
HEAVY_SECONDS = 0.02
"""Work of a plain run from which on a trial asks only where it has to."""
LEAST_SECONDS = 0.1
SLOWER = 16  # times the work of a plain run that a trial may take: an endless loop takes all of it
PATIENCE = 0.5  # seconds in which a trial may do nothing at all: a lock may never be released
DEEPER = 4
MOST_FILES = 40


class Trials:
    """The trials of one request: `lines` are fixtures, `plans` the meanings of each trial."""

    def __init__(self, server: "Server", request: Dict[str, Any]) -> None:
        self.server = server
        self.unit = request["unit"]
        self.lines: List[str] = request["lines"]
        self.plans: Optional[List[List[Tuple[int, str]]]] = request.get("plans")
        self.chosen: List[int] = request.get("chosen", list(range(len(self.lines))))
        self.values: bool = request.get("values", False)
        self.slips: bool = request.get("slips", False)
        self.budget: float = request.get("budget", 2.0)
        self.subject = server.subjects[self.unit]
        subject, lines, known = server.plain_run
        same = subject is self.subject and lines == self.lines
        self.plain_run: Dict[str, Any] = known if same else {}

    def answer(self) -> Dict[str, Any]:
        """What came of all trials; of none where this copy ends badly or late."""
        read_meanings()
        told = forked(self._write_all, self.budget + LOOK_SECONDS, alone=False)
        try:
            tried = json.loads(told)
        except ValueError:
            return {"tried": None}
        self.server.plain_run = (self.subject, self.lines, tried.pop("plain_run"))
        return {"tried": tried}

    def _write_all(self, write: Callable[[Any], None]) -> None:
        from .serving import data_bytes, limit_memory

        os.close(self.server.requests.descriptor)
        limit_memory(self.server.limits.memory, data_bytes())
        write({**self._all(), "plain_run": self.plain_run})

    def _all(self) -> Dict[str, Any]:
        if self.values:
            self._rewrite(Valued, self._texts())
            told = lines_of(forked(self._valued, self.budget))
            return {"values": json.loads(told[-1]) if told else []}
        plans, texts = self.plans, self._texts()
        if plans is not None and not any(plans):
            texts = []  # nothing is meant otherwise anywhere
        if self.slips:
            sites = self._rewrite(Slips, texts, SlipRewriter)
        else:
            sites = self._rewrite(Hook, texts)
        if plans is None:
            looked = [json.loads(one) for one in lines_of(forked(self._look, LOOK_SECONDS))]
            self._keep_offered(looked)
            found = {"sites": self._described(sites, looked), "looked": looked}
            plain, seconds = self._plainly()
            return {**found, "plain": plain, "seconds": seconds, "worked": worked()}
        runner = self._runner()  # what it looks at is looked at once, not by each copy
        trials = [self._trial(plan, self.chosen, runner) for plan in plans]
        ended = side_by_side(
            trials,
            self._limit(),
            lambda: worked() > self.budget,
            patience=self.plain_run["patience"],
        )
        count = len(self.chosen)
        observations = [None if one is None else answers_of(one, count) for one in ended]
        return {"observations": observations, "worked": worked()}

    # ------------------------------------------------------------ rewriting

    def _rewrite(
        self,
        kind: Type[Hook],
        texts: List[Tuple[str, str]],
        rewriter: Callable[..., ast.NodeTransformer] = Rewriter,
    ) -> List[Site]:
        self.program = Program(rewriter)
        for file, text in texts:
            self.program.add(file, text)
        self.hook = kind(self.program.sites)
        self.program.ask(self.hook)
        return self.program.sites

    def _texts(self) -> List[Tuple[str, str]]:
        """The project's own files of which code runs, and the text of an expression."""
        if not self.plain_run:
            self._run_plainly()
        found: List[Tuple[str, str]] = []
        source = getattr(self.subject, "source", None)
        for name in self.plain_run["files"]:
            if source is not None and name == source[0]:
                found.append(source)
                continue
            try:
                with open(name, encoding="utf-8") as file:
                    found.append((name, file.read()))
            except (OSError, ValueError):
                continue
        return found

    def _run_plainly(self) -> None:
        """Which files take part, and how long a trial may work and wait; once for these lines."""
        before, began = worked(), time.monotonic()
        told = lines_of(forked(self._files, TRIAL_SECONDS))
        plain = worked() - before
        self.plain_run = {
            "files": sorted({json.loads(one) for one in told})[:MOST_FILES],
            "work": plain,
            "seconds": min(TRIAL_SECONDS, max(LEAST_SECONDS, SLOWER * plain)),
            "patience": max(PATIENCE, 2 * (time.monotonic() - began)),  # a unit may sleep itself
        }

    def _files(self, write: Callable[[Any], None]) -> None:
        sources = self.server.loader.sources
        seen: Set[str] = set()

        def enter(frame: Any, event: str, argument: Any) -> None:
            name = frame.f_code.co_filename
            if name in seen:
                return
            seen.add(name)
            own = name.startswith("<python") or is_of_sources(os.path.realpath(name), sources)
            if own or (not name.startswith(("<", HERE, STDLIB)) and self._beside(name)):
                write(name)

        runner = self._runner()
        sys.setprofile(enter)
        until = time.process_time() + PLAIN_ENOUGH
        for line in self.lines:
            runner.answer(line)
            if time.process_time() > until:
                break
        sys.setprofile(None)

    def _beside(self, name: str) -> bool:
        """Whether a file stands in the folder of the unit's own."""
        code = getattr(self.subject.target, "__code__", None)
        return code is not None and os.path.dirname(name) == os.path.dirname(code.co_filename)

    def _described(self, sites: List[Site], looked: List[Any]) -> List[List[Any]]:
        reached = {number for one in looked for number in one["reached"]}
        return [
            [one.number, one.file, one.line, one.column, one.kind, one.what]
            for one in sites
            if one.number in reached or one.kind == "constant"  # each says what python has
        ]

    # ------------------------------------------------------------ runs

    def _runner(self) -> Runner:
        known = self.server.limits
        limits = Limits(known.max_items, known.memory, known.depth * DEEPER)
        loader = self.server.loader
        return Runner(self.subject, loader.resolve, loader.sources, limits, [0] * 8)

    def _look(self, write: Callable[[Any], None]) -> None:
        runner = self._runner()
        hook = self.hook
        chosen = set(self.chosen)
        until = time.process_time() + (LOOK_ENOUGH if self._is_heavy() else LOOK_SECONDS)
        for number, line in enumerate(self.lines):
            hook.begin(LOOKS if number in chosen else 0)
            hook.looking = True
            runner.answer(line)
            hook.looking = False
            given = [[*meaning, *pair] for meaning in hook.given for pair in hook.given[meaning]]
            found, reached = known_meanings(hook.found), sorted(hook.reached)
            offered = known_meanings(hook.offered)
            write({"found": found, "reached": reached, "given": given, "offered": offered})
            if time.process_time() > until:
                break

    def _valued(self, write: Callable[[Any], None]) -> None:
        """Writes what the expressions were, now and then: the last of it is what counts."""
        runner, hook = self._runner(), self.hook
        assert isinstance(hook, Valued)
        count = len(self.lines)
        for number, line in enumerate(self.lines, 1):
            runner.answer(line)
            if number == count or number & (number - 1) == 0:
                write(hook.told())

    def _keep_offered(self, looked: List[Any]) -> None:
        """Keeps where each meaning may be at work, for trials of the same lines."""
        offered: Dict[str, Set[int]] = {}
        for one in looked:
            for site, key in one.pop("offered"):
                offered.setdefault(key, set()).add(site)
        self.plain_run["offered"] = {key: sorted(sites) for key, sites in offered.items()}
        self.plain_run["reached"] = sorted({site for one in looked for site in one["reached"]})

    def _is_heavy(self) -> bool:
        """Whether the unit takes so long that it asks only where it has to."""
        return bool(self.plain_run["work"] >= HEAVY_SECONDS)

    def _ask_at(self, plan: List[Tuple[int, str]]) -> None:
        """Lets the unit ask where a plan may be at work only, where that is worth its while."""
        offered = self.plain_run.get("offered")
        if offered is None or not self._is_heavy():
            return
        only = {site for site, _ in plan if site >= 0}
        for site, key in plan:
            only.update(offered.get(key, ()) if site == EVERYWHERE else ())
        for site in list(only):
            only.update(one for one in self.program.sites[site].inner if one is not None)
        everywhere = set(range(len(self.program.sites)))
        self.program.ask_at(only, everywhere.difference(self.plain_run["reached"]))

    def _limit(self) -> float:
        """Seconds that a trial of the chosen lines may take."""
        whole: float = self.plain_run["seconds"]
        known: List[Optional[float]] = self.plain_run.get("lines") or [None] * len(self.lines)
        plain = [one for one in map(known.__getitem__, self.chosen) if one is not None]
        if len(plain) < len(self.chosen):
            return whole
        return min(whole, max(LEAST_SECONDS, SLOWER * sum(plain)))

    def _plainly(self) -> Tuple[List[Optional[str]], List[Optional[float]]]:
        """What the rewritten unit did on each line and its seconds of work; None for lines that
        it did not come to in time."""
        plain: List[Optional[str]] = [None] * len(self.lines)
        seconds: List[Optional[float]] = [None] * len(self.lines)
        limit = PLAIN_ENOUGH if self._is_heavy() else TRIAL_SECONDS
        for told in lines_of(forked(self._timed, limit)):
            number, text, took = json.loads(told)
            plain[number], seconds[number] = text, took
        self.plain_run["lines"] = seconds
        return plain, seconds

    def _timed(self, write: Callable[[Any], None]) -> None:
        """Writes what each line gave. Where there is no time for all of them, chosen ones and
        others take turns."""
        order = list(range(len(self.lines)))
        if self._is_heavy():
            others = [number for number in order if number not in set(self.chosen)]
            turns = itertools.zip_longest(self.chosen, others)
            order = [one for pair in turns for one in pair if one is not None]
        numbers = iter(order)
        before = time.process_time()

        def write_timed(text: Any) -> None:
            nonlocal before
            now = time.process_time()
            write([next(numbers), text, now - before])
            before = now

        self._trial([], order, self._runner())(write_timed)

    def _trial(self, plan: List[Tuple[int, str]], chosen: List[int], runner: Runner) -> Work:
        """The work of a copy that answers lines under a plan."""
        meant = Meant(plan)

        def run(write: Callable[[Any], None]) -> None:
            if any(site == ARGUMENTS for site, _ in plan):
                self.subject.target = with_copies(self.subject.target)
            self._ask_at(plan)
            runner.in_copy()
            self.hook.turn(meant)
            for number in chosen:
                told = runner.answer(self.lines[number])
                assert isinstance(told, str)  # it was not asked to pack
                write(told.rstrip("\n").partition("\t")[2])

        return run


def answers_of(told: str, count: int) -> List[Optional[str]]:
    """What a copy has told of so many lines; None from where it ended."""
    answers: List[Optional[str]] = [json.loads(one) for one in lines_of(told)]
    return answers + [None] * (count - len(answers))
