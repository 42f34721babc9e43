"""What people write for periods, what they meant, and what to write instead: `Jan 24`, `FY23`, `Q1 2023`, `2019-2021`."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from kpi.human import spelling
from kpi.human.spelling import month_number, periods_of, spellings
from kpi.model import period as periods
from kpi.model.period import APRIL, Period, parse_period, read, span_words
from kpi.model.text import HIDDEN, joined, quoted

SHOWN = 40  # characters of the user's text in a message, so that sentences stay short


class PeriodSlip(NamedTuple):
    """A period written in a way that files don't use."""

    message: str  # what is wrong, quoting the text; full sentences
    help: str  # what to write instead, as sentences
    replacements: tuple[str, ...] = ()  # the texts that may have been meant; often one, sometimes none
    # the only period that it can mean; None if there are two or none, or if a text beside it (`[Note 5]`) would be lost
    period: Period | None = None

    @property
    def replacement(self) -> str | None:
        """The text to write, if only one can be meant."""
        return self.replacements[0] if len(self.replacements) == 1 else None


def _explain_impossible(text: str, why: str, year_starts: int, shown: str) -> PeriodSlip:
    first, _, last = text.partition(" to ")
    if why == periods.SAME_ENDS:
        return PeriodSlip(f"Both ends of {shown} are the same.", f"Write {first}.", (first,))
    if why == periods.BACKWARDS:
        turned = f"{last} to {first}"
        help_ = f"Write {turned}, or correct the year."
        return PeriodSlip(f"{shown} ends before it starts.", help_, (turned,))
    if why == periods.MIXED_KINDS:
        start, end = parse_period(first, year_starts), parse_period(last, year_starts)
        help_ = "Write both ends in the same way."
        spelt = f"{spelling.month_text(start.start)} to {spelling.month_text(end.end)}"
        if "day" not in {start.form, end.form} and periods_of([spelt], year_starts):
            help_ += f" If whole months are meant, write {spelt}."
        return PeriodSlip(f"The two ends of {shown} are of different kinds.", help_)
    point = next(point for point in (first, last) if read(point, year_starts) == why)
    if why == periods.NO_SUCH_DAY:
        month = parse_period(point[:7])
        days = f"{span_words(*month.interval)} has {month.end.day} days"
        help_ = f"The last day of that month is {month.end}."
        return PeriodSlip(f"{shown} names a day that doesn't exist: {days}.", help_)
    if why == periods.NOT_CONSECUTIVE:
        answer = _not_consecutive(shown, point, year_starts)
    else:
        both = tuple(f"{int(point[:4]) + later}{point[7:].replace(' ', '-')}" for later in (0, 1))
        message = f"The financial year starts in January here, so {shown} could be either of two years."
        answer = PeriodSlip(message, f"Write {joined(both, 'or')}.", both)
    return answer if point == text else answer._replace(replacements=(), period=None)


def _not_consecutive(shown: str, point: str, year_starts: int) -> PeriodSlip:
    start, number = int(point[:4]), int(point[5:7])
    span = (number - start) % 100
    ways = {}
    if 1 < span <= spelling.LONGEST_SPAN and not point[7:]:
        is_calendar = year_starts == 1
        calendar = f"{start} to {start + span}"
        ways["several years"] = calendar if is_calendar else spelling.financial_years(start, start + span)
    if 1 <= number <= 12 and not point[7:]:
        ways["the month"] = f"{start}-{number:02d}"
    ways = {what: text for what, text in ways.items() if periods_of([text], year_starts)}
    advice = " ".join(f"For {what} write {text}." for what, text in ways.items())
    advice = advice or f"The financial year that starts in {start} is {spelling.financial_year(start)}."
    wrong = f"In {shown} the second year doesn't follow the first."
    is_month = [*ways] == ["the month"]  # `2024/01` is a way to write a month; `2022/24` is a slip
    month = parse_period(ways["the month"]) if is_month else None
    return PeriodSlip(wrong, advice, tuple(ways.values()), month)


_LONGEST = 80  # characters; what is longer is prose

_NOTE = re.compile(
    r"(?P<period>.+?)[ ,;:]*(?:[\[(](?P<note>[^\])]*)[\])]|(?P<stars>\*+)"
    r"|\b(?P<word>provisional|revised|baseline|estimated?|forecast|target|actual|outturn|ytd|fytd|year to date))"
)
_HARMLESS = re.compile(
    r"(?:foot)?notes? ?[0-9a-z]*|[a-z]|[0-9]{1,2}|provisional|prov|revised|rev|final|actual|outturn|unaudited"
    r"|estimated?|est|forecast|\**|(?P<baseline>baseline|base ?line year)|benchmark|target"
)

# What a cleaned text looks like; what that means; what to write.
_NO_PERIOD = (
    (r"(?:latest|current|newest|most recent)\b(?! [0-9]).*|.*\b(?:as of|published|correct at|as known)\b.*",
     "says when a figure was published, not which period it covers.",
     "Write the period that the figure covers. The day of publication belongs in note."),
    ((r"(?:since|from|after|post)\b(?!.* to ).*|(?:fy ?|f)?(?:ytd|year to date)|.+(?:\+|[0-9]-"
      r"| (?:to|-|onwards?|ongoing|to (?:date|present|the present|now|today|current)))"),
     "has no end.", "Write the last month that the figure covers too, for example 2023-06 to 2023-12."),
    (r"(?:(?:to|by|before|pre)(?![a-z])|-)[ -]?(?=[^ -]).*",
     "has no beginning.", "Write the first year or month that the figure covers too, for example 2022 to 2024."),
)  # fmt: skip
# The same, for what could not be read.
_NO_SUCH = (
    (r"[12][0-9]{3}[-/. ][0-9]{2}|[0-9]{2}[-/. ][12][0-9]{3}",
     "names a month that doesn't exist.", "Months go from 01 to 12, for example 2024-01."),
    (r"(?:.*[0-9])?[ -]?\bq[0-9].*|.*[0-9]q[0-9].*", "is not a quarter with its year.",
     "Quarters go from 1 to 4. Write 2022/23 Q1 for the financial year, 2023-Q1 for the calendar year."),
    (r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}.*",
     "is not a day of the calendar.", "Write the year, the month and the day, for example 2024-01-31."),
    (r"(?:.*[ 0-9])?(?:months?|mths?|m|years?|yrs?|y|quarters?|qtrs?) .*\b(?:to|ending|ended|end)\b.*", "is not a period.",
     "Write how many months, 1 to 999, and the month they end in, for example 12 months to 2022-12."),
)  # fmt: skip
_NO_YEAR = re.compile(r"(?:[0-9]{1,2}(?:st|nd|rd|th)?[ /-]?)?[a-z]{3,}(?:(?: to |[ -]+)[a-z]{3,})*")
_CALLED = {"fy": "financial year", "year": "calendar year", "fy-quarter": "quarter of the financial year"}
_EXAMPLES = "Write a period like 2022/23, 2024-01 or 12 months to 2022-12."


def interpret_period(text: str, year_starts: int = APRIL) -> Period | None:
    """The only period that a text can mean; None if there are two or none, or if a text beside it would be lost."""
    exact = read(text, year_starts)
    return exact if isinstance(exact, Period) else explain_period(text, year_starts).period


@lru_cache(maxsize=1024)
def explain_period(text: str, year_starts: int = APRIL) -> PeriodSlip:
    """Say what is wrong with a text that is not a period, and what to write instead."""
    reason = read(text, year_starts)
    if isinstance(reason, Period):
        raise ValueError(f"{text} is a period")
    shown = quoted(text, SHOWN)
    if reason != periods.WRONG_SHAPE:
        return _explain_impossible(text, reason, year_starts, shown)
    clean = spelling.clean_period(text[: _LONGEST + 1])
    if len(text) > _LONGEST or not clean:
        return PeriodSlip(f"{shown} is not a period.", _EXAMPLES)
    if beside := _NOTE.fullmatch(clean):
        note = (beside["note"] or beside["stars"] or beside["word"] or "").strip()
        return _with_note(shown, beside["period"].strip(), note, year_starts)
    for pattern, message, advice in _NO_PERIOD:
        if re.fullmatch(pattern, clean):
            return PeriodSlip(f"{shown} {message}", advice)
    spelt = spellings(clean, year_starts)
    readings = periods_of(spelt, year_starts)
    if not readings:
        return _unread(shown, clean, spelt, year_starts)
    slip = _offer(f"{shown} is not a period. {_why(text, clean, readings)}".rstrip(), readings)
    return slip._replace(period=readings[0] if _same(readings) else None)


def _offer(message: str, readings: list[Period], place: str = "") -> PeriodSlip:
    return PeriodSlip(message, f"{_advice(readings)}{place}", tuple(period.text for period in readings))


def choose_period(meant: Iterable[str], beside: Iterable[str], year_starts: int = APRIL) -> str:
    """Choose the only reading in the form of the newest of the other figures' periods; empty if there is none.

    Among months a first day stands for its month, as in spreadsheets.
    """
    choices = periods_of(meant, year_starts)
    others = periods_of(beside, year_starts) if len(choices) > 1 else []
    if not others:
        return ""
    newest = others[-1]
    fits = {period.text for period in choices if period.form == newest.form}
    if len(fits) > 1:  # several years may begin in January or with the financial year
        ways = {
            period.text: (period.months, period.start.month, period.start.day)
            for period in [*choices, newest]
        }
        fits = {period.text for period in choices if ways[period.text] == ways[newest.text]}
    if newest.form == "month":
        days = (period.start for period in choices if period.form == "day")
        fits |= {spelling.month_text(day) for day in days if day.day == 1}
    return fits.pop() if len(fits) == 1 else ""


def _same(readings: list[Period]) -> bool:
    return len({period.interval for period in readings}) == 1


def _advice(readings: list[Period]) -> str:
    if len(readings) == 1:
        text, form = readings[0].text, readings[0].form
        if form in {"range", "rolling"}:
            return f"Write {text}."
        return f"For the {_CALLED.get(form, form)} write {text}."
    if _same(readings):
        return f"Write {joined((period.text for period in readings), 'or')}."
    return " ".join(f"For {span_words(*period.interval)} write {period.text}." for period in readings)


def _why(text: str, clean: str, readings: list[Period]) -> str:
    has_month = any(map(month_number, re.findall("[a-z]{3,}", clean)))
    short_year = not re.search("[12][0-9]{3}", clean)
    typed, right = text.replace(" ", ""), readings[0].text.replace(" ", "")
    almost = clean.replace(" ", "") == right.casefold()
    reasons = {
        "It has a character that can't be seen.": HIDDEN.search(text),
        "It looks like a spreadsheet's number for a day.": clean.isdigit() and len(clean) == 5,
        "It can be read in more than one way.": not _same(readings),
        'The two ends are joined by "to".': _JOINED_OTHERWISE.search(text),
        "It has a space too many or too few.": typed == right,
        "Mind the capital letters.": typed.casefold() == right.casefold(),
        "One of its characters only looks like the right one.": almost and not text.isascii(),
        "It has the letter O instead of a zero.": almost and re.search("[0-9]o|o[0-9]", typed.casefold()),
        "Months are written as numbers, years with four digits.": has_month and short_year,
        "Months are written as numbers.": has_month,
        "Years are written with four digits.": short_year,
    }
    return next((why for why, is_so in reasons.items() if is_so), "")


_JOINED_OTHERWISE = re.compile(r"[0-9] ?(?:[-\u2010-\u2015]|\.\.+) ?[12][0-9]{3}")


def _with_note(shown: str, bare: str, note: str, year_starts: int) -> PeriodSlip:
    readings = periods_of(spellings(bare, year_starts), year_starts)
    to_date = re.fullmatch(r"f?ytd|(?:financial )?year to date", note)
    if to_date and not (readings and readings[0].form in {"range", "rolling"}):
        return _to_date(shown, readings, year_starts)
    message = f"{shown} says more than the period."
    harmless = _HARMLESS.fullmatch(note)
    if not readings or not (to_date or harmless):
        help_ = "Write only the period that the figure covers, and everything else in note."
        return PeriodSlip(message, help_)
    is_baseline = harmless is not None and harmless["baseline"] is not None
    place = 'The baseline has a field of its own, "baseline".' if is_baseline else "The rest belongs in note."
    return _offer(message, readings, f" {place}")


def _to_date(shown: str, readings: list[Period], year_starts: int) -> PeriodSlip:
    """A year to date: a range from the start of the financial or the calendar year."""
    message = f"{shown} doesn't say where the year to date starts."
    end = next((period.end for period in readings if period.form == "month"), None)
    if end is None:
        return PeriodSlip(message, "Write the first and the last month, for example 2023-04 to 2023-12.")
    financial = end.replace(year=end.year - (end.month < year_starts), month=year_starts, day=1)
    starts = (financial, end.replace(month=1, day=1))
    spelt = dict.fromkeys(spelling.months_spelt(start, end, year_starts)[0] for start in starts)
    return _offer(message, periods_of(spelt, year_starts))


def _unread(shown: str, clean: str, spelt: spelling.Spellings, year_starts: int) -> PeriodSlip:
    for text in spelt:  # understood, but the calendar has no such period
        why = read(text, year_starts)
        if isinstance(why, str) and why != periods.WRONG_SHAPE:
            return _explain_impossible(text, why, year_starts, shown)._replace(replacements=(), period=None)
    for pattern, message, advice in _NO_SUCH:
        if re.fullmatch(pattern, clean):
            return PeriodSlip(f"{shown} {message}", advice)
    if _NO_YEAR.fullmatch(clean) and any(map(month_number, re.findall("[a-z]+", clean))):
        help_ = "Write the year first and the month as a number, for example 2024-01."
        return PeriodSlip(f"{shown} has no year.", help_)
    return PeriodSlip(f"{shown} is not a period.", _EXAMPLES)
