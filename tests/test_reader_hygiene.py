"""What the reader says of bytes and characters: encodings, hidden characters, tabs, traces of a merge."""

import re

import pytest

from kpi.model.finding import Problem
from kpi.store.reader import read
from kpi.store.yaml import places
from reader_words import check_words, in_words


@pytest.fixture(params=["libyaml", "ruamel"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs every test with each of the two parsers."""
    if request.param == "ruamel":
        monkeypatch.setattr(places, "_c_parser", lambda: None)


def only_problem(data: bytes) -> Problem:
    [problem] = read(data).problems
    return problem


HIDDEN = [
    ("un\u200bit: x\n", {"unit": "x"}, (1, 3), '(U+200B, zero width space) in column 3: "un‹U+200B›it:"', ""),
    ("a: x\u202ey\n", {"a": "xy"}, (1, 5), "U+202E", ""),
    ("a: x\u2066y\n", {"a": "xy"}, (1, 5), "U+2066", ""),
    ("a: co\xadop\n", {"a": "coop"}, (1, 6), "soft hyphen", ""),
    ("a: \ufeffx\n", {"a": "x"}, (1, 4), "U+FEFF", ""),
    ("a: x\x00y\n", {"a": "xy"}, (1, 5), "U+0000", ""),
    ("a: \x1b[31mx\n", {"a": "[31mx"}, (1, 4), "U+001B", ""),
    ("a: x\x9by\n", {"a": "xy"}, (1, 5), "U+009B", ""),
    ("a: 9\u200b5\n", {"a": 95}, (1, 5), "U+200B", ""),
    ("a: x\u2028y\n", {"a": "x y"}, (1, 5), "odd line break (U+2028, line separator)", " "),
    ("a: x\x85y\n", {"a": "x y"}, (1, 5), "odd line break (U+0085)", " "),
    ("a: x\ry\n", {"a": "x y"}, (1, 5), "odd line break (U+000D)", " "),
    ("\xa0\xa0a: 1\n", {"a": 1}, (1, 1), "no-break space", "  "),
    ("a: 10\u202f000\n", {"a": "10 000"}, (1, 6), "narrow no-break space", " "),
    ("a: |\n  x\xa0y\n", {"a": "x y\n"}, (2, 4), "no-break space", " "),
    ("a: 1 # x\u200by\n", {"a": 1}, (1, 9), "U+200B", ""),
    ("a: x\ufffdy\n", {"a": "x\ufffdy"}, (1, 5), "letter was lost", None),
    ("un\u0456t: x\n", {"unit": "x"}, (1, 1), '"і" in "unіt" is Cyrillic (U+0456)', "unit"),
    ("a: H\u03bfmicide\n", {"a": "Homicide"}, (1, 4), "is Greek (U+03BF)", "Homicide"),
    ('a: "\\u202ex"\n', {"a": "\u202ex"}, (1, 4), "U+202E", None),
    ('a: "\\e[31mx"\n', {"a": "\x1b[31mx"}, (1, 4), "U+001B", None),
    ('a: "x\\x00"\n', {"a": "x\x00"}, (1, 4), "U+0000", None),
]


@pytest.mark.parametrize(
    ("text", "values", "place", "words", "instead"), HIDDEN, ids=[ascii(row[0])[1:-3] for row in HIDDEN]
)
def test_hidden_characters_are_named_with_their_column(
    text: str, values: dict[str, object], place: tuple[int, int], words: str, instead: str | None
) -> None:
    document = read(text.encode())

    assert document.values == values
    problem = document.problems[0]
    assert problem.rule == "hidden-character"
    assert problem.span is not None
    assert problem.span[:2] == place
    assert words in problem.message
    assert not re.search("[\u200b\u202e\u2066\xad\ufeff\x00\x1b\x9b\u2028\x85\r\xa0\u202f]", problem.message)
    assert problem.replacement == instead


@pytest.mark.parametrize("below", ["...\n", "---\nb: 1\n", "? [b]\n: 1\n", "b: &c !d e\n"])
@pytest.mark.parametrize(("line", "rule"), [("a:\xa0x\n", "hidden-character"), ("a:\tx\n", "yaml-syntax")])
def test_an_odd_space_is_told_beside_a_line_that_only_the_reader_refuses(
    line: str, rule: str, below: str
) -> None:
    first, *others = read(f"{line}{below}".encode()).problems

    assert (first.rule, first.replacement) == (rule, " ")
    assert others
    assert all(problem.span is not None and problem.span.line > 1 for problem in others)


def test_odd_spaces_are_not_looked_for_in_more_brackets_than_a_file_may_have() -> None:
    [problem] = read(f"a:\xa0x\n---\nb: {'[' * 5_000}{']' * 5_000}\n".encode()).problems

    assert problem.rule == "forbidden-yaml"


def test_a_hidden_character_is_not_told_a_second_time_by_what_it_breaks() -> None:
    problems = read(b"a: 1\rb: 2\nc: 3\n").problems
    assert [problem.rule for problem in problems] == ["hidden-character"]


def test_every_tab_at_the_start_of_a_line_is_told() -> None:
    problems = read(b"a:\n\tb: 1\n \tc: 2\n\t# d\n").problems
    assert [problem.span.line for problem in problems if problem.span] == [2, 3, 4]


ENCODINGS = [
    (
        "a: 1\nb: café\n".encode("cp1252"),
        (2, 7),
        "Line 2 has a character that is not UTF-8 (byte 12 of the file, 0xE9).",
        '"é"',
    ),
    (
        b"\xef\xbb\xbfa: 1\n\xa3\n",
        (2, 1),
        "Line 2 has a character that is not UTF-8 (byte 9 of the file, 0xA3)",
        '"£"',
    ),
    (b"a: \x81\n", (1, 4), "0x81", ""),
    ("a: 1\n".encode("utf-16"), (1, 1), "UTF-16", ""),
    ("a: 1\n".encode("utf-16-le"), (1, 1), "UTF-16", ""),
    ("a: 1\n".encode("utf-16-be"), (1, 1), "UTF-16", ""),
    ("a: é”\n".encode("utf-16-le"), (1, 1), "UTF-16", ""),
]


@pytest.mark.parametrize(
    ("data", "place", "words", "guess"), ENCODINGS, ids=[repr(row[0]) for row in ENCODINGS]
)
def test_other_encodings_are_guessed(data: bytes, place: tuple[int, int], words: str, guess: str) -> None:
    document = read(data)

    assert document.values is None
    problem = only_problem(data)
    assert problem.rule == "not-utf8"
    assert words in problem.message
    assert guess in problem.message
    assert problem.span is not None
    assert problem.span[:2] == place


MERGED = "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\nc: 1\n"


def test_two_versions_of_the_same_lines_are_told_before_anything_else() -> None:
    problem = only_problem(MERGED.encode())

    assert problem.rule == "merge-conflict"
    assert in_words(problem) == (
        'Lines 2–6 hold two versions of the same text. With both, "b" is there twice. '
        "Keep one of the two and all other lines, and delete the <<<<<<<, ======= and >>>>>>> lines."
    )
    assert problem.span is not None
    assert problem.span[:4] == (2, 1, 6, 14)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (MERGED + MERGED, [2, 9]),
        (MERGED.replace("=======\n", "||||||| base\nb: 0\n=======\n"), [2]),
        (MERGED.replace("\n", "\r\n"), [2]),
        ("a: 1\n=======\nb: 1\n", [2]),
        ("a: 1\n>>>>>>> other\n", [2]),
        ("<<<<<<< HEAD\na: 1\n", [1]),
        ("a: <<<<<<<\nb: |\n  =======\n", []),
        ("a: 1\n# =======\n", []),
    ],
)
def test_every_trace_of_a_merge_is_told(text: str, lines: list[int]) -> None:
    problems = [problem for problem in read(text.encode()).problems if problem.rule == "merge-conflict"]
    assert [problem.span.line for problem in problems if problem.span] == lines


@pytest.mark.parametrize(
    ("ours", "theirs", "help_", "kept"),
    [
        (
            "b: 1\n",
            "d: 2\n",
            "They have different lines. Keep all that nobody took out on purpose",
            "b: 1\nd: 2",
        ),
        (
            "b:\n  x: 1\n",
            "d:\n  x: 1\n",
            "They have different lines. Keep all that nobody took out on purpose",
            "b:\n  x: 1\nd:\n  x: 1",
        ),
        (
            "2024-01-31: 1\n",
            "2024-02-29: 1 # late\n",
            "They have different lines",
            "2024-01-31: 1\n2024-02-29: 1 # late",
        ),
        ("b: 1\n# x\n", "\nd: 2\n", "They have different lines", "b: 1\n# x\n\nd: 2"),
        (
            "b: 1\n",
            "b: 2\nd: 2\n",
            'With both, "b" is there twice. Keep one of the two and all other lines',
            None,
        ),
        ("b: 1\nd: 1\n", "b: 2\nd: 2\n", 'With both, "b", "d" are there twice. Keep one of each', None),
        ("b: 1\n", "  d: 2\n", "Write what is right of both", None),
        ("b:\n", "d:\n", "They have different lines", "b:\nd:"),
        ("b: 1\n", "", "Write what is right of both", None),
        ("some text\n", "d: 2\n", "Write what is right of both", None),
        ("b: 1\n", "d: |\n", "Write what is right of both", None),
        ("b: {c: 1,\n", "d: 2\n", "Write what is right of both", None),
        ("  b: 1\nc: 2\n", "  d: 2\n", "Write what is right of both", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("base", ["", "||||||| 1234567\nb: 0\n"], ids=["two", "with what both began with"])
def test_two_versions_become_one_where_that_is_sure(
    ours: str, theirs: str, help_: str, kept: str | None, end: str, base: str
) -> None:
    text = f"a: 1\n<<<<<<< HEAD\n{ours}{base}=======\n{theirs}>>>>>>> other\nc: 1\n".replace("\n", end)
    (problem,) = [item for item in read(text.encode()).problems if item.rule == "merge-conflict"]

    assert (
        problem.help
        == problem.help.partition(", and delete")[0] + ", and delete the <<<<<<<, ======= and >>>>>>> lines."
    )
    assert problem.help.startswith(help_)
    assert problem.replacement == (kept and kept.replace("\n", end))


def test_all_of_it_is_said_in_plain_words() -> None:
    texts = [MERGED, *(row[0] for row in HIDDEN)]
    documents = (
        [read(text.encode()) for text in texts]
        + [read(row[0]) for row in ENCODINGS]
        + [read(b"a" * 2_000_000)]
    )
    assert check_words(documents) > 25
