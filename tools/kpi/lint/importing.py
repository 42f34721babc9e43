"""An import worked out: from tables to changed files, checked before they may be written.

All or nothing: where anything is wrong no file may be written, and everything that is wrong is reported at once.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kpi.lint.proposal import Judged, Trial, judge_change, lint_trial
from kpi.model.errors import UserError
from kpi.model.kpi import Kpi, identity
from kpi.model.progress import Progress, silent
from kpi.model.quantity import decimals_of, plain, rounded
from kpi.model.text import counted, display, joined, listed, quoted
from kpi.rules.unlike import is_copy
from kpi.store.add_figures import add_commentary, add_figures
from kpi.store.figure_fields import FILLED, NEW, REFUSED, Outcome
from kpi.store.files import UnreadableError
from kpi.store.intake import Commentary, IncomingFigure, take_in
from kpi.store.repository import KpiFile, Repository, content_now, kpi_from, load
from kpi.store.rewrite import UnplacedError
from kpi.store.tables import Tables
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


def import_table(
    root: Path, name: str, tables: Tables, days: Days, *, replace: bool = False, progress: Progress = silent
) -> "Imported":
    """Work out what a table brings (its name is in quotes); a UserError if there is no usable plan, or no heading "kpi"."""
    repository = load(root, progress)
    repository.plan.usable()
    sheets = [(sheet, collect_figures(sheet)) for sheet in tables.sheets]
    with_figures = [figures for _, figures in sheets if figures is not None]
    if not with_figures:
        columns = "kpi, measure, period and value, or kpi, measure and one for each period"
        raise UserError(f'{name} has no row of headings with "kpi" in it. Write the columns {columns}.')
    notes = [*tables.notes, *(note for figures in with_figures for note in figures.notes)]
    without = [
        quoted(sheet.name, 40) for sheet, figures in sheets if figures is None and any(map(any, sheet.rows))
    ]
    if len(without) == 1:
        notes.append(f'The sheet {without[0]} has no heading "kpi" and was not read.')
    elif without:
        notes.append(f'The sheets {joined(without)} have no heading "kpi" and were not read.')
    rows = TableFigures(
        tuple(raw for sheet in with_figures for raw in sheet.figures),
        tuple(problem for sheet in with_figures for problem in sheet.problems),
        tuple(notes),
    )
    imported = Imported(repository, rows, days, replace=replace, progress=progress)
    imported.sheets = [sheet.name for sheet in tables.sheets]
    return imported


class Imported:
    """What rows bring, of a table or the one that was typed: understood, put into their files in memory, and tried."""

    def __init__(
        self, repository: Repository, rows: TableFigures, days: Days, *, replace: bool, progress: Progress
    ) -> None:
        """Take what is there, and the figures as they were written; `replace` lets them take the place of those that differ."""
        self._before = repository
        self._replace = replace
        # Path → the bytes read and the bytes to write, only where they differ.
        self.files: dict[str, tuple[bytes, bytes]] = {}
        self.changed: dict[str, KpiFile] = {}  # the same files as they would be read
        self.results: list[FigureResult] = []  # the figures with what happens to them
        self.computed = 0  # how many figures the files compute themselves, and agree
        self.intake = take_in(rows.figures, repository)  # what was understood
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
        self.notes += [*self._about_copies(), *self._about_errors()]
        self.trial = Trial((), ())  # what lint would newly say
        # How the KPIs concerned are judged, before and after; None where no file changes, or without a usable plan.
        self.judged: Judged | None = None
        if self.files:
            self.trial = lint_trial(repository.root, days.today, self.files, progress)
            self.judged = judge_change(repository, self.changed.values(), days.judged)

    def _add(self, path: str, figures: Sequence[IncomingFigure]) -> None:
        """Put the figures of one file, and hold computed ones against what they give."""
        file, starts = figures[0].file, self._before.year_starts
        own = [figure for figure in figures if not figure.computed]
        try:
            data = content_now(self._before.root, file)
            written = add_figures(data, [figure.entry for figure in own], starts, replace=self._replace)
        except (UnplacedError, UnreadableError) as error:
            self.problems.append(figures[0].raw.problem("kpi", f"{path} can't take figures. {error}"))
            return
        if written.data != data:
            self.files[path] = (data, written.data)
            file = self.changed[path] = kpi_from(written.data, file.place, starts)
        for figure, outcome in zip(own, written.outcomes, strict=True):
            self.results.append(FigureResult(figure, outcome))
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
        """Put a commentary into a file, under the day of the import."""
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
        new = equal = 0
        lengths: set[int] = set()
        names: dict[str, None] = {}
        for figure, outcome in self.results:
            file, entry = self.changed.get(figure.file.place.path), figure.entry
            kpi = file.kpi if file and outcome.kind in {NEW, FILLED} else None
            measure = kpi.measure(entry.measure) if kpi and entry.value else None
            if measure is None:
                continue
            series = measure.peers.get(entry.area, ()) if entry.area else measure.observations
            new += 1
            if is_copy(series, outcome.key, measure):
                equal += 1
                lengths.add(figure.period.months)
                names[figure.address] = None
        if equal >= 2 and equal * 5 >= new:
            before = _LENGTHS.get(lengths.pop(), "period") if len(lengths) == 1 else "period"
            are = f"{equal} of {counted(new, 'new figure')} equal those of the {before} before, to the last digit"
            yield f"{are}: {listed(names, _MOST_NAMES)}. Were they copied forward?"

    def _about_errors(self) -> Iterator[str]:
        """A sentence about files with errors, in which lint doesn't look for all that it might say."""
        partly = [display(path, 400) for path, file in self.changed.items() if not file.whole]
        if partly:
            yield f"Gaps and jumps were not checked in {listed(partly)}, because of other errors there. Run kpi lint."
