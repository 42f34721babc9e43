"""An import worked out: from tables to changed files, checked before they may be written.

All or nothing: where anything is wrong no file may be written, and everything that is wrong is reported at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kpi.lint.changes import Judged, Trial, judge_change, lint_trial
from kpi.model.errors import UserError
from kpi.model.kpi import Kpi, Observation, identity
from kpi.model.progress import Progress, silent
from kpi.model.quantity import decimals_of, plain, rounded
from kpi.model.text import counted, display, joined, listed, quoted
from kpi.rules.unlike import is_copy
from kpi.store.add_figures import FILLED, NEW, REFUSED, UNCHANGED, Outcome, add_commentary, add_figures
from kpi.store.edit import Files, UnplacedError
from kpi.store.files import UnreadableError
from kpi.store.intake import Commentary, IncomingFigure, Intake, take_in
from kpi.store.repository import KpiFile, Repository, content_now, kpi_from, load
from kpi.store.tables.sheet import CellProblem, Tables
from kpi.store.tables.table_figures import TableFigures, collect_figures

_MOST_NAMES = 12
_LENGTHS = {1: "month", 3: "quarter", 12: "year"}
_REPLACE = "If this one is right, use --replace."


class Days(NamedTuple):
    """The real day (UTC), for the rules about the calendar; and the day to judge on, by default the pages' day."""

    today: date
    judged: date | None = None


class FigureResult(NamedTuple):
    """A figure and what happens to it in its file."""

    figure: IncomingFigure
    outcome: Outcome


class Imported(NamedTuple):
    """What an import comes to.

    Attributes:
        files: path → the bytes read and the bytes to write, only where they differ.
        changed: the same files as they would be read.
        results: the figures with what happens to them.
        computed: how many figures the files compute themselves, and agree.
        problems: what is wrong with single rows.
        trial: what lint would newly say.
        intake: what was understood.
        notes: sentences about what was not read, or is worth a second look.
        judged: how the KPIs concerned are judged, before and after; None where no file changes, or without a usable plan.
        sheets: the names of the table's sheets, in order.
    """

    files: Files
    changed: Mapping[str, KpiFile]
    results: tuple[FigureResult, ...]
    computed: int
    problems: tuple[CellProblem, ...]
    trial: Trial
    intake: Intake
    notes: tuple[str, ...]
    judged: Judged | None
    sheets: Sequence[str] = ()

    @property
    def counts(self) -> Counter[str]:
        """How many figures are new, unchanged and so on."""
        counts = Counter(result.outcome.kind for result in self.results)
        counts[UNCHANGED] += self.computed
        return counts


def import_table(
    root: Path, name: str, tables: Tables, days: Days, *, replace: bool = False, progress: Progress = silent
) -> Imported:
    """Work out what a table brings. Nothing is written.

    Args:
        root: the repository's root.
        name: the table's name, in quotes.
        tables: what was read from it.
        days: the days that matter.
        replace: whether figures that differ take the place of those that are there.
        progress: shows how far the work is.

    Raises:
        UserError: if there is no usable plan, or no table with the headings of an import.
    """
    repository = load(root, progress)
    repository.plan.usable()
    rows = _collect_figures(name, tables)
    imported = import_rows(repository, rows, days, replace=replace, progress=progress)
    return imported._replace(
        notes=(*rows.notes, *imported.notes), sheets=[sheet.name for sheet in tables.sheets]
    )


def import_rows(
    repository: Repository,
    rows: TableFigures,
    days: Days,
    *,
    replace: bool = False,
    progress: Progress = silent,
) -> Imported:
    """Work out what rows bring, of a table or the one that was typed: understood, put into their files, and tried. Nothing is written.

    Args:
        repository: what is there.
        rows: the figures as they were written, and what is wrong with the table.
        days: as for `import_table`.
        replace: as for `import_table`.
        progress: as for `import_table`.
    """
    intake = take_in(rows.figures, repository)
    drafts = _DraftFiles(repository, replace=replace)
    for path, figures in _by_file(intake.figures).items():
        drafts.add(path, figures)
    for path, said in intake.commentaries.items():
        drafts.comment(path, said, days.today)
    trial, effect = Trial((), ()), None
    if drafts.files:
        trial = lint_trial(repository.root, days.today, drafts.files, progress)
        effect = judge_change(repository, drafts.changed.values(), days.judged)
    return Imported(
        drafts.files,
        drafts.changed,
        tuple(drafts.results),
        drafts.computed,
        (*rows.problems, *intake.problems, *drafts.problems),
        trial,
        intake,
        (*drafts.commented, *_about_copies(drafts), *_about_errors(drafts.changed)),
        effect,
    )


def _collect_figures(name: str, tables: Tables) -> TableFigures:
    """The figures of every sheet that has any, and what to say of the others."""
    sheets = [(sheet, collect_figures(sheet)) for sheet in tables.sheets]
    with_figures = [figures for _, figures in sheets if figures is not None]
    if not with_figures:
        message = f'{name} has no row of headings with "kpi" in it.'
        raise UserError(
            f"{message} Write the columns kpi, measure, period and value, or kpi, measure and one for each period."
        )
    notes = [*tables.notes, *(note for figures in with_figures for note in figures.notes)]
    without = [
        quoted(sheet.name, 40) for sheet, figures in sheets if figures is None and any(map(any, sheet.rows))
    ]
    if without:
        noun = "sheets" if len(without) > 1 else "sheet"
        has = "have" if len(without) > 1 else "has"
        notes.append(
            f'The {noun} {joined(without)} {has} no heading "kpi" and {"were" if len(without) > 1 else "was"} not read.'
        )
    return TableFigures(
        tuple(raw for sheet in with_figures for raw in sheet.figures),
        tuple(problem for sheet in with_figures for problem in sheet.problems),
        tuple(notes),
    )


def _by_file(figures: Sequence[IncomingFigure]) -> dict[str, list[IncomingFigure]]:
    by_file: dict[str, list[IncomingFigure]] = {}
    for figure in figures:
        by_file.setdefault(figure.file.place.path, []).append(figure)
    return by_file


class _DraftFiles:
    """Puts figures into files, in memory, and holds computed ones against what they give."""

    def __init__(self, before: Repository, *, replace: bool) -> None:
        self.before = before
        self.year_starts = before.year_starts
        self.replace = replace
        self.files: dict[str, tuple[bytes, bytes]] = {}
        self.changed: dict[str, KpiFile] = {}
        self.results: list[FigureResult] = []
        self.problems: list[CellProblem] = []
        self.commented: list[str] = []
        self.computed = 0

    def add(self, path: str, figures: Sequence[IncomingFigure]) -> None:
        """Put the figures of one file."""
        file = figures[0].file
        own = [figure for figure in figures if not figure.computed]
        try:
            data = content_now(self.before.root, file)
            entries = [figure.entry for figure in own]
            after, outcomes = add_figures(data, entries, self.year_starts, replace=self.replace)
        except (UnplacedError, UnreadableError) as error:
            self.problems.append(figures[0].raw.problem("kpi", f"{path} can't take figures. {error}"))
            return
        if after != data:
            self.files[path] = (data, after)
            file = self.changed[path] = kpi_from(after, file.place, self.year_starts)
        for figure, outcome in zip(own, outcomes, strict=True):
            self.results.append(FigureResult(figure, outcome))
            if outcome.kind == REFUSED:
                self.problems.append(_differs(figure, outcome))
        for figure in figures:
            if figure.computed and file.kpi is not None:
                self._compare(figure, file.kpi)

    def comment(self, path: str, said: Commentary, day: date) -> None:
        """Put a commentary into a file, under the day of the import."""
        try:
            data, now = self.files.get(path) or (content_now(self.before.root, said.file),) * 2
            after = add_commentary(now, day, said.text, replace=self.replace)
        except (UnplacedError, UnreadableError) as error:
            self.problems.append(said.raw.problem("commentary", f"{path} can't take a commentary. {error}"))
            return
        if after != now:
            self.files[path] = (data, after)
            self.changed[path] = kpi_from(after, said.file.place, self.year_starts)
            self.commented.append(
                f"{said.file.place.kpi} has a commentary of {day.isoformat()}: {quoted(said.text, 60)}"
            )

    def _compare(self, figure: IncomingFigure, kpi: Kpi) -> None:
        """Hold a computed share against what the file's figures give."""
        measure = kpi.measure(figure.measure.id)
        assert measure is not None
        assert measure.derived is not None
        from_ = joined(measure.derived.inputs)
        there = _at(measure.observations, figure)
        if there is None or there.value is None:
            message = f"{figure.name} is computed from {from_}, which have no figures for it."
            self.problems.append(figure.raw.problem("value", message, "Add theirs, and leave this row out."))
            return
        self.computed += 1
        if not figure.entry.value:
            return
        here = Decimal(figure.entry.value)
        if rounded(here, decimals_of(there.value)) != there.value:
            message = (
                f"{figure.name} is computed from {from_}: they give {plain(there.value)}, not {plain(here)}."
            )
            self.problems.append(
                figure.raw.problem("value", message, "Correct those, or leave this row out.")
            )


def _about_copies(drafts: _DraftFiles) -> Iterator[str]:
    """A sentence about new figures that equal those of the period before, where they are many."""
    new = equal = 0
    lengths: set[int] = set()
    names: dict[str, None] = {}
    for figure, outcome in drafts.results:
        file, entry = drafts.changed.get(figure.file.place.path), figure.entry
        measure = (
            file.kpi.measure(entry.measure) if file and file.kpi and outcome.kind in {NEW, FILLED} else None
        )
        if measure is None or not entry.value:
            continue
        series = measure.peers.get(entry.area, ()) if entry.area else measure.observations
        new += 1
        if is_copy(series, outcome.key, measure):
            equal += 1
            lengths.add(figure.period.months)
            names[f"{figure.file.place.kpi}/{entry.measure}"] = None
    if equal >= 2 and equal * 5 >= new:
        before = _LENGTHS.get(lengths.pop(), "period") if len(lengths) == 1 else "period"
        are = f"{equal} of {counted(new, 'new figure')} equal those of the {before} before, to the last digit"
        yield f"{are}: {listed(names, _MOST_NAMES)}. Were they copied forward?"


def _about_errors(changed: Mapping[str, KpiFile]) -> Iterator[str]:
    """A sentence about files with errors, in which lint doesn't look for all that it might say."""
    partly = [display(path, 400) for path, file in changed.items() if not file.whole]
    if partly:
        yield f"Gaps and jumps were not checked in {listed(partly)}, because of other errors there. Run kpi lint."


def _at(observations: Iterable[Observation], figure: IncomingFigure) -> Observation | None:
    """The figure of the same days."""
    kind = figure.measure.kind
    who = identity(figure.period, kind)
    return next((figure for figure in observations if identity(figure.period, kind) == who), None)


def _differs(figure: IncomingFigure, outcome: Outcome) -> CellProblem:
    """A published figure that the table would change."""
    if outcome.before == outcome.after:
        return figure.raw.problem("note", f"{figure.name} has another note in the file.", _REPLACE)
    message = f"{figure.name} is {outcome.before} in the file, and {outcome.after} here."
    return figure.raw.problem(outcome.changed[0], message, _REPLACE)
