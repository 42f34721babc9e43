"""The workbook to list KPIs in: the columns that `rows` reads, drop-down lists, and an example on a sheet of its own."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

from kpi.model.frequency import FREQUENCIES
from kpi.model.plan import Plan

EXAMPLE = "Example"
"""The sheet that an import skips."""
_MOST_ROWS = 500
_UNITS = ("%", "Number", "£", "£000", "£m", "Days", "Weeks", "hh:mm:ss", "Ratio", "per 1000", "per 100000")
_COLUMNS = (
    ("Reference", 12, "The number or code that your organisation knows it by. May be left empty."),
    ("Title", 34, "A few words, as readers see it."),
    ("Definition", 44, "In a sentence: what is counted or measured."),
    ("Priority", 24, "The heading that it is under."),
    ("Owner", 22, "Who answers for it: a team or a post."),
    ("Unit", 12, "What figures are in. Anything else may be written, such as tonnes."),
    ("Polarity", 12, "Which way is better."),
    ("Frequency", 12, "How often a figure is due."),
    ("Target", 12, "Such as 90, at most 10, or words. Or a column for each year: Target 2026/27."),
    ("Source", 24, "Where the figures come from."),
    ("Commentary", 40, "What is being done."),
)
_FILLED = (
    "CS1", "Calls answered within a minute", "Share of calls that are answered within a minute.", "Customers first",
    "Head of Customer Services", "%", "Higher", "", "90", "Telephone system", "Two more people start in May.",
)  # fmt: skip


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
        for column, (heading, width, hint) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, heading, bold)
            sheet.write_comment(0, column, hint)
        for column, period in enumerate(periods, start=len(_COLUMNS)):
            sheet.write_string(0, column, period, bold)
        for column, choices, is_strict in _choices(plan):
            settings = {"validate": "list", "source": list(choices), "ignore_blank": True}
            sheet.data_validation(
                1,
                column,
                _MOST_ROWS,
                column,
                settings | {"error_type": "stop" if is_strict else "information"},
            )
    for column, cell in enumerate(_FILLED):
        sheet.write_string(1, column, cell or frequency)
    for number in range(len(periods)):
        sheet.write_number(1, len(_COLUMNS) + number, 85 + number % 5)
    book.close()
    return content.getvalue()


def _choices(plan: Plan | None) -> list[tuple[int, Sequence[str], bool]]:
    """The columns with a drop-down list, from 0, each with its choices and whether nothing else may be written."""
    names = [heading for heading, *_ in _COLUMNS]
    choices: dict[str, tuple[Sequence[str], bool]] = {
        "Unit": (_UNITS, False),
        "Polarity": (("Higher", "Lower", "Neither"), True),
        "Frequency": ((*FREQUENCIES, "irregular"), True),
    }
    if plan is not None:
        choices |= {
            "Priority": ([entry.title for entry in plan.priorities], False),
            "Owner": ([*plan.owners.values()], False),
            "Source": ([entry.title for entry in plan.sources.values()], False),
        }
    most = 255  # characters that Excel takes for the choices of a list
    return [
        (names.index(name), words, strict)
        for name, (words, strict) in choices.items()
        if words and len(",".join(words)) <= most
    ]
