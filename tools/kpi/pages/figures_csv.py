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
    return "".join(map(csv_line, (CSV_COLUMNS, *_rows(judgement))))


def csv_line(cells: Iterable[str | Decimal | None]) -> str:
    """A row of a table as CSV: texts on one line, which no spreadsheet runs, and numbers as they are.

    Cells that any spreadsheet would split are in quotes; Python's writer looks at its own separator only.
    """
    texts = []
    for cell in cells:
        text = (
            plain(cell)
            if isinstance(cell, Decimal)
            else _UNGUARDED.sub(r"\1'", " ".join((cell or "").split()))
        )
        texts.append('"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text)
    return f"{','.join(texts)}\n"


def _rows(judgement: Judgement) -> Iterator[tuple[str | Decimal | None, ...]]:
    by_id = judgement.by_id()
    for priority, objective, name in judgement.plan.listed():
        every = by_id[name].measures if name in by_id else ()
        for measure in (judged.measure for judged in every if judged.kpi == name):
            names = (priority.id, objective.title, name, measure.id)
            of_measure = (unit_text(measure.unit), measure.kind, "no" if measure.derived is None else "yes")
            places = ";".join(f"{key}={value}" for key, value in measure.dimensions.items())
            own = measure.area or judgement.plan.area
            for area, series in ((own, measure.observations), *measure.peers.items()):
                for figure in series:
                    start, end, months = map(str, (*figure.period.interval, figure.period.months))
                    days = (figure.period.text, start, end, months)
                    said = (";".join(figure.marks), figure.note, figure.assessment)
                    numbers = (figure.numerator, figure.denominator, figure.margin)
                    yield (*names, area, *days, figure.value, *of_measure, places, *said, *numbers)


def unguarded(text: str) -> str:
    """The text that an export wrote, without the apostrophes that keep a spreadsheet from running it."""
    return _GUARDED.sub(r"\1", text)
