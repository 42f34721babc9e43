"""Checks KPI files by the rules about one KPI, each on its own, so that any process can do it."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.judge.series import newest_end
from kpi.lint.framework import entry_of
from kpi.lint.rule_choice import severities
from kpi.model.finding import OFF, FieldPath, Finding, Ignore, Problem, Span
from kpi.model.kpi import Kpi
from kpi.model.plan import Plan
from kpi.rules import BY_NAME, RULES
from kpi.rules.references import named_by_title
from kpi.rules.rule import Context, Rule
from kpi.store.cache import CachedFile, line_of
from kpi.store.files import UnreadableError
from kpi.store.paths import KpiPath
from kpi.store.repository import KpiFile, Overlay, content, ignores_of, kpi_from, lines_of

if TYPE_CHECKING:
    from kpi.store.reader import Document

READING = "KPI1"
"""The family of what keeps a file from being read."""

NEEDS_PLAN = "KPI3"
"""The family of identity, plan and references can't be judged without the plan."""

_START = Span(1, 1, 1, 1, 0, 0)


class Checked(NamedTuple):
    """A checked KPI file: its findings, its lines if they are needed, and its entry for the cache."""

    kept: CachedFile
    source: list[str] | None
    line: str = ""


class Checker:
    """Checks files by the rules that run under a plan, on a day.

    Attributes:
        plan: the plan; an empty one where it can't be used.
        plan_known: whether it can be used.
        severities: how severe each rule is, or OFF.
        rules: those that run.
    """

    def __init__(
        self,
        root: Path,
        today: date,
        overlay: Overlay,
        plan: Plan | None = None,
        unsure: Collection[str] = (),
    ) -> None:
        """Choose which rules run: not those that need an unusable plan, nor the `unsure` ones, which its mistakes affect."""
        self.plan, self.plan_known = plan or Plan("", "", ""), plan is not None
        self.severities = severities(self.plan)
        self.rules = [rule for rule in RULES if rule.name not in unsure and self._runs(rule)]
        self._arguments = root, today, overlay, plan, unsure
        self._checks = [
            (rule.name, rule.about_kpi, rule.needs_whole) for rule in self.rules if rule.about_kpi is not None
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        """Rules can't be pickled; another process chooses them again."""
        return Checker, self._arguments

    def _runs(self, rule: Rule) -> bool:
        if not self.plan_known and rule.code.startswith(NEEDS_PLAN):
            return False
        return self.severities[rule.name] != OFF

    def check_all(self, keeps: bool, places: Iterable[KpiPath]) -> list[Checked]:
        """Check some files. They are opened first: the system's part takes twice as long where other work is in between."""
        contents = [(place, self.content(place)) for place in places]
        return [self.check(place, data, keeps=keeps) for place, data in contents]

    def content(self, place: KpiPath) -> bytes | UnreadableError:
        """A file's content."""
        root, _, overlay, *_ = self._arguments
        return content(root, place.path, overlay)

    def read(self, place: KpiPath, data: bytes | UnreadableError) -> KpiFile:
        """The KPI file with this content."""
        return kpi_from(data, place, self.plan.year_starts)

    def check(self, place: KpiPath, data: bytes | UnreadableError, *, keeps: bool) -> Checked:
        """What is wrong with a file of this content; with `keeps` also its entry for the cache."""
        file = self.read(place, data)
        problems = [
            self._by_title(problem, file.document)
            if problem.rule == "id-format" and file.document is not None
            else problem
            for problem in file.problems
        ]
        if file.kpi is not None:
            problems.extend(self._ask_rules(file.kpi, Context(self.plan, self._arguments[1], file.whole)))
        findings, comments, source = self.findings(file.place.path, file.document, problems)
        newest = newest_end(file.kpi) if file.kpi is not None and file.whole else date.min
        kept = CachedFile(findings, comments, entry_of(file), file.whole, newest)
        return Checked(kept, source, line_of(data, kept) if keeps else "")

    def _ask_rules(self, kpi: Kpi, context: Context) -> Iterator[Problem]:
        """What the rules about one KPI find in it, with their names."""
        for name, check, needs_whole in self._checks:
            if context.whole or not needs_whole:
                for problem in check(kpi, context):
                    yield problem._replace(rule=name)

    def _by_title(self, problem: Problem, document: "Document") -> Problem:
        text = document.source(document.span(problem.where, problem.on_key))
        return named_by_title(problem, text, self.plan, document.values or {})

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
        source = lines_of(document) if document is not None and (comments or findings) else None
        return findings, comments, source


def _finding(path: str, document: "Document | None", problem: Problem, severity: str) -> Finding:
    span = problem.span or (
        document.span(_written_at(problem.where, document), problem.on_key)
        if document is not None
        else _START
    )
    rule = BY_NAME[problem.rule]
    end_column = span.end_column
    if problem.replacement is not None and document is not None:
        end_column += _blanks(document.text, span.stop)
    return Finding(
        path,
        span.line,
        span.column,
        span.end_line,
        end_column,
        rule.code,
        rule.name,
        severity,
        problem.message,
        problem.help,
        _fitting(problem.replacement, document, span),
    )


def _blanks(text: str, stop: int) -> int:
    """How many spaces end the line from here on, with nothing else: they go with what is replaced."""
    blanks = _ENDS_LINE.match(text, stop)
    return len(blanks[0]) if blanks else 0


_ENDS_LINE = re.compile(r" +(?=\r?(?:\n|\Z))")


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
