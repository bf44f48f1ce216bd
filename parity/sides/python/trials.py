"""Runs a unit with some constructs meant as Java means them, to see what it would give then.

All of it happens in copies of the process that loaded the units: one in which functions are
rewritten, and a copy of that for each trial, which starts afresh and may end as it likes.
"""

import ast
import base64
import itertools
import json
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Set, Tuple, Type, Union

from .copies import PROCESSORS, TRIAL_SECONDS, Work, forked, lines_of, side_by_side, worked
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
from .instrument import Program, Rewriter, Site, functions_by_file
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
MOST_REWRITTEN = 8
MOST_TOGETHER = 12
"""So many plans are tried in one copy, where the unit repeats itself."""
Plan = List[Tuple[int, str]]


class Trials:
    """The trials of one request: `lines` are fixtures, `plans` the meanings of each trial."""

    def __init__(self, server: "Server", request: Dict[str, Any]) -> None:
        self.server = server
        self.unit = request["unit"]
        self.lines: List[str] = request["lines"]
        self.plans: Optional[List[Plan]] = request.get("plans")
        self.chosen: List[int] = request.get("chosen", list(range(len(self.lines))))
        self.values: bool = request.get("values", False)
        self.slips: bool = request.get("slips", False)
        self.budget: float = request.get("budget", 2.0)
        self.subject = server.subjects[self.unit]
        subject, lines, known = server.plain_run
        same = subject is self.subject and lines == self.lines
        self.plain_run: Dict[str, Any] = known if same else {}
        self.fresh: Tuple[str, int, bytes] = ("", 0, b"")
        """What was rewritten now: by which rewriter, the hash of which texts, the program of it."""

    def answer(self) -> Dict[str, Any]:
        """What came of all trials; of none where this copy ends badly or late."""
        read_meanings()
        if self.server.functions is None:
            self.server.functions = functions_by_file()
        told = forked(self._write_all, self.budget + LOOK_SECONDS, alone=False)
        try:
            tried = json.loads(told)
        except ValueError:
            return {"tried": None}
        self.server.plain_run = (self.subject, self.lines, tried.pop("plain_run"))
        self._keep_rewritten(*tried.pop("rewritten"))
        return {"tried": tried}

    def _keep_rewritten(self, name: str, texts: int, packed: str) -> None:
        """Keeps what a copy has rewritten for the next ones: in a large file that takes longer than
        the trials do."""
        known = self.server.rewritten
        if packed:
            known[name, texts] = base64.b64decode(packed)
        if len(known) > MOST_REWRITTEN:
            del known[next(iter(known))]

    def _write_all(self, write: Callable[[Any], None]) -> None:
        from .serving import data_bytes, limit_memory

        os.close(self.server.requests.descriptor)
        limit_memory(self.server.limits.memory, data_bytes())
        told = self._all()
        name, texts, packed = self.fresh
        rewritten = name, texts, base64.b64encode(packed).decode("ascii")
        write({**told, "plain_run": self.plain_run, "rewritten": rewritten})

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
            if looked and "repeats" in looked[-1]:
                self.plain_run.update(looked.pop())
            self._keep_offered(looked)
            found = {"sites": self._described(sites, looked), "looked": looked}
            plain, seconds = self._plainly()
            return {**found, "plain": plain, "seconds": seconds, "worked": worked()}
        return {"observations": self._tried(plans), "worked": worked()}

    def _tried(self, plans: List[Plan]) -> List[Optional[List[Optional[str]]]]:
        """What each plan gives on the chosen lines; None for those that time did not reach."""
        observations: List[Optional[List[Optional[str]]]] = [None] * len(plans)
        runner = self._runner()  # what it looks at is looked at once, not by each copy
        count, limit = len(self.chosen), self._limit()
        groups = self._groups(plans)
        while groups:
            ended = side_by_side(
                [self._trials([plans[at] for at in group], runner, limit) for group in groups],
                limit,
                lambda: worked() > self.budget,
                patience=self.plain_run["patience"],
            )
            left: List[List[int]] = []
            for group, told in zip(groups, ended):
                if told is None:
                    continue
                lines = lines_of(told)
                # Of the last of these plans the copy has ended, or all of them are done.
                done = len(lines) // count + 1 if count else len(group)
                for number, at in enumerate(group[:done]):
                    own = lines[number * count : (number + 1) * count]
                    observations[at] = answers_of(own, count)
                left += [group[done:]] if group[done:] else []
            groups = left
        return observations

    def _groups(self, plans: List[Plan]) -> List[List[int]]:
        """Which plans share a copy: one of its own takes far longer than a small unit does.

        Only where the unit goes the same way twice; and one plan that is asked for by itself has
        a copy of its own, so whatever several have told can be made sure of.
        """
        apart = [at for at, plan in enumerate(plans) if is_of_arguments(plan)]
        shared = [at for at, plan in enumerate(plans) if not is_of_arguments(plan)]
        size = min(MOST_TOGETHER, -(-len(shared) // PROCESSORS))
        if not self.plain_run.get("repeats"):
            size = 1
        groups = [shared[at : at + size] for at in range(0, len(shared), max(1, size))]
        return sorted([*groups, *([at] for at in apart)])

    # ------------------------------------------------------------ rewriting

    def _rewrite(
        self,
        kind: Type[Hook],
        texts: List[Tuple[str, str]],
        rewriter: Type[ast.NodeTransformer] = Rewriter,
    ) -> List[Site]:
        self.program = Program(rewriter)
        key = rewriter.__name__, hash(tuple(texts))  # the same number in all copies
        known = self.server.rewritten.get(key)
        if known:
            self.program.unpack(known)
        else:
            for file, text in texts:
                self.program.add(file, text)
            self.fresh = (*key, self.program.packed() if texts else b"")
        self.hook = kind(self.program.sites)
        self.program.ask(self.hook, self.server.functions or {})
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
        ways: List[Any] = []
        until = time.process_time() + (LOOK_ENOUGH if self._is_heavy() else LOOK_SECONDS)
        for number in range(len(self.lines)):
            ways.append(self._looked(runner, number))
            given = [[*meaning, *pair] for meaning in hook.given for pair in hook.given[meaning]]
            found, reached = known_meanings(hook.found), sorted(hook.reached)
            offered = known_meanings(hook.offered)
            write({"found": found, "reached": reached, "given": given, "offered": offered})
            if time.process_time() > until:
                return
        if not self._is_heavy():
            write({"repeats": self._goes_again(runner, ways)})

    def _looked(self, runner: Runner, number: int) -> Tuple[str, Dict[int, int]]:
        """What a line gives where one looks, and how often that came to which site."""
        hook = self.hook
        hook.begin(LOOKS if number in self.chosen else 0)
        hook.looking = True
        told = runner.answer(self.lines[number])
        hook.looking = False
        return told_of(told), hook.looks

    def _goes_again(self, runner: Runner, ways: List[Any]) -> bool:
        """Whether each line gives the same once more, by as many steps: the unit keeps nothing from
        call to call that matters, not even what it has reckoned once."""
        return all(self._looked(runner, number) == way for number, way in enumerate(ways))

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

    def _ask_at(self, plan: Plan) -> None:
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

    def _trials(self, plans: List[Plan], runner: Runner, seconds: float) -> Work:
        """The work of a copy that answers the chosen lines under one plan after the other, each
        for so many seconds of work."""
        trials = [self._trial(plan, self.chosen, runner) for plan in plans]

        def run(write: Callable[[Any], None]) -> None:
            for trial in trials:
                signal.setitimer(signal.ITIMER_PROF, seconds)
                trial(write)

        return run

    def _trial(self, plan: Plan, chosen: List[int], runner: Runner) -> Work:
        """The work of a copy that answers lines under a plan."""
        meant = Meant(plan)

        def run(write: Callable[[Any], None]) -> None:
            if is_of_arguments(plan):
                self.subject.target = with_copies(self.subject.target)
            self._ask_at(plan)
            runner.in_copy()
            self.hook.turn(meant)
            for number in chosen:
                write(told_of(runner.answer(self.lines[number])))

        return run


def is_of_arguments(plan: Plan) -> bool:
    """Whether a plan is about what is handed to the unit: then it is another unit for good."""
    return any(site == ARGUMENTS for site, _ in plan)


def told_of(answer: Union[str, bytes]) -> str:
    """What an answer tells, without how long it took."""
    assert isinstance(answer, str)  # nobody asked to pack
    return answer.rstrip("\n").partition("\t")[2]


def answers_of(lines: List[str], count: int) -> List[Optional[str]]:
    """What a copy has told of so many lines; None from where it ended."""
    answers: List[Optional[str]] = [json.loads(one) for one in lines]
    return answers + [None] * (count - len(answers))
