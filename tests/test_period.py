"""The grammar of periods: what each form means, what is refused, and how a period is told to readers."""

import os
import re
import subprocess
import sys
import timeit
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.human.period import explain_period, interpret_period
from kpi.model.period import (
    CALENDAR_YEARS,
    SHAPE,
    WRONG_SHAPE,
    Period,
    PeriodError,
    add_months,
    length_words,
    of_right_year,
    parse_period,
    period_words,
    read,
)
from trials import trials

quick = trials(400)

MEANINGS = [
    # text, first day, last day, months, form
    ("2022/23", "2022-04-01", "2023-03-31", 12, "fy"),
    ("1999/00", "1999-04-01", "2000-03-31", 12, "fy"),
    ("2099/00", "2099-04-01", "2100-03-31", 12, "fy"),
    ("2022/23 Q1", "2022-04-01", "2022-06-30", 3, "fy-quarter"),
    ("2022/23 Q4", "2023-01-01", "2023-03-31", 3, "fy-quarter"),
    ("2023", "2023-01-01", "2023-12-31", 12, "year"),
    ("2023-Q2", "2023-04-01", "2023-06-30", 3, "quarter"),
    ("2024-02", "2024-02-01", "2024-02-29", 1, "month"),
    ("2010-11", "2010-11-01", "2010-11-30", 1, "month"),
    ("2024-01-31", "2024-01-31", "2024-01-31", 0, "day"),
    ("12 months to 2022-12", "2022-01-01", "2022-12-31", 12, "rolling"),
    ("24 months to 2024-01", "2022-02-01", "2024-01-31", 24, "rolling"),
    ("1 months to 2023-02", "2023-02-01", "2023-02-28", 1, "rolling"),
    ("999 months to 1000-01", "0916-11-01", "1000-01-31", 999, "rolling"),
    ("2023-01 to 2023-08", "2023-01-01", "2023-08-31", 8, "range"),
    ("2019 to 2021", "2019-01-01", "2021-12-31", 36, "range"),
    ("2015/16 to 2017/18", "2015-04-01", "2018-03-31", 36, "range"),
    ("2022/23 Q3 to 2023/24 Q1", "2022-10-01", "2023-06-30", 9, "range"),
    ("2023-Q1 to 2023-Q3", "2023-01-01", "2023-09-30", 9, "range"),
    ("2023-05-17 to 2023-06-11", "2023-05-17", "2023-06-11", 0, "range"),
    ("2023-05-01 to 2023-06-30", "2023-05-01", "2023-06-30", 2, "range"),
    ("2999/00", "2999-04-01", "3000-03-31", 12, "fy"),
]


@pytest.mark.parametrize(
    ("text", "start", "end", "months", "form"), MEANINGS, ids=[row[0] for row in MEANINGS]
)
def test_each_form_of_the_grammar_means_its_days(
    text: str, start: str, end: str, months: int, form: str
) -> None:
    expected = Period(date.fromisoformat(start), date.fromisoformat(end), months, text, form)

    assert parse_period(text) == expected


@pytest.mark.parametrize(
    ("text", "year_starts", "start", "end"),
    [
        ("2022/23", 7, "2022-07-01", "2023-06-30"),
        ("2022/23 Q2", 7, "2022-10-01", "2022-12-31"),
        ("2022/23 Q1", 12, "2022-12-01", "2023-02-28"),
        ("2021/22 to 2022/23", 9, "2021-09-01", "2023-08-31"),
        ("2022-Q2", 7, "2022-04-01", "2022-06-30"),
        ("2022", 1, "2022-01-01", "2022-12-31"),
    ],
)
def test_the_financial_year_starts_where_the_plan_says(
    text: str, year_starts: int, start: str, end: str
) -> None:
    period = parse_period(text, year_starts)

    assert period.interval == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "replacements"),
    [("2022/23", ("2022", "2023")), ("2022/23 Q3", ("2022-Q3", "2023-Q3"))],
)
def test_a_year_from_january_has_no_slash(text: str, replacements: tuple[str, ...]) -> None:
    with pytest.raises(PeriodError) as caught:
        parse_period(text, 1)

    assert caught.value.args[1] == CALENDAR_YEARS
    answer = explain_period(text, 1)
    assert "could be either of two years" in answer.message
    assert answer.help == f"Write {replacements[0]} or {replacements[1]}."
    assert answer.replacements == replacements


@pytest.mark.parametrize(("text", "year_starts"), [("2021/22 to 2022/23", 1), ("2024/01 to 2024/03", 4)])
def test_an_end_that_is_no_period_is_explained_and_nothing_is_put_in_place_of_both(
    text: str, year_starts: int
) -> None:
    answer = explain_period(text, year_starts)

    assert (answer.replacements, answer.period) == ((), None)
    assert interpret_period(text, year_starts) is None


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "2022/23",
            "12 months to 2023-03",
            "2022-04 to 2023-03",
            "2022/23 Q1 to 2022/23 Q4",
            "2022-04-01 to 2023-03-31",
        ),
        ("2022", "12 months to 2022-12", "2022-01 to 2022-12", "2022-Q1 to 2022-Q4"),
        ("2023-Q2", "2023/24 Q1", "2023-04 to 2023-06", "3 months to 2023-06"),
    ],
    ids=lambda spellings: spellings[0],
)
def test_one_stretch_of_days_is_one_period_in_any_spelling(spellings: tuple[str, ...]) -> None:
    periods = [parse_period(text) for text in spellings]

    assert len({period.interval for period in periods}) == 1
    assert len({period.length for period in periods}) == 1


NOT_ON_THE_CALENDAR = [
    # text, replacements, a piece of the message, a piece of the help
    ("2023-02-29", (), "February 2023 has 28 days", "2023-02-28"),
    ("2023-04-31 to 2023-05-31", (), "April 2023 has 30 days", "2023-04-30"),
    (
        "2013/16",
        ("2013/14 to 2015/16",),
        "second year doesn't follow",
        "For several years write 2013/14 to 2015/16.",
    ),
    ("2010/20", ("2010/11 to 2019/20",), "second year doesn't follow", "2010/11 to 2019/20"),
    ("2022/24", ("2022/23 to 2023/24",), "second year doesn't follow", "2022/23 to 2023/24"),
    ("2022/24 Q1", (), "second year doesn't follow", "that starts in 2022 is 2022/23"),
    ("2022/22", (), "second year doesn't follow", "that starts in 2022 is 2022/23"),
    ("2024/01", ("2024-01",), "second year doesn't follow", "For the month write 2024-01."),
    (
        "2010/12",
        ("2010/11 to 2011/12", "2010-12"),
        "second year doesn't follow",
        "For the month write 2010-12.",
    ),
    ("2998/02", ("2998-02",), "second year doesn't follow", "For the month write 2998-02."),
    ("2013/16 to 2017/18", (), "second year doesn't follow", "2013/14"),
    ("2023-08 to 2023-01", ("2023-01 to 2023-08",), "ends before it starts", "correct the year"),
    ("2022/23 to 2020/21", ("2020/21 to 2022/23",), "ends before it starts", "2020/21 to 2022/23"),
    ("2023-01 to 2023", (), "different kinds", "write 2023-01 to 2023-12"),
    ("2022/23 to 2024", (), "different kinds", "write 2022-04 to 2024-12"),
    ("2023 to 2022-01", (), "different kinds", "in the same way"),
    ("2023-01 to 2023-02-15", (), "different kinds", "in the same way"),
    ("2023-01 to 2023-01", ("2023-01",), "are the same", "Write 2023-01."),
    ("2022/23 to 2022/23", ("2022/23",), "are the same", "Write 2022/23."),
]


@pytest.mark.parametrize(
    ("text", "replacements", "message", "advice"),
    NOT_ON_THE_CALENDAR,
    ids=[row[0] for row in NOT_ON_THE_CALENDAR],
)
def test_what_has_the_shape_but_no_place_in_the_calendar_is_refused(
    text: str, replacements: tuple[str, ...], message: str, advice: str
) -> None:
    with pytest.raises(PeriodError) as caught:
        parse_period(text)

    assert caught.value.args[1] != WRONG_SHAPE
    answer = explain_period(text)
    assert answer.replacements == replacements
    assert message in answer.message
    assert f'"{text}"' in answer.message
    assert advice in answer.help


MIXED, SKIPPED = (
    'The two ends of "{}" are of different kinds.',
    'In "{}" the second year doesn\'t follow the first.',
)
SAME_WAY = "Write both ends in the same way."


@pytest.mark.parametrize(
    ("text", "year_starts", "message", "advice"),
    [
        ("2022/23 to 2024", 7, MIXED, f"{SAME_WAY} If whole months are meant, write 2022-07 to 2024-12."),
        ("2022 to 2023/24", 7, MIXED, f"{SAME_WAY} If whole months are meant, write 2022-01 to 2024-06."),
        ("2023-01 to 2023-02-15", 4, MIXED, SAME_WAY),
        ("2023-01-15 to 2023-02", 4, MIXED, SAME_WAY),
        ("2023 to 2022-01", 4, MIXED, SAME_WAY),
        ("2013/16", 1, SKIPPED, "For several years write 2013 to 2016."),
        ("2013/16", 2, SKIPPED, "For several years write 2013/14 to 2015/16."),
        ("2010/12", 4, SKIPPED, "For several years write 2010/11 to 2011/12. For the month write 2010-12."),
        ("2010/40", 4, SKIPPED, "For several years write 2010/11 to 2039/40."),
        ("2010/41", 4, SKIPPED, "The financial year that starts in 2010 is 2010/11."),
        ("2024/12", 4, SKIPPED, "For the month write 2024-12."),
        ("2024/13", 4, SKIPPED, "The financial year that starts in 2024 is 2024/25."),
    ],
)
def test_what_is_offered_instead_is_all_that_can_be_meant(
    text: str, year_starts: int, message: str, advice: str
) -> None:
    answer = explain_period(text, year_starts)

    assert (answer.message, answer.help) == (message.format(text), advice)


years = st.integers(1000, 2999)
months = st.builds("{:04d}-{:02d}".format, years, st.integers(1, 12))
points = st.one_of(
    st.builds(lambda year: f"{year}/{(year + 1) % 100:02d}", years),
    st.builds(lambda year, quarter: f"{year}/{(year + 1) % 100:02d} Q{quarter}", years, st.integers(1, 4)),
    st.builds(str, years),
    st.builds("{}-Q{}".format, years, st.integers(1, 4)),
    months,
    st.builds(str, st.dates(date(1000, 1, 1), date(2999, 12, 31))),
)
texts_of_the_grammar = st.one_of(
    points,
    st.builds("{} months to {}".format, st.integers(1, 999), months),
    st.builds("{} to {}".format, points, points),
    st.from_regex(SHAPE.strip("^$"), fullmatch=True, alphabet="0123456789-/ Qmonthst"),
)
starts = st.integers(1, 12)


@quick
@given(texts_of_the_grammar, starts)
def test_what_has_the_shape_is_a_period_or_off_the_calendar(text: str, year_starts: int) -> None:
    assert re.search(SHAPE, text)
    result = read(text, year_starts)
    if isinstance(result, str):
        assert result != WRONG_SHAPE
        assert explain_period(text, year_starts).help
    else:
        assert result.start <= result.end
        assert result.text == text


@quick
@given(st.one_of(st.text(max_size=30), st.text("0123456789-/ Qmonths.to\n", max_size=24)), starts)
def test_what_has_not_the_shape_is_refused_for_its_shape(text: str, year_starts: int) -> None:
    has_shape = re.fullmatch(SHAPE, text) is not None

    assert has_shape is (read(text, year_starts) != WRONG_SHAPE)


periods = st.builds(
    parse_period, st.one_of(points, st.builds("{} months to {}".format, st.integers(1, 999), months))
)


@quick
@given(periods)
def test_a_period_reads_back_as_itself(period: Period) -> None:
    assert parse_period(period.text).interval == period.interval


@quick
@given(periods)
def test_whole_months_are_counted_in_months_and_the_rest_in_days(period: Period) -> None:
    unit, number = period.length

    if unit == "months":
        assert period.start.day == 1
        assert add_months(period.start, number) == period.end + timedelta(days=1)
    else:
        assert period.start + timedelta(days=number - 1) == period.end


@quick
@given(periods, periods)
def test_periods_have_one_order_by_end_then_the_longer_first(item: Period, other: Period) -> None:
    first, last = sorted([item, other], key=lambda period: period.order)

    assert first.end < last.end or (first.end == last.end and first.start <= last.start)
    assert (item.order == other.order) == (item.interval == other.interval)


@quick
@given(periods, periods)
def test_periods_overlap_when_they_share_a_day(item: Period, other: Period) -> None:
    shared = max(item.start, other.start) <= min(item.end, other.end)

    assert item.overlaps(other) is other.overlaps(item) is shared


@pytest.mark.parametrize(
    "text", ["2023\n", "2023 ", " 2023", "2023-1", "२०२३", "2023-01\r", "2023–01", "", "x" * 5000]
)
def test_nothing_may_stand_around_a_period(text: str) -> None:
    with pytest.raises(PeriodError) as caught:
        parse_period(text)

    assert caught.value.args[1] == WRONG_SHAPE


@pytest.mark.parametrize(
    ("text", "words", "length"),
    [
        ("2022/23", "2022/23", "year"),
        ("2022/23 Q1", "2022/23 Q1 (April to June 2022)", "quarter"),
        ("2023", "2023", "year"),
        ("2023-Q2", "April to June 2023", "quarter"),
        ("2024-01", "January 2024", "month"),
        ("2024-01-31", "31 January 2024", "day"),
        ("12 months to 2022-12", "12 months to December 2022", "year"),
        ("24 months to 2024-01", "24 months to January 2024", "2 years"),
        ("1 months to 2024-01", "1 month to January 2024", "month"),
        ("2019 to 2021", "2019 to 2021", "3 years"),
        ("2015/16 to 2017/18", "2015/16 to 2017/18", "3 years"),
        ("2023-01 to 2023-08", "January to August 2023", "8 months"),
        ("2022-04 to 2024-03", "April 2022 to March 2024", "2 years"),
        ("2022-10 to 2023-03", "October 2022 to March 2023", "6 months"),
        ("2023-Q1 to 2023-Q3", "January to September 2023", "9 months"),
        ("2022/23 Q1 to 2022/23 Q2", "2022/23 Q1 to 2022/23 Q2 (April to September 2022)", "6 months"),
        ("2023-05-17 to 2023-06-11", "17 May to 11 June 2023", "26 days"),
        ("2023-05-02 to 2023-05-15", "2 to 15 May 2023", "14 days"),
        ("2023-12-30 to 2024-01-02", "30 December 2023 to 2 January 2024", "4 days"),
        ("2023-05-01 to 2023-05-31", "May 2023", "month"),
    ],
)
def test_readers_are_told_the_period_and_its_length_in_words(text: str, words: str, length: str) -> None:
    period = parse_period(text)

    assert (period_words(period), length_words(period)) == (words, length)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2024-01-15", 1, "2024-02-15"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2023-01-30", 1, "2023-02-28"),
        ("2023-02-28", 1, "2023-03-31"),
        ("2024-02-28", 1, "2024-03-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-15", -13, "2022-12-15"),
        ("2024-06-30", 0, "2024-06-30"),
    ],
)
def test_adding_months_keeps_to_the_ends_of_months(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@quick
@given(months, st.integers(-500, 500), st.integers(-500, 500))
def test_adding_months_to_a_month_end_can_be_done_in_steps(month: str, first: int, second: int) -> None:
    end = parse_period(month).end

    assert add_months(add_months(end, first), second) == add_months(end, first + second)


def test_good_periods_never_load_the_finder_of_what_was_meant() -> None:
    program = (
        "import sys; from kpi.model.period import parse_period; parse_period('2022/23'); "
        "print([name for name in sys.modules if 'human' in name or name == 'unicodedata'])"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("text", ["2022/23", "2024-01", "12 months to 2022-12", "2023-01 to 2023-08"])
def test_reading_a_period_takes_microseconds(text: str) -> None:
    """The aim is 15 microseconds; the bound leaves room for a busy machine."""
    best = min(timeit.repeat(lambda: parse_period.__wrapped__(text), number=200, repeat=20)) / 200

    assert best < 100e-6


@pytest.mark.parametrize(
    ("typed", "before", "meant"),
    [
        ("2023-01", "2023-12", "2024-01"),
        ("2025-01", "2023-12", "2024-01"),
        ("2023-04", "2024-03", "2024-04"),
        ("2022-05", "2023-03", "2023-05"),  # April is missing
        ("2023-02", "2023-12", "2024-02"),  # January is, which is longer
        ("2022-06", "2023-03", None),  # two months are
        ("2022-01", "2023-12", None),  # two years too early
        ("2024-01", "2023-12", None),
        ("2023-11", "2023-12", None),
        ("2023-Q1", "2023-Q4", "2024-Q1"),
        ("2023-Q1", "2023-12", None),
        ("2023-01", "2023-Q4", None),
        ("2023/24 Q1", "2023/24 Q4", None),
        ("2022", "2022", None),
    ],
)
def test_a_month_or_quarter_with_the_old_year_is_the_next_one_of_the_series(
    typed: str, before: str, meant: str | None
) -> None:
    right = of_right_year(parse_period(typed), parse_period(before))

    assert (right.text if right else None) == meant
