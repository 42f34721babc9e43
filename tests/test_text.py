"""Text for people: hidden characters shown, lists joined, near misses found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.model.text import counted, display, joined, listed, nearest, quoted
from trials import trials

quick = trials(600)

UNTOUCHED = [
    "Answering 999 calls",
    "£1,234 – 5·4% “so”",
    "naïve café",
    "警察",
    "مرحبا",
    "שלום",
    "कानून",
    "👍🏽 ⚠\ufe0f",
    "a\u00a0b",
    "‹U+200B›",
]


@pytest.mark.parametrize("text", UNTOUCHED, ids=ascii)
def test_what_can_be_seen_is_shown_as_it_is(text: str) -> None:
    assert display(text) == text


HIDDEN = {
    "newline": ("a\nb", "a‹U+000A›b"),
    "tab": ("a\tb", "a‹U+0009›b"),
    "escape": ("\x1b[31m", "‹U+001B›[31m"),
    "null": ("\0", "‹U+0000›"),
    "delete": ("\x7f", "‹U+007F›"),
    "C1": ("\x9b", "‹U+009B›"),
    "next line": ("\x85", "‹U+0085›"),
    "soft hyphen": ("un\xadit", "un‹U+00AD›it"),
    "zero-width space": ("un\u200bit", "un‹U+200B›it"),
    "joiner": ("\u200d", "‹U+200D›"),
    "right to left": ("\u202etxt.exe", "‹U+202E›txt.exe"),
    "isolate": ("\u2066", "‹U+2066›"),
    "Arabic letter mark": ("\u061c", "‹U+061C›"),
    "line separator": ("\u2028", "‹U+2028›"),
    "byte order mark": ("\ufeffname", "‹U+FEFF›name"),
    "word joiner": ("\u2060", "‹U+2060›"),
    "Hangul filler": ("\u3164", "‹U+3164›"),
    "private use": ("\ue000\U0010fffd", "‹U+E000›‹U+10FFFD›"),
    "surrogate": ("\ud800", "‹U+D800›"),
    "non-character": ("\ufdd0\ufffe\U0001ffff", "‹U+FDD0›‹U+FFFE›‹U+1FFFF›"),
    "tag": ("\U000e0041", "‹U+E0041›"),
    "variation selector": ("a\U000e0100\ufe00", "a‹U+E0100›‹U+FE00›"),
}


@pytest.mark.parametrize(("text", "shown"), HIDDEN.values(), ids=HIDDEN)
def test_what_cannot_be_seen_is_shown_by_its_number(text: str, shown: str) -> None:
    assert display(text) == shown


def test_no_character_that_steers_a_terminal_or_a_line_is_ever_left() -> None:
    steering = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    left = [
        character
        for character in map(chr, range(0x110000))
        if unicodedata.category(character) in steering and display(character) == character
    ]

    assert left == []


@quick
@given(st.text(max_size=300), st.integers(1, 150))
def test_display_keeps_to_its_limit_and_hides_nothing(text: str, limit: int) -> None:
    shown = display(text, limit)

    assert len(shown) <= limit
    assert not any(
        unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for character in shown
    )
    assert display(shown, limit) == shown
    if shown != text and not shown.endswith("…"):
        assert shown == "".join(map(display, text))


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("ab\u200bcd", 12, "ab‹U+200B›cd"),
        ("ab\u200bcd", 11, "ab‹U+200B›…"),
        ("ab\u200bcd", 10, "ab…"),
        ("\n" * 1_000_000, 20, "‹U+000A›‹U+000A›…"),
        ("x" * 121, 120, "x" * 119 + "…"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_long_text_is_cut_and_a_number_is_never_cut_in_two(text: str, limit: int, shown: str) -> None:
    assert display(text, limit) == shown


def test_the_users_text_is_quoted_and_safe() -> None:
    assert quoted("Jan\n24") == '"Jan‹U+000A›24"'
    assert quoted("abcdef", 4) == '"abc…"'


@pytest.mark.parametrize(
    ("items", "last", "expected"),
    [
        ([], "and", ""),
        (["a"], "and", "a"),
        (["a", "b"], "and", "a and b"),
        (["a", "b", "c"], "and", "a, b and c"),
        (["a", "b", "c"], "or", "a, b or c"),
    ],
)
def test_items_are_joined_as_in_a_sentence(items: list[str], last: str, expected: str) -> None:
    assert joined(iter(items), last) == expected


@pytest.mark.parametrize(
    ("number", "limit", "expected"),
    [
        (0, 8, ""),
        (2, 8, "o0, o1"),
        (3, 3, "o0, o1, o2"),
        (20, 8, "o0, o1, o2, o3, o4, o5, o6, o7, … 12 more"),
    ],
)
def test_a_long_list_of_options_says_how_many_more(number: int, limit: int, expected: str) -> None:
    assert listed((f"o{n}" for n in range(number)), limit) == expected


@pytest.mark.parametrize(
    ("number", "noun", "plural", "expected"),
    [
        (0, "figure", None, "0 figures"),
        (1, "figure", None, "1 figure"),
        (3, "figure", None, "3 figures"),
        (1376, "figure", None, "1,376 figures"),
        (2, "query", "queries", "2 queries"),
        (1, "query", "queries", "1 query"),
    ],
)
def test_a_number_agrees_with_its_noun(number: int, noun: str, plural: str | None, expected: str) -> None:
    assert counted(number, noun, plural) == expected


FIELDS = ["title", "definition", "frequency", "unit", "measures", "at_least", "at_most", "on-time"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("frequncy", "frequency"),
        ("Frequency", "frequency"),
        ("TITEL", "title"),
        ("at-least", "at_least"),
        ("On Time", "on-time"),
        ("defintion", "definition"),
        ("measure", "measures"),
        ("colour", None),
        ("", None),
        ("x" * 100_000, None),
    ],
    ids=lambda word: str(word)[:20],
)
def test_the_nearest_option_is_found_or_none(word: str, expected: str | None) -> None:
    assert nearest(word, FIELDS) == expected


def test_nothing_is_nearest_among_no_options() -> None:
    assert nearest("title", []) is None
