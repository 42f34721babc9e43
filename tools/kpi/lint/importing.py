"""An import worked out: from tables to changed files, checked before they may be written.

All or nothing: where anything is wrong no file may be written, and everything that is wrong is reported at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kpi.lint.trial import Judged, judged, lint_trial
from kpi.model.errors import UserError
from kpi.model.finding import FieldPath, Finding
from kpi.model.kpi import Kpi, Observation, identity
from kpi.model.progress import Progress, silent
from kpi.model.quantity import decimals_of, plain, rounded
from kpi.model.text import counted, display, joined, listed, quoted
from kpi.rules.unlike import is_copy
from kpi.store.add_figures import FILLED, NEW, REFUSED, UNCHANGED, Outcome, add_figures
from kpi.store.commentary import commented
from kpi.store.files import UnreadableError
from kpi.store.intake import Commentary, Intake, Wanted, intake
from kpi.store.repository import KpiFile, Repository, content_now, kpi_from, load
from kpi.store.rewrite import UnplacedError
from kpi.store.tables import Tables
from kpi.store.tables.heading import Bad
from kpi.store.tables.table_figures import Collected, collected

_MOST_NAMES = 12
_LENGTHS = {1: "month", 3: "quarter", 12: "year"}
_REPLACE = "If this one is right, use --replace."
_LAST = 1 << 30
"""Sorts what belongs to no row behind all rows."""


class Days(NamedTuple):
    """The real day (UTC), for the rules about the calendar; and the day to judge on, by default the pages' day."""

    today: date
    judged: date | None = None


class Put(NamedTuple):
    """A figure of the table and what happened to it in its file."""

    wanted: Wanted
    outcome: Outcome


class Imported(NamedTuple):
    """What an import comes to.

    Attributes:
        files: path → the bytes read and the bytes to write, only where they differ.
        put: the figures with what happened to them.
        computed: how many figures the files compute themselves, and agree.
        bad: what is wrong; where there is anything, nothing may be written.
        warnings: what lint would newly warn of.
        intake: what was understood.
        notes: sentences about what was not read.
        judged: how the KPIs concerned are judged, before and after; None where no file changes.
    """

    files: Mapping[str, tuple[bytes, bytes]]
    put: tuple[Put, ...]
    computed: int
    bad: tuple[Bad, ...]
    warnings: tuple[Bad, ...]
    intake: Intake
    notes: tuple[str, ...]
    judged: Judged | None

    @property
    def counts(self) -> Counter[str]:
        """How many figures are new, unchanged and so on."""
        counts = Counter(put.outcome.kind for put in self.put)
        counts[UNCHANGED] += self.computed
        return counts


def importing(
    root: Path, name: str, tables: Tables, days: Days, *, replace: bool = False, progress: Progress = silent
) -> Imported:
    """Work out what an import does. Nothing is written.

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
    before = load(root, progress)
    plan = before.plan.usable()
    sheets, notes = _collected(name, tables)
    taken = intake((given for sheet in sheets for given in sheet.figures), before)
    bad = [*(slip for sheet in sheets for slip in sheet.bad), *taken.bad]
    work = _Work(before, plan.year_starts, replace=replace)
    for path, wanted in _by_file(taken.wanted).items():
        work.place(path, wanted)
    for path, said in taken.commentaries.items():
        work.comment(path, said, days.today)
    bad += work.bad
    order = {sheet.name: number for number, sheet in enumerate(tables.sheets)}
    warnings: tuple[Bad, ...] = ()
    effect = None
    if work.files:
        was, will_be = ({path: pair[side] for path, pair in work.files.items()} for side in (0, 1))
        trial = lint_trial(root, days.today, will_be, progress, was)
        errors = _at_their_rows(trial.errors, work)
        bad += [
            error for error in errors if error.row or not bad
        ]  # figures that are left out may be why files don't agree
        warnings = tuple(_at_their_rows(trial.warnings, work))
        effect = judged(before, work.changed.values(), days.judged)
        notes += [*work.commented, *_about_copies(work)]
        partly = [display(path, 400) for path, file in work.changed.items() if not file.whole]
        if partly:
            notes.append(
                f"Gaps and jumps were not checked in {listed(partly)}, because of other errors there. Run kpi lint."
            )
    bad.sort(key=lambda slip: (order.get(slip.sheet, 0), slip.row or _LAST, slip.column))
    slips = tuple(dict.fromkeys(bad))
    return Imported(work.files, tuple(work.put), work.computed, slips, warnings, taken, tuple(notes), effect)


def _collected(name: str, tables: Tables) -> tuple[list[Collected], list[str]]:
    """The figures of every sheet that has any, and what to say of the others."""
    sheets = [(sheet, collected(sheet)) for sheet in tables.sheets]
    with_figures = [figures for _, figures in sheets if figures is not None]
    if not with_figures:
        message = f'{name} has no row of headings with "kpi" in it.'
        raise UserError(
            f"{message} Write the columns kpi, measure, period and value, or kpi, measure and one for each period."
        )
    notes = [note for figures in with_figures for note in figures.notes]
    without = [
        quoted(sheet.name, 40) for sheet, figures in sheets if figures is None and any(map(any, sheet.rows))
    ]
    if without:
        noun = "sheets" if len(without) > 1 else "sheet"
        has = "have" if len(without) > 1 else "has"
        notes.append(
            f'The {noun} {joined(without)} {has} no heading "kpi" and {"were" if len(without) > 1 else "was"} not read.'
        )
    return with_figures, [*tables.notes, *notes]


def _by_file(wanted: Sequence[Wanted]) -> dict[str, list[Wanted]]:
    by_file: dict[str, list[Wanted]] = {}
    for figure in wanted:
        by_file.setdefault(figure.file.place.path, []).append(figure)
    return by_file


class _Work:
    """Puts figures into files, in memory, and holds computed ones against what they give."""

    def __init__(self, before: Repository, year_starts: int, *, replace: bool) -> None:
        self.before = before
        self.year_starts = year_starts
        self.replace = replace
        self.files: dict[str, tuple[bytes, bytes]] = {}
        self.changed: dict[str, KpiFile] = {}
        self.put: list[Put] = []
        self.bad: list[Bad] = []
        self.commented: list[str] = []
        self.computed = 0

    def place(self, path: str, wanted: Sequence[Wanted]) -> None:
        """Put the figures of one file."""
        file = wanted[0].file
        own = [figure for figure in wanted if not figure.computed]
        try:
            data = content_now(self.before.root, file)
            written = add_figures(
                data, [figure.entry for figure in own], self.year_starts, replace=self.replace
            )
        except (UnplacedError, UnreadableError) as error:
            self.bad.append(wanted[0].given.bad("kpi", f"{path} can't take figures. {error}"))
            return
        if written.data != data:
            self.files[path] = (data, written.data)
            file = self.changed[path] = kpi_from(written.data, file.place, self.year_starts)
        for figure, outcome in zip(own, written.outcomes, strict=True):
            self.put.append(Put(figure, outcome))
            if outcome.kind == REFUSED:
                self.bad.append(_differs(figure, outcome))
        for figure in wanted:
            if figure.computed and file.kpi is not None:
                self._compare(figure, file.kpi)

    def comment(self, path: str, said: Commentary, day: date) -> None:
        """Put a commentary into a file, under the day of the import."""
        try:
            data, now = self.files.get(path) or (content_now(self.before.root, said.file),) * 2
            after = commented(now, day, said.text, replace=self.replace)
        except (UnplacedError, UnreadableError) as error:
            self.bad.append(said.given.bad("commentary", f"{path} can't take a commentary. {error}"))
            return
        if after != now:
            self.files[path] = (data, after)
            self.changed[path] = kpi_from(after, said.file.place, self.year_starts)
            self.commented.append(
                f"{said.file.place.kpi} has a commentary of {day.isoformat()}: {quoted(said.text, 60)}"
            )

    def _compare(self, wanted: Wanted, kpi: Kpi) -> None:
        """Hold a computed share against what the file's figures give."""
        measure = kpi.measure(wanted.measure.id)
        assert measure is not None
        assert measure.derived is not None
        from_ = joined(measure.derived.inputs)
        there = _at(measure.observations, wanted)
        if there is None or there.value is None:
            message = f"{wanted.name} is computed from {from_}, which have no figures for it."
            self.bad.append(wanted.given.bad("value", message, "Add theirs, and leave this row out."))
            return
        self.computed += 1
        if not wanted.entry.value:
            return
        here = Decimal(wanted.entry.value)
        if rounded(here, decimals_of(there.value)) != there.value:
            message = (
                f"{wanted.name} is computed from {from_}: they give {plain(there.value)}, not {plain(here)}."
            )
            self.bad.append(wanted.given.bad("value", message, "Correct those, or leave this row out."))


def _about_copies(work: _Work) -> Iterator[str]:
    """A sentence about new figures that equal those of the period before, where they are many."""
    new = equal = 0
    lengths: set[int] = set()
    names: dict[str, None] = {}
    for put in work.put:
        file, entry = work.changed.get(put.wanted.file.place.path), put.wanted.entry
        measure = (
            file.kpi.measure(entry.measure)
            if file and file.kpi and put.outcome.kind in {NEW, FILLED}
            else None
        )
        if measure is None or not entry.value:
            continue
        series = measure.peers.get(entry.area, ()) if entry.area else measure.observations
        new += 1
        if is_copy(series, put.outcome.key, measure):
            equal += 1
            lengths.add(put.wanted.period.months)
            names[f"{put.wanted.file.place.kpi}/{entry.measure}"] = None
    if equal >= 2 and equal * 5 >= new:
        before = _LENGTHS.get(lengths.pop(), "period") if len(lengths) == 1 else "period"
        are = f"{equal} of {counted(new, 'new figure')} equal those of the {before} before, to the last digit"
        yield f"{are}: {listed(names, _MOST_NAMES)}. Were they copied forward?"


def _at(observations: Iterable[Observation], wanted: Wanted) -> Observation | None:
    """The figure of the same days."""
    kind = wanted.measure.kind
    who = identity(wanted.period, kind)
    return next((figure for figure in observations if identity(figure.period, kind) == who), None)


def _differs(wanted: Wanted, outcome: Outcome) -> Bad:
    """A published figure that the table would change."""
    if outcome.before == outcome.after:
        return wanted.given.bad("note", f"{wanted.name} has another note in the file.", _REPLACE)
    message = f"{wanted.name} is {outcome.before} in the file, and {outcome.after} here."
    return wanted.given.bad(outcome.changed[0], message, _REPLACE)


def _at_their_rows(findings: Sequence[Finding], work: _Work) -> Iterator[Bad]:
    """Findings at the rows of the table that bring them in, or else with their lines in the files."""
    rows = {place: put for put in work.put for place in _lines(work, put)} if findings else {}
    for finding in findings:
        help_ = f"{finding.help} ({finding.rule})".lstrip()
        put = rows.get((finding.path, finding.line))
        if put is not None:
            yield put.wanted.given.bad("value", finding.message, help_)
        else:
            yield Bad(
                "",
                0,
                0,
                f"{display(finding.path, 400)}, line {finding.line} by then: {finding.message}",
                help_,
            )


def _lines(work: _Work, put: Put) -> Iterator[tuple[str, int]]:
    """The lines of its file that a figure would be on."""
    path, entry = put.wanted.file.place.path, put.wanted.entry
    file = work.changed.get(path)
    if file is None or file.document is None or put.outcome.kind == UNCHANGED:
        return
    series: FieldPath = ("peers", entry.area) if entry.area else ("observations",)
    where: FieldPath = ("measures", entry.measure, *series, put.outcome.key)
    first, last = file.document.span(where, on_key=True), file.document.span(where)
    yield from ((path, line) for line in range(first.line, last.end_line + 1))
