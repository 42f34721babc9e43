"""How people spell periods: from cleaned words to every spelling in the grammar that they can mean, on the calendar or not."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta

from kpi.model.period import MIXED_KINDS, MONTHS, Period, read
from kpi.model.text import HIDDEN, nearest

Spellings = tuple[str, ...]

LONGEST_SPAN = 30  # years: what `2013/16` may span before it is taken for a slip
_DAY_ZERO = date(1899, 12, 30)  # spreadsheets number the days from here

_Y4 = "[12][0-9]{3}"
YEAR = f"(?:{_Y4}|[0-9]{{2}})"
NAMED_YEAR = rf"(?:(?:fy|cy) ?)?{YEAR}(?:[/_-]{YEAR})?(?: ?(?:fy|cy))?"
_12 = "[0-9]{1,2}"
_WORD = "(?P<month>[a-z]{3,10})"
_ORDINAL = "(?:st|nd|rd|th)?"
_CLOCK = r"(?P<clock>[ t][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?z?)?"


def month_number(word: str) -> int | None:
    """The month, 1 to 12, that a name, its beginning or a misspelling of it means."""
    for number, name in enumerate(MONTHS, 1):
        if len(word) >= 3 and name.casefold().startswith(word):
            return number
    close = nearest(word, MONTHS, cutoff=0.8) if len(word) >= 5 else None
    return MONTHS.index(close) + 1 if close else None


def full_year(text: str) -> int:
    """The year that two or four digits mean; two digits mean 1969 to 2068."""
    year = int(text)
    return year if year > 99 else year + (2000 if year <= 68 else 1900)


def financial_year(start: int) -> str:
    """`2022/23` for 2022."""
    return f"{start}/{(start + 1) % 100:02d}"


def financial_years(start: int, end: int) -> str:
    """The financial years from the one that starts in `start` to the one that ends in `end`."""
    return f"{financial_year(start)} to {financial_year(end - 1)}"


def month_text(day: date) -> str:
    """`2024-01` for any day of that month."""
    return day.isoformat()[:7]


def periods_of(spelt: Iterable[str], year_starts: int) -> list[Period]:
    """The periods among some spellings."""
    return [period for text in spelt if isinstance(period := read(text, year_starts), Period)]


_Match = re.Match[str]


def point_spellings(text: str, year_starts: int) -> Spellings:
    """Every spelling in the grammar that a cleaned text can mean as one point in time, the likeliest first."""
    squeezed = re.sub(r" ?([-/.]) ?", r"\1", text)
    if re.search("[a-z] ?[0-9]{4} - [0-9]{4}$", text) and month_number(text.partition(" ")[0]):
        return ()  # from a month to a year; without the spaces it is a month of a financial year
    for pattern, reader in _READERS:
        match = re.fullmatch(pattern, squeezed)
        if match and (spelt := tuple(reader(match, year_starts))):
            return tuple(dict.fromkeys(spelt))
    return ()


def _as_it_stands(match: _Match, year_starts: int) -> Iterator[str]:
    text = match[0].replace("q", "Q")
    if isinstance(read(text, year_starts), Period):
        yield text
        if re.fullmatch(f"{_Y4}-[0-9]{{2}}", text) and int(text[5:]) == (int(text[:4]) + 1) % 100:
            yield financial_year(int(text[:4]))


def _two_numbers(match: _Match, _year_starts: int) -> Iterator[str]:
    first, sign, second = match["first"], match["sign"], match["second"]
    if len(first) == 4:
        yield from _year_and(int(first), sign, second, bool(match["fy"]))
        return
    start, month = full_year(first), int(first)
    if len(first) == len(second) == 2:
        span = (int(second) - month) % 100
        if span == 1:
            yield financial_year(start)
        elif sign != "/" and 1 < span <= LONGEST_SPAN:
            yield from (financial_years(start, start + span), f"{start} to {start + span}")
    elif len(second) == 4 and start == int(second) - 1 and month > 12:
        yield financial_year(start)
    if len(second) != 1 and 1 <= month <= 12:
        yield f"{full_year(second)}-{month:02d}"


def _year_and(start: int, sign: str, second: str, financial: bool) -> Iterator[str]:
    """A year of four digits and a second number, which may be a year, a month or the end of a year."""
    number = int(second)
    if len(second) == 1:
        if number == (start + 1) % 10:
            yield financial_year(start)
        if number and not financial:
            yield f"{start}-{number:02d}"
        if sign == "." and number == 1:  # a spreadsheet drops the last zero of 2024.10
            yield f"{start}-10"
        return
    span = number - start if len(second) == 4 else (number - start) % 100
    if span == 1:
        yield financial_year(start)
    if len(second) == 2 and 1 <= number <= 12 and not financial:
        yield f"{start}-{number:02d}"
        return
    if 1 < span <= LONGEST_SPAN and (sign == "/" or financial or len(second) == 2):
        # the first: of 2017-20 mostly three financial years are meant
        yield financial_years(start, start + span)
    if (span == 1 and sign == "-" and len(second) == 4) or (1 < span <= LONGEST_SPAN and not financial):
        yield f"{start} to {start + span}"


def _digits(match: _Match, _year_starts: int) -> Iterator[str]:
    """`202401`, `202223`, `20240131`, `20222023`."""
    start, rest = int(match["first"]), match["rest"]
    if len(rest) == 4:
        yield financial_year(start) if int(rest) == start + 1 else f"{start}-{rest[:2]}-{rest[2:]}"
        return
    if 1 <= int(rest) <= 12:
        yield f"{start}-{rest}"
    if int(rest) == (start + 1) % 100:
        yield financial_year(start)


def _years(text: str, year_starts: int) -> tuple[list[int], list[int]]:
    kind = next((kind for kind in ("fy", "cy") if kind in text), "")
    digits, *second = re.findall("[0-9]+", text)
    first = full_year(digits)
    if second:
        return [], [first] if int(second[0]) in {first + 1, (first + 1) % 100} else []
    if kind == "fy" and year_starts != 1:
        return [], [first - 1, first]
    return [first], [] if kind else [first]


def _year_alone(match: _Match, year_starts: int) -> Iterator[str]:
    calendar, financial = _years(match[0], year_starts)
    if "ending" in match[0]:
        yield from (financial_year(calendar[0] - 1), str(calendar[0]))
    else:
        yield from map(str, calendar) if calendar else map(financial_year, financial)


def _academic_year(match: _Match, _year_starts: int) -> Iterator[str]:
    start = full_year(match["first"])
    if int(match["second"]) in {start + 1, (start + 1) % 100}:
        yield f"{start}-09 to {start + 1}-08"


def _part_of_year(match: _Match, year_starts: int) -> Iterator[str]:
    calendar, financial = _years(match["year"], year_starts)
    number = int(match["part"][1])
    if match["part"][0] == "q":
        yield from (f"{year}-Q{number}" for year in calendar)
        yield from (f"{financial_year(year)} Q{number}" for year in financial)
        return
    starts = [(year, 1) for year in calendar]
    starts += [(year, year_starts) for year in financial if year_starts != 1]
    for year, month in starts:
        first = year * 12 + month - 1 + 6 * (number - 1)
        last = first + 5
        yield f"{first // 12}-{first % 12 + 1:02d} to {last // 12}-{last % 12 + 1:02d}"


def _month_name(match: _Match, year_starts: int) -> Iterator[str]:
    month = month_number(match["month"])
    if month is None:
        return
    calendar, financial = _years(match["year"], year_starts)
    day = match.groupdict().get("day")
    for year in calendar or [year + (month < year_starts) for year in financial]:
        yield f"{year}-{month:02d}-{int(day):02d}" if day else f"{year}-{month:02d}"


def _day_in_numbers(match: _Match, _year_starts: int) -> Iterator[str]:
    first, second, year = int(match["first"]), int(match["second"]), full_year(match["year"])
    if second <= 12:
        yield f"{year}-{second:02d}-{first:02d}"
    if first <= 12:
        yield f"{year}-{first:02d}-{second:02d}"


def _year_first(match: _Match, _year_starts: int) -> Iterator[str]:
    """A day with the year first; with a clock time it comes from a spreadsheet, where a month is its first day."""
    month, day = int(match["second"]), int(match["day"])
    if month <= 12:
        yield f"{match['year']}-{month:02d}-{day:02d}"
        if match["clock"] and day == 1:
            yield f"{match['year']}-{month:02d}"


def _serial(match: _Match, _year_starts: int) -> Iterator[str]:
    day = _DAY_ZERO + timedelta(days=int(match[0]))
    yield f"{day}"
    if day.day == 1:
        yield month_text(day)


def _numbered_week(match: _Match, _year_starts: int) -> Iterator[str]:
    with suppress(ValueError):  # the year has no such week
        monday = date.fromisocalendar(int(match["year"]), int(match["second"]), 1)
        yield f"{monday} to {monday + timedelta(days=6)}"


_READERS: tuple[tuple[str, Callable[[_Match, int], Iterator[str]]], ...] = (
    (rf"{_Y4}.*", _as_it_stands),
    (rf"({_Y4})\.0", lambda match, _: iter((match[1],))),  # a spreadsheet's number, of 2019 too
    (rf"(?P<fy>fy ?)?(?P<first>{_Y4}|{_12})(?P<sign>[/_ .-])(?P<second>{_Y4}|{_12})", _two_numbers),
    (rf"(?P<first>{_Y4})(?P<sign>[/_-])(?P<second>{YEAR})(?P<fy> ?fy)", _two_numbers),
    (rf"(?P<first>{_Y4})(?P<rest>[0-9]{{2}}|[0-9]{{4}})", _digits),
    (rf"(?:fy|cy) ?{YEAR}|{YEAR} ?(?:fy|cy)|year {_Y4}|year ending {YEAR}", _year_alone),
    (rf"ay ?(?P<first>{YEAR})[/_-](?P<second>{YEAR})", _academic_year),
    (rf"(?P<first>{YEAR})[/_-](?P<second>{YEAR}) ?ay", _academic_year),
    (rf"(?P<part>q[1-4]|h[12])[ ,;:/_-]*(?P<year>{NAMED_YEAR})", _part_of_year),
    (rf"(?P<year>{NAMED_YEAR})[ ,;:/_-]*(?P<part>q[1-4]|h[12])", _part_of_year),
    (rf"({_Y4})[-/. ]?m(0?[1-9]|1[0-2])", lambda match, _: iter((f"{match[1]}-{int(match[2]):02d}",))),
    (rf"(?:week )?(?P<year>{_Y4})[-/. ]?w(?P<second>[0-9]{{2}})", _numbered_week),
    (rf"{_WORD}[ .,/-]*(?P<year>{NAMED_YEAR})", _month_name),
    (rf"(?P<day>{_12}){_ORDINAL}[ /-]?(?:of )?{_WORD}[ .,/-]*(?P<year>{YEAR})", _month_name),
    (rf"{_WORD} ?(?P<day>{_12}){_ORDINAL},? (?P<year>{_Y4})", _month_name),
    (rf"(?P<year>{_Y4})[ ./-]*{_WORD}(?:[ ./-](?P<day>{_12}))?", _month_name),
    (rf"(?P<year>{YEAR}[/_-]{YEAR})[ ,;:]*{_WORD}", _month_name),
    (rf"(?P<first>{_12})[/.-](?P<second>{_12})[/.-](?P<year>{YEAR})", _day_in_numbers),
    (rf"(?P<year>{_Y4})[-/.](?P<second>{_12})[-/.](?P<day>{_12}){_CLOCK}", _year_first),
    (r"[34][0-9]{4}", _serial),
)
"""What the forms look like, each with the function that takes the match."""

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_ORDINALS = ("1st", "first", "2nd", "second", "3rd", "third", "4th", "fourth")
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
    (r"\b(?:academic year|school year)", "ay"),
    (r"\b(?:calendar year|calendar)", "cy"),
    (r"\b(?:fye|fy end(?:ing|ed)|y/?e|(?:year|yr)[ -]end(?:ed|ing)?)\b", "year ending "),
    (r"\bw/?([ec])\b", lambda match: "week ending " if match[1] == "e" else "week starting "),
    (r"\bweek (?:beginning|commencing)\b", "week starting"),
    (
        r"\b(1st|first|2nd|second|3rd|third|4th|fourth) (quarter|half)\b",
        lambda match: f"{match[2]} {_ORDINALS.index(match[1]) // 2 + 1}",
    ),
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
