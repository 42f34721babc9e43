"""Figures as CSV, in the shape that docs/formats.md promises, and cells that no spreadsheet runs."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from kpi.judge.judgement import Judgement
from kpi.model.quantity import plain, unit_text

CSV_COLUMNS = (
    "priority", "objective", "kpi", "measure", "area", "period", "start", "end", "months", "value", "unit", "kind",
    "derived", "dimensions", "marks", "note", "assessment", "numerator", "denominator", "margin",
)  # fmt: skip

# Where a cell may begin: with the text, or after a semicolon, which parts cells in countries with a decimal comma. Whoever parts
# them there sees the quotes of a cell as part of its text.
_START = r"(^|;[ \"]*)"
_SIGN = "(?=[-'=+@\uff1d\uff0b\uff0d\uff20])"
_UNGUARDED, _GUARDED = re.compile(_START + _SIGN), re.compile(f"{_START}'{_SIGN}")
_QUOTED = re.compile(r"[,;\"\t\r\n]|^'")


def figures_csv(judgement: Judgement) -> str:
    """One row a figure at its home measure, peers and derived values included, in the plan's order.

    Dates are ISO, the end is inclusive, durations are seconds. A text that a spreadsheet would run as a formula gets a
    leading apostrophe.
    """
    rows = (CSV_COLUMNS, *_rows(judgement))
    return "".join(f"{','.join(map(_cell, row))}\n" for row in rows)


def csv_line(cells: Iterable[str | Decimal]) -> str:
    """A row of a table as CSV: texts on one line, which no spreadsheet runs, and numbers as they are."""
    texts = (plain(cell) if isinstance(cell, Decimal) else _text(cell) for cell in cells)
    return f"{','.join(map(_cell, texts))}\n"


def _cell(text: str) -> str:
    """A cell, in quotes if any spreadsheet would split it; Python's writer looks at its own separator only."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _rows(judgement: Judgement) -> Iterator[tuple[str, ...]]:
    by_id = judgement.by_id()
    for priority, objective, name in judgement.plan.listed():
        home = (
            [judged.measure for judged in by_id[name].measures if judged.kpi == name] if name in by_id else ()
        )
        for measure in home:
            names = (priority.id, _text(objective.title), name, measure.id)
            is_derived = "yes" if measure.derived is not None else "no"
            of_measure = (_text(unit_text(measure.unit)), measure.kind, is_derived)
            places = ";".join(f"{key}={value}" for key, value in measure.dimensions.items())
            own = measure.area or judgement.plan.area
            for area, series in ((own, measure.observations), *measure.peers.items()):
                for figure in series:
                    period = figure.period
                    days = (period.start.isoformat(), period.end.isoformat(), str(period.months))
                    said = (";".join(figure.marks), _text(figure.note), figure.assessment)
                    of_figure = map(_number, (figure.numerator, figure.denominator, figure.margin))
                    value = _number(figure.value)
                    yield (*names, area, period.text, *days, value, *of_measure, places, *said, *of_figure)


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _text(text: str) -> str:
    """A text that no spreadsheet takes for a formula, on one line."""
    return _UNGUARDED.sub(r"\1'", " ".join(text.split()))


def unguarded(text: str) -> str:
    """The text that an export wrote, without the apostrophes that keep a spreadsheet from running it."""
    return _GUARDED.sub(r"\1", text)
