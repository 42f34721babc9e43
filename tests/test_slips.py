"""Numbers as people write them: what each is taken for, and what is offered instead."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.human.slips import FOOTNOTE, only_reading, readings, recognise_slip, tidy
from kpi.model.quantity import DURATION_SHAPE

NOT_AVAILABLE, ESTIMATED = "{marks: [not-available]}", "{value: 95, marks: [estimated]}"

ONE_MEANING = [
    ("95", "95"), ("-5", "-5"), ("4.10", "4.10"), ("007", "7"), ("+5", "5"), (".5", "0.5"), ("5.", "5"), ("1_000", "1000"), ("1e3", "1000"),
    ("95%", "95"), ("95 %", "95"), ("95 per cent", "95"), ("95 percent", "95"), ("95pc", "95"), ("1,376%", "1376"), ("-4.5%", "-4.5"),
    ("1,376", "1376"), ("12,345,678", "12345678"), ("1,376.5", "1376.5"), ("1,23,456", "123456"), ("0,5", "0.5"), ("0,123", "0.123"),
    ("1 234", "1234"), ("1 234,5", "1234.5"), ("1.234,5", "1234.5"), ("1.234.567", "1234567"), ("1'234", "1234"), ("1’234", "1234"),
    ("1\u00a0234", "1234"), ("1\u202f234", "1234"), ("12 .5", "12.5"), ("- 5", "-5"), ("–5", "5"), ("−5", "-5"), ("\uff19\uff15", "95"), ("\u0669\u0665", "95"),
    ("£12", "12"), ("£1,376", "1376"), ("€ 12", "12"), ("12 GBP", "12"), ("GBP 12", "12"), ("-£5", "-5"), ("£1.2m", "1200000"), ("$3bn", "3000000000"),
    ("12k", "12000"), ("1.2 million", "1200000"), ("3bn", "3000000000"),
    ("12 days", "12"), ("1 day", "1"), ("12kg", "12"), ("3.5 tonnes", "3.5"), ("126 kg/m²", "126"), ("1,376 people", "1376"),
    ("12 minutes", "12m"), ("3 hours", "3h"), ("90 sec", "90s"), ("1.5 hours", "1h30m"), ("1.5h", "1h30m"), ("1:44:30", "1h44m30s"), ("2H", "2h"), ("95 PERCENT", "95"), ("12K", "12000"), ("3 thousand", "3000"), ("3 BILLION", "3000000000"),
    ("17m 48s", "17m48s"), ("2 min 18 s", "2m18s"), ("2m18", "2m18s"), ("1h30", "1h30m"), ("0,5h", "30m"), ("1,234s", "1234s"), ("1 hour, 30 minutes", "1h30m"), ("12M18S", "12m18s"), ("2'25", "2m25s"), ("2m25s.", "2m25s"),
    ("O.5", "0.5"), ("1O", "10"), ("l2", "12"), ("95*", "95"), ("95²", "95"), ("95†", "95"), ("95[1]", "95"), ("95 [note 3]", "95"),
]  # fmt: skip
FOR_A_FIGURE = [
    ("n/a", NOT_AVAILABLE), ("N/A", NOT_AVAILABLE), ("-", NOT_AVAILABLE), ("–", NOT_AVAILABLE), ("tbc", NOT_AVAILABLE), ("..", NOT_AVAILABLE),
    ("[x]", NOT_AVAILABLE), ("not available", NOT_AVAILABLE), ("not applicable", "{marks: [not-applicable]}"), ("[c]", "{marks: [suppressed]}"),
    ("*", "{marks: [suppressed]}"), ("null", NOT_AVAILABLE), ("~", NOT_AVAILABLE), ("95p", "{value: 95, marks: [provisional]}"), ("95 (prov)", "{value: 95, marks: [provisional]}"),
    ("91 provisional", "{value: 91, marks: [provisional]}"), ("~95", ESTIMATED), ("c. 95", ESTIMATED), ("approx 95", ESTIMATED), ("95 [e]", ESTIMATED), ("95 (p)", "{value: 95, marks: [provisional]}"),
    ("1,376 [r]", "{value: 1376, marks: [revised]}"), (":", NOT_AVAILABLE), ("95p", "{value: 95, marks: [provisional]}"),
    ("95 r", "{value: 95, marks: [revised]}"), ("95 E", ESTIMATED), ("95 [u]", "{value: 95, marks: [low-reliability]}"),
    ("95 approx", ESTIMATED), ("95 low reliability", "{value: 95, marks: [low-reliability]}"),
]  # fmt: skip
MORE_THAN_ONE_MEANING = [
    ("9,2", "Write 9.2 or 92."),
    ("1,5", "Write 1.5 or 15."),
    ("2:18", "Say which: 2m18s or 2h18m."),
    ("1.2m", "Write 1200000 for millions, or a time such as 1m12s."),
    ("(5)", "Write -5 if it is below zero, or else 5."),
    ("nil", "Write 0 for a true zero, or {marks: [not-available]} where there is no figure."),
    ("2-3", 'For a figure write one number, with the range in "note:". In a target write "between: [2, 3]".'),
    (
        "92%-95%",
        'For a figure write one number, with the range in "note:". In a target write "between: [92, 95]".',
    ),
    ("<50", "Write the number alone. In a target, the field's name says the rest, such as more_than."),
    ("80+", "Write the number alone. In a target, the field's name says the rest, such as more_than."),
    (
        "5 or fewer",
        "Write the number alone. In a target, the field's name says the rest, such as more_than.",
    ),
    ("3b", "Write the billions in full, or 3 with the mark break."),
    ("1.5 B", "Write the billions in full, or 1.5 with the mark break."),
    ("5 é", "Type the number again."),
    ("1,25h", "Write 1h15m or 125h."),
    ("~1,5 min", "Write 1m30s or 15m."),
    ("95 [x]", "Write the number alone, or the mark alone."),
    ("Over 50", "Write the number alone. In a target, the field's name says the rest, such as more_than."),
    (
        "10 OR FEWER",
        "Write the number alone. In a target, the field's name says the rest, such as more_than.",
    ),
    ("12 out of 40", 'Write the share in "value:", with "numerator: 12" and "denominator: 40".'),
    ("12 of 40", 'Write the share in "value:", with "numerator: 12" and "denominator: 40".'),
    ("114/214", 'Write the share in "value:", with "numerator: 114" and "denominator: 214".'),
]
NO_NUMBER = ["", " ", "hello", "5-5", "5-4", "x 5", "1O.2.3", "1.2.3 kg", "ten", "Jan 24", "2023-01", "1.2.3", "13 76", "1,2,3", "0800 123", "12.5.2023", "2m18s", "No 5", "~1.5 m", "1,5h 10m", "1" * 16, "9" * 200,
             "95 people in 3 towns", "to be decided in 2025 by the board"]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), ONE_MEANING)
def test_one_meaning_is_offered_as_the_replacement(text: str, number: str) -> None:
    slip = recognise_slip(text)
    assert slip is not None
    assert (slip.replacement, slip.figure_only) == (number, False)
    assert number in slip.help
    assert slip.message.startswith('"')


@pytest.mark.parametrize(("text", "figure"), FOR_A_FIGURE)
def test_what_marks_can_say_is_offered_where_marks_can_stand(text: str, figure: str) -> None:
    slip = recognise_slip(text)
    assert slip is not None
    assert (slip.replacement, slip.help, slip.figure_only) == (figure, f"Write {figure}.", True)


@pytest.mark.parametrize(("text", "help_"), MORE_THAN_ONE_MEANING)
def test_where_there_are_two_meanings_the_writer_is_asked(text: str, help_: str) -> None:
    slip = recognise_slip(text)
    assert slip is not None
    assert (slip.help, slip.replacement) == (help_, None)


@pytest.mark.parametrize("text", ["<5", "< 10", "Under 3", "LESS THAN 7"])
def test_a_small_number_that_is_kept_back_is_a_mark_or_in_a_target_a_bound(text: str) -> None:
    slip = recognise_slip(text)
    assert slip is not None
    assert slip.wrong == "is not one number."
    assert (slip.replacement, slip.figure_only) == ("{marks: [suppressed]}", True)
    assert slip.help == "Write {marks: [suppressed]} where the number was too small to be given."
    assert slip.elsewhere == (
        "Write the number alone. In a target, the field's name says the rest, such as more_than."
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [("86;", "86"), ("= 86", "86"), ("=1,376", "1376"), ("12m18s;", "12m18s")],
)
def test_a_sign_around_a_number_is_left_out(text: str, number: str) -> None:
    slip = recognise_slip(text)
    assert slip is not None
    assert (slip.replacement, slip.mark, slip.help) == (number, "", f"Write {number}.")


@pytest.mark.parametrize("text", ["95*", "95 (q)", "95 [note 3]"])
def test_what_a_footnote_says_goes_in_a_note(text: str) -> None:
    slip = recognise_slip(text)
    assert slip is not None
    assert (slip.replacement, slip.why) == ("95", FOOTNOTE)
    assert slip.help == 'Write 95, and what it says in "note:".'


def test_a_number_in_quotes_is_written_without_them() -> None:
    slip = recognise_slip("95")
    assert slip is not None
    assert slip.help == "Write 95 without quotes."


def test_a_sign_behind_a_marked_number_keeps_the_mark() -> None:
    slip = recognise_slip("=95 [p]")
    assert slip is not None
    assert slip.replacement == "{value: 95, marks: [provisional]}"


@pytest.mark.parametrize("text", NO_NUMBER)
def test_no_number_is_read_into_other_texts(text: str) -> None:
    assert recognise_slip(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("95%", '"95%" has a % sign in it. The unit belongs in "unit:", once.'),
        ("1,376", '"1,376" has a comma in it.'),
        ("95", '"95" is in quotes, so it is read as text.'),
        ("O.5", '"O.5" has the letter "O" among its digits.'),
        ("12 days", '"12 days" has a unit in it. The unit belongs in "unit:", once.'),
        ("n/a", '"n/a" is not a number. A mark says why there is no figure.'),
        ("nil", '"nil" is not a number.'),
        ("95 PER CENT", '"95 PER CENT" has "PER CENT" in it. The unit belongs in "unit:", once.'),
        ("12 GBP", '"12 GBP" has a currency in it. The unit belongs in "unit:", once.'),
        ("12K", '"12K" has a word in place of the zeros.'),
        ("12M", '"12M" could be millions or minutes.'),
        ("12m", '"12m" could be millions or minutes.'),
        ("12M18S", '"12M18S" is not how a time is written.'),
        ("1.5 hours", '"1.5 hours" is not how a time is written.'),
        ("1:44:30", '"1:44:30" is not how a time is written.'),
        ("1e3", '"1e3" is not a plain number.'),
        ("+5", '"+5" has a plus sign in it.'),
        ("1 234", '"1 234" has a space in it.'),
        ("1'234", '"1\'234" has an apostrophe in it.'),
        ("\uff19\uff15", '"\uff19\uff15" is not written in plain digits.'),
        ("91 provisional", '"91 provisional" is not a plain number. A mark can say the rest.'),
        ("95 [p]", '"95 [p]" is not a plain number. A mark can say the rest.'),
        ("95*", '"95*" has a footnote in it.'),
        ("95 [q]", '"95 [q]" has a footnote in it.'),
        ("<5", '"<5" is not one number.'),
        ("95 [x]", '"95 [x]" has [x] beside a number, but that mark is for a missing one.'),
        ("86;", '"86;" has ";" after it.'),
        ("£86;", '"£86;" has ";" after it. The unit belongs in "unit:", once.'),
        ("= 86", '"= 86" has "=" before it.'),
        ("=86.", '"=86." has "=" before it.'),
        ("3b", '"3b" could be billions, or a figure after a break.'),
        ("5 é", '"5 é" has the letter "é" beside its digits.'),
        ("80+", '"80+" is not one number.'),
        ("2-3", '"2-3" is a range, not one number.'),
        ("114/214", '"114/214" is two numbers, not one.'),
        ("(5)", '"(5)" has brackets around it.'),
    ],
)
def test_the_message_says_what_is_wrong_with_the_text(text: str, message: str) -> None:
    slip = recognise_slip(text)
    assert slip is not None
    assert slip.message == message


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("£5", "{currency: GBP}"),
        ("€ 5", "{currency: EUR}"),
        ("5 USD", "{currency: USD}"),
        ("5 days", "days"),
        ("5 Day", "days"),
        ("5 week", "weeks"),
        ("5 WEEKS", "weeks"),
    ],
)
def test_a_unit_beside_the_number_is_told_as_a_file_writes_it(text: str, unit: str) -> None:
    slip = recognise_slip(text)
    assert slip is not None
    assert slip.help == f'Write 5, with "unit: {unit}".'


def test_a_word_beside_the_number_may_be_a_unit_or_what_is_counted() -> None:
    slip = recognise_slip("5 kg")
    assert slip is not None
    assert (slip.number, slip.help) == (
        "5",
        'Write 5. What is counted goes in "noun: kg", a unit in "unit: {name: kg}".',
    )


@pytest.mark.parametrize(
    ("text", "figure_only"),
    [("none", True), ("zero", True), ("nil", True), ("114/214", True), ("2-3", False), ("<50", False)],
)
def test_advice_that_only_a_dated_figure_can_follow_says_so(text: str, *, figure_only: bool) -> None:
    slip = recognise_slip(text)
    assert slip is not None
    assert (slip.replacement, slip.figure_only) == (None, figure_only)


@pytest.mark.parametrize("number", ["1" * 15, "0." + "1" * 15, "1" * 15 + "." + "1" * 15])
def test_fifteen_digits_on_either_side_are_not_too_many(number: str) -> None:
    assert readings(number) == (number,)


@pytest.mark.parametrize("text", ["1" * 15 + "1", "0." + "1" * 16])
def test_one_digit_more_is_no_number(text: str) -> None:
    assert readings(text) == ()


@pytest.mark.parametrize("space", ["\t", "\n", "\u2009"])
def test_any_white_space_is_a_space(space: str) -> None:
    assert tidy(f" 1{space}{space}234 ") == "1 234"


def test_a_text_of_the_greatest_length_is_looked_at_and_a_longer_one_is_not() -> None:
    longest = "5 " + "m" * 58

    assert recognise_slip(longest) is not None
    assert recognise_slip(longest + "m") is None


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)
PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")


@given(NUMBERS)
def test_a_number_is_found_again_in_every_hand(number: Decimal) -> None:
    plain = f"{number:f}"
    swapped = f"{number:,}".translate(str.maketrans(",.", ".,"))
    hands = [
        plain,
        f"+{plain}",
        f"{number:,}",
        f"{number:,}".replace(",", " "),
        f"{number:,}".replace(",", "'"),
        f"00{plain}",
    ]
    assert {only_reading(tidy(hand)) for hand in hands} == {plain}
    assert plain in readings(swapped)
    wrapped = [recognise_slip(text) for text in (f"{number:,}%", f"£{plain}", f"{plain} tonnes")]
    assert [slip and slip.replacement for slip in wrapped] == [plain] * 3


@given(st.text(alphabet="0123456789.,-+%£ :/()[]hmsOl~<eE'_aknprx²\u0660\uff10", max_size=14))
def test_every_replacement_can_stand_in_a_file(text: str) -> None:
    slip = recognise_slip(text)
    if slip is None or slip.replacement is None:
        return
    assert (
        slip.figure_only
        or PLAIN.fullmatch(slip.replacement)
        or re.fullmatch(DURATION_SHAPE, slip.replacement)
    )
    assert slip.replacement in slip.help


@given(st.text(max_size=80))
def test_any_text_at_all_is_answered(text: str) -> None:
    slip = recognise_slip(text)
    assert slip is None or (slip.message[-1] == "." and slip.help[-1] in ".)")
