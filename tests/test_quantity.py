"""Units, values as typed, durations, and figures in words; all of it exact whatever the caller's decimal context."""

import decimal
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.model.quantity import (
    DURATION_SHAPE,
    Unit,
    ValueFormError,
    change,
    decimals_of,
    duration_text,
    figure,
    per_cent,
    plain,
    rounded,
    unit_from,
    unit_text,
    value_of,
)
from trials import trials

quick = trials(400)

COUNT, PERCENT, RATIO, DURATION, DAYS, WEEKS = map(
    Unit, ("count", "percent", "ratio", "duration", "days", "weeks")
)
RATE = Unit("rate", per=Decimal(100000))
POUNDS = Unit("currency", "GBP")
NAMED = Unit("named", "kg CO2 per m²")


@pytest.fixture(autouse=True)
def _a_hostile_context() -> Iterator[None]:
    """Every test runs where the caller computes with three digits and traps everything but what comparing needs."""
    hostile = decimal.Context(
        prec=3, rounding=decimal.ROUND_DOWN, Emax=9, Emin=-9, traps=[decimal.Inexact, decimal.Rounded]
    )
    with decimal.localcontext(hostile):
        yield


@pytest.mark.parametrize(
    ("raw", "unit", "text"),
    [
        ("count", COUNT, "count"),
        ("percent", PERCENT, "percent"),
        ("ratio", RATIO, "ratio"),
        ("duration", DURATION, "duration"),
        ("days", DAYS, "days"),
        ("weeks", WEEKS, "weeks"),
        ({"rate_per": 100000}, RATE, "per 100000"),
        ({"rate_per": Decimal("1E+3")}, Unit("rate", per=Decimal(1000)), "per 1000"),
        ({"currency": "GBP"}, POUNDS, "GBP"),
        ({"name": "kg CO2 per m²"}, NAMED, "kg CO2 per m²"),
    ],
    ids=str,
)
def test_a_unit_is_read_from_the_file_and_named_for_exports(
    raw: str | dict[str, Any], unit: Unit, text: str
) -> None:
    assert unit_from(raw) == unit
    assert unit_text(unit) == text


@pytest.mark.parametrize(
    "raw", ["percentage", "rate", {}, {"per": 100}, {"name": "a", "currency": "GBP"}], ids=str
)
def test_what_the_file_format_does_not_know_is_no_unit(raw: str | dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a unit"):
        unit_from(raw)


@pytest.mark.parametrize(
    ("text", "seconds", "canonical"),
    [
        ("7s", "7", "7s"),
        ("8m58s", "538", "8m58s"),
        ("2m8s", "128", "2m08s"),
        ("14m00s", "840", "14m"),
        ("14m", "840", "14m"),
        ("60m", "3600", "1h"),
        ("1h44m30s", "6270", "1h44m30s"),
        ("1h30s", "3630", "1h00m30s"),
        ("2h", "7200", "2h"),
        ("90m", "5400", "1h30m"),
        ("1h00m0.0s", "3600.0", "1h00m00.0s"),
        ("138s", "138", "2m18s"),
        ("3.2s", "3.2", "3.2s"),
        ("3.20s", "3.20", "3.20s"),
        ("1m05.50s", "65.50", "1m05.50s"),
        ("0s", "0", "0s"),
        ("99999h59m59.999s", "359999999.999", "99999h59m59.999s"),
    ],
)
def test_a_duration_is_seconds_with_the_decimals_as_typed(text: str, seconds: str, canonical: str) -> None:
    value = value_of(text, DURATION)

    assert str(value) == seconds
    assert duration_text(value) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s",
        "2:18",
        "138",
        "1h90m",
        "5m60s",
        "2m18",
        "2.5m",
        "-5s",
        "2m18s ",
        "2m18s\n",
        "٣s",
        "1s2m",
        "2M18S",
        "1e3s",
        ".5s",
    ],
    ids=repr,
)
def test_other_ways_to_write_a_duration_are_refused(text: str) -> None:
    with pytest.raises(ValueFormError, match="not a duration"):
        value_of(text, DURATION)


durations = st.decimals(0, 3 * 10**8, allow_nan=False, places=3).map(lambda value: value.copy_abs())


@quick
@given(st.one_of(durations, st.integers(0, 3 * 10**8).map(Decimal)))
def test_a_duration_reads_back_to_the_same_digits(seconds: Decimal) -> None:
    text = duration_text(seconds)

    assert re.search(DURATION_SHAPE, text)
    assert str(value_of(text, DURATION)) == str(seconds)


def test_a_negative_difference_of_durations_keeps_its_sign() -> None:
    assert duration_text(Decimal(-138)) == "-2m18s"
    assert duration_text(Decimal("-0")) == "0s"


@pytest.mark.parametrize(
    ("raw", "unit", "expected"),
    [
        (7901, COUNT, "7901"),
        (Decimal("2.0"), RATIO, "2.0"),
        (Decimal("5.40"), RATE, "5.40"),
        (Decimal("-3.5"), PERCENT, "-3.5"),
        (Decimal(123456789012345), COUNT, "123456789012345"),
        (Decimal("0.123456789012345"), RATIO, "0.123456789012345"),
        (Decimal("123456789012345.6"), RATIO, "123456789012345.6"),
        ("2m18s", DURATION, "138"),
        ("60m", DURATION, "3600"),
    ],
    ids=str,
)
def test_a_value_keeps_its_digits(raw: int | Decimal | str, unit: Unit, expected: str) -> None:
    assert str(value_of(raw, unit)) == expected


DIGITS_ONLY = "Write digits only, without a comma, a symbol or a unit."
OR_A_DURATION = "Write a plain number, or change the unit to duration."
LIKE_THIS = "Write hours, minutes and seconds like 1h44m30s, 2m18s or 3.2s."
WRONG_FORMS = [
    ("17m48s", PERCENT, "17m48s is a time, but the unit is percent.", OR_A_DURATION, None),
    ("2h", NAMED, "2h is a time, but the unit is kg CO2 per m².", OR_A_DURATION, None),
    (138, DURATION, "138 doesn't say whether it is seconds or minutes.", "Say which: 138s or 138m.", None),
    (
        Decimal("2.5"),
        DURATION,
        "2.5 doesn't say whether it is seconds or minutes.",
        "Say which: 2.5s or 2m30s.",
        None,
    ),
    (0, DURATION, "0 doesn't say whether it is seconds or minutes.", "Write 0s.", "0s"),
    (Decimal(-5), DURATION, "A time can't be -5.", "Write it like 1h44m30s, 2m18s or 3.2s.", None),
    ("2:18", DURATION, '"2:18" is not a duration.', "Say which: 2m18s or 2h18m.", None),
    ("0:00", DURATION, '"0:00" is not a duration.', "Write 0s.", "0s"),
    ("1:44:30", DURATION, '"1:44:30" is not a duration.', "Write 1h44m30s.", "1h44m30s"),
    ("0:12:30", DURATION, '"0:12:30" is not a duration.', "Write 12m30s.", "12m30s"),
    ("2 min 18 sec", DURATION, '"2 min 18 sec" is not a duration.', "Write 2m18s.", "2m18s"),
    ("1 hour and 5 mins", DURATION, '"1 hour and 5 mins" is not a duration.', "Write 1h5m.", "1h5m"),
    ("1h90m", DURATION, '"1h90m" is not a duration.', "Write 2h30m.", "2h30m"),
    ("fast", DURATION, '"fast" is not a duration.', LIKE_THIS, None),
    (f"2m{' ' * 55}18s", DURATION, f'"2m{" " * 55}18s" is not a duration.', "Write 2m18s.", "2m18s"),
    ("x" * 70, DURATION, f'"{"x" * 59}…" is not a duration.', LIKE_THIS, None),
    (f"2m18s{' ' * 55}x", DURATION, f'"2m18s{" " * 54}…" is not a duration.', LIKE_THIS, None),
    (Decimal("12.5"), COUNT, "A count can't be 12.5.", "Is the unit percent?", None),
    (Decimal("1010.5"), COUNT, "A count can't be 1010.5.", "Write a whole number.", None),
    (Decimal("12.0"), COUNT, "A count is a whole number, but 12.0 has decimals.", "Write 12.", "12"),
    (Decimal("-99.5"), COUNT, "A count can't be -99.5.", "Is the unit percent?", None),
    (Decimal("99.5"), COUNT, "A count can't be 99.5.", "Is the unit percent?", None),
    (Decimal("-100.5"), COUNT, "A count can't be -100.5.", "Write a whole number.", None),
    (Decimal("100.5"), COUNT, "A count can't be 100.5.", "Write a whole number.", None),
    (Decimal("0.125"), COUNT, "A count can't be 0.125.", "Is the unit percent?", None),
    (Decimal("1234.567"), COUNT, "A count can't be 1234.567.", "Write a whole number.", None),
    *(
        (
            Decimal(digits),
            COUNT,
            f"A count is a whole number, but {digits} has decimals.",
            f"Write {meant}.",
            meant if meant.lstrip("-").isdigit() else None,
        )
        for digits, meant in {
            "0.000": "0",
            "1000.000": "1000",
            "-12.00": "-12",
            "40.000": "40, or 40000 if the point parts thousands",
            "1.000": "1, or 1000 if the point parts thousands",
            "1.500": "1500 if the point parts thousands",
            "-40.000": "-40, or -40000 if the point parts thousands",
            "123.456": "123456 if the point parts thousands",
            "-123.456": "-123456 if the point parts thousands",
        }.items()
    ),
    *(
        (
            Decimal(digits),
            DURATION,
            f"{digits} doesn't say whether it is seconds or minutes.",
            f"Say which: {readings}.",
            None,
        )
        for digits, readings in {
            "2.18": "2.18s, 2m18s or 2m10.8s",
            "2.05": "2.05s, 2m5s or 2m03s",
            "2.61": "2.61s or 2m36.6s",
        }.items()
    ),
    ("1,376", COUNT, '"1,376" is not a number.', DIGITS_ONLY, None),
    ("95%", PERCENT, '"95%" is not a number.', DIGITS_ONLY, None),
    ("\x1b[31m", PERCENT, '"‹U+001B›[31m" is not a number.', DIGITS_ONLY, None),
    (Decimal("NaN"), PERCENT, '"nan" is not a number.', "Write the figure in digits.", None),
    (Decimal("sNaN"), DURATION, '"snan" is not a number.', "Write the figure in digits.", None),
    (Decimal("-Infinity"), PERCENT, '"-infinity" is not a number.', "Write the figure in digits.", None),
    (True, COUNT, '"true" is not a number.', "Write the figure in digits.", None),
    (Decimal("1E+999999"), COUNT, '"1E+999999" has too many digits.', "The limit is 15.", None),
    (Decimal("1E+999999"), DURATION, '"1E+999999" has too many digits.', "The limit is 15.", None),
    (Decimal("1E-16"), RATIO, '"1E-16" has too many digits.', "The limit is 15.", None),
    (Decimal("9" * 45), RATIO, f'"{"9" * 39}…" has too many digits.', "The limit is 15.", None),
    (
        Decimal("1234567890123456.7"),
        RATIO,
        '"1234567890123456.7" has too many digits.',
        "The limit is 15.",
        None,
    ),
]


@pytest.mark.parametrize(
    ("raw", "unit", "message", "advice", "replacement"),
    WRONG_FORMS,
    ids=[str(row[0]).replace("\x1b[", "") for row in WRONG_FORMS],
)
def test_a_value_that_cannot_stand_for_its_unit_is_refused_in_plain_words(
    raw: int | Decimal | str, unit: Unit, message: str, advice: str, replacement: str | None
) -> None:
    with pytest.raises(ValueFormError) as caught:
        value_of(raw, unit)

    assert caught.value.message == str(caught.value) == message
    assert (caught.value.help, caught.value.replacement) == (advice, replacement)
    for sentence in re.split(r"(?<=[.?:]) ", f"{message} {caught.value.help}"):
        assert len(sentence.split()) <= 25


@quick
@given(
    st.one_of(st.text(max_size=100), st.text("0123456789.:hms in", max_size=12)),
    st.sampled_from([PERCENT, DURATION]),
)
def test_any_text_is_a_value_or_is_refused(text: str, unit: Unit) -> None:
    if unit == DURATION and re.fullmatch(DURATION_SHAPE, text):
        assert value_of(duration_text(value_of(text, unit)), unit) == value_of(text, unit)
        return
    with pytest.raises(ValueFormError) as caught:
        value_of(text, unit)
    assert caught.value.help
    assert caught.value.replacement is None or value_of(caught.value.replacement, unit) >= 0


@pytest.mark.parametrize(
    ("value", "expected", "decimals"),
    [
        ("1E+5", "100000", 0),
        ("1E-7", "0.0000001", 7),
        ("-0.0", "0.0", 1),
        ("5.40", "5.40", 2),
        ("123456789012345.5", "123456789012345.5", 1),
        ("-12", "-12", 0),
    ],
)
def test_plain_digits_never_have_an_exponent(value: str, expected: str, decimals: int) -> None:
    assert plain(Decimal(value)) == expected
    assert decimals_of(Decimal(value)) == decimals


def test_what_is_no_number_has_no_decimals() -> None:
    assert decimals_of(Decimal("NaN")) == decimals_of(Decimal("Infinity")) == 0


numbers = st.decimals(-(10**15), 10**15, allow_nan=False, places=6)


@quick
@given(numbers)
def test_plain_digits_are_a_number_in_json_of_the_same_value(value: Decimal) -> None:
    assert json.loads(plain(value), parse_float=Decimal, parse_int=Decimal) == value


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (Decimal("2.5"), 0, "3"),
        (Decimal("-2.5"), 0, "-3"),
        (Decimal("2.4999999999999999999999999999999999"), 0, "2"),
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("-0.04"), 1, "0.0"),
        (Decimal(7), 2, "7.00"),
        (Fraction(1, 3), 4, "0.3333"),
        (Fraction(2, 3), 1, "0.7"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(10**20 + 1, 2), 0, "50000000000000000001"),
    ],
    ids=str,
)
def test_a_half_is_rounded_away_from_nought(value: Decimal | Fraction, decimals: int, expected: str) -> None:
    assert str(rounded(value, decimals)) == expected


@quick
@given(st.fractions(), st.integers(0, 8))
def test_rounding_moves_a_value_by_half_a_last_digit_at_most(value: Fraction, decimals: int) -> None:
    result = rounded(value, decimals)

    assert abs(Fraction(result) - value) <= Fraction(1, 2 * 10**decimals)
    assert decimals_of(result) == decimals


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ("114", "214", "53.3"),
        ("-127", "440", "-28.9"),
        ("1", "2000", "0.1"),
        ("-1", "2000", "-0.1"),
        ("-1", "3000", "0.0"),
        ("0", "5", "0.0"),
        ("5", "0", None),
        ("5", "0.00", None),
        ("5", "-10", None),
        ("999999999999999", "0.000001", "99999999999999900000000.0"),
    ],
)
def test_per_cent_has_one_decimal_and_none_from_nought(part: str, whole: str, expected: str | None) -> None:
    result = per_cent(Decimal(part), Decimal(whole))

    assert (None if result is None else str(result)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        ("20294", COUNT, None, "20,294"),
        ("-1376", COUNT, None, "-1,376"),
        ("999", COUNT, None, "999"),
        ("123456789012345", COUNT, None, "123,456,789,012,345"),
        ("67", PERCENT, None, "67%"),
        ("5.40", PERCENT, None, "5.40%"),
        ("53.271", PERCENT, 1, "53.3%"),
        ("1.9", RATIO, None, "1.9"),
        ("1.9", RATIO, 2, "1.90"),
        ("138", DURATION, None, "2m18s"),
        ("138.6", DURATION, 0, "2m19s"),
        ("126", DAYS, None, "126 days"),
        ("1", DAYS, None, "1 day"),
        ("-1", DAYS, None, "-1 day"),
        ("1.0", DAYS, None, "1.0 days"),
        ("6", WEEKS, None, "6 weeks"),
        ("1", WEEKS, None, "1 week"),
        ("5.4", RATE, None, "5.4 per 100,000"),
        ("1234", POUNDS, None, "£1,234"),
        ("-1234.50", POUNDS, None, "-£1,234.50"),
        ("1234", Unit("currency", "CHF"), None, "CHF 1,234"),
        ("15.4", NAMED, None, "15.4 kg CO2 per m²"),
        ("-0", COUNT, None, "0"),
    ],
)
def test_readers_see_a_figure_with_its_unit(
    value: str, unit: Unit, decimals: int | None, expected: str
) -> None:
    assert figure(Decimal(value), unit, decimals) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("3", PERCENT, "3 percentage points"),
        ("-1", PERCENT, "1 percentage point"),
        ("0.5", PERCENT, "0.5 percentage points"),
        ("-1376", COUNT, "1,376"),
        ("-138", DURATION, "2m18s"),
        ("5", DAYS, "5 days"),
        ("-1", DAYS, "1 day"),
        ("-0.4", RATE, "0.4 per 100,000"),
        ("-20", POUNDS, "£20"),
        ("1.2", NAMED, "1.2 kg CO2 per m²"),
    ],
)
def test_a_change_is_told_by_its_size(value: str, unit: Unit, expected: str) -> None:
    assert change(Decimal(value), unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        ("-2.345", PERCENT, 1, "2.3 percentage points"),
        ("0.96", PERCENT, 0, "1 percentage point"),
        ("1.04", PERCENT, 1, "1.0 percentage points"),
        ("-1234.5", DAYS, 0, "1,235 days"),
        ("138.6", DURATION, 0, "2m19s"),
    ],
)
def test_a_change_is_told_with_as_many_decimals_as_are_wanted(
    value: str, unit: Unit, decimals: int, expected: str
) -> None:
    assert change(Decimal(value), unit, decimals) == expected


@quick
@given(numbers, st.sampled_from([COUNT, PERCENT, RATIO, DAYS, RATE, POUNDS, NAMED]))
def test_a_figure_shows_every_digit(value: Decimal, unit: Unit) -> None:
    digits = figure(value, unit).replace(",", "").replace("£", "")

    assert digits.startswith(plain(value))
