"""Checks KPI files, each on its own, so that any process can do it; and what must hold between files before they are used."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from kpi.judge.series import newest_end
from kpi.lint.report import setting_problems, severities
from kpi.model.finding import ERROR, OFF, Finding, Ignore, Problem, Span
from kpi.model.kpi import Measure
from kpi.model.plan import Plan
from kpi.rules import BY_NAME, RULES
from kpi.rules.references import named_by_title
from kpi.rules.rule import Context, FileEntry, Framework, Rule
from kpi.store.cache import CachedFile, line_of
from kpi.store.files import UnreadableError
from kpi.store.paths import PLAN, KpiPath, renamed
from kpi.store.repository import KpiFile, Overlay, Repository, content, ignores_of, kpi_from, lines_of

if TYPE_CHECKING:
    from kpi.judge.changes import Changes
    from kpi.store.reader import Document

READING = "KPI1"  # the family of what keeps a file from being read
_NEEDS_PLAN = "KPI3"  # identity, plan and references can't be judged without the plan
_BEFORE_LINE_END = re.compile(r" *(?=\r?(?:\n|\Z))")


class Checked(NamedTuple):
    """A checked KPI file: its findings, its lines if they are needed, and its entry for the cache."""

    kept: CachedFile
    source: list[str] | None
    line: str = ""


class Checker:
    """Checks files by the rules that run under a plan, on a day."""

    def __init__(
        self,
        root: Path,
        today: date,
        overlay: Overlay,
        plan: Plan | None = None,
        unsure: Collection[str] = (),
    ) -> None:
        """Choose which rules run: not those that need an unusable plan, nor the `unsure` ones, which its mistakes affect."""
        self.plan = plan or Plan("", "", "")
        self.plan_known = plan is not None
        self.severities = severities(self.plan)  # of each rule, or OFF
        self.rules = [
            rule
            for rule in RULES
            if self.severities[rule.name] != OFF
            and rule.name not in unsure
            and (self.plan_known or not rule.code.startswith(_NEEDS_PLAN))
        ]
        self._arguments = root, today, overlay, plan, unsure
        self._checks = [
            (rule.name, rule.about_kpi, rule.needs_whole) for rule in self.rules if rule.about_kpi is not None
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        """Rules can't be pickled; another process chooses them again."""
        return Checker, self._arguments

    def check_all(self, keeps: bool, locations: Iterable[KpiPath]) -> list[Checked]:
        """Check some files, each step for all of them: a processor takes a fifth longer where it turns to other work in between."""
        from kpi.store.reader import read_once

        root, _, overlay, *_ = self._arguments
        raw = [(location, content(root, location.path, overlay)) for location in locations]
        contents = [
            (location, read_once(data) if isinstance(data, bytes) else data) for location, data in raw
        ]
        files = [(kpi_from(data, location, self.plan.year_starts), data) for location, data in contents]
        return [self._judge(file, data, keeps=keeps) for file, data in files]

    def check(self, location: KpiPath, data: bytes | UnreadableError, *, keeps: bool) -> Checked:
        """What is wrong with a file of this content; with `keeps` also its entry for the cache."""
        return self._judge(kpi_from(data, location, self.plan.year_starts), data, keeps=keeps)

    def _judge(self, file: KpiFile, data: bytes | UnreadableError, *, keeps: bool) -> Checked:
        kpi, document = file.kpi, file.document
        problems = list(file.problems)
        for number, problem in enumerate(problems):
            if problem.rule == "id-format" and document is not None:
                text = document.source(document.span(problem.where, problem.on_key))
                problems[number] = named_by_title(problem, text, self.plan, document.values or {})
        if kpi is not None:
            context = Context(self.plan, self._arguments[1], file.whole)
            for name, check, needs_whole in self._checks:
                for problem in check(kpi, context) if context.whole or not needs_whole else ():
                    named = problem._replace(rule=name)
                    problems.append(named)
        findings, comments, source = self.findings(file.location.path, document, problems)
        newest = newest_end(kpi) if kpi is not None and file.whole else date.min
        kept = CachedFile(findings, comments, entry_of(file), file.whole, newest)
        return Checked(kept, source, line_of(data, kept) if keeps else "")

    def findings(
        self, path: str, document: "Document | None", problems: Iterable[Problem]
    ) -> tuple[tuple[Finding, ...], tuple[Ignore, ...], list[str] | None]:
        """The findings that a file's problems make, and its ignore comments; where there are any, also its lines."""
        comments = ignores_of(document)
        findings = tuple(
            _finding(path, document, problem, severity)
            for problem in problems
            if (severity := self.severities[problem.rule]) != OFF
        )
        source = lines_of(document.text) if document is not None and (comments or findings) else None
        return findings, comments, source


def _finding(path: str, document: "Document | None", problem: Problem, severity: str) -> Finding:
    span, replacement = problem.span or Span(1, 1, 1, 1, 0, 0), problem.replacement
    if document is not None and not problem.span:
        where, values = problem.where, document.values or {}
        match where:  # what isn't written in a measure is its KPI's
            case ("measures", id_, field) if field in values and isinstance(values.get("measures"), dict):
                measure = values["measures"].get(id_)
                where = (field,) if isinstance(measure, dict) and field not in measure else where
        span = document.span(where, problem.on_key)
    end_column = span.end_column
    if document is not None and replacement is not None:
        blanks = _BEFORE_LINE_END.match(document.text, span.stop)
        end_column += len(blanks[0]) if blanks else 0  # they go with what is replaced
        before = document.text[span.start - span.column + 1 : span.start]
        if replacement.startswith("https://") and ("{" in before or "[" in before):
            replacement = f'"{replacement}"'  # some programs would read its colon as a field's
    rule = BY_NAME[problem.rule]
    place = span.line, span.column, span.end_line, end_column
    return Finding(path, *place, rule.code, rule.name, severity, problem.message, problem.help, replacement)


_TELLING_DIGITS = 4
_NO_VALUE = Decimal(10**40)  # no figure has so many digits


def entry_of(file: KpiFile) -> FileEntry:
    """What the rules about all KPIs need of one file: its measures are also those that could not be read."""
    kpi, entry = file.kpi, FileEntry(*file.location, readable=file.kpi is not None)
    if kpi is None:
        return entry
    values = (file.document.values if file.document and not file.whole else None) or {}
    written = values.get("measures")
    fingerprints = ((measure.id, _fingerprint(measure)) for measure in kpi.measures)
    return entry._replace(
        measures=tuple(written if isinstance(written, dict) else (measure.id for measure in kpi.measures)),
        also_shows=kpi.also_shows,
        code=kpi.code,
        title=kpi.title,
        series={name: number for name, number in fingerprints if number},
    )


def _fingerprint(measure: Measure) -> int:
    """A number that two series share if their units and figures are the same; 0 where that could be chance, below four digits.

    It is cached, and so the same in every run: Python's hashes of texts and days differ between runs, those of numbers don't.
    """
    if len(measure.observations) < 2 or measure.derived is not None:
        return 0
    periods, printed, *_ = zip(*measure.observations, strict=True)
    values = [_NO_VALUE if value is None else value for value in printed]
    digits = accumulate(len(value.as_tuple().digits) for value in values if value is not _NO_VALUE)
    if all(number < _TELLING_DIGITS for number in digits):
        return 0
    starts, ends, *_ = zip(*periods, strict=True)
    days = map(date.toordinal, (*starts, *ends))
    return hash((crc32(repr(measure.unit).encode()), *days, *values))


def framework_problems(
    framework: Framework, rules: Iterable[Rule], change: "tuple[Changes, date] | None" = None
) -> Iterator[tuple[str, Problem]]:
    """What rules find in the plan, between files and in a change, as (path, problem); `change` has the real day, too."""
    yield from ((PLAN, problem) for problem in setting_problems(framework.plan))
    paths = {entry.kpi: entry.path for entry in framework.entries}
    for rule in rules:
        problems = [(PLAN, each) for each in rule.about_plan(framework.plan)] if rule.about_plan else []
        problems += rule.about_all(framework) if rule.about_all else ()
        changed = rule.about_change(*change) if rule.about_change and change else ()
        problems += ((paths.get(kpi, PLAN), problem) for kpi, problem in changed)
        yield from ((path, problem._replace(rule=rule.name)) for path, problem in problems)


def conflicts(repository: Repository) -> Iterator[tuple[str, Problem]]:
    """What the required rules find between the files, as (path, problem); nothing where the plan can't be used."""
    plan = repository.plan.plan
    if plan is not None:
        misnamed = frozenset(renamed(path) for path, _ in repository.odd)
        # Only lint compares their figures.
        entries = tuple(FileEntry(*file.location, file.kpi is not None) for file in repository.files)
        required = [rule for rule in RULES if rule.required]
        yield from framework_problems(Framework(plan, PLAN, entries, misnamed), required)


def broken_files(repository: Repository) -> dict[str, int]:
    """The files with errors that keep them from being used as they are, and how many."""
    counts = Counter(path for path, _ in repository.odd)
    files = [(file.location.path, file.problems) for file in repository.files]
    for path, problems in ((repository.plan.path, repository.plan.problems), *files):
        if errors := sum(BY_NAME[problem.rule].severity == ERROR for problem in problems):
            counts[path] = errors
    if repository.plan.path not in counts:
        counts.update(path for path, _ in conflicts(repository))
    return counts
