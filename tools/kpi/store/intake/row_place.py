"""What a figure is for: its KPI, measure and area, and its period."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, partial
from typing import Any

from kpi.assemble.build import build_kpi
from kpi.human.period import explain_period, interpret_period
from kpi.human.spelling import financial_year
from kpi.judge.series import at_a_date
from kpi.judge.state import AWAITING_DATA
from kpi.model.kpi import Kpi, Measure, folded_code
from kpi.model.period import Period, PeriodError, add_months, parse_period, span_words
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.model.text import Guesses, joined, listed, quoted
from kpi.store.intake.row_cells import SlipError, shown_unit, unknown
from kpi.store.repository import KpiFile
from kpi.store.schema import problems, recover
from kpi.store.tables import RawFigure


class _Known:
    """The ids of KPIs, measures or areas, each with what it stands for, and what people write for them."""

    def __init__(
        self, ids: Mapping[str, Any], titles: Iterable[tuple[str, str]], codes: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.ids = ids
        self.titles = {title: name for title, name in titles if title}
        names: dict[str, set[str]] = {}
        for text, name in (*((name, name) for name in ids), *self.titles.items(), *codes):
            names.setdefault(_dashed(text), set()).add(name)
        # What stands for several is left out.
        self.spellings = {text: min(meant) for text, meant in names.items() if text and len(meant) == 1}


class Names:
    """Knows the names of a repository; `read` has what was not written as an id, with that id."""

    def __init__(self, plan: Plan | None, files: Iterable[KpiFile], year_starts: int) -> None:
        """Take the plan, where it can be used, and all KPI files."""
        self.read: dict[str, str] = {}
        self._plan = plan
        self._files: dict[str, KpiFile] = {}
        self._others: dict[str, KpiFile] = {}  # files with the id of one before
        for file in files:
            files_there = self._others if file.location.kpi in self._files else self._files
            files_there[file.location.kpi] = _fillable(file, year_starts)
        kpis = [(name, file.kpi) for name, file in self._files.items() if file.kpi is not None]
        titles = ((kpi.title, name) for name, kpi in kpis)
        self._kpis = _Known(self._files, titles, ((folded_code(kpi.code), name) for name, kpi in kpis))
        areas = plan.areas if plan is not None else {}
        names = ((name, area.id) for area in areas.values() for name in (area.name, area.short))
        self._areas = _Known(areas, names)
        self._measures: dict[str, _Known] = {}  # by KPI
        self._guesses = Guesses()

    def place(self, raw: RawFigure) -> tuple[KpiFile, Measure, str]:
        """The file, measure and area of a figure (empty for the own); a SlipError if none takes figures."""
        file, named = self.file(raw)
        if (other := self._others.get(file.location.kpi)) is not None:
            message = f"{file.location.path} and {other.location.path} have the same id."
            raise SlipError(raw, "kpi", message, "Run kpi lint to see what to do.")
        if file.kpi is None:
            message = f"{file.location.path} can't be used as it is."
            raise SlipError(raw, "kpi", message, "Run kpi lint to see why.")
        measure = self._measure(raw, file, file.kpi, named)
        values = _values(file)
        there = (values.get("measures") or {}).get(measure.id) or {}
        if not file.whole and "unit" in values and not values["unit"] and not there.get("unit"):
            # The unit is not filled in yet, as `kpi new` leaves it.
            measure = measure._replace(unit=shown_unit(raw.text("value")))
        area = self._area(raw, measure)
        text, unit = raw.text("unit"), unit_text(measure.unit)
        if text and text.split() != unit.split():
            message = f"The unit here is {quoted(text)}, but {quoted(measure.id)} is in {unit}."
            raise SlipError(raw, "unit", message, "Write the figure in that unit, and the unit too.")
        return file, measure, area

    def file(self, raw: RawFigure) -> tuple[KpiFile, str]:
        """The KPI's file, and the measure where it is named with it (`kpi/measure`); a SlipError if none."""
        text = raw.text("kpi")
        if not text:
            raise SlipError(raw, "kpi", "This row names no KPI.", "Write its id in each row.")
        before, _, last = text.removesuffix(".yaml").rpartition("/")
        folder, last = before.rpartition("/")[2], self._id(last, self._kpis)
        whole = self._files.get(last)
        is_whole = whole is not None and folder in {"", whole.location.priority}
        of_folder = None if is_whole else self._files.get(self._id(folder, self._kpis))
        file, measure = (whole, "") if is_whole else (of_folder, last)
        if file is None:
            raise self._unknown(raw, "kpi", "There is no KPI", text, self._kpis)
        return file, measure

    def _id(self, text: str, known: _Known) -> str:
        """The id that a text is, or spells in another way: in capitals, as a code, as the title; else the text."""
        if not text or text in known.ids:
            return text
        name = known.spellings.get(_dashed(text)) or known.spellings.get(folded_code(text), text)
        if name != text:
            self.read[text] = name
        return name

    def _measure(self, raw: RawFigure, file: KpiFile, kpi: Kpi, named: str) -> Measure:
        text = raw.text("measure") or named
        if not text:
            return _only_measure(raw, file, kpi)
        if kpi.id not in self._measures:
            titles = ((measure.title, measure.id) for measure in kpi.measures)
            self._measures[kpi.id] = _Known({measure.id: measure for measure in kpi.measures}, titles)
        known = self._measures[kpi.id]
        if text not in known.ids or named not in {"", text}:
            text, named = self._id(text, known), self._id(named, known)
        measure: Measure | None = known.ids.get(text)
        if measure is None or named not in {"", text}:
            if home := next((address for address in kpi.also_shows if address.endswith(f"/{text}")), ""):
                message = f"{quoted(text)} is only shown in {quoted(kpi.id)}."
                raise SlipError(raw, "measure", message, f"Its figures are in {home}.")
            raise self._unknown(raw, "measure", f"{quoted(kpi.id)} has no measure", text, known)
        return measure

    def _area(self, raw: RawFigure, measure: Measure) -> str:
        """The id of a peer, or nothing for the own area."""
        text = self._id(raw.text("area"), self._areas)
        if self._plan is None or text in {"", measure.area or self._plan.area}:
            return ""
        if text not in self._areas.ids:
            raise self._unknown(raw, "area", "The plan has no area", text, self._areas)
        return text

    def _unknown(self, raw: RawFigure, field: str, there_is_no: str, text: str, known: _Known) -> SlipError:
        """What to say of a name that there isn't: what was meant is looked for a few times only, because that takes long."""
        if self._guesses.another(len(known.ids) + len(known.titles)):
            return unknown(raw, field, there_is_no, text, known.ids, known.titles)
        message = f"{there_is_no} called {quoted(text)}."
        return SlipError(raw, field, message, f"There are: {listed(known.ids)}.")


def _only_measure(raw: RawFigure, file: KpiFile, kpi: Kpi) -> Measure:
    taking = [other for other in kpi.measures if other.derived is None and other.no_figures is None]
    candidates = taking or kpi.measures
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        message = f"{quoted(kpi.id)} has no measures, so it takes no figures."
        help_ = f"Add one to {file.location.path} first, or leave this figure out."
        raise SlipError(raw, "kpi", message, help_)
    where, before = ("", f"{kpi.id}/") if raw.is_typed else (" in the column measure", "")
    help_ = f"Write one of these{where}: {listed(f'{before}{measure.id}' for measure in candidates)}."
    raise SlipError(raw, "measure", f"{quoted(kpi.id)} has {len(kpi.measures)} measures.", help_)


def _dashed(text: str) -> str:
    return "-".join(re.findall(r"[^\s_-]+", text.casefold()))


# KPI files in which figures are missing. Lint refuses an empty "observations:"; a first figure fills it.


def _fillable(file: KpiFile, year_starts: int) -> KpiFile:
    """The file with its KPI, in which a measure with an empty "observations:" is one like the others."""
    values = _values(file)
    measures = values.get("measures")
    if file.whole or not isinstance(measures, dict):
        return file
    awaiting = {}
    for name, fields in measures.items():
        if isinstance(fields, dict) and not any(map(fields.get, ("observations", "derived", "no_figures"))):
            awaiting[name] = {**fields, "no_figures": {"because": AWAITING_DATA}}
            awaiting[name].pop("observations", None)
    values = {**values, "measures": {**measures, **awaiting}}
    wrong = problems("kpi", values, year_starts)
    kept = recover("kpi", values, wrong) if wrong else values
    if kept is None:
        return file
    kpi = build_kpi(kept, file.location.kpi, file.location.priority, year_starts).kpi
    own = (each._replace(no_figures=None) if each.id in awaiting else each for each in kpi.measures)
    return file._replace(kpi=kpi._replace(measures=tuple(own)))


def _values(file: KpiFile) -> Mapping[str, Any]:
    return (file.document.values or {}) if file.document is not None else {}


# The period. `2010-11`: November 2010, or the year 2010/11? What is beside it decides.
# From 2000 to 2011 the last two digits of the next year are a month's number too. Excel makes a day of it, and shows `Nov-10`.

_DASHED_YEAR = re.compile("[12][0-9]{3}-[0-9]{2}")
_FULL_YEAR = re.compile("[12][0-9]{3}")
_FROM_DAY = re.compile("[A-Z][a-z]{2} [12][0-9]{3}")  # how a day of a workbook is shown as a month


class PeriodsBeside:
    """The periods that stand together: a row of headings, or what a sheet has for one series."""

    def __init__(self, sheet: str, periods: Iterable[tuple[str, Period | None]]) -> None:
        """Take the name of the sheet, and the texts with what each was read as."""
        self.years = False  # whether any covers a year or more
        self.months: dict[date, bool] = {}  # the first days of all, with whether each can be nothing else
        self.unclear = 0  # how many texts can be a financial year too
        dashed = False
        for text, period in periods:
            if period is None:
                continue
            as_years = _as_years(sheet, text, period)
            self.unclear += "/" in as_years
            if period.form == "month":
                self.months[period.start] = not as_years
            elif period.months >= 12 and not as_years:
                self.years = True
                dashed = dashed or bool(_DASHED_YEAR.match(text) and "/" in period.text)
        # Whether years are written as `2012-13` here, and no month is among them.
        self.dashed = dashed and not any(self.months.values())

    def shows_month(self, first: date) -> bool:
        """Whether a month is one, by the others: among years, by a run to one that can be nothing else."""
        run = []
        for step in (1, -1):
            there = first
            while (there := _next_month(there, step)) in self.months:
                run.append(self.months[there])
        return any(run) if self.years else bool(run) or any(self.months.values())


def _next_month(first: date, step: int) -> date:
    return add_months(first, step).replace(day=1)


def group(raw: RawFigure) -> tuple[str, ...]:
    """What the periods that stand together have in common."""
    if raw.period_row != raw.row:
        return (raw.sheet,)
    return (raw.sheet, *(raw.text(field) for field in ("kpi", "measure", "area")))


def periods_beside(figures: Iterable[RawFigure], year_starts: int) -> dict[tuple[str, ...], PeriodsBeside]:
    """The periods of a table, by their group."""
    together: dict[tuple[str, ...], dict[str, Period | None]] = {}
    read = cache(partial(interpret_period, year_starts=year_starts))
    for raw in figures:
        together.setdefault(group(raw), {})[raw.text("period")] = read(raw.text("period"))
    return {key: PeriodsBeside(key[0], periods.items()) for key, periods in together.items()}


def _as_years(sheet: str, text: str, period: Period) -> str:
    """The years that may be meant by what was read as a month or a range of months; nothing where none can be.

    A month's word with a whole year is clear, unless a workbook (its sheets have names) shows a day so.
    """
    if period.form not in {"month", "range"}:
        return ""
    if text != period.text and _FULL_YEAR.search(text) and not (sheet and _FROM_DAY.fullmatch(text)):
        return ""
    ends = period.text.split(" to ")
    starts = [int(end[:4]) for end in ends]
    spans = [int(end[5:]) - int(end[2:4]) if len(end) == 7 and end[4] == "-" else 0 for end in ends]
    if all(span % 100 == 1 for span in spans):
        return " to ".join(map(financial_year, starts))
    return f"{starts[0]} to {starts[0] + spans[0]}" if period.form == "month" and spans[0] > 1 else ""


def row_period(raw: RawFigure, beside: PeriodsBeside, there: Iterable[Period], year_starts: int) -> Period:
    """The period of a row, by the periods beside it in the table and those there in the file.

    A SlipError is raised if it is none, or could be a month or a year, and nothing shows which of them it is.
    """
    text = raw.text("period")
    if not text:
        raise SlipError(raw, "period", "This row has no period.", "Write one like 2022/23 or 2024-01.")
    period = interpret_period(text, year_starts)
    if period is None:
        raise _no_period(raw, year_starts)
    years = _as_years(raw.sheet, text, period)
    if not years or raw.text("months") == str(period.months):  # an export says how many months a period has
        return period
    # `2009-12` or `Nov 10` is a month, unless there are years beside it.
    alone = not beside.years and beside.unclear == ("/" in years)
    if alone and ("/" not in years or text != period.text):
        return period
    if period.form == "month" and beside.shows_month(period.start):
        return period
    try:
        read_as_years: Period | None = parse_period(years, year_starts)
    except PeriodError:  # where the financial year is the calendar year
        read_as_years = None
    if read_as_years and beside.dashed and text == period.text and "/" in years:
        return read_as_years
    # The file may have these days already, or the month before or after, which can be nothing else.
    known = {other.interval: other for other in there if other.form == period.form}
    near = {_next_month(period.start, step) for step in (1, -1)} if period.form == "month" else ()
    beside_it = (other for other in known.values() if other.start in near)
    if period.interval in known or not all(_as_years("", other.text, other) for other in beside_it):
        return period
    first = period.start.year
    possible = (years,) if read_as_years else (str(first), str(first + 1))
    message = f"{quoted(text)} can be {joined((span_words(*period.interval), *possible), 'or')}."
    raise SlipError(raw, "period", message, _advice(raw, period, joined(possible, "or")))


def _no_period(raw: RawFigure, year_starts: int) -> SlipError:
    """What to say of a text that is no period, with spellings that need nothing beside them to tell."""
    meant = explain_period(raw.text("period"), year_starts)
    periods = (parse_period(text, year_starts) for text in meant.replacements)
    pairs = ((period, _as_years(raw.sheet, period.text, period)) for period in periods)
    both = next((pair for pair in pairs if pair[1] in meant.replacements), None)
    other = " Or delete the column." if raw.period_row != raw.row else ""
    help_ = f"{_advice(raw, *both) if both else meant.help}{other}"
    return SlipError(raw, "period", meant.message, help_)


def _advice(raw: RawFigure, period: Period, years: str) -> str:
    year = "years" if " to " in years else "year"
    month = "months" if period.form == "range" else "month"
    words = span_words(*period.interval)
    if raw.sheet and period.form == "month":
        words = f"1 month to {period.text}"  # of anything shorter Excel makes a day again
    return f"For the {year} write {years}. For the {month} write {words}."


def hold_day(raw: RawFigure, period: Period, measure: Measure) -> Period:
    """The period; a SlipError if it is a day that was meant for a month, as spreadsheets make of `Jan 24`."""
    text, is_first = raw.text("period"), period.start.day == 1
    if period.form != "day" or period.text == text or (at_a_date(measure) and not is_first):
        return period
    message = f"{quoted(text)} is the first day of a month, so the whole month may be meant."
    if not at_a_date(measure):
        message = f"{quoted(text)} is one day, but {quoted(measure.id)} is not counted by days."
    help_ = f"For the month write {period.text[:7]}, for the day {period.text}."
    raise SlipError(raw, "period", message, help_)
