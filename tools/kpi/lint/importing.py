"""An import worked out and what it says: from tables to changed files, all or nothing."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kpi.lint.changes import Judged, Proposal, Trial, judge_change, lint_trial
from kpi.model.errors import UserError
from kpi.model.finding import FieldPath, Finding
from kpi.model.kpi import Kpi, identity
from kpi.model.progress import Progress, silent
from kpi.model.quantity import decimals_of, plain, rounded
from kpi.model.text import counted, display, joined, listed, quoted
from kpi.pages.change_words import effects
from kpi.pages.target_words import state_words
from kpi.rules.series import is_copy
from kpi.store.add_figures import (
    FILLED,
    NEW,
    REFUSED,
    REPLACED,
    UNCHANGED,
    Outcome,
    add_commentary,
    add_figures,
)
from kpi.store.edit import Files, UnplacedError
from kpi.store.files import UnreadableError
from kpi.store.intake import Commentary, IncomingFigure, Intake
from kpi.store.repository import KpiFile, Repository, content_now, kpi_from, load
from kpi.store.tables import CellProblem, TableFigures, Tables, about_unread, column_letters
from kpi.store.tables.table_figures import collect_figures

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
    sheets = [(sheet, collect_figures(sheet)) for sheet in tables.sheets]
    with_figures = [figures for _, figures in sheets if figures is not None]
    if not with_figures:
        columns = "kpi, measure, period and value, or kpi, measure and one for each period"
        raise UserError(f'{name} has no row of headings with "kpi" in it. Write the columns {columns}.')
    notes = [*tables.notes, *(note for figures in with_figures for note in figures.notes)]
    without = (sheet for sheet, figures in sheets if figures is None)
    notes += about_unread(without, 'heading "kpi"')
    rows = TableFigures(
        tuple(raw for sheet in with_figures for raw in sheet.figures),
        tuple(problem for sheet in with_figures for problem in sheet.problems),
        tuple(notes),
    )
    imported = Imported(repository, rows, days, replace=replace, progress=progress)
    imported.sheets = [sheet.name for sheet in tables.sheets]
    return imported


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
        self.sheets: Sequence[str] = ()  # the names of the table's sheets, in order
        by_file: dict[str, list[IncomingFigure]] = {}
        for figure in self.intake.figures:
            by_file.setdefault(figure.file.place.path, []).append(figure)
        for path, figures in by_file.items():
            self._add(path, figures)
        for path, said in self.intake.commentaries.items():
            self._comment(path, said, days.today)
        self.notes += [*self._about_copies(), *self._about_other_errors()]
        self.trial = Trial((), ())  # what lint would newly say
        # How the KPIs concerned are judged, before and after; None if nothing changes, or without a plan.
        self.judged: Judged | None = None
        if self.files:
            self.trial = lint_trial(repository.root, days.today, self.files, progress)
            self.judged = judge_change(repository, self.changed.values(), days.judged)

    def _add(self, path: str, figures: Sequence[IncomingFigure]) -> None:
        file, starts = figures[0].file, self._before.year_starts
        own = [figure for figure in figures if not figure.computed]
        try:
            data = content_now(self._before.root, file)
            entries = [figure.entry for figure in own]
            after, outcomes = add_figures(data, entries, starts, replace=self._replace)
        except (UnplacedError, UnreadableError) as error:
            self.problems.append(figures[0].raw.problem("kpi", f"{path} can't take figures. {error}"))
            return
        if after != data:
            self.files[path] = (data, after)
            file = self.changed[path] = kpi_from(after, file.place, starts)
        for figure, outcome in zip(own, outcomes, strict=True):
            self.results.append((figure, outcome))
            if outcome.kind == REFUSED and outcome.before == outcome.after:
                message = f"{figure.name} has another note in the file."
                self.problems.append(figure.raw.problem("note", message, _REPLACE))
            elif outcome.kind == REFUSED:
                message = f"{figure.name} is {outcome.before} in the file, and {outcome.after} here."
                self.problems.append(figure.raw.problem(outcome.changed[0], message, _REPLACE))
        for figure in figures:
            if figure.computed and file.kpi is not None:
                self._compare(figure, file.kpi)

    def _comment(self, path: str, said: Commentary, day: date) -> None:
        place = said.file.place
        try:
            data, now = self.files.get(path) or (content_now(self._before.root, said.file),) * 2
            after = add_commentary(now, day, said.text, replace=self._replace)
        except (UnplacedError, UnreadableError) as error:
            self.problems.append(said.raw.problem("commentary", f"{path} can't take a commentary. {error}"))
            return
        if after != now:
            self.files[path] = (data, after)
            self.changed[path] = kpi_from(after, place, self._before.year_starts)
            self.notes.append(f"{place.kpi} has a commentary of {day.isoformat()}: {quoted(said.text, 60)}")

    def _compare(self, figure: IncomingFigure, kpi: Kpi) -> None:
        """Hold a computed share against what the file's figures give."""
        measure = kpi.measure(figure.measure.id)
        assert measure is not None
        assert measure.derived is not None
        from_ = f"{figure.name} is computed from {joined(measure.derived.inputs)}"
        days = identity(figure.period, figure.measure.kind)
        same = (seen for seen in measure.observations if identity(seen.period, figure.measure.kind) == days)
        there = next(same, None)
        if there is None or there.value is None:
            message, help_ = f"{from_}, which have no figures for it.", "Add theirs, and leave this row out."
            self.problems.append(figure.raw.problem("value", message, help_))
            return
        self.computed += 1
        here = Decimal(figure.entry.value or there.value)
        if rounded(here, decimals_of(there.value)) != there.value:
            message = f"{from_}: they give {plain(there.value)}, not {plain(here)}."
            help_ = "Correct those, or leave this row out."
            self.problems.append(figure.raw.problem("value", message, help_))

    def _about_copies(self) -> Iterator[str]:
        """A sentence about new figures that equal those of the period before, where they are many."""
        new = 0
        copies: list[IncomingFigure] = []
        for figure, outcome in self.results:
            file, entry = self.changed.get(figure.file.place.path), figure.entry
            kpi = file.kpi if file and outcome.kind in {NEW, FILLED} else None
            measure = kpi.measure(entry.measure) if kpi and entry.value else None
            if measure is None:
                continue
            series = measure.peers.get(entry.area, ()) if entry.area else measure.observations
            new += 1
            if is_copy(series, outcome.key, measure):
                copies.append(figure)
        if len(copies) >= 2 and len(copies) * 5 >= new:
            lengths = {figure.period.months for figure in copies}
            names = dict.fromkeys(figure.address for figure in copies)
            before = _LENGTHS.get(lengths.pop(), "period") if len(lengths) == 1 else "period"
            are = f"{len(copies)} of {counted(new, 'new figure')} equal those of the {before} before"
            yield f"{are}, to the last digit: {listed(names, 12)}. Were they copied forward?"

    def _about_other_errors(self) -> Iterator[str]:
        """A sentence about files where lint doesn't look for all that it might say."""
        partly = [display(path, 400) for path, file in self.changed.items() if not file.whole]
        if partly:
            where = f"in {listed(partly)}, because of other errors there"
            yield f"Gaps and jumps were not checked {where}. Run kpi lint."


_MOST_SHOWN = 100  # lines of a kind; the others are counted
_MOST_LINES = 20  # files and statuses
_WORDS = {NEW: "new", FILLED: "new where there was only a mark", REPLACED: "replaced", UNCHANGED: "unchanged"}


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
    counts[UNCHANGED] += imported.computed
    parts = [f"{counts[outcome]:,} {word}" for outcome, word in _WORDS.items() if counts[outcome]]
    total = sum(counts[outcome] for outcome in _WORDS)
    yield f"{counted(total, 'figure')}: {', '.join(parts)}." if parts else "No figures."
    if imported.computed:
        yield f"{imported.computed:,} of them can be computed from others in the files, and agree with that."
    if imported.intake.empty:
        rows = counted(imported.intake.empty, "row")
        yield f"{rows} {'has' if imported.intake.empty == 1 else 'have'} neither a value nor a mark that says why."
    for read in imported.intake.readings:
        lines = [f"{quoted(text, 40)} was read as {spelt}." for text, spelt in read.items()]
        yield from _some(lines, "readings", _MOST_SHOWN)
    yield from imported.notes
    yield from _replaced(imported)
    changes = (figure.file.place.path for figure, outcome in imported.results if outcome.kind != UNCHANGED)
    written = Counter(changes)
    files = [f"{path}: {counted(written[path], 'figure')}" for path in imported.files if written[path]]
    yield from _some(files, "files")
    if imported.judged is not None:
        yield from _first_statuses(imported.judged)
        yield from _some(effects(imported.judged.before, imported.judged.after, ()), "statuses")
    for line in trouble(tuple(_at_their_rows(imported.trial.warnings, imported)), name):
        yield f"Warning: {line}"


def _first_statuses(judged: Judged) -> Iterator[str]:
    """How the measures stand that had no figures before, counted: a first import is too much to look through one by one."""
    before = {
        measure.address
        for measure in judged.before.once()
        if any(own.value is not None for own in measure.measure.observations)
    }
    now = (measure for measure in judged.after.once() if measure.measure.observations)
    first = [measure.state for measure in now if measure.address not in before]
    if len(first) > 1:
        states = Counter(state_words(state, judged.after.plan.status.words) for state in first)
        counts = ", ".join(f"{number} {state}" for state, number in states.most_common())
        yield f"{counted(len(first), 'measure')} with first figures: {counts}."


def _replaced(imported: Imported) -> Iterator[str]:
    replaced = [(figure, outcome) for figure, outcome in imported.results if outcome.kind == REPLACED]
    lines = []
    for figure, outcome in replaced:
        other = "with another note" if outcome.after == outcome.before else f"was {outcome.before}"
        lines.append(f"{figure.name}: {outcome.after}, {other}.")
    yield from _some(lines, "replaced", _MOST_SHOWN)
    if any(outcome.revises and "revised" not in (figure.entry.marks or ()) for figure, outcome in replaced):
        yield "Were the old figures published? Then mark the new ones revised, in a column marks, and say why in note."


def _some(lines: Sequence[str], kind: str, most: int = _MOST_LINES) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"… {len(lines) - most:,} more {kind}."


def trouble(problems: Sequence[CellProblem], name: str) -> Iterator[str]:
    """What is wrong, place by place; `name` is the table's file, as it may be shown."""
    in_column = Counter(problem._replace(row=0) for problem in problems)
    alike: dict[CellProblem, list[CellProblem]] = {}
    for problem in problems:
        column = problem._replace(row=0)
        alike.setdefault(problem._replace(column=0) if in_column[column] == 1 else column, []).append(problem)
    lines = []
    for same in alike.values():
        first = same[0]
        place = f"{name}, sheet {quoted(first.sheet, 40)}" if first.sheet else name
        place += f", row {first.row}"
        place += f", column {column_letters(first.column)}" if first.column else ""
        said = f"{first.message} {first.help}".rstrip() + _others(same)
        lines.append(f"{place}: {said}" if first.row else said)
    yield from _some(lines, "places", _MOST_SHOWN)


def _others(same: Sequence[CellProblem]) -> str:
    """Where the same is wrong as in the first place: in other rows of its column, or other columns of its row."""
    rows = dict.fromkeys(f"{problem.row:,}" for problem in same[1:])
    columns = dict.fromkeys(column_letters(problem.column) for problem in same[1:])
    if not rows:
        return ""
    if same[0].row == same[-1].row and same[0].column != same[-1].column:
        return f" The same in {counted(len(columns), 'more column')}: {listed(columns)}."
    return f" The same in {counted(len(rows), 'more row')}: {listed(rows)}."


def _at_their_rows(findings: Sequence[Finding], imported: Imported) -> Iterator[CellProblem]:
    """Findings at the rows of the table that bring them in, or else with their lines in the files."""
    results = imported.results if findings else ()
    rows = {place: figure.raw for figure, outcome in results for place in _places(imported, figure, outcome)}
    for finding in findings:
        help_ = f"{finding.help} ({finding.rule})".lstrip()
        raw = rows.get((finding.path, finding.line))
        if raw is not None:
            yield raw.problem("value", finding.message, help_)
        else:
            place = f"{display(finding.path, 400)}, line {finding.line} by then"
            yield CellProblem("", 0, 0, f"{place}: {finding.message}", help_)


def _places(imported: Imported, figure: IncomingFigure, outcome: Outcome) -> Iterator[tuple[str, int]]:
    """The lines of its file that a figure would be on."""
    path, entry = figure.file.place.path, figure.entry
    file = imported.changed.get(path)
    if file is None or file.document is None or outcome.kind == UNCHANGED:
        return
    series: FieldPath = ("peers", entry.area) if entry.area else ("observations",)
    where: FieldPath = ("measures", entry.measure, *series, outcome.key)
    first, last = file.document.span(where, on_key=True), file.document.span(where)
    yield from ((path, line) for line in range(first.line, last.end_line + 1))
