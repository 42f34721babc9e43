"""An import worked out and what it says: from tables to changed files, all or nothing."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from kpi.lint.changes import Judged, Proposal, Trial, judge_change, lint_trial
from kpi.model.errors import UserError
from kpi.model.finding import FieldPath, Finding
from kpi.model.kpi import Kpi, identity
from kpi.model.progress import Progress, silent
from kpi.model.quantity import decimals_of, rounded, value_of
from kpi.model.quantity import figure as in_unit
from kpi.model.text import counted, display, joined, listed, quoted
from kpi.pages.change_words import effects
from kpi.pages.target_words import state_words
from kpi.rules.series import is_copy
from kpi.store.add_figures import FILLED, NEW, REFUSED, REPLACED, SAME, Outcome, add_figures, new_commentary
from kpi.store.edit import Files, UnplacedError
from kpi.store.files import UnreadableError
from kpi.store.intake import IncomingFigure, Intake
from kpi.store.reader import Content
from kpi.store.repository import KpiFile, Repository, content_now, kpi_from, load
from kpi.store.tables import CellProblem, RawFigure, TableFigures, Tables, column_letters, read_sheets
from kpi.store.tables.table_figures import collect_figures
from kpi.store.yaml.subset import resolve

_LENGTHS = {1: "month", 3: "quarter", 12: "year"}
_REPLACE = "If this one is right, use --replace."


class Days(NamedTuple):
    """The real day (UTC), for the rules about the calendar; and the day to judge on, by default the pages' day."""

    today: date
    judged: date | None = None


def import_table(
    root: Path, name: str, tables: Tables, days: Days, *, replace: bool = False, progress: Progress = silent
) -> "Imported":
    """What a table brings (its name is in quotes); a UserError if there is no usable plan or no heading."""
    repository = load(root, progress)
    repository.plan.usable()
    collected, notes = read_sheets(tables, collect_figures, 'heading "kpi"')
    if not collected:
        columns = "kpi, measure, period and value, or kpi, measure and one for each period"
        raise UserError(f'{name} has no row of headings with "kpi" in it. Write the columns {columns}.')
    figures, problems, unread, _ = map(chain.from_iterable, zip(*collected, strict=True))
    names = tuple(sheet.name for sheet in tables.sheets)
    rows = TableFigures(tuple(figures), tuple(problems), (*notes, *unread), names)
    return Imported(repository, rows, days, replace=replace, progress=progress)


class Imported:
    """What rows bring, of a table or typed: understood, put into their files in memory, and tried."""

    def __init__(
        self, repository: Repository, rows: TableFigures, days: Days, *, replace: bool, progress: Progress
    ) -> None:
        """Take what is there, and the figures as they were written; `replace` lets them replace others."""
        self._before = repository
        self._replace = replace
        # Path → the bytes read and the bytes to write, only where they differ.
        self.files: dict[str, tuple[bytes, bytes]] = {}
        self.changed: dict[str, KpiFile] = {}  # the same files as they would be read
        self.results: list[tuple[IncomingFigure, Outcome]] = []  # with what happens to each
        self.computed = 0  # how many figures the files compute themselves, and agree
        self.intake = Intake(rows.figures, repository)  # what was understood
        self.problems = [*rows.problems, *self.intake.problems]  # what is wrong with single rows
        self.notes = list(rows.notes)  # sentences about what was not read, or is worth a second look
        self.sheets = rows.sheets
        by_file: dict[str, list[IncomingFigure]] = {}
        for figure in self.intake.figures:
            by_file.setdefault(figure.file.location.path, []).append(figure)
        for path in dict.fromkeys((*by_file, *self.intake.commentaries)):
            self._change(path, by_file.get(path, []), days.today)
        self.notes += self._about_copies()
        # Where there are other errors in a file, lint doesn't look for all that it might say.
        if partly := [display(path, 400) for path, file in self.changed.items() if not file.whole]:
            where = f"in {listed(partly)}, because of other errors there"
            self.notes.append(f"Gaps and jumps were not checked {where}. Run kpi lint.")
        self.trial = Trial((), ())  # what lint would newly say
        # How the KPIs concerned are judged, before and after; None if nothing changes, or without a plan.
        self.judged: Judged | None = None
        if self.files:
            self.trial = lint_trial(repository.root, days.today, self.files, progress)
            self.judged = judge_change(repository, self.changed.values(), days.judged)

    def _change(self, path: str, figures: Sequence[IncomingFigure], day: date) -> None:
        raw, file, said = self.intake.commentaries.get(path) or (figures[0].raw, figures[0].file, "")
        starts = self._before.plan.year_starts
        own = [figure for figure in figures if not figure.computed]
        edits = [figure.edit for figure in own]
        try:
            data = content_now(self._before.root, file)
            commentary = self._commentary(raw, path, data, said, day) if said else {}
            after, outcomes = add_figures(data, edits, starts, replace=self._replace, commentary=commentary)
        except (UnplacedError, UnreadableError) as error:
            raw, what = (figures[0].raw, "figures") if figures else (raw, "a commentary")
            self.problems.append(raw.problem("kpi", f"{path} can't take {what}. {error}"))
            return
        if after != data:
            self.files[path] = (data, after)
            file = self.changed[path] = kpi_from(after, file.location, starts)
        self.results += zip(own, outcomes, strict=True)
        for figure, outcome in zip(own, outcomes, strict=True):
            if outcome.kind == REFUSED:
                message = f"{figure.name} is {outcome.before} in the file, and {outcome.after} here."
                if outcome.before == outcome.after:
                    message = f"{figure.name} has another note in the file."
                self.problems.append(figure.raw.problem(outcome.changed[0], message, _REPLACE))
        for figure in figures:
            if figure.computed and file.kpi is not None:
                self._compare(figure, file.kpi)

    def _commentary(self, raw: RawFigure, path: str, data: Content, text: str, day: date) -> dict[str, str]:
        there = (data.document.values or {}).get("commentary") or {}
        try:
            commentary = new_commentary(there, day, text, replace=self._replace)
        except UnplacedError as error:
            self.problems.append(raw.problem("commentary", f"{path} can't take a commentary. {error}"))
            return {}
        if commentary:
            name = path.rpartition("/")[2].removesuffix(".yaml")
            self.notes.append(f"{name} has a commentary of {day.isoformat()}: {quoted(text, 60)}")
        return commentary

    def _compare(self, figure: IncomingFigure, kpi: Kpi) -> None:
        measure = kpi.measure(figure.measure.id)
        assert measure is not None
        assert measure.derived is not None
        days, kind, unit = identity(figure.period, measure.kind), measure.kind, measure.unit
        figures = (seen.value for seen in measure.observations if identity(seen.period, kind) == days)
        there = next(figures, None)
        here = value_of(resolve(figure.edit.value), unit) if figure.edit.value else there
        self.computed += 1
        if here is None or (there is not None and rounded(here, decimals_of(there)) == there):
            return
        from_ = f"{figure.name} is computed from {joined(measure.derived.inputs)}"
        message, help_ = f"{from_}, which have no figures for it.", "Add theirs, and leave this row out."
        if there is not None:
            message = f"{from_}: they give {in_unit(there, unit)}, not {in_unit(here, unit)}."
            help_ = "Correct those, or leave this row out."
        self.problems.append(figure.raw.problem("value", message, help_))

    def _about_copies(self) -> Iterator[str]:
        """A sentence about new figures that equal those of the period before, where they are many."""
        new = 0
        copies: list[IncomingFigure] = []
        for figure, outcome in self.results:
            file, edit = self.changed.get(figure.file.location.path), figure.edit
            if not edit.value or outcome.kind not in {NEW, FILLED} or file is None or file.kpi is None:
                continue
            measure = file.kpi.measure(edit.measure)
            if measure is not None:
                new += 1
                series = measure.peers.get(edit.area, ()) if edit.area else measure.observations
                copies += [figure] if is_copy(series, outcome.key, measure) else []
        if len(copies) >= 2 and len(copies) * 5 >= new:
            lengths = {figure.period.months for figure in copies}
            before = _LENGTHS.get(min(lengths), "period") if len(lengths) == 1 else "period"
            are = f"{len(copies)} of {counted(new, 'new figure')} equal those of the {before} before"
            names = listed(dict.fromkeys(figure.address for figure in copies), 12)
            yield f"{are}, to the last digit: {names}. Were they copied forward?"


_MOST_SHOWN = 100  # lines of a kind; the others are counted
_MOST_LINES = 20  # files and statuses
_WORDS = {NEW: "new", FILLED: "new where there was only a mark", REPLACED: "replaced", SAME: "unchanged"}


def propose_figures(imported: Imported, name: str) -> Proposal:
    """The files of an import and its report, which a dry run prints too; `name` is the table's, as it may be shown."""
    return propose_all(imported.files, places_to_fix(imported), _lines(imported, name), name)


def places_to_fix(imported: Imported) -> tuple[CellProblem, ...]:
    """What is wrong, in the table's order; where there is anything, nothing may be written."""
    errors = _at_their_rows(imported.trial.errors, imported)
    # Figures that are left out may be why files don't agree.
    problems = [*imported.problems, *(error for error in errors if error.row or not imported.problems)]
    order = {name: number for number, name in enumerate(imported.sheets)}
    problems.sort(key=lambda each: (order.get(each.sheet, 0), each.row or sys.maxsize, each.column))
    return tuple(dict.fromkeys(problems))


def propose_all(files: Files, problems: Sequence[CellProblem], lines: Iterable[str], name: str) -> Proposal:
    """What a table brings as a whole: its files with the lines that say so, or nothing and what is wrong, place by place."""
    if problems:
        refusal = f"Nothing was written: {counted(len(problems), 'place')} to fix in {name}."
        return Proposal({}, tuple(trouble(problems, name)), refusal=refusal)
    done = f"Written to {counted(len(files), 'file')}." if files else "Nothing had to be written."
    return Proposal(files, tuple(lines), done=done)


def _lines(imported: Imported, name: str) -> Iterator[str]:
    counts = Counter(outcome.kind for _, outcome in imported.results)
    counts[SAME] += imported.computed
    parts = [f"{counts[outcome]:,} {word}" for outcome, word in _WORDS.items() if counts[outcome]]
    total = sum(counts[outcome] for outcome in _WORDS)
    yield f"{counted(total, 'figure')}: {', '.join(parts)}." if parts else "No figures."
    if imported.computed:
        yield f"{imported.computed:,} of them can be computed from others in the files, and agree with that."
    if imported.intake.empty:
        have = counted(imported.intake.empty, "row has", "rows have")
        yield f"{have} neither a value nor a mark that says why."
    for read in imported.intake.readings:
        lines = [f"{quoted(text, 40)} was read as {spelt}." for text, spelt in read.items()]
        yield from _some(lines, "readings", _MOST_SHOWN)
    yield from imported.notes
    replaced = [(figure, outcome) for figure, outcome in imported.results if outcome.kind == REPLACED]
    lines = []
    for figure, outcome in replaced:
        other = "with another note" if outcome.after == outcome.before else f"was {outcome.before}"
        lines.append(f"{figure.name}: {outcome.after}, {other}.")
    yield from _some(lines, "replaced", _MOST_SHOWN)
    if any(outcome.revises and "revised" not in (figure.edit.marks or ()) for figure, outcome in replaced):
        yield "Were the old figures published? Then mark the new ones revised, in a column marks, and say why in note."
    changes = (figure for figure, outcome in imported.results if outcome.kind != SAME)
    written = Counter(figure.file.location.path for figure in changes)
    files = [f"{path}: {counted(written[path], 'figure')}" for path in imported.files if written[path]]
    yield from _some(files, "files")
    if imported.judged is not None:
        yield from _first_statuses(imported.judged)
        yield from _some(effects(imported.judged.before, imported.judged.after, ()), "statuses")
    for line in trouble(tuple(_at_their_rows(imported.trial.warnings, imported)), name):
        yield f"Warning: {line}"


def _first_statuses(judged: Judged) -> Iterator[str]:
    """How the measures stand that had no figures before, counted: a first import is too much to look through one by one."""
    series = [(each.address, each.measure.observations) for each in judged.before.once()]
    before = {address for address, figures in series if any(own.value is not None for own in figures)}
    now = (each for each in judged.after.once() if each.measure.observations)
    words = judged.after.plan.status.words
    states = Counter(state_words(each.state, words) for each in now if each.address not in before)
    if states.total() > 1:
        counts = ", ".join(f"{number} {state}" for state, number in states.most_common())
        yield f"{counted(states.total(), 'measure')} with first figures: {counts}."


def _some(lines: Sequence[str], kind: str, most: int = _MOST_LINES) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"… {len(lines) - most:,} more {kind}."


def trouble(problems: Sequence[CellProblem], name: str) -> Iterator[str]:
    """What is wrong, place by place; `name` is the table's file, as it may be shown."""
    alike: dict[CellProblem, list[CellProblem]] = {}
    for problem in dict.fromkeys(problems):
        alike.setdefault(problem._replace(row=0, column=0), []).append(problem)
    lines = []
    for first, *others in alike.values():
        place = f"{name}, sheet {quoted(first.sheet, 40)}" if first.sheet else name
        place += f", row {first.row}"
        place += f", column {column_letters(first.column)}" if first.column else ""
        cells = [f"{column_letters(other.column)}{other.row}" for other in others]
        what = "more place" if first.column else "more row"
        same = f" The same in {counted(len(cells), what)}: {listed(cells)}." if cells else ""
        said = f"{first.message} {first.help}".rstrip() + same
        lines.append(f"{place}: {said}" if first.row else said)
    yield from _some(lines, "places", _MOST_SHOWN)


def at_its_line(finding: Finding) -> CellProblem:
    """What lint would say of a file that a table changes, where no row of the table is to blame."""
    message = f"{display(finding.path, 400)}, line {finding.line} by then: {finding.message}"
    return CellProblem("", 0, 0, message, f"{finding.help} ({finding.rule})".lstrip())


def _at_their_rows(findings: Sequence[Finding], imported: Imported) -> Iterator[CellProblem]:
    """Findings at the rows of the table that bring them in, or else with their lines in the files."""
    rows: dict[tuple[str, int], RawFigure] = {}
    for figure, outcome in imported.results if findings else ():
        path, edit = figure.file.location.path, figure.edit
        file = imported.changed.get(path)
        if file is None or file.document is None or outcome.kind == SAME:
            continue
        series: FieldPath = ("peers", edit.area) if edit.area else ("observations",)
        where: FieldPath = ("measures", edit.measure, *series, outcome.key)
        first, last = file.document.span(where, on_key=True), file.document.span(where)
        rows |= {(path, line): figure.raw for line in range(first.line, last.end_line + 1)}
    for finding in findings:
        problem, raw = at_its_line(finding), rows.get((finding.path, finding.line))
        yield problem if raw is None else raw.problem("value", finding.message, problem.help)
