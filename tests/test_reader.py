"""The one YAML reader: what values mean, where they stand, and what is told and passed over."""

from decimal import Decimal
from typing import Any

import pytest

from kpi.model.finding import FieldPath, Span
from kpi.store.reader import Comment, Document, line_end, read
from kpi.store.yaml import places


@pytest.fixture(params=["libyaml", "ruamel"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test with each of the two parsers."""
    if request.param == "ruamel":
        monkeypatch.setattr(places, "_c_parser", lambda: None)
    assert (places._c_parser() is None) == (request.param == "ruamel")
    return str(request.param)


def read_text(text: str) -> Document:
    return read(text.encode())


def rules(document: Document) -> list[str]:
    return [problem.rule for problem in document.problems]


def test_the_fast_parser_is_in_use() -> None:
    assert places._c_parser() is not None


GOOD = [
    ("a: text", "text"),
    ("a: 12", 12),
    ("a: -3", -3),
    ("a: 0", 0),
    ("a: 2.0", Decimal("2.0")),
    ("a: -0.50", Decimal("-0.50")),
    ("a: 123456789012345", 123456789012345),
    ("a: -123456789012345", -123456789012345),
    ("a: 0.12345678901234", Decimal("0.12345678901234")),
    ("a: true", True),
    ("a: false", False),
    ("a:", None),
    ("a:   # nothing yet", None),
    ("a: ''", ""),
    ('a: "yes"', "yes"),
    ("a: '010'", "010"),
    ('a: "12:27"', "12:27"),
    ("a: 2024-01-31", "2024-01-31"),
    ("a: 2024-01", "2024-01"),
    ("a: 2022/23", "2022/23"),
    ("a: 2022-23", "2022-23"),
    ("a: 2024-13-45", "2024-13-45"),
    ("a: 2022/23 Q1", "2022/23 Q1"),
    ("a: 12 months to 2022-12", "12 months to 2022-12"),
    ("a: 2023", 2023),
    ("a: 17m48s", "17m48s"),
    ("a: -10%", "-10%"),
    ("a: 1,376", "1,376"),
    ("a: 31.01.2024", "31.01.2024"),
    ("a: yes or no", "yes or no"),
    ("a: It's the team's £5 – ’é²", "It's the team's £5 – ’é²"),
    ("a: https://example.org/x#y", "https://example.org/x#y"),
    ("a: μg/m³ in Москва", "μg/m³ in Москва"),
    ('a: "x\\ty\\nz"', "x\ty\nz"),
    ('a: "x\u00a0y\tz"', "x\u00a0y\tz"),
    ("a: |\n  one\n  two", "one\ntwo\n"),
    ("a: >-\n  one\n  two\n\n  three", "one two\nthree"),
    ("a: |+\n  one", "one\n"),
    ('a: "one\n  two"', "one two"),
    ("a: [x, 2, 3.5, true]", ["x", 2, Decimal("3.5"), True]),
    ("a: {b: 1, c: [d]}", {"b": 1, "c": ["d"]}),
    ("a:\n- x\n- b: 1\n  c:\n  - 2", ["x", {"b": 1, "c": [2]}]),
    ("a: []", []),
    (
        'a:\n  2023: 1\n  2024-01-31: 2\n  2022/23: 3\n  "no": 4',
        {"2023": 1, "2024-01-31": 2, "2022/23": 3, "no": 4},
    ),
]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("text", "value"), GOOD, ids=[text for text, _ in GOOD])
def test_a_value_means_what_it_looks_like(text: str, value: object) -> None:
    document = read_text(f"{text}\n")

    assert document.problems == ()
    assert document.values == {"a": value}
    assert repr(document.values) == repr({"a": value})


def test_names_keep_the_order_of_the_file() -> None:
    values = read_text("z: 1\na: 2\nm: 3\n").values
    assert values is not None
    assert list(values) == ["z", "a", "m"]


UNCLEAR = [
    # typed, a reading that must be shown, what to write (None: nothing certain)
    ("yes", "true", '"yes"'),
    ("No", "false", '"No"'),
    ("ON", "true", '"ON"'),
    ("n", "false", '"n"'),
    ("True", "true", "true"),
    ("FALSE", "false", "false"),
    ("~", "nothing", None),
    ("null", "nothing", None),
    ("NULL", "nothing", None),
    ("010", "eights", "10"),
    ("017", "eights", "17"),
    ("089", "a number", "89"),
    ("1_000", "a number", "1000"),
    ("1_000.5", "a number", "1000.5"),
    ("1e3", "a number", "1000"),
    ("1.5E-2", "a number", "0.015"),
    ("1e999", "a number", None),
    ("+5", "a number", "5"),
    (".5", "a number", "0.5"),
    ("-.5", "a number", "-0.5"),
    ("5.", "a number", "5"),
    ("-0", "a number", "0"),
    ("0x1F", "a number", "31"),
    ("0o17", "a number", "15"),
    ("0b101", "a number", "5"),
    ("1:30", "a number", "1m30s"),
    ("12:27", "a number", "12m27s"),
    ("1:44:30", "a number", "1h44m30s"),
    ("0:30", "a number", "0m30s"),
    ("1:30.5", "a number", None),
    (".nan", ".nan", None),
    ("-.inf", "-.inf", None),
    ("=", "a sign", '"="'),
    ("<<", "a sign", '"<<"'),
    ("2024-01-31 12:00:00", "moment", "2024-01-31"),
]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("typed", "reading", "instead"), UNCLEAR, ids=[row[0] for row in UNCLEAR])
def test_a_value_that_programs_read_differently_is_told_and_kept_as_text(
    typed: str, reading: str, instead: str | None
) -> None:
    document = read_text(f"a: {typed}\nb: 1\n")

    assert document.values == {"a": typed, "b": 1}
    [problem] = document.problems
    assert problem.rule == "forbidden-yaml"
    assert typed in problem.message
    assert reading in problem.message
    assert problem.replacement == instead
    assert problem.span == Span(1, 4, 1, 4 + len(typed), 3, 3 + len(typed))


@pytest.mark.parametrize(
    "name", ["yes", "Off", "null", "~", "true", "1.5", "010", "12", "1_000", "0123", "1:30"]
)
def test_a_name_that_programs_read_differently_is_told_and_kept(name: str) -> None:
    document = read_text(f"{name}: 1\n")

    assert document.values == {name: 1}
    assert [(problem.rule, problem.replacement) for problem in document.problems] == [
        ("forbidden-yaml", f'"{name}"')
    ]


@pytest.mark.parametrize("typed", ["1234567890123456", "0.1234567890123456", "1" * 5000, "-" + "9" * 16])
def test_more_than_fifteen_digits_are_too_many(typed: str) -> None:
    document = read_text(f"a: {typed}\n")

    assert document.values == {"a": typed}
    assert rules(document) == ["too-large"]


PLACES_TEXT = """\
title: Où £5  # why
measures:
  one:
    targets: [{at_least: 90}, 5]
    empty:
    note: |
      Two
      lines

  # between
  two:
  - x
  - "y z"
last: 'é😀'
"""
PLACES: list[tuple[FieldPath, bool, tuple[int, int, int, int], str]] = [
    ((), True, (1, 1, 1, 6), "title"),
    (("title",), True, (1, 1, 1, 6), "title"),
    (("title",), False, (1, 8, 1, 13), "Où £5"),
    (("measures", "one", "targets"), False, (4, 14, 4, 33), "[{at_least: 90}, 5]"),
    (("measures", "one", "targets", 0), False, (4, 15, 4, 29), "{at_least: 90}"),
    (("measures", "one", "targets", 0), True, (4, 15, 4, 29), "{at_least: 90}"),
    (("measures", "one", "targets", 0, "at_least"), True, (4, 16, 4, 24), "at_least"),
    (("measures", "one", "targets", 0, "at_least"), False, (4, 26, 4, 28), "90"),
    (("measures", "one", "targets", 1), True, (4, 31, 4, 32), "5"),
    (("measures", "one", "empty"), False, (5, 11, 5, 11), ""),
    (("measures", "one", "note"), False, (6, 11, 8, 12), "|\n      Two\n      lines"),
    (("measures", "two"), True, (11, 3, 11, 6), "two"),
    (("measures", "two"), False, (12, 3, 13, 10), '- x\n  - "y z"'),
    (("measures", "two", 1), False, (13, 5, 13, 10), '"y z"'),
    (("last",), False, (14, 7, 14, 11), "'é😀'"),
    (("measures", "two", "missing"), False, (12, 3, 13, 10), '- x\n  - "y z"'),
    (("measures", "three", "unit"), True, (2, 1, 2, 9), "measures"),
]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_every_name_and_value_has_its_place(newline: str) -> None:
    document = read_text(PLACES_TEXT.replace("\n", newline))

    assert document.problems == ()
    assert line_end(document.text) == newline
    for where, on_key, place, source in PLACES:
        span = document.span(where, on_key)
        assert span[:4] == place, (where, on_key)
        assert document.source(span) == source.replace("\n", newline), (where, on_key)


def test_the_place_of_the_whole_file_is_its_fields() -> None:
    document = read_text("# c\na: 1\n\nb: [2]\n# d\n")
    assert document.source(document.span(())) == "a: 1\n\nb: [2]"


@pytest.mark.usefixtures("parser")
def test_comments_are_found_outside_texts_only() -> None:
    text = '# one\na: "x # no"  #two \nb: |\n  # no\n  x\n# three\nc: [y] # kpi: ignore[x] why\nd: x#no\n#'
    document = read_text(f"{text}\n")

    assert document.comments() == (
        Comment(1, 1, "one"),
        Comment(2, 14, "two"),
        Comment(6, 1, "three"),
        Comment(7, 8, "kpi: ignore[x] why"),
        Comment(9, 1, ""),
    )


def test_a_byte_order_mark_and_a_missing_line_end_are_only_warned_of() -> None:
    document = read("\ufeffa: 1\r\nb: |\r\n  x".encode())

    assert document.values == {"a": 1, "b": "x\n"}
    assert document.text == "a: 1\r\nb: |\r\n  x"
    assert [(problem.rule, problem.replacement) for problem in document.problems] == [
        ("not-formatted", None),
        ("not-formatted", "\r\n"),
    ]


PASSED_OVER: list[tuple[str, dict[str, Any], list[str]]] = [
    ("a: 1\nb: 2\na: 3\n", {"a": 1, "b": 2}, ["duplicate-key"]),
    ("a: {x: 1, x: [2]}\n", {"a": {"x": 1}}, ["duplicate-key"]),
    ("a: &one 1\nb: *one\n", {"a": 1, "b": "*one"}, ["forbidden-yaml"] * 2),
    ("a: &one\n  x: 1\nb:\n  <<: *one\n", {"a": {"x": 1}, "b": {"<<": "*one"}}, ["forbidden-yaml"] * 3),
    ("a: &a [*a]\n", {"a": ["*a"]}, ["forbidden-yaml"] * 2),
    ("a: !!python/object/apply:os.system [ls]\n", {"a": ["ls"]}, ["forbidden-yaml"]),
    ("a: !!str 5\n", {"a": 5}, ["forbidden-yaml"]),
    ("a: [x: 1]\n", {"a": [{"x": 1}]}, ["forbidden-yaml"]),
    ("a: [x,\n  z]\n", {"a": ["x", "z"]}, ["forbidden-yaml"]),
    ("a: one\n  two\n", {"a": "one two"}, ["forbidden-yaml"]),
    ("? a\n: 1\n", {"a": 1}, ["forbidden-yaml"]),
    ("a: # why\n  b\n", {"a": "b"}, ["forbidden-yaml"]),
    ("a:\n- # why\n  b\n", {"a": ["b"]}, ["forbidden-yaml"]),
    ("a: # why\r\n\r\n  b\r\n", {"a": "b"}, ["forbidden-yaml"]),
    ("a: # why\n  b: 1\n", {"a": {"b": 1}}, []),
    ("a: |2\n    x\n", {"a": "  x\n"}, ["forbidden-yaml"]),
    ("a: | # why\n  x\n", {"a": "x\n"}, ["forbidden-yaml"]),
    ("a: 'x'#why\n", {"a": "x"}, ["forbidden-yaml"]),
    ('a: "one\ntwo"\n', {"a": "one two"}, ["forbidden-yaml"]),
    ("---\na: 1\n", {"a": 1}, []),
]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("text", "values", "actual"), PASSED_OVER, ids=[row[0] for row in PASSED_OVER])
def test_what_kpi_files_do_not_use_is_told_and_passed_over(
    text: str, values: dict[str, object], actual: list[str]
) -> None:
    document = read_text(text)

    assert document.values == values
    assert rules(document) == actual


def test_a_name_written_twice_is_told_with_both_lines_at_the_second() -> None:
    [problem] = read_text("unit: percent\nkind: average\nunit: count\n").problems

    assert problem.message == '"unit" is written twice (lines 1 and 3).'
    assert problem.span == Span(3, 1, 3, 5, 28, 32)


def test_all_problems_of_a_file_are_told_at_once_in_its_order() -> None:
    document = read_text("a: yes\nb: Target: 95%\nb: 010\nun\u200bit: x\nd: @team\ne: &x 1\nf: 1\nf: 2\n")

    assert document.values is None
    assert [(problem.span.line, problem.rule) for problem in document.problems if problem.span] == [
        (1, "forbidden-yaml"),
        (2, "yaml-syntax"),
        (3, "forbidden-yaml"),
        (4, "hidden-character"),
        (5, "yaml-syntax"),
        (6, "forbidden-yaml"),
        (8, "duplicate-key"),
    ]
