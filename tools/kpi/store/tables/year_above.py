"""Headings in two rows, a year above its quarters or months, as headings in one: `2024/25` above `Q1` is `Q1 2024/25`."""

import re
from collections.abc import Sequence

from kpi.model.period import MONTHS
from kpi.store.tables.sheet import Sheet

_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month[3:] else month for month in MONTHS) + "|sept"
_PART = re.compile(
    rf"q(?:uarter|tr)? ?[1-4]|[1-4](?:st|nd|rd|th)? q(?:uarter|tr)|h(?:alf)? ?[12]|(?:{_MONTH})(?: ?(?:-|–|to) ?(?:{_MONTH}))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:fy ?)?[12][0-9]{3}(?:[/–-](?:[12][0-9])?[0-9]{2})?", re.IGNORECASE)


def with_years(sheet: Sheet, row: int) -> tuple[Sheet, int, int]:
    """Put the year into the headings that are only parts of one.

    Args:
        sheet: the sheet.
        row: the row of the headings, from 1: the one with "kpi".

    Returns:
        The sheet with whole headings in one row, that row, and the first row of the headings.
    """
    if row < len(sheet.rows) and _leads(sheet, row):
        upper, lower, last = row, row + 1, row + 1
    else:
        upper, lower, last = row - 1, row, row
    above = sheet.rows[upper - 1] if upper else ()
    below = sheet.rows[lower - 1]
    parts = [place for place, text in enumerate(below) if _PART.fullmatch(text.strip())]
    years = {place: _year_above(above, place) for place in parts}
    if not any(years.values()):
        return sheet, row, row
    width = max(len(above), len(below))
    first = sheet.rows[row - 1]
    whole = [below[place] if place < len(below) else "" for place in range(width)]
    for place, year in years.items():
        whole[place] = f"{below[place].strip()} {year}".rstrip()
    if last > row:
        whole = [text or (first[place] if place < len(first) else "") for place, text in enumerate(whole)]
    rows = list(sheet.rows)
    rows[last - 1] = tuple(whole)
    return sheet._replace(rows=tuple(rows)), last, min(upper, row)


def _leads(sheet: Sheet, row: int) -> bool:
    """Whether the headings go on below: there are only parts of a year in the next row, and none in this one."""
    this, below = sheet.rows[row - 1], [text.strip() for text in sheet.rows[row] if text.strip()]
    return (
        bool(below)
        and all(map(_PART.fullmatch, below))
        and not any(_PART.fullmatch(text.strip()) for text in this)
    )


def _year_above(row: Sequence[str], place: int) -> str:
    """The year that is above a column, or in the last cell left of it that has anything."""
    text = next((text.strip() for text in reversed(row[: place + 1]) if text.strip()), "")
    return text if _YEAR.fullmatch(text) else ""
