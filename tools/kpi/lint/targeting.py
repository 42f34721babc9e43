"""Targets of many KPIs from a table with a row for each: the files, checked before they may be written."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import chain, product
from pathlib import Path
from typing import Any

from kpi.lint.changes import Proposal, lint_trial
from kpi.lint.importing import at_its_line, propose_all
from kpi.lint.registering import target_fields
from kpi.model.errors import UserError
from kpi.model.kpi import Measure
from kpi.model.progress import Progress, silent
from kpi.model.quantity import PERCENT, ValueFormError
from kpi.model.text import counted, quoted
from kpi.rules.series import fraction_words, fractions_among, large_targets
from kpi.store.edit import UnplacedError, rewritten
from kpi.store.files import UnreadableError
from kpi.store.format.draft import put
from kpi.store.intake.row_cells import SlipError, cell_value, hold_scale
from kpi.store.intake.row_place import Names
from kpi.store.register import Target
from kpi.store.register.list_columns import Columns, columns_of
from kpi.store.register.list_words import is_no_target, target_in
from kpi.store.repository import KpiFile, content_now, load
from kpi.store.tables import CellProblem, RawFigure, Tables, read_sheets


def propose_targets(
    root: Path, tables: Tables, file: str, today: date, progress: Progress = silent
) -> Proposal:
    """Work out which targets a table brings; a UserError if there is no usable plan, or no table of them."""
    repository = load(root, progress)
    starts = repository.plan.usable().year_starts
    names = Names(repository.plan.plan, repository.files, starts)
    headed, notes = read_sheets(tables, lambda sheet: columns_of(sheet, file, starts), "table of targets")
    if not headed:
        message = f"{quoted(file)} has no row of headings that names KPIs and targets."
        raise UserError(f"{message} Write columns such as KPI and Target 2026/27.")
    bad: list[CellProblem] = []
    by_path: dict[str, list[tuple[RawFigure, KpiFile, str, Target]]] = {}
    taken: set[object] = set()
    for raw, spellings, start in chain.from_iterable(_rows(columns, bad) for columns in headed):
        try:
            there, measure = _place(raw, spellings, names)
            target = _fields(raw, there, measure, start, taken)
            by_path.setdefault(there.location.path, []).append((raw, there, measure.id, target))
        except SlipError as error:
            bad.append(error.problem)
    files = {}
    for path, targets in by_path.items():
        raw, there, *_ = targets[0]
        try:
            data = content_now(root, there)
            files[path] = (data, _file_with_targets(data, [target[2:] for target in targets]))
        except (UnplacedError, UnreadableError) as error:
            bad.append(raw.problem("kpi", f"{path} can't take targets. {error}"))
    if not bad:
        bad += map(at_its_line, lint_trial(root, today, files, progress).errors)
    targets = list(chain.from_iterable(by_path.values()))
    lines = [f"{counted(len(targets), 'target')} in {counted(len(files), 'file')}."]
    for _, there, name, target in targets:
        fields = []
        for field, said in target.items():
            text = said if isinstance(said, str) else f"[{', '.join(said)}]"
            fields.append(f"{field}: {text}")
        lines.append(f"{there.location.kpi}/{name}: {', '.join(fields)}")
    return propose_all(files, list(dict.fromkeys(bad)), (*lines, *notes), file)


def _rows(columns: Columns, bad: list[CellProblem]) -> Iterator[tuple[RawFigure, list[str], str]]:
    """The targets of a sheet: each as it is written, what names its KPI, and the year that it is from; `bad` gets the rest."""
    sheet = columns.sheet
    headings = [heading.strip().casefold() for heading in sheet.rows[columns.row - 1]]
    measures = headings.index("measure") + 1 if "measure" in headings else 0
    named = [columns.fields.get(field, 0) for field in ("code", "title")]
    named = [column for column in named if column not in {0, measures}]
    if not columns.targets:
        help_ = "Name one by its year, such as Target 2026/27."
        bad.append(sheet.problem(columns.row, 0, "No column has targets for a year.", help_))
    for number, (column, year) in product(range(columns.row + 1, len(sheet.rows) + 1), columns.targets):
        text = " ".join(columns.clear(number, column).split())
        if not text or is_no_target(text):
            continue
        texts = {"measure": columns.text(number, measures) if measures else "", "value": text}
        where = {"kpi": named[0] if named else 0, "value": column, "measure": measures}
        raw = RawFigure(sheet.name, number, texts, where, columns.row, sheet.decimal_comma)
        spellings = [text for name in named if (text := columns.text(number, name))] or [""]
        yield raw, spellings, year.text if year else ""
    bad += columns.left


def _fields(raw: RawFigure, file: KpiFile, measure: Measure, start: str, taken: set[object]) -> Target:
    if not start:
        message = "Nothing says which year this target is for."
        raise SlipError(raw, "value", message, "Name the column by its year, such as Target 2026/27.")
    what = (file.location.path, measure.id, start)
    if what in taken or any(target.start and target.start.text == start for target in measure.targets):
        where = "in another row or column" if what in taken else "in its file"
        message = f"{quoted(measure.id)} has a target from {start} already, {where}."
        raise SlipError(raw, "value", message, "Change that one, or leave the cell empty.")
    newest = measure.targets[::-1]
    over = next((f"{target.over} months" for target in newest if target.over), "")
    source = next((target.source for target in newest if target.source), "")
    text, way = raw.text("value"), measure.better.way
    try:
        how, values, _ = target_in(text, way, lambda number: _number(number, raw, measure))
    except ValueFormError as error:
        raise SlipError(raw, "value", error.message, error.help) from None
    level = values if how == "between" else values[0]
    taken.add(what)
    fields = {how or "equals": level, "from": start, "over": over, "source": source}
    return {name: said for name, said in fields.items() if said}


def _number(text: str, raw: RawFigure, measure: Measure) -> str:
    """A target's number as the file has it; a ValueFormError if it is none, or may be a fraction or scaled."""
    read = cell_value(text, measure.unit, raw.decimal_comma).text
    hold_scale(text, read, measure)
    if measure.unit.kind == PERCENT and read and "%" not in raw.text("value"):
        number = Decimal(read)
        values = [figure.value for figure in measure.observations if figure.value is not None]
        fractions, usual = fractions_among([*values, number], large_targets(measure))
        if usual is not None and number in fractions:
            message, better = fraction_words(number, usual)
            raise ValueFormError(message, f"Write {better}, or {read}% if it is right.")
    return read


def _place(raw: RawFigure, spellings: list[str], names: Names) -> tuple[KpiFile, Measure]:
    for text in spellings[:-1]:
        with suppress(SlipError):
            return names.place(raw._replace(texts={**raw.texts, "kpi": text}))[:2]
    return names.place(raw._replace(texts={**raw.texts, "kpi": spellings[-1]}))[:2]


def _file_with_targets(data: bytes, wanted: Sequence[tuple[str, Target]]) -> bytes:
    """A file with more targets, each the last of its measure; an UnplacedError if it can't be added to."""

    def add(values: Any) -> None:
        for name, target in wanted:
            measure = values["measures"][name]
            if not isinstance(measure.get("targets"), list):
                measure.pop("targets", None)
                put(measure, "targets", [], before=("observations", "derived", "no_figures", "peers"))
            measure["targets"].append(target_fields(target))

    return rewritten(data, add)
