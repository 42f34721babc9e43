"""What people write for periods, what they meant, and what to write instead: `Jan 24`, `FY23`, `Q1 2023`, `2019-2021`."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from kpi.human.point import (
    LONGEST_SPAN,
    Spellings,
    financial_year,
    financial_years,
    month_number,
    month_text,
    periods_of,
)
from kpi.human.spelling import clean_period, months_spelt, spellings
from kpi.model import period as periods
from kpi.model.period import APRIL, Period, read, span_words
from kpi.model.text import HIDDEN, joined, quoted

SHOWN = 40  # characters of the user's text in a message, so that sentences stay short


class PeriodSlip(NamedTuple):
    """A period written in a way that files don't use."""

    message: str  # what is wrong, quoting the text; full sentences
    help: str  # what to write instead, as sentences
    replacements: tuple[str, ...] = ()  # the texts that may have been meant; often one, sometimes none

    @property
    def replacement(self) -> str | None:
        """The text to write, if only one can be meant."""
        return self.replacements[0] if len(self.replacements) == 1 else None


def explain_impossible(text: str, why: str, year_starts: int = APRIL, shown: str = "") -> PeriodSlip:
    """Explain a text with the form of a period that isn't on the calendar, by the reason that `read` gave; `shown` as typed."""
    shown = shown or quoted(text, SHOWN)
    first, _, last = text.partition(" to ")
    if why == periods.SAME_ENDS:
        return PeriodSlip(f"Both ends of {shown} are the same.", f"Write {first}.", (first,))
    if why == periods.BACKWARDS:
        turned = f"{last} to {first}"
        help_ = f"Write {turned}, or correct the year."
        return PeriodSlip(f"{shown} ends before it starts.", help_, (turned,))
    if why == periods.MIXED_KINDS:
        return _mixed(shown, first, last, year_starts)
    point = next(point for point in (first, last) if read(point, year_starts) == why)
    if why == periods.NO_SUCH_DAY:
        month = read(point[:7])
        assert isinstance(month, Period)
        days = f"{span_words(*month.interval)} has {month.end.day} days"
        help_ = f"The last day of that month is {month.end}."
        return PeriodSlip(f"{shown} names a day that doesn't exist: {days}.", help_)
    is_other = why == periods.NOT_CONSECUTIVE
    answer = _not_consecutive(shown, point, year_starts) if is_other else _calendar_years(shown, point)
    return answer if point == text else answer._replace(replacements=())


def _mixed(shown: str, first: str, last: str, year_starts: int) -> PeriodSlip:
    start, end = read(first, year_starts), read(last, year_starts)
    assert isinstance(start, Period)
    assert isinstance(end, Period)
    advice = "Write both ends in the same way."
    spelt = f"{month_text(start.start)} to {month_text(end.end)}"
    if "day" not in {start.form, end.form} and isinstance(read(spelt), Period):
        advice += f" If whole months are meant, write {spelt}."
    return PeriodSlip(f"The two ends of {shown} are of different kinds.", advice)


def _not_consecutive(shown: str, point: str, year_starts: int) -> PeriodSlip:
    start, number = int(point[:4]), int(point[5:7])
    span = (number - start) % 100
    several = f"{start} to {start + span}" if year_starts == 1 else financial_years(start, start + span)
    advice, replacements = [], []
    if 1 < span <= LONGEST_SPAN and not point[7:] and isinstance(read(several, year_starts), Period):
        advice.append(f"For several years write {several}.")
        replacements.append(several)
    if 1 <= number <= 12 and not point[7:]:
        month = f"{start}-{number:02d}"
        advice.append(f"For the month write {month}.")
        replacements.append(month)
    if not advice:
        advice.append(f"The financial year that starts in {start} is {financial_year(start)}.")
    wrong = f"In {shown} the second year doesn't follow the first."
    return PeriodSlip(wrong, " ".join(advice), tuple(replacements))


def _calendar_years(shown: str, point: str) -> PeriodSlip:
    start = int(point[:4])
    quarter = point[7:].replace(" ", "-")
    both = (f"{start}{quarter}", f"{start + 1}{quarter}")
    message = f"The financial year starts in January here, so {shown} could be either of two years."
    return PeriodSlip(message, f"Write {joined(both, 'or')}.", both)


_LONGEST = 80  # characters; what is longer is prose

_NOTE = re.compile(
    r"(?P<period>.+?)[ ,;:]*(?:[\[(](?P<note>[^\])]*)[\])]|(?P<stars>\*+)"
    r"|\b(?P<word>provisional|revised|baseline|estimated?|forecast|target|actual|outturn|ytd|fytd|year to date))"
)
_HARMLESS = re.compile(
    r"(?:foot)?notes? ?[0-9a-z]*|[a-z]|[0-9]{1,2}|provisional|prov|revised|rev|final|actual|outturn|unaudited"
    r"|estimated?|est|forecast|\**|(?P<baseline>baseline|base ?line year)|benchmark|target"
)

_NO_PERIOD = (  # what the cleaned text looks like; what that means; what to write
    (
        r"(?:latest|current|newest|most recent)\b(?! [0-9]).*|.*\b(?:as of|published|correct at|as known)\b.*",
        "{} says when a figure was published, not which period it covers.",
        "Write the period that the figure covers. The day of publication belongs in note.",
    ),
    (
        (
            r"(?:since|from|after|post)\b(?!.* to ).*|(?:fy ?|f)?(?:ytd|year to date)|.+(?:\+|[0-9]-| (?:to|-|onwards?|ongoing"
            r"|to (?:date|present|the present|now|today|current)))"
        ),
        "{} has no end.",
        "Write the last month that the figure covers too, for example 2023-06 to 2023-12.",
    ),
    (
        r"(?:(?:to|by|before|pre)(?![a-z])|-)[ -]?(?=[^ -]).*",
        "{} has no beginning.",
        "Write the first year or month that the figure covers too, for example 2022 to 2024.",
    ),
)
_NO_SUCH = (  # the same, for what could not be read
    (
        r"[12][0-9]{3}[-/. ][0-9]{2}|[0-9]{2}[-/. ][12][0-9]{3}",
        "{} names a month that doesn't exist.",
        "Months go from 01 to 12, for example 2024-01.",
    ),
    (
        r"(?:.*[0-9])?[ -]?\bq[0-9].*|.*[0-9]q[0-9].*",
        "{} is not a quarter with its year.",
        "Quarters go from 1 to 4. Write 2022/23 Q1 for the financial year, 2023-Q1 for the calendar year.",
    ),
    (
        r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}.*",
        "{} is not a day of the calendar.",
        "Write the year, the month and the day, for example 2024-01-31.",
    ),
    (
        r"(?:.*[ 0-9])?(?:months?|mths?|m|years?|yrs?|y|quarters?|qtrs?) .*\b(?:to|ending|ended|end)\b.*",
        "{} is not a period.",
        "Write how many months, 1 to 999, and the month they end in, for example 12 months to 2022-12.",
    ),
)
_NO_YEAR = re.compile(r"(?:[0-9]{1,2}(?:st|nd|rd|th)?[ /-]?)?[a-z]{3,}(?:(?: to |[ -]+)[a-z]{3,})*")
_WRITE = {
    "fy": "For the financial year write {}.",
    "year": "For the calendar year write {}.",
    "month": "For the month write {}.",
    "day": "For the day write {}.",
    "quarter": "For the quarter write {}.",
    "fy-quarter": "For the quarter of the financial year write {}.",
}
_EXAMPLES = "Write a period like 2022/23, 2024-01 or 12 months to 2022-12."


@lru_cache(maxsize=1024)
def explain_period(text: str, year_starts: int = APRIL) -> PeriodSlip:
    """Say what is wrong with a text that is not a period, and what to write instead."""
    reason = read(text, year_starts)
    if isinstance(reason, Period):
        raise ValueError(f"{text} is a period")
    if reason != periods.WRONG_SHAPE:
        return explain_impossible(text, reason, year_starts)
    shown = quoted(text, SHOWN)
    clean = clean_period(text[: _LONGEST + 1])
    if len(text) > _LONGEST or not clean:
        return PeriodSlip(f"{shown} is not a period.", _EXAMPLES)
    bare, note = _parted(clean)
    if note is not None:
        return _with_note(shown, bare, note, year_starts)
    for pattern, message, advice in _NO_PERIOD:
        if re.fullmatch(pattern, clean):
            return PeriodSlip(message.format(shown), advice)
    spelt = spellings(clean, year_starts)
    readings = periods_of(spelt, year_starts)
    if readings:
        message = f"{shown} is not a period. {_why(text, clean, readings)}".rstrip()
        return PeriodSlip(message, _advice(readings), tuple(period.text for period in readings))
    return _unread(shown, clean, spelt, year_starts)


def interpret_period(text: str, year_starts: int = APRIL) -> Period | None:
    """The only period that a text can mean; None if there are two or none, or if a text beside it (`[Note 5]`) would be lost."""
    exact = read(text, year_starts)
    if isinstance(exact, Period):
        return exact
    if exact == periods.NOT_CONSECUTIVE:  # `2024/01` is a way to write a month; `2022/24` is a slip
        instead = periods_of(explain_impossible(text, exact, year_starts).replacements, year_starts)
        return instead[0] if len(instead) == 1 and instead[0].form == "month" else None
    if exact != periods.WRONG_SHAPE or len(text) > _LONGEST:
        return None
    clean = clean_period(text)
    if _parted(clean)[1] is not None or any(re.fullmatch(pattern, clean) for pattern, _, _ in _NO_PERIOD):
        return None
    readings = periods_of(spellings(clean, year_starts), year_starts)
    return readings[0] if _same(readings) else None


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
        fits = {period.text for period in choices if _beginning(period) == _beginning(newest)}
    if newest.form == "month":
        days = (period.start for period in choices if period.form == "day")
        fits |= {month_text(day) for day in days if day.day == 1}
    return fits.pop() if len(fits) == 1 else ""


def _beginning(period: Period) -> tuple[int, int, int]:
    return period.months, period.start.month, period.start.day


def _same(readings: list[Period]) -> bool:
    return len({period.interval for period in readings}) == 1


def _advice(readings: list[Period]) -> str:
    if len(readings) == 1:
        return _WRITE.get(readings[0].form, "Write {}.").format(readings[0].text)
    if _same(readings):
        return f"Write {joined((period.text for period in readings), 'or')}."
    return " ".join(f"For {span_words(*period.interval)} write {period.text}." for period in readings)


def _why(text: str, clean: str, readings: list[Period]) -> str:
    if HIDDEN.search(text):
        return "It has a character that can't be seen."
    if clean.isdigit() and len(clean) == 5:
        return "It looks like a spreadsheet's number for a day."
    if not _same(readings):
        return "It can be read in more than one way."
    if re.search(r"[0-9] ?(?:[-\u2010-\u2015]|\.\.+) ?[12][0-9]{3}", text):
        return 'The two ends are joined by "to".'
    if clean.replace(" ", "") == readings[0].text.casefold().replace(" ", ""):
        return _small_slip(text, readings[0].text)
    return _numbers_wanted(clean)


def _numbers_wanted(clean: str) -> str:
    short_year = not re.search("[12][0-9]{3}", clean)
    if any(map(month_number, re.findall("[a-z]{3,}", clean))):
        return f"Months are written as numbers{', years with four digits' if short_year else ''}."
    return "Years are written with four digits." if short_year else ""


_O_AMONG_DIGITS = re.compile("(?<=[0-9])[oO]|[oO](?=[0-9])").search


def _small_slip(text: str, spelt: str) -> str:
    """What is wrong with a text that looks almost like the right spelling."""
    typed, right = text.replace(" ", ""), spelt.replace(" ", "")
    if typed == right:
        return "It has a space too many or too few."
    if typed.casefold() == right.casefold():
        return "Mind the capital letters."
    if not text.isascii():
        return "One of its characters only looks like the right one."
    return "It has the letter O instead of a zero." if _O_AMONG_DIGITS(typed) else ""


# Text beside a period.


def _parted(clean: str) -> tuple[str, str | None]:
    match = _NOTE.fullmatch(clean)
    if not match:
        return clean, None
    return match["period"].strip(), (match["note"] or match["stars"] or match["word"] or "").strip()


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
    return PeriodSlip(message, f"{_advice(readings)} {place}", tuple(period.text for period in readings))


def _to_date(shown: str, readings: list[Period], year_starts: int) -> PeriodSlip:
    """A year to date: a range from the start of the financial or the calendar year."""
    message = f"{shown} doesn't say where the year to date starts."
    months = [period for period in readings if period.form == "month"]
    if not months:
        return PeriodSlip(message, "Write the first and the last month, for example 2023-04 to 2023-12.")
    end = months[0].end
    starts = (
        end.replace(year=end.year - (end.month < year_starts), month=year_starts, day=1),
        end.replace(month=1, day=1),
    )
    spelt = dict.fromkeys(text for start in starts for text in months_spelt(start, end, year_starts)[:1])
    ranges = periods_of(spelt, year_starts)
    return PeriodSlip(message, _advice(ranges), tuple(period.text for period in ranges))


# Texts that can't be a period.


def _unread(shown: str, clean: str, spelt: Spellings, year_starts: int) -> PeriodSlip:
    for text in spelt:  # understood, but the calendar has no such period
        why = read(text, year_starts)
        if isinstance(why, str) and why != periods.WRONG_SHAPE:
            return explain_impossible(text, why, year_starts, shown)._replace(replacements=())
    for pattern, message, advice in _NO_SUCH:
        if re.fullmatch(pattern, clean):
            return PeriodSlip(message.format(shown), advice)
    if _NO_YEAR.fullmatch(clean) and any(map(month_number, re.findall("[a-z]+", clean))):
        help_ = "Write the year first and the month as a number, for example 2024-01."
        return PeriodSlip(f"{shown} has no year.", help_)
    return PeriodSlip(f"{shown} is not a period.", _EXAMPLES)
