"""Runs the rules over a repository: problems in, findings with lines out, in one total order."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kpi.judge.latest import newest_end
from kpi.lint.framework import entry_of
from kpi.lint.ignores import sift
from kpi.lint.report import Report, in_order
from kpi.lint.settings import resting_on, setting_problems, severities
from kpi.model.finding import ERROR, FieldPath, Finding, Problem, Span
from kpi.model.ignore import Ignore
from kpi.model.plan import Plan
from kpi.model.text import listed
from kpi.model.watch import Watch, unwatched
from kpi.rules import BY_NAME, RULES
from kpi.rules.references import named_by_title
from kpi.rules.rule import Context, Entry, Framework, KpiCheck, Rule
from kpi.store.cache import MALFORMED, Cache, Kept
from kpi.store.files import HALF_WRITTEN, UnreadableError
from kpi.store.paths import PLAN, KpiPath, odd_hidden, walk
from kpi.store.repository import (
    THE_DISK,
    Instead,
    KpiFile,
    PlanFile,
    content,
    ignores_of,
    kpi_from,
    lines_in,
    lines_of,
    plan_from,
    plan_of,
    read_plan,
)

if TYPE_CHECKING:
    from kpi.judge.changes import Changes
    from kpi.store.reader import Document

NEEDS_PLAN = "KPI3"
"""The family of identity, plan and references can't be judged without the plan."""

_NAMED = 3
"""So many files are named in one sentence; the others are counted."""

_START = Span(1, 1, 1, 1, 0, 0)


def lint(
    root: Path,
    today: date,
    instead: Instead = THE_DISK,
    changes: "Changes | None" = None,
    *,
    cached: bool = False,
    watch: Watch = unwatched,
) -> Report:
    """Check everything under `kpis/`.

    Args:
        root: the repository's root.
        today: the real day (UTC), for the rules about the calendar.
        instead: the content of some files, taken instead of what is on the disk: the plan, or KPI files at their places.
        changes: what has changed since an earlier version; without it the rules about changes are not asked.
        cached: whether what an earlier run found in a file may be used, and kept for the next. The report is the same.
        watch: is told how far the work is.
    """
    try:
        return _lint(_Run(root, today, instead, changes), watch, cached=cached and PLAN not in instead)
    except MALFORMED:
        if not cached:
            raise
        return _lint(_Run(root, today, instead, changes), watch, cached=False)  # the cache may be to blame


def _lint(run: "_Run", watch: Watch, *, cached: bool) -> Report:
    run.add_plan(cached=cached)
    found = walk(run.root, run.instead)
    for path, problem in found.odd:
        run.place(path, None, [problem])
    run.add_hidden(found.hidden)
    for place in watch(found.files, "Checking files"):
        run.add_kpi(place)
    run.check_framework()
    if run.cache is not None:
        run.cache.close()
    paths = (*(file.path for file in found.files), *(path for path, _ in found.odd))
    return run.report((PLAN, *paths) if paths or PLAN in run.sources or run.plan_known else ())


class _Run:
    """One run's state: what was found so far, and what the rules about all files will need."""

    def __init__(self, root: Path, today: date, instead: Instead, changes: "Changes | None") -> None:
        self.root = root
        self.today = today
        self.instead = instead
        self.changes = changes
        self.plan = Plan("", "", "")
        self.plan_known = False
        self.cache: Cache | None = None
        self.rules: list[Rule] = []
        self.checks: list[tuple[KpiCheck, bool]] = []  # about one KPI; whether it needs the whole
        self.unread: list[str] = []
        self.half_read: list[str] = []
        self.severities: dict[str, str] = {}
        self.entries: list[Entry] = []
        self.findings: dict[str, list[Finding]] = defaultdict(list)
        self.ignores: dict[str, tuple[Ignore, ...]] = {}
        self.sources: dict[str, list[str]] = {}
        self.unchecked: list[str] = []

    def add_plan(self, *, cached: bool) -> None:
        """Read the plan, settle which rules run and how severe they are, and check the plan itself."""
        file = self._plan_file(cached=cached)
        if file.plan is not None:
            self.plan, self.plan_known = file.plan, True
        self.severities = severities(self.plan)
        unsure = {resting_on(problem) for problem in file.problems} if self.plan_known else set()
        self.rules = [rule for rule in RULES if rule.name not in unsure and self._runs(rule)]
        self.checks = [
            (rule.about_kpi, rule.needs_whole) for rule in self.rules if rule.about_kpi is not None
        ]
        self.unchecked.extend(self._not_held(unsure))
        problems = list(file.problems)
        if self.plan_known:
            problems.extend(setting_problems(self.plan))
            for rule in self.rules:
                if rule.about_plan is not None:
                    problems.extend(rule.about_plan(self.plan))
        self.place(PLAN, file.document, problems)
        if self.cache is not None and file.document is not None:
            clean = not problems and PLAN not in self.ignores
            self.cache.plan = file.document.values if clean else None

    def _plan_file(self, *, cached: bool) -> PlanFile:
        """The plan; without its document where the cache knows its fields, and that nothing is wrong with them."""
        data = content(self.root, PLAN, self.instead)
        if not cached or isinstance(data, UnreadableError):
            return plan_from(data)
        self.cache = Cache(self.root, self.today.isoformat().encode(), data)
        if self.cache.plan is not None:
            with suppress(*MALFORMED):
                return plan_of(self.cache.plan)
        return plan_from(data)

    def _runs(self, rule: Rule) -> bool:
        if not self.plan_known and rule.code.startswith(NEEDS_PLAN):
            return False
        return self.severities[rule.name] != "off"

    def _not_held(self, unsure: Collection[str]) -> Iterator[str]:
        """What the plan keeps from being checked, by its mistakes or by its settings."""
        if not self.plan_known:
            yield f"Identity, plan and references were not checked, because {PLAN} can't be used."
        names = [rule.name for rule in RULES if rule.name in unsure]
        if names:
            yield f"Not checked, because of the errors in {PLAN}: {', '.join(names)}."
        weaker = [
            f"{rule.name} ({self.severities[rule.name]})"
            for rule in RULES
            if self.severities[rule.name] not in {rule.severity, ERROR}
        ]
        if weaker:
            yield f"Held less strictly, because {PLAN} says so: {', '.join(weaker)}."

    def add_hidden(self, paths: Collection[str]) -> None:
        """Refuse what git tracks of the names that start with a dot, and tell of the rest."""
        if not paths:
            return
        from kpi.store import git

        tracked = git.tracked(self.root, paths)
        for path in tracked:
            self.place(path, None, [odd_hidden(path)])
        rest = [path for path in paths if path not in tracked and not path.endswith(HALF_WRITTEN)]
        if rest:
            self.unchecked.append(f"Passed over, because git doesn't track it: {listed(rest, _NAMED)}.")

    def add_kpi(self, place: KpiPath) -> None:
        """Check one KPI file, where it isn't known what is in it, and keep what the rules about all files need of it."""
        data = content(self.root, place.path, self.instead)
        kept = self.cache.get(place.path, data) if self.cache else None
        if kept is None:
            kept = self._checked(kpi_from(data, place, self.plan.year_starts))
            if self.cache:
                self.cache.put(place.path, data, kept)
        elif isinstance(data, bytes) and (kept.findings or kept.ignores):
            self.sources[place.path] = lines_in(data)
        self.entries.append(kept.entry)
        if kept.findings:
            self.findings[place.path].extend(kept.findings)
        if kept.ignores:
            self.ignores[place.path] = kept.ignores
        if not kept.entry.readable:
            self.unread.append(place.path)
        elif not kept.whole:
            self.half_read.append(place.path)

    def _checked(self, file: KpiFile) -> Kept:
        """What lint knows of a file that is held against the rules about one KPI."""
        problems = [
            named_by_title(one, file.document.source(file.document.span(one.where)), self.plan)
            if one.rule == "id-format" and file.document is not None
            else one
            for one in file.problems
        ]
        if file.kpi is not None:
            whole = file.whole
            context = Context(self.plan, self.today, whole)
            for check, needs_whole in self.checks:
                if whole or not needs_whole:
                    problems.extend(check(file.kpi, context))
        found, comments = self._found(file.place.path, file.document, problems)
        newest = newest_end(file.kpi) if file.kpi is not None and file.whole else date.min
        return Kept(found, comments, entry_of(file), file.whole, newest)

    def check_framework(self) -> None:
        """Run the rules about all files, and about their change; a file with such a finding is read again, for its lines."""
        if not self.plan_known:
            return
        framework = Framework(self.plan, PLAN, tuple(self.entries))
        problems: dict[str, list[Problem]] = defaultdict(list)
        paths = {entry.kpi: entry.path for entry in self.entries}
        for rule in self.rules:
            if rule.about_all is not None:
                for path, problem in rule.about_all(framework):
                    problems[path].append(problem)
            if rule.about_change is not None and self.changes is not None:
                for kpi, problem in rule.about_change(self.changes, self.today):
                    problems[paths.get(kpi, PLAN)].append(problem)
        places = {entry.path: KpiPath(entry.path, entry.kpi, entry.priority) for entry in self.entries}
        for path, found in problems.items():
            self.place(path, self._document(places.get(path)), found)

    def _document(self, place: KpiPath | None) -> "Document | None":
        """The document of a KPI file, or of the plan."""
        if place is None:
            return read_plan(self.root, self.instead).document
        return kpi_from(content(self.root, place.path, self.instead), place, self.plan.year_starts).document

    def place(self, path: str, document: "Document | None", problems: Iterable[Problem]) -> None:
        """Turn a file's problems into findings, and remember its comments and lines where they matter."""
        found, comments = self._found(path, document, problems)
        if comments:
            self.ignores[path] = comments
        if found:
            self.findings[path].extend(found)

    def _found(
        self, path: str, document: "Document | None", problems: Iterable[Problem]
    ) -> tuple[tuple[Finding, ...], tuple[Ignore, ...]]:
        """The findings that a file's problems make, and its ignore comments; where there are any, its lines are remembered."""
        comments = ignores_of(document)
        found = tuple(
            _finding(path, document, problem, severity)
            for problem in problems
            if (severity := self.severities[problem.rule]) != "off"
        )
        if document is not None and (comments or found):
            self.sources[path] = lines_of(document)
        return found, comments

    def report(self, paths: tuple[str, ...]) -> Report:
        """Everything found, sifted by the ignore comments and put in order."""
        kept: list[Finding] = []
        hidden: list[tuple[Finding, Ignore]] = []
        for path in sorted(self.findings.keys() | self.ignores.keys()):
            found, comments = _unique(self.findings.get(path, ())), self.ignores.get(path, ())
            sifted = sift(path, found, comments, self._held(path), self.severities)
            kept.extend(one for one in sifted.findings if self.severities[one.rule] != "off")
            hidden.extend(sifted.hidden)
        kept.sort(key=in_order)
        return Report(tuple(kept), tuple(hidden), paths, (*self.unchecked, *self._left_out()), self.sources)

    def _left_out(self) -> Iterator[str]:
        """What was not asked of files with errors."""
        if self.unread:
            yield f"Only the reading was checked of {listed(self.unread, _NAMED)}, because of the errors there."
        if self.half_read:
            yield f"Gaps, jumps and the like were not looked for in {listed(self.half_read, _NAMED)}, because of the errors there."

    def _held(self, path: str) -> set[str]:
        """The rules that a file was held against as a whole. Those about a change look at no more than the change."""
        held = [rule for rule in self.rules if rule.about_change is None]
        if path in self.unread:
            return {rule.name for rule in held if not (rule.about_kpi or rule.about_all)}
        return {rule.name for rule in held if path not in self.half_read or not rule.needs_whole}


def _finding(path: str, document: "Document | None", problem: Problem, severity: str) -> Finding:
    span = problem.span or (
        document.span(_written_at(problem.where, document), problem.on_key)
        if document is not None
        else _START
    )
    rule = BY_NAME[problem.rule]
    return Finding(
        path,
        span.line,
        span.column,
        span.end_line,
        span.end_column,
        rule.code,
        rule.name,
        severity,
        problem.message,
        problem.help,
        _fitting(problem.replacement, document, span),
    )


def _written_at(where: FieldPath, document: "Document") -> FieldPath:
    """Where a measure's field is written: it may be its KPI's."""
    values = document.values or {}
    measures = values.get("measures")
    if len(where) != _OF_MEASURE or where[0] != "measures" or not isinstance(measures, dict):
        return where
    measure = measures.get(where[1])
    is_own = not isinstance(measure, dict) or where[2] in measure
    return where if is_own or where[2] not in values else where[2:]


_OF_MEASURE = 3


def _fitting(text: str | None, document: "Document | None", span: Span) -> str | None:
    """What to write instead, in quotes where it is an address in braces: some programs would read its colon as a field's."""
    if text is None or document is None or not text.startswith("https://"):
        return text
    before = document.text[span.start - span.column + 1 : span.start]
    return f'"{text}"' if "{" in before or "[" in before else text


def _unique(findings: Collection[Finding]) -> Iterator[Finding]:
    """Each finding once: a rule may meet one mistake on two ways."""
    yield from dict.fromkeys(findings)
