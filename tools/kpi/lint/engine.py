"""Runs the rules over a repository, on all processors: problems in, findings with lines out, in one total order."""

import os
import signal
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, TypeVar

from kpi.lint.checker import Checked, Checker, framework_problems
from kpi.lint.report import Report, apply_ignores, in_order, resting_on
from kpi.model.finding import ERROR, OFF, Finding, Problem
from kpi.model.progress import Progress, Thing, silent
from kpi.model.text import listed
from kpi.rules import RULES
from kpi.rules.rule import FileEntry, Framework
from kpi.store import repository
from kpi.store.cache import MALFORMED, Cache
from kpi.store.files import HALF_WRITTEN, UnreadableError
from kpi.store.paths import PLAN, KpiPath, odd_hidden, renamed, walk
from kpi.store.repository import THE_DISK, Overlay

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

    from kpi.judge.changes import Changes
    from kpi.model.finding import Ignore
    from kpi.store.reader import Document

_NAMED = 3  # the most files that one sentence names; the others are counted


def lint(
    root: Path,
    today: date,
    overlay: Overlay = THE_DISK,
    changes: "Changes | None" = None,
    *,
    cached: bool = False,
    progress: Progress = silent,
) -> Report:
    """Check everything under `kpis/`; with `cached` the cache is used and added to, and the report is the same.

    `today` is the real day (UTC). What `overlay` holds, the plan or KPI files at their places, is taken instead of what is on the
    disk. Without `changes` since an earlier version the rules about changes are not asked.
    """
    try:
        return _Run(root, today, overlay, changes).report(progress, cached=cached and PLAN not in overlay)
    except MALFORMED:
        if not cached:
            raise
        return _Run(root, today, overlay, changes).report(progress, cached=False)  # the cache may be to blame


class _Run:
    """One run's state: what was found so far, and what the rules about all files will need."""

    def __init__(self, root: Path, today: date, overlay: Overlay, changes: "Changes | None") -> None:
        self.root, self.today, self.overlay, self.changes = root, today, overlay, changes
        self.checker = Checker(root, today, overlay)
        self.cache: Cache | None = None
        self.half_read: dict[str, None] = {}
        self.entries: list[FileEntry] = []
        self.findings: dict[str, list[Finding]] = defaultdict(list)
        self.ignores: dict[str, tuple[Ignore, ...]] = {}
        self.sources: dict[str, list[str]] = {}
        self.unchecked: list[str] = []

    def report(self, progress: Progress, *, cached: bool) -> Report:
        """Check everything; findings are sorted by the ignore comments and put in order."""
        self._add_plan(cached=cached)
        tree = walk(self.root, self.overlay)
        for path, problem in tree.odd:
            self._place(path, None, [problem])
        self._add_hidden(tree.hidden)
        self._add_kpis(tree.files, progress)
        if self.checker.plan_known:
            self._check_framework(renamed(path) for path, _ in tree.odd)
        if self.cache is not None:
            self.cache.close()
        unread = dict.fromkeys(entry.path for entry in self.entries if not entry.readable)
        for what, paths in (
            ("Only syntax and fields were", unread),
            ("Gaps, jumps and the like were not", self.half_read),
        ):
            if paths:
                files = listed(paths, _NAMED)
                self.unchecked.append(f"{what} checked in {files}, because of the errors there.")
        kept: list[Finding] = []
        hidden: list[tuple[Finding, Ignore]] = []
        for path in sorted(self.findings.keys() | self.ignores.keys()):
            findings = dict.fromkeys(self.findings.get(path, ()))  # what is found in two ways is there once
            held = {  # the rules that checked the whole of the file; those about a change look at the change only
                rule.name
                for rule in self.checker.rules
                if rule.about_change is None
                and not (path in unread and (rule.about_kpi or rule.about_all))
                and not (path in self.half_read and rule.needs_whole)
            }
            left, ignored, problems = apply_ignores(findings, self.ignores.get(path, ()), held)
            kept += (*left, *self.checker.findings(path, None, problems)[0])
            hidden += ignored
        kept.sort(key=in_order)
        looked_at = [*(file.path for file in tree.files), *(path for path, _ in tree.odd)]
        if looked_at or PLAN in self.sources or self.checker.plan_known:
            looked_at.insert(0, PLAN)
        return Report(tuple(kept), tuple(hidden), tuple(looked_at), tuple(self.unchecked), self.sources)

    def _add_plan(self, *, cached: bool) -> None:
        """Read the plan, and settle which rules run. Where the cache knows that nothing is wrong with it, its fields do."""
        data, file = repository.content(self.root, PLAN, self.overlay), None
        if cached and not isinstance(data, UnreadableError):
            self.cache = Cache(self.root, self.today.isoformat().encode(), data)
        if self.cache is not None and self.cache.plan is not None:
            with suppress(*MALFORMED):
                repository.hold_requirement(self.cache.plan)  # another version may have kept it
                file = repository.plan_of(self.cache.plan)
        if file is None:
            file = repository.plan_from(data)
            written = file.document.values if file.document is not None else None
            repository.hold_requirement(written if self.cache is not None else None)
        unsure = {resting_on(problem) for problem in file.problems} if file.plan is not None else set()
        self.checker = Checker(self.root, self.today, self.overlay, file.plan, unsure)
        self.unchecked.extend(self._not_held(unsure))
        self._place(PLAN, file.document, file.problems)
        if self.cache is not None and file.document is not None:
            self.cache.plan = None if file.problems or PLAN in self.ignores else file.document.values

    def _not_held(self, unsure: Collection[str]) -> Iterator[str]:
        """What the plan keeps from being checked, by its mistakes or by its settings."""
        if not self.checker.plan_known:
            yield f"Identity, plan and references were not checked, because {PLAN} can't be used."
        if names := [rule.name for rule in RULES if rule.name in unsure]:
            yield f"Not checked, because of the errors in {PLAN}: {', '.join(names)}."
        weaker = [
            f"{rule.name} ({self.checker.severities[rule.name]})"
            for rule in RULES
            if rule.severity != OFF and self.checker.severities[rule.name] not in {rule.severity, ERROR}
        ]
        if weaker:
            yield f"Held less strictly, because {PLAN} says so: {', '.join(weaker)}."

    def _add_hidden(self, paths: Collection[str]) -> None:
        """Refuse dot files that git tracks, and report the others."""
        if not paths:
            return
        from kpi.store import git

        tracked = git.tracked(self.root, paths)
        for path in tracked:
            self._place(path, None, [odd_hidden(path)])
        if untracked := [path for path in paths if path not in tracked and not path.endswith(HALF_WRITTEN)]:
            self.unchecked.append(f"Skipped, because git doesn't track it: {listed(untracked, _NAMED)}.")

    def _add_kpis(self, locations: Sequence[KpiPath], progress: Progress) -> None:
        work = partial(self.checker.check_all, self.cache is not None)
        results = share_out(work, locations) if self.cache is None or self.cache.is_empty else None
        for location in progress(locations, "Checking files"):
            self._add(next(results) if results else self._checked(location))
        if results:
            list(results)  # lets its processes end

    def _checked(self, location: KpiPath) -> Checked:
        data = repository.content(self.root, location.path, self.overlay)
        kept = self.cache.get(location.path, data) if self.cache else None
        if kept is None:
            return self.checker.check(location, data, keeps=self.cache is not None)
        wants_lines = isinstance(data, bytes) and (kept.findings or kept.ignores)
        return Checked(kept, repository.lines_in(data) if isinstance(data, bytes) and wants_lines else None)

    def _add(self, checked: Checked) -> None:
        kept, path = checked.kept, checked.kept.entry.path
        if self.cache:
            self.cache.put(path, checked.line)
        self.entries.append(kept.entry)
        if kept.entry.readable and not kept.whole:
            self.half_read[path] = None
        self._keep(path, kept.findings, kept.ignores, checked.source)

    def _check_framework(self, misnamed: Iterable[str]) -> None:
        """Run the rules about all files, and about their change; a file with such a finding is read again, for its lines."""
        problems: dict[str, list[Problem]] = defaultdict(list)
        framework = Framework(self.checker.plan, PLAN, tuple(self.entries), frozenset(misnamed))
        change = (self.changes, self.today) if self.changes is not None else None
        for path, problem in framework_problems(framework, self.checker.rules, change):
            problems[path].append(problem)
        locations = {entry.path: KpiPath(*entry[:3]) for entry in self.entries if entry.path in problems}
        for path, in_file in problems.items():
            data = repository.content(self.root, path, self.overlay)
            location, year_starts = locations.get(path), self.checker.plan.year_starts
            file = (
                repository.kpi_from(data, location, year_starts) if location else repository.plan_from(data)
            )
            self._place(path, file.document, in_file)

    def _place(self, path: str, document: "Document | None", problems: Iterable[Problem]) -> None:
        """Turn a file's problems into findings, and remember its comments and lines where they matter."""
        self._keep(path, *self.checker.findings(path, document, problems))

    def _keep(
        self, path: str, findings: Iterable[Finding], ignores: "tuple[Ignore, ...]", source: list[str] | None
    ) -> None:
        if source is not None:
            self.sources[path] = source
        if ignores:
            self.ignores[path] = ignores
        if findings:
            self.findings[path].extend(findings)


# All processors

MANY = 400  # with fewer files the other processes take longer to start than they save
_BATCH = 50  # files that a process is given at a time; at the end the others may wait for one
_TICK = 0.2  # seconds after which a wait looks whether Ctrl-C was pressed

Result = TypeVar("Result")


def processors() -> int:
    """How many processors this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_out(
    work: Callable[[Sequence[Thing]], list[Result]], things: Sequence[Thing]
) -> Iterator[Result] | None:
    """The result of (picklable) `work` for each thing, in order; None if it is better worked out in this process."""
    cores = processors()
    if cores == 1 or len(things) < MANY:
        return None
    try:
        with _ctrl_c_held_back():
            from concurrent.futures import ProcessPoolExecutor

            pool = ProcessPoolExecutor(cores, initializer=_begin, initargs=(work,))
    except (ImportError, NotImplementedError, OSError):  # a system without locks that processes share
        return None
    return _results(pool, things)


_works: list[Callable[[Sequence[Any]], list[Any]]] = []  # in another process: what it does with things


def _begin(work: Callable[[Sequence[Any]], list[Any]]) -> None:
    """Make another process ready. Ctrl-C reaches every process of a terminal: the first one alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _works.append(work)


def _work_on(things: Sequence[Any]) -> list[Any]:
    return _works[-1](things)


def _results(pool: "ProcessPoolExecutor", things: Sequence[Thing]) -> Iterator[Any]:
    try:
        with _ctrl_c_held_back():
            batches = (things[start : start + _BATCH] for start in range(0, len(things), _BATCH))
            waiting = deque(pool.submit(_work_on, batch) for batch in batches)
        while waiting:
            yield from _wait_for(waiting.popleft())
    finally:
        with _ctrl_c_held_back():
            pool.shutdown(cancel_futures=True)


def _wait_for(future: "Future[Result]") -> Result:
    """What a process has worked out; Ctrl-C is answered meanwhile."""
    from concurrent.futures import wait

    while True:
        with _ctrl_c_held_back():
            if wait([future], timeout=_TICK).done:
                return future.result()


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Answer Ctrl-C after what is done inside, instead of in the middle of it.

    Python raises KeyboardInterrupt wherever it stands. Inside the pool, where processes are started and locks are held,
    that leaves a pool that waits for ever to be shut down.
    """
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_ours or current_thread() is not main_thread():
        yield
        return
    pressed = []
    signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if pressed:
            raise KeyboardInterrupt
