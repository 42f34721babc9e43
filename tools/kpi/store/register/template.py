"""The workbook to list KPIs in: the columns that `rows` reads, drop-down lists, and an example on a sheet of its own."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from kpi.model.plan import Plan
from kpi.model.vocabulary import FREQUENCIES

EXAMPLE = "Example"
"""The sheet that an import skips."""
_MOST_ROWS = 500
_UNITS = ("%", "Number", "£", "£000", "£m", "Days", "Weeks", "hh:mm:ss", "Ratio", "per 1000", "per 100000")
_COLUMNS = (
    ("Reference", 12, "CS1", "The number or code that your organisation knows it by. May be left empty."),
    ("Title", 34, "Calls answered within a minute", "A few words, as readers see it."),
    ("Definition", 44, "Share of calls that are answered within a minute.", "In a sentence: what is counted or measured."),
    ("Priority", 24, "Customers first", "The heading that it is under."),
    ("Owner", 22, "Head of Customer Services", "Who answers for it: a team or a post."),
    ("Unit", 12, "%", "What figures are in. Anything else may be written, such as tonnes."),
    ("Polarity", 12, "Higher", "Which way is better."),
    ("Frequency", 12, "", "How often a figure is due."),
    ("Target", 12, "90", "Such as 90, at most 10, or words. Or a column for each year: Target 2026/27."),
    ("Source", 24, "Telephone system", "Where the figures come from."),
    ("Commentary", 40, "Two more people start in May.", "What is being done."),
)  # fmt: skip
"""Each column's heading and width, what the example has in it (the frequency is given), and what is said of it."""


def template(periods: Sequence[str], frequency: str, plan: Plan | None, today: date) -> bytes:
    """The workbook.

    Args:
        periods: the headings of the columns for figures.
        frequency: how often figures come in the example.
        plan: the plan, whose priorities, owners and sources are offered.
        today: the day that the workbook says it was made on, so that the same day makes the same bytes.
    """
    import xlsxwriter

    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": datetime(today.year, today.month, today.day)})  # noqa: DTZ001 -- as Excel has it
    bold, text = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "@"}),
    )
    for name in ("KPIs", EXAMPLE):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        for column, (heading, width, _, hint) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, heading, bold)
            sheet.write_comment(0, column, hint)
        for column, period in enumerate(periods, start=len(_COLUMNS)):
            sheet.write_string(0, column, period, bold)
        for column, settings in _choices(plan):
            sheet.data_validation(1, column, _MOST_ROWS, column, settings)
    for column, (_, _, cell, _) in enumerate(_COLUMNS):
        sheet.write_string(1, column, cell or frequency)
    for number in range(len(periods)):
        sheet.write_number(1, len(_COLUMNS) + number, 85 + number % 5)
    book.close()
    return content.getvalue()


def _choices(plan: Plan | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """The columns with a drop-down list, from 0, each with its settings. What is in the plan may be added to."""
    strict = {"Polarity": ["Higher", "Lower", "Neither"], "Frequency": [*FREQUENCIES, "irregular"]}
    choices = {"Unit": list(_UNITS), **strict}
    if plan is not None:
        choices["Priority"] = [entry.title for entry in plan.priorities]
        choices["Owner"] = [*plan.owners.values()]
        choices["Source"] = [entry.title for entry in plan.sources.values()]
    most = 255  # characters that Excel takes for the choices of a list
    for column, (heading, *_) in enumerate(_COLUMNS):
        words = choices.get(heading, [])
        if words and len(",".join(words)) <= most:
            error = "stop" if heading in strict else "information"
            yield column, {"validate": "list", "source": words, "ignore_blank": True, "error_type": error}
