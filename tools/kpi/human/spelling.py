"""How people spell periods: from cleaned words to every spelling in the grammar that they can mean, on the calendar or not."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

from kpi.human.point import (
    NAMED_YEAR,
    YEAR,
    Spellings,
    financial_year,
    full_year,
    month_text,
    periods_of,
    point_spellings,
)
from kpi.model.period import MIXED_KINDS, Period, read
from kpi.model.text import HIDDEN

_ORDINALS = ("1st|first", "2nd|second", "3rd|third", "4th|fourth")
NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_TIDIED: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"[\u2010-\u2015\u2212]", "-"),
    (r"\\", "/"),
    # midnight, which spreadsheets put behind a day
    (r"^([0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{4}) 0?0:00(?::00)?$", r"\1"),
    (r"[\"'`\u2018\u2019\u201c\u201d]", ""),
    (r"(?<=[0-9/-])o(?=[0-9]|$)", "0"),  # the letter for the digit
    (r"\s+", " "),
    (r"\b(" + "|".join(NUMBERS) + r")\b", lambda match: str(NUMBERS.index(match[1]))),
    (r"\b(?:until|till|through|thru|up to|to the end of|to end of)\b|\.\.+", " to "),
    (r"\b(?:financial year|fiscal year|f/y|f\.y\.)", "fy"),
    (r"\b(?:calendar year|calendar)", "cy"),
    (r"\b(?:fye|fy end(?:ing|ed)|y/?e|(?:year|yr)[ -]end(?:ed|ing)?)\b", "year ending "),
    (r"\bw/?([ec])\b", lambda match: "week ending " if match[1] == "e" else "week starting "),
    (r"\bweek (?:beginning|commencing)\b", "week starting"),
    *((rf"\b(?:{word}) (quarter|half)\b", rf"\1 {number}") for number, word in enumerate(_ORDINALS, 1)),
    (r"\b(?:quarter|qtr|q) ?([0-9])\b", r"q\1"),
    (r"\b(?:half|h) ?([12])\b", r"h\1"),
    (r"\b([1-4])q(?=[0-9]| )", r"q\1 "),
    (r"^ ?(?:(?:in|during|the|month of|as at|at|end of|period|year(?= [0-9]{4}[/-]))\b ?)+", ""),
    (r" of (?=[12][0-9]{3})", " "),
    (r"^(f?ytd|year to date)(?: to| at|:)? (?=.*[0-9])(.+)$", r"\2 \1"),
    (r"^(?:from|between) (.+?) (?:to|and) ", r"\1 to "),
    (r" +", " "),
)


def clean_period(text: str) -> str:
    """The text in small letters, with plain digits and dashes, single spaces, and synonyms replaced."""
    text = re.sub(r"[\u00b9\u00b2\u00b3\u2070-\u2079\u2020\u2021]+\s*$", " [note]", text)
    text = HIDDEN.sub(lambda match: " " if match[0].isspace() else "", unicodedata.normalize("NFKC", text))
    text = "".join(str(unicodedata.decimal(c, c)) for c in text).casefold().strip()
    for pattern, instead in _TIDIED:
        text = re.sub(pattern, instead, text)
    text = text.strip(" .,;:")
    return text[1:-1].strip() if re.fullmatch(r"\([^()]*\)|\[[^\[\]]*\]", text) else text


def spellings(text: str, year_starts: int) -> Spellings:
    """Every spelling in the grammar that a cleaned text can mean, the likeliest first."""
    return point_spellings(text, year_starts) or _window(text, year_starts) or _range(text, year_starts)


def months_spelt(start: date, end: date, year_starts: int) -> Spellings:
    """The best ways to write whole months, given a day in the first and in the last."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months == 1:
        return (month_text(start),)
    if months == 12 and start.month == 1:
        return (str(start.year),)
    if months == 12 and start.month == year_starts:
        return (financial_year(start.year),)
    spelt = f"{month_text(start)} to {month_text(end)}"
    into_year = (start.month - year_starts) % 12
    if months == 3 and year_starts != 1 and into_year % 3 == 0:
        return spelt, f"{financial_year(start.year - (start.month < year_starts))} Q{into_year // 3 + 1}"
    if months == 3 and start.month % 3 == 1:
        return spelt, f"{start.year}-Q{start.month // 3 + 1}"
    return (spelt,)


# A window that ends somewhere, and a range from one point to another.

_WINDOW = re.compile(
    r"(?:(?:rolling|last|past|latest|previous|most recent) )*(?:(?P<number>[0-9]{1,3}) ?-?)?"
    r"(?P<unit>months?|mths?|m|years?|yrs?|y|quarters?|qtrs?|weeks?|wks?)"
    r"(?: (?:rolling|period|window))? ?(?:(?P<link>to|ending|ended|end|starting|-|:|,) ?)+(?P<point>.+)"
)
_MONTHS_IN = {"m": 1, "q": 3, "y": 12}


def _window(text: str, year_starts: int) -> Spellings:
    match = _WINDOW.fullmatch(text)
    if not match or (len(match["unit"]) == 1 and not match["number"]):
        return ()
    number, unit = int(match["number"] or 1), match["unit"][0]
    spelt: list[str] = []
    for point in periods_of(point_spellings(match["point"], year_starts), year_starts):
        if unit == "w":
            rest = timedelta(days=number * 7 - 1)
            first = point.start if match["link"] == "starting" else point.start - rest
            spelt += [f"{first} to {first + rest}"] if point.form == "day" else []
        elif point.form not in {"year", "fy"} and match["link"] != "starting":
            months = number * _MONTHS_IN[unit]
            period = read(f"{months} months to {month_text(point.end)}")
            if isinstance(period, Period) and period.end == point.end:
                is_named = months in {1, 3}
                spelt += months_spelt(*period.interval, year_starts) if is_named else (period.text,)
    return tuple(dict.fromkeys(spelt))


def _range(text: str, year_starts: int) -> Spellings:
    for sign in (" to ", " - ", "-", "/"):
        for match in re.finditer(sign, text):
            left, right = text[: match.start()].strip(), text[match.end() :].strip()
            if sign == "/" and not ("-" in left and "-" in right):
                continue  # a slash stands between two ends only in 2022-04-01/2023-03-31
            spelt = _from_to(left, right, year_starts)
            if spelt and not (sign == "-" and read(spelt[0], year_starts) == MIXED_KINDS):
                return spelt
    return ()


def _from_to(left: str, right: str, year_starts: int) -> Spellings:
    lasts = periods_of(point_spellings(right, year_starts), year_starts)
    firsts = periods_of(point_spellings(left, year_starts), year_starts) if lasts else []
    if lasts and not firsts:
        firsts = periods_of(_sharing(left, right, year_starts), year_starts)
    spelt: list[str] = []
    for first in firsts:
        for last in lasts:
            if first.form == last.form and first.start <= last.start:
                spelt += _spanned(first, last, year_starts)
    if spelt or not firsts:
        return tuple(dict.fromkeys(spelt))
    return (f"{firsts[0].text} to {lasts[0].text}",)


def _sharing(left: str, right: str, year_starts: int) -> Spellings:
    """The left end if only the right one has the year (`jan-dec 22`) or month and year (`1-15 june 2023`)."""
    tail = re.search(rf"(?P<month>[a-z]{{3,10}})?[ ,/-]*(?P<year>{NAMED_YEAR})$", right)
    if not tail:
        return ()
    if left.isdigit():
        return point_spellings(f"{left} {tail[0]}", year_starts) if tail["month"] else ()
    this = point_spellings(f"{left} {tail['year']}", year_starts)
    if not re.fullmatch(YEAR, tail["year"]) or not re.search("[a-z]{3}", left):
        return this
    earlier = point_spellings(f"{left} {full_year(tail['year']) - 1}", year_starts)  # october to march 23
    first, last = periods_of(this, year_starts), periods_of(point_spellings(right, year_starts), year_starts)
    return earlier if first and last and first[0].start > last[0].start else this


def _spanned(first: Period, last: Period, year_starts: int) -> Spellings:
    if first.interval == last.interval:
        return (first.text,)
    spelt = f"{first.text} to {last.text}"
    whole = read(spelt, year_starts)
    if first.form in {"month", "day"} and isinstance(whole, Period) and whole.months:
        return months_spelt(whole.start, whole.end, year_starts)
    return (spelt,)
