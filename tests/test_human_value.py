"""Figures as people type them: understood where one thing can be meant for the unit, refused with what to write elsewhere."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.human.slips import interpret_value
from kpi.model.quantity import Unit, ValueFormError, duration_text

UNITS = {
    "percent": Unit("percent"),
    "count": Unit("count"),
    "duration": Unit("duration"),
    "days": Unit("days"),
    "pounds": Unit("currency", "GBP"),
    "kg": Unit("named", "kg"),
    "ratio": Unit("ratio"),
    "rate": Unit("rate", per=Decimal(100000)),
}


@pytest.mark.parametrize(
    ("text", "unit", "meant"),
    [
        ("67", "percent", "67"),
        ("2.0", "percent", "2.0"),
        ("67%", "percent", "67"),
        ("67 per cent", "percent", "67"),
        ("1,234", "count", "1234"),
        ("1 234,5", "kg", "1234.5"),
        (".5", "percent", "0.5"),
        ("007", "count", "7"),
        ("\u22123", "percent", "-3"),
        ("1.2 million", "count", "1200000"),
        ("£5", "pounds", "5"),
        ("£1.2m", "pounds", "1200000"),
        ("5 GBP", "pounds", "5"),
        ("5 days", "days", "5"),
        ("3 kg", "kg", "3"),
        ("2m18s", "duration", "2m18s"),
        ("60m", "duration", "60m"),
        ("2 min 18 sec", "duration", "2m18s"),
        ("1.5 hours", "duration", "1h30m"),
        ("90.5 sec", "duration", "1m30.5s"),
        ("1.5m", "duration", "1m30s"),
        ("2.25 M", "duration", "2m15s"),
        ("2.3m", "duration", "2m18s"),
        ("-0", "count", "0"),
        ("−0.0", "ratio", "0.0"),
        ("1h90m", "duration", "2h30m"),
        ("67 PER CENT", "percent", "67"),
        ("1.2 MILLION", "count", "1200000"),
        ("3 KG", "kg", "3"),
        ("1e3", "count", "1000"),
        ("1E3", "count", "1000"),
    ],
)
def test_what_can_mean_one_thing_is_understood(text: str, unit: str, meant: str) -> None:
    assert interpret_value(text, UNITS[unit]) == meant


@pytest.mark.parametrize(
    ("text", "unit", "message", "advice"),
    [
        ("67%", "count", '"67%" has a % sign in it. The unit here is count.', "Is 67 meant?"),
        ("12. %", "count", '"12. %" has a % sign in it. The unit here is count.', "Is 12 meant?"),
        ("1. kg", "count", '"1. kg" has a unit in it. The unit here is count.', "Is 1 meant?"),
        ("$5", "pounds", '"$5" has a currency in it. The unit here is GBP.', "Write the figure in GBP, as a number alone."),
        ("2 weeks", "days", '"2 weeks" has a unit in it. The unit here is days.', "Write the figure in days, as a number alone."),
        ("1h30", "count", '"1h30" is not how a time is written. The unit here is count.', "Write a number alone."),
        ("–5", "ratio", '"–5" starts with a dash.', "Write 5, or -5 if it is below zero."),
        ("5 days", "count", '"5 days" has a unit in it. The unit here is count.', "Is 5 meant?"),
        ("O.5", "percent", '"O.5" has the letter "O" among its digits. The unit here is percent.', "Is 0.5 meant?"),
        ("1,23", "percent", '"1,23" has a comma, so it is not clear which number is meant.', "Write 1.23 or 123."),
        ("91,5%", "percent", '"91,5%" has a comma, so it is not clear which number is meant.', "Write 91.5 or 915."),
        ("-91,5 %", "percent", '"-91,5 %" has a comma, so it is not clear which number is meant.', "Write -91.5 or -915."),
        ("£91,5", "count", '"£91,5" has a comma, so it is not clear which number is meant.', "Write 91.5 or 915."),
        ("91,5 days", "days", '"91,5 days" has a comma, so it is not clear which number is meant.', "Write 91.5 or 915."),
        ("1,2 million", "count", '"1,2 million" has a comma, so it is not clear which number is meant.', "Write 1200000 or 12000000."),
        ("1,25h", "duration", '"1,25h" has a comma, so it is not clear which number is meant.', "Write 1h15m or 125h."),
        ("91,5 (p)", "percent", '"91,5 (p)" has a comma, so it is not clear which number is meant.', "Write 91.5 or 915."),
        ("12.0", "count", "A count is a whole number, but 12.0 has decimals.", "Write 12."),
        ("2:18", "duration", '"2:18" is not how a time is written.', "Say which: 2m18s or 2h18m."),
        ("90", "duration", "90 doesn't say whether it is seconds or minutes.", "Say which: 90s or 90m."),
        ("n/a", "count", '"n/a" is not a number. A mark says why there is no figure.', "Leave the figure out, and add --mark not-available."),
        ("86 [p]", "percent", '"86 [p]" is not a plain number. A mark can say the rest.', "Write 86 --mark provisional."),
        ("86 [note 3]", "percent", '"86 [note 3]" has a footnote in it.', "Write 86, and what the footnote says in a note."),
        ("<5", "count", '"<5" is not one number.', "Leave the figure out, and add --mark suppressed."),
        (">95", "percent", '">95" is not one number.', "Write the figure itself, or the mark suppressed if it may not be published."),
        ("nil", "count", '"nil" is not a number.', "Write 0 for a true zero, or --mark not-available where there is no figure."),
        ("(5)", "count", '"(5)" has brackets around it.', "Write -5 if it is below zero, or else 5."),
        ("5/7", "percent", '"5/7" is two numbers, not one.', "Write the share itself."),
        ("5m", "count", '"5m" could be millions or minutes.', "Write 5000000 for millions, or a time such as 1m12s."),
        ("9999999999999999", "count", "\"9999999999999999\" has more than 15 digits. Programs don't keep more exactly.", ""),
        ("9" * 70, "count", f'"{"9" * 59}…" has more than 15 digits. Programs don\'t keep more exactly.', ""),
        ("2-3", "percent", '"2-3" is a range, not one number.', "Write one number, and the range in a note."),
        ("5xx", "ratio", '"5xx" has a unit in it. The unit here is ratio.', "Is 5 meant?"),
        ("5.4 per 100,000", "rate", '"5.4 per 100,000" is not a number.', "Write digits only, without a comma, a symbol or a unit."),
        ("", "count", '"" is not a number.', "Write digits only, without a comma, a symbol or a unit."),
    ],
)  # fmt: skip
def test_what_could_mean_two_things_or_none_is_refused(
    text: str, unit: str, message: str, advice: str
) -> None:
    with pytest.raises(ValueFormError) as raised:
        interpret_value(text, UNITS[unit])
    assert (raised.value.message, raised.value.help) == (message, advice)


@given(st.text(max_size=30), st.sampled_from(sorted(UNITS)))
def test_any_text_is_understood_or_refused(text: str, unit: str) -> None:
    try:
        meant = interpret_value(text, UNITS[unit])
    except ValueFormError:
        return
    assert interpret_value(meant, UNITS[unit]) == meant


@given(st.integers(0, 10**6), st.integers(0, 3))
def test_times_and_numbers_stay_as_files_hold_them(number: int, decimals: int) -> None:
    plain = Decimal(number).scaleb(-decimals)
    assert interpret_value(f"{plain:f}", UNITS["percent"]) == f"{plain:f}"
    assert interpret_value(duration_text(Decimal(number)), UNITS["duration"]) == duration_text(
        Decimal(number)
    )
