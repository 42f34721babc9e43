"""What the columns of a list of KPIs are, under whatever headings; its cells; and a template for one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from io import BytesIO
from itertools import product

from kpi.human.period import interpret_period
from kpi.model.period import Period
from kpi.model.plan import Plan
from kpi.model.vocabulary import FREQUENCIES
from kpi.store.register.list_words import FIGURES, TARGETS, row_kind
from kpi.store.tables import MOST_ABOVE, CellProblem, Sheet, legend_of, one_line
from kpi.store.tables.table_figures import with_years

FIELDS: Mapping[str, str] = {
    "code": "ref|reference|ref no|kpi ref|kpi reference|pi ref|measure ref|indicator ref|id|kpi id|code|kpi code|kpi no|kpi number|no|number|#",
    "title": "title|name|kpi|kpi name|kpi title|indicator|indicator name|performance indicator|key performance indicator|pi"
    "|measure|measure name|performance measure|metric|what we measure",
    "definition": "definition|full definition|description|kpi description|what is measured|what it measures|methodology|how it is measured|how we measure it"
    "|calculation|rationale|detail|details",
    "owner": "owner|kpi owner|data owner|lead|lead officer|responsible|responsible officer|reporting officer|accountable officer"
    "|accountable|head of service|director|officer|manager|team|who|contact|sro|exec",
    "priority": "priority|corporate priority|theme|outcome|objective|strategic objective|service|service area|area of focus|focus area|department|directorate"
    "|category|portfolio|domain|pillar|section|business unit|division",
    "unit": "unit|units|unit of measure|unit of measurement|uom|measured in|format|data type|type of measure",
    "polarity": "polarity|direction|good direction|good|good is|good to be|good performance is|better|aim|desired direction|desired trend"
    "|high or low|higher or lower|bigger or smaller is better|what is good|good looks like|preferred direction",
    "frequency": "frequency|reporting frequency|reported|reporting|how often|collection frequency|data frequency|reporting period|reporting cycle",
    "source": "source|data source|source of data|system",
    "commentary": "commentary|comment|comments|latest commentary|narrative|progress|update|latest update|service comment|explanation",
    "note": "note|notes|caveat|caveats",
}
"""The headings of each field, in small letters; those of more than one column go to the first that is free."""

_FIELD_OF = {heading: field for field, headings in FIELDS.items() for heading in headings.split("|")}
_LAST = re.compile(
    "ref|reference|code|owner|lead|officer|director|manager|team|priority|theme|outcome|objective|directorate|department|portfolio"
    "|polarity|frequency|commentary|comments?|narrative|notes?"
)
"""Words that name a field at the end of a heading too: `Lead Director`, `TSM code`. Of others, such as unit, that isn't sure."""
_TARGET = re.compile(r"\b(?:target|standard|ambition|goal|threshold)s?\b|^plan\b|[0-9] plan$")
_BESIDE = re.compile(
    r"\b(?:annual|year[- ]end|full[- ]year|the|for|in|by|current|kpi|performance|range|level)\b"
    r"|[:()]|(?<![0-9a-z])[/–-]|[/–-](?![0-9a-z])"
)
_RESULT = re.compile(r"(?i)\b(?:actuals?|results?|outturn|out-turn|performance|value|figure|data)\b|[:]")
_NOT_TAKEN = (
    (r".*\b(?:rag|status|trend|direction of travel|dot|variance|change|difference|on track)\b.*", "Statuses and changes are worked out from the figures."),
    (r".*\b(?:benchmark|national|england|comparator|peers?|nearest neighbours?|family group)\b.*", "Other areas' figures go under peers: see kpi explain peers."),
    (r".*\b(?:ytd|to date|cumulative|total|average|mean|median|control limit|variation|spc)\b.*", "It follows from the figures of the periods."),
    (r".*\b(?:forecast|projected|projection|trajectory)\b.*", "It is no figure yet. kpi record takes it, with --mark forecast."),
    (r"fy ?(?:20)?[0-9]{2}", "Write the year as 2022/23: FY23 can be the year that starts in 2023, or ends."),
    (r".*\bbaseline\b.*", 'It belongs into the KPI\'s file: as a figure, and its period as "baseline:" of the measure.'),
    (r".*\b(?:tolerance|amber|red|green|intervention|upper|lower)\b.*", 'It belongs into the KPI\'s file, as "tolerance:" of the target.'),
)  # fmt: skip
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2}) ?[/–-] ?((?:20)?[0-9]{2})(?![0-9/-])")


class Columns:
    """A sheet whose headings are understood: its columns, by their numbers from 1, and its cells."""

    def __init__(self, sheet: Sheet, row: int, kind: int) -> None:
        self.sheet = sheet
        self.row = row  # the row of the headings, from 1
        self.kind = kind  # the column that says of each row what it holds; 0 where there is none
        self.fields: dict[str, int] = {}  # the column of each field (`FIELDS`)
        self.targets: list[tuple[int, Period | None]] = []  # columns of targets, each with its period
        self.periods: list[tuple[int, Period]] = []  # columns of figures, oldest first, each with its period
        self.others: list[tuple[int, str, str]] = []  # what is not taken: the column, its heading and why
        self.legend = legend_of(sheet.rows)  # what the sheet says of its markers
        self.left: list[CellProblem] = []  # what was not taken, with the reason
        self._doubts = {(doubt.row, doubt.column): doubt for doubt in sheet.doubts}

    @cached_property
    def _formulas(self) -> dict[int, set[int]]:
        return self.sheet.formula_rows(column for column, _ in (*self.targets, *self.periods))

    @cached_property
    def _repeated(self) -> dict[tuple[int, int], str]:
        return self.sheet.repeated({*self.fields.values()})

    def text(self, row: int, column: int) -> str:
        """The text of a cell on one line, or of the one that is merged over it."""
        return one_line(self.sheet.cell(row, column) or self._repeated.get((row, column), ""))

    def texts(self, rows: Iterable[int], columns: Iterable[int]) -> list[str]:
        """All texts where rows and columns meet."""
        return [text for row, column in product(rows, columns) if (text := self.sheet.cell(row, column))]

    def clear(self, row: int, column: int) -> str:
        """The text of a cell; nothing where it isn't clear what is meant, which is said."""
        text, doubt = self.sheet.cell(row, column), self._doubts.get((row, column))
        if doubt is not None:
            self.left.append(doubt)
            return ""
        if not text and row in self._formulas[column]:
            message = "This cell holds a formula without a result, so there is no figure."
            self.wrong(row, column, message, "Write the figure.")
        return text

    def wrong(self, row: int, column: int, message: str, help_: str = "") -> None:
        """Say why something was not taken; column 0 is for a whole row."""
        self.left.append(self.sheet.problem(row, column, message, help_))


def columns_of(sheet: Sheet, file: str, year_starts: int) -> Columns | None:
    """The columns of a sheet with whole headings; None where no row looks like headings, or no column names the KPIs.

    The name of the file may name the year of its months.
    """
    row = _heading_row(sheet.rows, year_starts)
    if row is None:
        return None
    sheet, row, _ = with_years(sheet, row)
    year = _year_around(sheet, row, file)
    headings = sheet.rows[row - 1]
    # The column that says what each row holds: figures, targets or what follows from them.
    held = ({row_kind(cell) for cell in sheet.below(row, column)} for column in range(1, len(headings) + 1))
    wanted = {FIGURES, TARGETS}
    kind = next((number for number, kinds in enumerate(held, 1) if kinds >= wanted and "" not in kinds), 0)
    columns, intervals = Columns(sheet, row, kind), set[object]()
    fields = columns.fields
    for column, heading in enumerate(headings, start=1):
        if not heading.strip() or column == kind:
            continue
        field, period, why = _read_heading(heading, year, year_starts)
        if field == "title" and "title" in fields:  # the code beside the title, or the definition
            field = "definition" if "code" in fields else "code"
        if field == FIGURES and period is not None and period.interval not in intervals:
            columns.periods.append((column, period))
            intervals.add(period.interval)
        elif field == TARGETS:
            columns.targets.append((column, period))
        elif field not in {"", FIGURES, *fields}:
            fields[field] = column
        else:
            why = f"There are two columns for {period.text}." if period else why
            columns.others.append((column, heading, why))
    columns.periods.sort(key=lambda at: (at[1].end, at[1].start))
    if "title" not in fields and not headings[0].strip():
        fields["title"] = 1
    _share_out(sheet, row, fields)
    return columns if "title" in fields else None


def _heading_row(rows: Sequence[Sequence[str]], year_starts: int) -> int | None:
    """The first row with most known headings, of which one names the KPIs: or none does, and two are periods."""
    best, most = None, 1
    for number, row in enumerate(rows[:MOST_ABOVE], start=1):
        named = [_read_heading(cell, "", year_starts)[0] for cell in row]
        targets = [_TARGET.search(cell.casefold()) is not None for cell in row]
        count = sum(map(any, zip(named, targets, strict=True)))
        is_unnamed = named.count(FIGURES) > 1 and not row[0].strip()
        if count > most and (is_unnamed or {"title", "definition"} & {*named}):
            best, most = number, count
    return best


def _read_heading(heading: str, year: str, year_starts: int) -> tuple[str, Period | None, str]:
    """The field that a heading names, or `FIGURES` or `TARGETS` with their period; or no field, and why it isn't taken."""
    text = heading.casefold()
    is_target = _TARGET.search(text) is not None
    period = None if is_target else _period(heading, year, year_starts)
    why = next((why for pattern, why in _NOT_TAKEN if re.fullmatch(pattern, text)), "")
    field = FIGURES if period is not None else _field(heading)
    if is_target and not field and not why:
        rest = " ".join(_BESIDE.sub(" ", _TARGET.sub(" ", text)).split())
        period = _period(rest, year, year_starts) if rest else None
        if period is not None or not rest:
            return TARGETS, period, ""
        why = "It is not known for which period these targets are. Name the column by it, such as Target 2026/27."
    return field, period, why or "It is not known what this column is."


def _field(heading: str) -> str:
    """The field that a heading names: by its words, by one of several with a stroke or "and" between, or by the last of them."""
    text = re.sub(r"\(.*?\)|\[.*?\]", " ", heading.casefold())
    text = " ".join(re.sub(r"[:*.?=]", " ", text).split())
    parts = [text, *(part.strip() for part in re.split(r"[/&,]| and | or ", text))]
    known = next((_FIELD_OF[part] for part in parts if part in _FIELD_OF), "")
    if known or any(re.fullmatch(pattern, text) for pattern, _ in _NOT_TAKEN):
        return known
    last = text.rpartition(" ")[2]
    return _FIELD_OF[last] if _LAST.fullmatch(last) else ""


def _share_out(sheet: Sheet, row: int, fields: dict[str, int]) -> None:
    """Put right which column is the title: shorter texts, without words (4.2), are codes, longer definitions."""
    if "title" not in fields and "definition" in fields:
        fields["title"] = fields.pop("definition")
    elif "code" not in fields and "definition" in fields:
        cells = sheet.below(row, fields["title"])
        code = r"[A-Za-z]{0,5}[ ./-]?[0-9][0-9A-Za-z./-]{0,7}"
        if cells and all(re.fullmatch(code, cell) for cell in cells):
            fields["code"], fields["title"] = fields["title"], fields.pop("definition")
    if "code" in fields and "title" in fields:
        columns = (sheet.below(row, fields[field]) for field in ("code", "title"))
        code_length, title_length = (sum(map(len, cells)) / (len(cells) or 1) for cells in columns)
        if code_length > title_length and title_length < 12:
            fields["code"], fields["title"] = fields["title"], fields["code"]


def _period(heading: str, year: str, year_starts: int) -> Period | None:
    """The period that a heading names, also as `Q1 actual`, or as a month without its year where that is known."""
    text = " ".join(_RESULT.sub(" ", heading).split())
    for candidate in (text, f"{text} {year}" if year else ""):
        period = interpret_period(candidate, year_starts) if candidate else None
        if period is not None and period.form == "day":
            return interpret_period(period.text[:7], year_starts) if period.start.day == 1 else None
        if period is not None:
            return period
    return None


def _year_around(sheet: Sheet, row: int, file: str) -> str:
    """The financial year that a title above the headings, the sheet's name or the file's name speaks of, if it is one only."""
    above = "\n".join(cell for cells in sheet.rows[: row - 1] for cell in cells)
    for text in (above, sheet.name, file):
        years = {f"{first}/{second[-2:]}" for first, second in _YEAR.findall(text)}
        years = {year for year in years if (int(year[2:4]) + 1) % 100 == int(year[5:])}
        if len(years) == 1:
            return years.pop()
    return ""


# The workbook to list KPIs in: these columns, drop-down lists, and an example on a sheet of its own.

EXAMPLE = "Example"  # the sheet that an import skips
_UNITS = ("%", "Number", "£", "£000", "£m", "Days", "Weeks", "hh:mm:ss", "Ratio", "per 1000", "per 100000")
_OFFERED = {
    "Reference": "CS1", "Title": "Calls answered within a minute", "Definition": "Share of calls that are answered within a minute.",
    "Priority": "Customers first", "Owner": "Head of Customer Services", "Unit": "%", "Polarity": "Higher", "Frequency": "",
    "Target": "90", "Source": "Telephone system", "Commentary": "Two more people start in May.",
}  # fmt: skip
"""Each column's heading, and what the example has in it; the frequency is given."""


def template(periods: Sequence[str], frequency: str, plan: Plan | None, today: date) -> bytes:
    """The workbook, with columns for figures of these periods, and how often they come in the example.

    The priorities, owners and sources of the plan are offered. The same day makes the same bytes.
    """
    import xlsxwriter

    strict = {"Polarity": ["Higher", "Lower", "Neither"], "Frequency": [*FREQUENCIES, "irregular"]}
    choices = {"Unit": list(_UNITS), **strict}
    if plan is not None:
        choices["Priority"] = [entry.title for entry in plan.priorities]
        choices["Owner"] = [*plan.owners.values()]
        choices["Source"] = [entry.title for entry in plan.sources.values()]
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": datetime(today.year, today.month, today.day)})  # noqa: DTZ001 -- as Excel has it
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    for name in ("KPIs", EXAMPLE):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        for column, heading in enumerate(_OFFERED):
            sheet.set_column(column, column, 24, text)
            sheet.write_string(0, column, heading, bold)
            words = choices.get(heading, [])
            if words and len(",".join(words)) <= 255:  # characters that Excel takes
                error = "stop" if heading in strict else "information"
                settings = {"validate": "list", "source": words, "ignore_blank": True, "error_type": error}
                sheet.data_validation(1, column, 500, column, settings)
        for column, period in enumerate(periods, start=len(_OFFERED)):
            sheet.write_string(0, column, period, bold)
    for column, cell in enumerate(_OFFERED.values()):
        sheet.write_string(1, column, cell or frequency)
    for number in range(len(periods)):
        sheet.write_number(1, len(_OFFERED) + number, 85 + number % 5)
    book.close()
    return content.getvalue()
