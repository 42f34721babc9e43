"""What people really write for periods, each with the exact text that they are told to write instead."""

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi.human.period import PeriodSlip, choose_period, explain_period, interpret_period
from kpi.model.period import Period, parse_period, read
from trials import trials

quick = trials(400)

FORBIDDEN = set(
    re.findall(
        "[a-z]+", "schema regex null array mapping scalar token parse invalid illegal exception cannot"
    )
)

ONE_MEANING = {
    # financial years
    "2022-23": "2022/23",
    "2022–23": "2022/23",
    "2022/2023": "2022/23",
    "2022 - 23": "2022/23",
    "22/23": "2022/23",
    "22-23": "2022/23",
    "99/00": "1999/00",
    "1999-00": "1999/00",
    "1950-51": "1950/51",
    "19/2020": "2019/20",
    "FY2022-23": "2022/23",
    "FY 22/23": "2022/23",
    "2022/23 FY": "2022/23",
    "Financial year 2022-23": "2022/23",
    "Year 2022/23": "2022/23",
    "(2018/19)": "2018/19",
    "2022\\23": "2022/23",
    "202223": "2022/23",
    "20222023": "2022/23",
    "academic year 2022/23": "2022-09 to 2023-08",
    "AY22/23": "2022-09 to 2023-08",
    "2022-2023 school year": "2022-09 to 2023-08",
    # years and stretches of years
    "2019-2021": "2019 to 2021",
    "2019–2021": "2019 to 2021",
    "2019..2021": "2019 to 2021",
    "2019 TO 2021": "2019 to 2021",
    "2015-16 to 2017-18": "2015/16 to 2017/18",
    "2010-11 to 2012-13": "2010/11 to 2012/13",
    "2018/19 – 2020/21": "2018/19 to 2020/21",
    "FY2019-2021": "2019/20 to 2020/21",
    "2023.0": "2023",
    "2019.0": "2019",
    "CY23": "2023",
    "calendar year 2023": "2023",
    "2022-23 school year": "2022-09 to 2023-08",
    # slips of the keyboard
    "2021/ 22": "2021/22",
    " 2022/23": "2022/23",
    "2023\n": "2023",
    "2022/23Q1": "2022/23 Q1",
    "2022/23 q1": "2022/23 Q1",
    "2023-q1": "2023-Q1",
    "12 Months to 2022-12": "12 months to 2022-12",
    "2022\u200b/23": "2022/23",
    "2022/23\u00a0Q1": "2022/23 Q1",
    "2024\u201101": "2024-01",
    "２０２４-01": "2024-01",
    "2O24-01": "2024-01",
    # months
    "Jan 24": "2024-01",
    "Jan-24": "2024-01",
    "Jan'24": "2024-01",
    "january2024": "2024-01",
    "January 2024": "2024-01",
    "2024 Jan": "2024-01",
    "Sept 23": "2023-09",
    "Sept. 2023": "2023-09",
    "Sep-23": "2023-09",
    "July 23": "2023-07",
    "Febuary 2023": "2023-02",
    "Jan 68": "2068-01",
    "Jan 69": "1969-01",
    "2024-1": "2024-01",
    "01/2024": "2024-01",
    "1/2024": "2024-01",
    "01/24": "2024-01",
    "1993 01": "1993-01",
    "202401": "2024-01",
    "202412": "2024-12",
    "2023M03": "2023-03",
    "Month of January 2024": "2024-01",
    "Jan 2022/23": "2023-01",
    # stretches of months
    "Jan - Dec 22": "2022",
    "Jan – Dec 20": "2020",
    "Apr 22 - Mar 23": "2022/23",
    "Jan 23 – Aug 23": "2023-01 to 2023-08",
    "Jan-Aug 2023": "2023-01 to 2023-08",
    "2023-01 - 2023-08": "2023-01 to 2023-08",
    "Oct - Mar 23": "2022-10 to 2023-03",
    "from January to May 2023": "2023-01 to 2023-05",
    "between Jan 2023 and May 2023": "2023-01 to 2023-05",
    "2022/23 H1": "2022-04 to 2022-09",
    # quarters that name their year
    "Q1 2022/23": "2022/23 Q1",
    "2018-19;Q1": "2018/19 Q1",
    "third quarter 2022/23": "2022/23 Q3",
    "Q1-Q3 2022/23": "2022/23 Q1 to 2022/23 Q3",
    # up to a month
    "Year ending June 19": "12 months to 2019-06",
    "YE Jun 2019": "12 months to 2019-06",
    "year ending 2019-06": "12 months to 2019-06",
    "year to March 2023": "12 months to 2023-03",
    "year ended 31 March 2023": "12 months to 2023-03",
    "12 months to Dec 22": "12 months to 2022-12",
    "12m to 2022-12": "12 months to 2022-12",
    "twelve months to end of Dec 2022": "12 months to 2022-12",
    "Last 2 years - Jan 24": "24 months to 2024-01",
    "Last 2 years – Jan 24": "24 months to 2024-01",
    "Rolling 12 months to Jan 24": "12 months to 2024-01",
    "rolling year to Jan 24": "12 months to 2024-01",
    "12-month period ending June 2023": "12 months to 2023-06",
    # days
    "31/01/2024": "2024-01-31",
    "31.1.24": "2024-01-31",
    "31 January 2024": "2024-01-31",
    "31st Jan 2024": "2024-01-31",
    "January 31, 2024": "2024-01-31",
    "2024-1-5": "2024-01-05",
    "2024-12-5": "2024-12-05",
    "13/12/2024": "2024-12-13",
    "12/13/2024": "2024-12-13",
    "20240131": "2024-01-31",
    "2024-01-31T00:00:00": "2024-01-31",
    "as at 31 March 2023": "2023-03-31",
    "17 May to 11 June 2023": "2023-05-17 to 2023-06-11",
    "1-15 June 2023": "2023-06-01 to 2023-06-15",
    "1 April 2022 to 31 March 2023": "2022/23",
    "2022-04-01/2023-03-31": "2022/23",
    "week ending 31/01/2024": "2024-01-25 to 2024-01-31",
    "2024-W05": "2024-01-29 to 2024-02-04",
    "2020-W53": "2020-12-28 to 2021-01-03",
    "week 2024-W05": "2024-01-29 to 2024-02-04",
    "w/c 1 Jan 2024": "2024-01-01 to 2024-01-07",
}


@pytest.mark.parametrize(("text", "instead"), ONE_MEANING.items(), ids=repr)
def test_what_can_be_read_in_one_way_is_refused_with_that_way(text: str, instead: str) -> None:
    answer = explain_period(text)

    assert answer.replacements == (instead,)
    assert instead in answer.help
    assert interpret_period(text) == parse_period(instead)


SEVERAL_MEANINGS = {
    "FY23": ("2022/23", "2023/24"),
    "FY2023": ("2022/23", "2023/24"),
    "year ending 2023": ("2022/23", "2023"),
    "2022-2023": ("2022/23", "2022 to 2023"),
    "2019-21": ("2019/20 to 2020/21", "2019 to 2021"),
    "2017-20": ("2017/18 to 2019/20", "2017 to 2020"),
    "2010–11": ("2010/11", "2010-11"),
    "201011": ("2010-11", "2010/11"),
    "11/12": ("2011/12", "2012-11"),
    "2022/3": ("2022/23", "2022-03"),
    "2024.1": ("2024-01", "2024-10"),
    "Q1 2023": ("2023-Q1", "2023/24 Q1"),
    "2023 Q1": ("2023-Q1", "2023/24 Q1"),
    "2023Q1": ("2023-Q1", "2023/24 Q1"),
    "1Q23": ("2023-Q1", "2023/24 Q1"),
    "FY23 Q1": ("2022/23 Q1", "2023/24 Q1"),
    "H1 2023": ("2023-01 to 2023-06", "2023-04 to 2023-09"),
    "01/02/2024": ("2024-02-01", "2024-01-02"),
    "05/12/2024": ("2024-12-05", "2024-05-12"),
    "12/05/2024": ("2024-05-12", "2024-12-05"),
    "45292": ("2024-01-01", "2024-01"),
    "2024-01-01 00:00:00": ("2024-01-01", "2024-01"),
    "May-14 (YTD)": ("2014-04 to 2014-05", "2014-01 to 2014-05"),
    "YTD to Jan 24": ("2023-04 to 2024-01", "2024-01"),
}


@pytest.mark.parametrize(("text", "offered"), SEVERAL_MEANINGS.items(), ids=repr)
def test_what_can_be_read_in_several_ways_is_never_guessed(text: str, offered: tuple[str, ...]) -> None:
    answer = explain_period(text)

    assert set(answer.replacements) == set(offered)
    assert all(f"write {instead}." in answer.help for instead in offered)
    assert interpret_period(text) is None


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Apr-Jun 23", ("2023-04 to 2023-06", "2023/24 Q1")),
        ("Oct-Dec 20", ("2020-10 to 2020-12", "2020/21 Q3")),
        ("quarter to June 2023", ("2023-04 to 2023-06", "2023/24 Q1")),
    ],
)
def test_two_spellings_of_the_same_days_are_both_offered_and_understood(
    text: str, offered: tuple[str, ...]
) -> None:
    answer = explain_period(text)

    assert answer.replacements == offered
    assert answer.help == f"Write {offered[0]} or {offered[1]}."
    assert interpret_period(text) == parse_period(offered[0])


@pytest.mark.parametrize(
    ("text", "year_starts", "advice", "offered"),
    [
        ("May 14 YTD", 4, "For April to May 2014 write 2014-04 to 2014-05. For January to May 2014 write 2014-01 to 2014-05.", ("2014-04 to 2014-05", "2014-01 to 2014-05")),
        ("Mar 2024 YTD", 4, "For April 2023 to March 2024 write 2023/24. For January to March 2024 write 2024-01 to 2024-03.", ("2023/24", "2024-01 to 2024-03")),
        ("Apr 2024 YTD", 4, "For April 2024 write 2024-04. For January to April 2024 write 2024-01 to 2024-04.", ("2024-04", "2024-01 to 2024-04")),
        ("Jun 2024 YTD", 4, "For April to June 2024 write 2024-04 to 2024-06. For January to June 2024 write 2024-01 to 2024-06.", ("2024-04 to 2024-06", "2024-01 to 2024-06")),
        ("Jun 2024 YTD", 1, "Write 2024-01 to 2024-06.", ("2024-01 to 2024-06",)),
        ("2022/23 YTD", 4, "Write the first and the last month, for example 2023-04 to 2023-12.", ()),
    ],
)  # fmt: skip
def test_a_year_to_date_starts_with_the_financial_year_or_with_the_calendar_year(
    text: str, year_starts: int, advice: str, offered: tuple[str, ...]
) -> None:
    why = f'"{text}" doesn\'t say where the year to date starts.'

    assert explain_period(text, year_starts) == PeriodSlip(why, advice, offered)


BESIDE = {
    "2020/21 [Note 5]": ("2020/21",),
    "2020/21*": ("2020/21",),
    "2022/23¹": ("2022/23",),
    "Jan 24 (p)": ("2024-01",),
    "2022/23 provisional": ("2022/23",),
    "2001-2005 (baseline)": ("2001 to 2005",),
    "2023 (Jan-Aug)": (),
    "2022/23 (part year)": (),
    "2022/23 YTD": (),
}


@pytest.mark.parametrize(("text", "offered"), BESIDE.items(), ids=repr)
def test_what_stands_beside_a_period_belongs_elsewhere_and_is_not_lost(
    text: str, offered: tuple[str, ...]
) -> None:
    assert explain_period(text).replacements == offered
    assert interpret_period(text) is None


NO_MEANING = {
    "2024-13": ("names a month that doesn't exist", "01 to 12"),
    "2024-00": ("names a month that doesn't exist", "01 to 12"),
    "202413": ("is not a period", "Write a period like 2022/23"),
    "2024-W53": ("is not a period", "Write a period like 2022/23"),
    "2023-Q5": ("is not a quarter", "from 1 to 4"),
    "2023-13-01": ("is not a day of the calendar", "2024-01-31"),
    "29 Feb 2023": ("February 2023 has 28 days", "2023-02-28"),
    "30/02/2023": ("February 2023 has 28 days", "2023-02-28"),
    "Latest as of Jan 24": ("says when a figure was published", "the period that the figure covers"),
    "2023-06 to date": ("has no end", "the last month"),
    "2023-06 onwards": ("has no end", "the last month"),
    "since April 2020": ("has no end", "the last month"),
    "2023-06 -": ("has no end", "the last month"),
    "ytd": ("has no end", "the last month"),
    "to 2024": ("has no beginning", "the first year or month"),
    "pre-2020": ("has no beginning", "the first year or month"),
    "Total": ("is not a period", "Write a period like 2022/23"),
    "January": ("has no year", "Write the year first and the month as a number, for example 2024-01."),
    "Jan 2023 - 2024": ("are of different kinds", "Write both ends in the same way."),
    "August 2023 – 2024": ("are of different kinds", "If whole months are meant, write 2023-08 to 2024-12."),
    "Mar 2023 to 2024": ("are of different kinds", "If whole months are meant, write 2023-03 to 2024-12."),
    "24 Jan": ("has no year", "2024-01"),
    "Aug 23 - Jan 23": ("ends before it starts", "2023-01 to 2023-08"),
    "12 months to 2022": ("is not a period", "the month they end in"),
    "12 months to Sept": ("is not a period", "the month they end in"),
    "2022/23 to Sept": ("is not a period", "Write a period like 2022/23, 2024-01 or 12 months to 2022-12."),
    "2019-2020-2021": ("is not a period", "Write a period like 2022/23"),
    "n/a": ("is not a period", "Write a period like 2022/23"),
    "Number 23": ("is not a period", "Write a period like 2022/23"),
    "Summer 2023": ("is not a period", "Write a period like 2022/23"),
    "": ("is not a period", "Write a period like 2022/23"),
    "x" * 1_000_000: ("is not a period", "Write a period like 2022/23"),
}


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [(text, *meaning) for text, meaning in NO_MEANING.items()],
    ids=[repr(text[:30]) for text in NO_MEANING],
)
def test_what_has_no_meaning_gets_help_and_no_replacement(text: str, message: str, advice: str) -> None:
    answer = explain_period(text)

    assert message in answer.message
    assert f'"{text[:30]}' in answer.message
    assert advice in answer.help
    assert answer.replacements == ()
    assert interpret_period(text) is None


@pytest.mark.parametrize(
    ("text", "year_starts", "offered"),
    [
        ("FY23", 7, ("2022/23", "2023/24")),
        ("FY23", 1, ("2023",)),
        ("Q1 2023", 1, ("2023-Q1",)),
        ("Apr-Jun 23", 1, ("2023-04 to 2023-06", "2023-Q2")),
        ("Jul-Sep 23", 1, ("2023-07 to 2023-09", "2023-Q3")),
        ("Feb-Apr 23", 1, ("2023-02 to 2023-04",)),
        ("Apr-Jun 23", 7, ("2023-04 to 2023-06", "2022/23 Q4")),
        ("Apr-Jun 23", 3, ("2023-04 to 2023-06", "2023-Q2")),
        ("Jul 22 - Jun 23", 7, ("2022/23",)),
        ("Jan 2022/23", 7, ("2023-01",)),
        ("H2 2022/23", 7, ("2023-01 to 2023-06",)),
        ("H1 2022/23", 2, ("2022-02 to 2022-07",)),
        ("H1 2022", 2, ("2022-01 to 2022-06", "2022-02 to 2022-07")),
        ("H1 2022", 1, ("2022-01 to 2022-06",)),
        ("2022-23", 1, ()),
        ("2022/24", 1, ("2022 to 2024",)),
        ("2022/24", 4, ("2022/23 to 2023/24",)),
        ("2022/10", 1, ("2022-10",)),
        ("2022/13", 1, ()),
        ("2022/24 Q1", 4, ()),
    ],
)
def test_what_was_meant_depends_on_where_the_year_starts(
    text: str, year_starts: int, offered: tuple[str, ...]
) -> None:
    assert explain_period(text, year_starts).replacements == offered


@pytest.mark.parametrize(
    ("meant", "beside", "chosen"),
    [
        ("2023, 2023/24", "2021, 2022", "2023"),
        ("2023, 2023/24", "2021/22, 2022/23", "2023/24"),
        ("2023, 2023/24", "2019, 2021/22", "2023/24"),  # the newest of the others decides
        ("2023, 2023/24", "2019/20, 2022", "2023"),
        ("2023, 2023/24", "2023-01", ""),
        ("2023, 2023/24", "", ""),
        ("2023/24", "2021/22", ""),  # with one reading there is nothing to choose
        ("2022-01 to 2022-06, 2022-04 to 2022-09", "2021-04 to 2021-09", "2022-04 to 2022-09"),
        ("2022-01 to 2022-06, 2022-04 to 2022-09", "2021-07 to 2021-12", ""),
        ("2022-04 to 2022-09, 2022-04 to 2022-12", "2021-04 to 2021-12", "2022-04 to 2022-12"),
        ("2022-04-02 to 2022-09-30, 2022-04-03 to 2022-09-30", "2021-04-03 to 2021-10-30", "2022-04-03 to 2022-09-30"),
        ("2024-02-01, 2024-01-02", "2023-11, 2023-12", "2024-02"),
        ("2024-05-02, 2024-02-05", "2023-11, 2023-12", ""),
        ("2024-02-01, 2024-01-02", "2023-11-30, 2023-12-31", ""),
        ("2024-02-01, 2024-01-02", "2022, 2023", ""),
        ("2024-02-01, 2024-03-01", "2024-01", ""),
        ("2024-02, 2024-03-01", "2024-01", ""),
        ("2024-02, 2024-03-02", "2024-01", "2024-02"),
    ],
)  # fmt: skip
def test_of_several_readings_the_only_one_like_the_newest_figure_beside_it_is_chosen(
    meant: str, beside: str, chosen: str
) -> None:
    assert choose_period(meant.split(", "), beside.split(", ") if beside else [], 4) == chosen


@pytest.mark.parametrize("year_starts", [1, 4])
def test_what_is_chosen_knows_where_the_year_starts(year_starts: int) -> None:
    """`2022/23` is no period where the financial year is the calendar year."""
    chosen = "2023/24" if year_starts == 4 else ""

    assert choose_period(["2023", "2023/24"], ["2022/23"], year_starts) == chosen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022/23", "2022/23"),
        ("2024/01", "2024-01"),
        ("2022/24", None),
        ("2023-08 to 2023-01", None),
        ("2023-02-29", None),
    ],
)
def test_imports_understand_good_periods_and_no_slips(text: str, expected: str | None) -> None:
    period = interpret_period(text)

    assert (period.text if period else None) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2021/ 22", "It has a space too many or too few."),
        ("2023-q1", "Mind the capital letters."),
        ("2024‑01", "One of its characters only looks like the right one."),
        ("2O24-01", "It has the letter O instead of a zero."),
        ("2022\u200b/23", "It has a character that can't be seen."),
        ("Jan 24", "Months are written as numbers, years with four digits."),
        ("January 2024", "Months are written as numbers."),
        ("22/23", "Years are written with four digits."),
        ("2019-2021", 'The two ends are joined by "to".'),
        ("FY23", "It can be read in more than one way."),
        ("45292", "It looks like a spreadsheet's number for a day."),
    ],
)
def test_the_message_says_why_where_it_can(text: str, why: str) -> None:
    assert explain_period(text).message.endswith(f" is not a period. {why}")


ALL_TEXTS = [
    *ONE_MEANING,
    *SEVERAL_MEANINGS,
    *BESIDE,
    *NO_MEANING,
    "2013/16",
    "2023-01 to 2023",
    "2023-02-30",
]


@pytest.mark.parametrize("year_starts", [1, 4])
def test_messages_are_short_and_plain(year_starts: int) -> None:
    for text in ALL_TEXTS:
        answer = explain_period(text, year_starts)

        words = f"{answer.message} {answer.help}"
        for sentence in re.split(r"(?<=[.:]) ", words):
            assert len(sentence.split()) <= 25, text
        assert not set(re.findall("[a-z]+", words.replace(text, "").casefold())) & FORBIDDEN, text
        assert words.endswith("."), text


pieces = st.sampled_from(
    re.findall(
        "[^ ]+",
        "jan sept 24 2024 2023 22/23 2022-23 q1 Q 5 h2 fy cy ay ye ytd - – / . .. to until 12 1 31 months m year years "
        "ending week w/e rolling last of the from between and ( ) [ ] note * + 01 00 13 29 feb 1999 00:00:00 T Z , ; ' 0 "
        "999 45292 as at",
    )
)


@quick
@given(st.lists(pieces, max_size=12), st.sampled_from(["", " "]), st.integers(1, 12))
def test_whatever_is_offered_is_a_period(words: list[str], between: str, year_starts: int) -> None:
    text = between.join(words)
    assume(not isinstance(read(text, year_starts), Period))
    answer = explain_period(text, year_starts)

    assert answer.message
    assert answer.help
    for instead in answer.replacements:
        assert isinstance(parse_period(instead, year_starts), Period)


@quick
@given(st.text(max_size=100))
def test_no_text_upsets_the_finder(text: str) -> None:
    assume(not isinstance(read(text), Period))
    period = interpret_period(text)

    assert period is None or parse_period(period.text) == period
    assert not any(ord(character) < 32 for character in explain_period(text).message)


@pytest.mark.parametrize(
    "unit", ["-", "1-", "2023-", " to 2", "(", "a [", "12m - ", "jan ", "/1", "q1 "], ids=repr
)
def test_long_repetitions_are_answered_at_once(unit: str) -> None:
    started = time.process_time()
    explain_period((unit * 80)[:80])

    assert time.process_time() - started < 0.5
