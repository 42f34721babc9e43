"""What the reader says of the usual slips in YAML: plain words, the right line, and text that mends it."""

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


SLIPS = [
    # name, file, place, what is told, text to write instead
    (
        "colon in text",
        "title: Target: 95%\n",
        (1, 8, 1, 19),
        'The text after "title:" contains a colon, so it needs quotes. Write: title: "Target: 95%"',
        '"Target: 95%"',
    ),
    (
        "colon in text before a comment",
        "a: 1\ntitle: Target: 95% # why\n",
        (2, 8, 2, 19),
        'The text after "title:" contains a colon, so it needs quotes. Write: title: "Target: 95%"',
        '"Target: 95%"',
    ),
    (
        "colon in the text of a list item",
        "a:\n  - note: So: yes\n",
        (2, 11, 2, 18),
        'The text after "note:" contains a colon, so it needs quotes. Write: note: "So: yes"',
        '"So: yes"',
    ),
    (
        "colon and double quotes in text",
        'a: The "best": yes\n',
        (1, 4, 1, 19),
        'The text after "a:" contains a colon, so it needs quotes. Write: a: \'The "best": yes\'',
        "'The \"best\": yes'",
    ),
    (
        "a tag with a per cent sign, which has no quotes and no backslash",
        "title: !%zz\n",
        (1, 8, 1, 12),
        'At the start of a value "!" has a special meaning. The text "!%zz" needs quotes. Write: title: "!%zz"',
        '"!%zz"',
    ),
    (
        "curly quotes",
        "title: “Target: 95%”\n",
        (1, 8, 1, 21),
        'Curly quotes don\'t count as quotes. Use straight ones. Write: title: "Target: 95%"',
        '"Target: 95%"',
    ),
    (
        "at sign",
        "owner: @alice\n",
        (1, 8, 1, 14),
        'At the start of a value "@" has a special meaning. The text "@alice" needs quotes. Write: owner: "@alice"',
        '"@alice"',
    ),
    (
        "backtick",
        "a: `x`\n",
        (1, 4, 1, 7),
        'At the start of a value "`" has a special meaning. The text "`x`" needs quotes. Write: a: "`x`"',
        '"`x`"',
    ),
    (
        "per cent sign",
        "a:\n  - %95\n",
        (2, 5, 2, 8),
        'At the start of a value "%" has a special meaning. The text "%95" needs quotes. Write: "%95"',
        '"%95"',
    ),
    (
        "asterisks",
        "a: **bold**\nb: 1\n",
        (1, 4, 1, 12),
        'At the start of a value "*" has a special meaning. The text "**bold**" needs quotes. Write: a: "**bold**"',
        '"**bold**"',
    ),
    (
        "ampersand",
        "a: & Co\n",
        (1, 4, 1, 8),
        'At the start of a value "&" has a special meaning. The text "& Co" needs quotes. Write: a: "& Co"',
        '"& Co"',
    ),
    (
        "more than",
        "a: >50%\n",
        (1, 4, 1, 8),
        'At the start of a value ">" has a special meaning. The text ">50%" needs quotes. Write: a: ">50%"',
        '">50%"',
    ),
    (
        "bar",
        "a: |text\n",
        (1, 4, 1, 9),
        'At the start of a value "|" has a special meaning. The text "|text" needs quotes. Write: a: "|text"',
        '"|text"',
    ),
    (
        "text that starts with brackets",
        "a: [draft] Title\nb: 1\n",
        (1, 4, 1, 17),
        'The brackets end before the text "[draft] Title" does. Write: a: "[draft] Title"',
        '"[draft] Title"',
    ),
    (
        "text that starts with quotes",
        'a: "Safe" streets\nb: 1\n',
        (1, 4, 1, 18),
        'The quotes end before the text ""Safe" streets" does. Write: a: \'"Safe" streets\'',
        "'\"Safe\" streets'",
    ),
    (
        "apostrophe in single quotes",
        "a: 'it's'\nb: 1\n",
        (1, 4, 1, 10),
        "The quotes end before the text \"'it's'\" does. Write: a: \"it's\"",
        '"it\'s"',
    ),
    (
        "bracket not closed",
        "a: [x, z\nb: 1\nc: 2\n",
        (1, 4, 1, 9),
        'The "[" in column 4 is not closed on its line. Write: a: [x, z]',
        "[x, z]",
    ),
    (
        "brace not closed",
        "a: 1\nb: {x: 1\n",
        (2, 4, 2, 9),
        'The "{" in column 4 is not closed on its line. Write: b: {x: 1}',
        "{x: 1}",
    ),
    (
        "bracket closed by a brace",
        "a: [1, 2}\n",
        (1, 9, 1, 10),
        '"[" is closed by "}". Write: ]',
        "]",
    ),
    (
        "one bracket too many",
        "a: [1, 2]]\n",
        (1, 10, 1, 11),
        '"]" doesn\'t belong behind "[1, 2]". Delete it.',
        "",
    ),
    (
        "a quote behind the brackets",
        'a: [1, 2]"\n',
        (1, 10, 1, 11),
        '""" doesn\'t belong behind "[1, 2]". Delete it.',
        "",
    ),
    (
        "brackets behind the braces",
        "a: {b: 1} [c]\n",
        (1, 1, 1, 14),
        '"[c]" doesn\'t belong behind "{b: 1}". Take "[c]" away, or write it between the brackets.',
        None,
    ),
    (
        "two commas",
        "a: [1, , 2]\n",
        (1, 8, 1, 9),
        "There is nothing before this comma. Delete it.",
        "",
    ),
    (
        "missing comma",
        "a: {value: 5 marks: [x]}\n",
        (1, 4, 1, 25),
        'A comma is missing in "{value: 5 marks: [x]}". Write: a: {value: 5, marks: [x]}',
        "{value: 5, marks: [x]}",
    ),
    (
        "colon in brackets",
        "a: [12:27, 3]\n",
        (1, 5, 1, 10),
        'Inside [ ] and { } the text "12:27" needs quotes, or a space after its colon. Write: "12:27"',
        '"12:27"',
    ),
    (
        "no space after the colon, first line",
        "title:Text\nunit: x\n",
        (1, 1, 1, 11),
        'There is no colon with a space after "title". Write: title: Text',
        "title: Text",
    ),
    (
        "no space after the colon, further down",
        "a: 1\nunit:count\nb: 2\n",
        (2, 1, 2, 11),
        'There is no colon with a space after "unit". Write: unit: count',
        "unit: count",
    ),
    (
        "no space after the colon, alone below a name",
        "a:\n  unit:count\n",
        (2, 3, 2, 13),
        'There is no colon with a space after "unit". Write: unit: count',
        "unit: count",
    ),
    (
        "no space after the dash",
        "a:\n  - x\n  -z\n",
        (3, 3, 3, 5),
        'There is no dash with a space before "z". Write: - z',
        "- z",
    ),
    (
        "no space after the dash before a name",
        "a:\n  -at_least: 9\n",
        (2, 3, 2, 15),
        'There is no dash with a space before "at_least: 9". Write: - at_least: 9',
        "- at_least: 9",
    ),
    (
        "wide colon",
        "title：Text\nunit: x\n",
        (1, 1, 1, 11),
        'There is no colon with a space after "title". Write: title: Text',
        "title: Text",
    ),
    (
        "no colon",
        "a: 1\nSome text\nb: 2\n",
        (2, 1, 2, 10),
        'The line "Some text" has no name with a colon. Write it as a name, a colon, a space and the value.',
        None,
    ),
    (
        "nothing before the colon",
        "a: 1\n: 2\n",
        (2, 1, 2, 4),
        'The line ": 2" has no name with a colon. Write it as a name, a colon, a space and the value.',
        None,
    ),
    (
        "quote not closed",
        'a: 1\nb: "Safe\nc: 1\nd: 2\n',
        (2, 4, 2, 9),
        (
            "The double quote in column 4 is not closed on its line. "
            "Close it at the end of the text, or put all of it in single quotes if the sign is part of it."
        ),
        '"Safe"',
    ),
    (
        "quote closed by one further down",
        'a: "Safe\nb: "x"\nc: 2\n',
        (1, 4, 1, 9),
        (
            "The double quote in column 4 is not closed on its line. "
            "Close it at the end of the text, or put all of it in single quotes if the sign is part of it."
        ),
        '"Safe"',
    ),
    (
        "quote that swallows a field",
        'a: "Safe\nb: x"\nc: 2\n',
        (1, 4, 2, 6),
        'The text in quotes that starts here goes on into the line "b: x"". Close the quotes on the line where they open.',
        None,
    ),
    (
        "backslash",
        'a: "C:\\data"\n',
        (1, 4, 1, 13),
        "In double quotes a backslash starts a code, and this one is not known. Write: a: 'C:\\data'",
        "'C:\\data'",
    ),
    (
        "indented by three",
        "m:\n  a:\n    u: x\n   b: z\n",
        (4, 4, 4, 8),
        (
            "This line is indented by 3 spaces, which doesn't fit the lines around it. "
            'Start it with 4 spaces, like "u", or start it with 2 spaces, like "a".'
        ),
        None,
    ),
    (
        "indented below a value",
        "title: x\n unit: count\n",
        (2, 1, 2, 13),
        (
            "This line is indented by 1 space, which doesn't fit the lines around it. "
            'Start it at the left edge, like "title".'
        ),
        "unit: count",
    ),
    (
        "not indented after an indented start",
        "  title: x\nunit: count\nbetter: lower\n",
        (1, 1, 1, 11),
        "This line is indented by 2 spaces, which doesn't fit the lines around it. Start it at the left edge.",
        "title: x",
    ),
    (
        "field among items",
        "targets:\n  - a: 1\n  b: 2\n",
        (3, 3, 3, 7),
        (
            "This line is indented by 2 spaces, which doesn't fit the lines around it. "
            'Start it at the left edge, like "targets", or start it with 4 spaces, like "a".'
        ),
        None,
    ),
    (
        "item after a value",
        "a: 1\n- b\n",
        (1, 1, 1, 5),
        '"a:" has the value "1", and list items below it. Delete the value, or the items.',
        None,
    ),
    (
        "items after the text of their field",
        "title: x\nsources: board-paper\n  - minutes\n  - survey\n",
        (2, 1, 2, 21),
        '"sources:" has the value "board-paper", and list items below it. Delete the value, or the items.',
        None,
    ),
    (
        "item too far to the right",
        "a:\n- b\n  - c\n",
        (2, 1, 2, 4),
        "This line is not indented, which doesn't fit the lines around it. Start it with 2 spaces.",
        "  - b",
    ),
    (
        "list on the line of its name",
        "a: - x\n",
        (1, 3, 1, 7),
        'A dash starts a list, which can\'t be on the line of its name, "a:". Write each item on a line of its own below the name.',
        "\n  - x",
    ),
    (
        "dash alone",
        "observations:\n  2023: -\n",
        (2, 9, 2, 10),
        '"-" is not a number. A mark says why there is no figure. Write {marks: [not-available]}.',
        "{marks: [not-available]}",
    ),
    (
        "dash alone, not for a figure",
        "owner: -\n",
        (1, 8, 1, 9),
        'A dash starts a list, which can\'t be on the line of its name, "owner:". Write: owner: "-"',
        '"-"',
    ),
    (
        "no space after a period's colon",
        "2022/23:91\n",
        (1, 1, 1, 11),
        'There is no colon with a space after "2022/23". Write: 2022/23: 91',
        "2022/23: 91",
    ),
    (
        "text block without indentation",
        "a: |\n  one\n two\nb: 1\n",
        (3, 1, 3, 5),
        'This line is indented by 1 space, which doesn\'t fit the lines around it. Start it with 2 spaces, like "one".',
        "  two",
    ),
    (
        "empty text block",
        "a: >\nb: 1\n",
        (1, 4, 1, 5),
        'There is no text below this ">". Indent the text below it, or leave the field out.',
        None,
    ),
    (
        "tab at the start",
        "a:\n\tb: 1\n",
        (2, 1, 2, 6),
        "This line starts with a tab. YAML allows only spaces there. Start it with 2 spaces instead.",
        "  b: 1",
    ),
    (
        "tab after the colon",
        "a:\t1\n",
        (1, 3, 1, 4),
        "There is a tab in column 3. Some programs can't read a tab outside quotes. Use a space instead.",
        " ",
    ),
    ("empty file", "", (1, 1, 1, 1), "This file is empty. Write its fields.", None),
    (
        "only comments",
        "# later\n",
        (1, 1, 1, 8),
        "This file is empty except for comments. Write its fields.",
        None,
    ),
    (
        "list at the top",
        "- a\n- b\n",
        (1, 1, 1, 4),
        "This file starts with a list. It should start with a field. Start with a line such as title: Calls answered",
        None,
    ),
]


@pytest.mark.parametrize(
    ("text", "place", "words", "instead"), [row[1:] for row in SLIPS], ids=[row[0] for row in SLIPS]
)
def test_a_usual_slip_has_words_of_its_own(
    text: str, place: tuple[int, int, int, int], words: str, instead: str | None
) -> None:
    problem = only_problem(text.encode())

    assert in_words(problem) == words
    assert problem.span is not None
    assert problem.span[:4] == place
    assert problem.replacement == instead


CLEAR_CUT = [row for row in SLIPS if row[4] is not None]


@pytest.mark.parametrize("text", [row[1] for row in CLEAR_CUT], ids=[row[0] for row in CLEAR_CUT])
def test_what_is_offered_instead_mends_the_line(text: str) -> None:
    problem = only_problem(text.encode())
    assert problem.span is not None
    mended = text[: problem.span.start] + str(problem.replacement) + text[problem.span.stop :]

    document = read(mended.encode())

    assert document.problems == ()
    assert document.values is not None


WAITS = """title: Waiting times
definition: How long people wait.
aim: reduce
unit: count
sources: [board-paper]
measures:
  waits:
    title: All waits
    noun: crimes
    observations:
      2020/21: 11077
      2021/22: 10260
  waits-other:
    noun: people
    observations:
      2021/22: 1
      2022/23: 2
"""

IN_A_KPI = [
    ("  waits-other:", "  waits-other= ", "Write: waits-other:"),
    ("  waits-other:", "  waits-other;", "Write: waits-other:"),
    ("    observations:\n      2020", "    observations：\n      2020", "Write: observations:"),
    ("    observations:\n      2020", "    observations::\n      2020", "Write: observations:"),
    ("    observations:\n      2020", "    observations -\n      2020", "Write: observations:"),
    ("crimes\n    observations:", "crimes, observations:", 'Start a line of its own with "observations:".'),
    ("crimes\n    observations:", "crimesobservations:", 'Start a line of its own with "observations:".'),
    ("aim: reduce\nunit", "aim: reduce; unit", 'Start a line of its own with "unit:".'),
    ("[board-paper]\nmeasures:", "[board-paper] measures:", 'Start a line of its own with "measures:".'),
    ("10260\n  waits-other:", "10260 waits-other:", 'Start a line of its own with "waits-other:".'),
    ("measures:\n  waits:", "measures: waits:", 'Write it on the line below "measures:".'),
    ("    noun: crimes", "   } noun: crimes", "Write: noun: crimes"),
    ("    noun: crimes", " @  noun: crimes", "Write: noun: crimes"),
    ("    noun: crimes", "!   noun: crimes", "Write: noun: crimes"),
    ("  waits-other:", " * waits-other:", "Write: waits-other:"),
    ("aim: reduce", "aim:! reduce", "Write: aim: reduce"),
    (
        "  waits:\n    title: All waits",
        "    title: All waits\n  waits:",
        "Write the two lines in the other order.",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "help_"), IN_A_KPI, ids=[row[1] for row in IN_A_KPI])
def test_what_is_offered_instead_is_what_was_there_before(right: str, wrong: str, help_: str) -> None:
    text = WAITS.replace(right, wrong, 1)
    problem = only_problem(text.encode())
    assert problem.span is not None
    mended = text[: problem.span.start] + str(problem.replacement) + text[problem.span.stop :]

    assert problem.help == help_
    assert read(mended.encode()).values == read(WAITS.encode()).values


def test_a_line_that_may_be_two_is_left_to_its_author() -> None:
    problem = only_problem(WAITS.replace("waits\n    noun:", "waits noun:", 1).encode())

    assert problem.replacement is None
    assert problem.help == 'Write: title: "All waits noun: crimes", or start a line of its own with "noun:".'


def test_a_figure_among_the_fields_of_another_goes_as_far_in_as_the_figures() -> None:
    text = WAITS.replace(": 10260\n", ":\n        value: 10260\n        2022-01 86\n        note: Low.\n", 1)

    assert only_problem(text.encode()).help == "Write: 2022-01: 86. Start each line with 6 spaces."


def test_a_number_without_a_series_is_no_figure() -> None:
    text = WAITS.replace("    noun: people\n    observations:\n", "    noun: people\n", 1)

    assert only_problem(text.encode()).replacement == "    observations:\n      2021/22: 1"


def test_a_name_that_is_missing_is_told_above_the_first_line_that_it_has() -> None:
    problem = only_problem(WAITS.replace("  waits:\n", "", 1).encode())

    assert problem.span is not None
    assert (problem.span.line, in_words(problem)) == (
        7,
        'A line is missing above "title: All waits": its name. Write its name on a line above it.',
    )


def test_items_in_braces_below_a_value_are_not_put_in_quotes() -> None:
    measure = "measures:\n  old:\n    targets: 1\n      - {at_least: 80, source: plan}\n"

    assert {in_words(problem) for problem in read(measure.encode()).problems} == {
        '"targets:" has the value "1", and list items below it. Delete the value, or the items.'
    }


def test_a_figure_below_those_in_braces_goes_inside() -> None:
    problem = only_problem(WAITS.replace("\n      2020/21: 11077\n", " {2020/21: 11077}\n", 1).encode())

    assert in_words(problem) == (
        '"2021/22" is below the braces of "observations:". Write it inside the braces, after a comma.'
    )
    assert problem.replacement == "{2020/21: 11077, 2021/22: 10260}"


def test_a_line_without_a_name_is_told_and_not_the_line_below_it() -> None:
    problem = only_problem(WAITS.replace("measures:\n", "measures:\n  [86]\n", 1).encode())

    assert problem.span is not None
    assert (problem.span.line, problem.replacement) == (7, None)
    assert in_words(problem) == (
        'The line "[86]" has no name with a colon. Write it as a name, a colon, a space and the value.'
    )


@pytest.mark.parametrize("years", [0, 700])
def test_a_name_too_far_in_below_a_text_is_one_slip_in_a_small_and_in_a_large_file(years: int) -> None:
    figures = "".join(f"      {year}: {year}\n" for year in range(1000, 1000 + years))
    text = WAITS.replace("    observations:\n", f"      observations:\n{figures}", 1)

    assert only_problem(text.encode()).replacement == "    observations:"


def test_a_slip_in_the_middle_of_a_large_file_is_told_as_in_a_small_one() -> None:
    days = [f"      {year}-{month:02}-{day:02}: {year}\n" for year in range(1000, 1045) for month in range(1, 13) for day in range(1, 29)]  # fmt: skip
    middle = len(days) // 2
    text = WAITS + "".join([*days[:middle], days[middle][1:], *days[middle + 1 :]])
    problem = only_problem(text.encode())

    assert len(text) > 300_000
    assert problem.replacement == days[middle].rstrip("\n")
    assert problem.span is not None
    assert problem.span.line == WAITS.count("\n") + middle + 1
    assert text[problem.span.start : problem.span.stop] == days[middle].strip("\n")[1:]


def test_a_long_block_that_is_too_far_left_is_moved_as_a_whole() -> None:
    days = [f"      {year}-{month:02}: {year}\n" for year in range(1000, 1020) for month in range(1, 13)]
    text = WAITS + days[0] + "".join(day[1:] for day in days[1:])
    problem = only_problem(text.encode())
    assert problem.span is not None
    mended = text[: problem.span.start] + str(problem.replacement) + text[problem.span.stop :]

    assert len(days) == 240
    assert "and 238 lines below" in problem.message
    assert read(mended.encode()).values == read((WAITS + "".join(days)).encode()).values


WHOLE_FILE = [
    ("a: 1\n---\nb: 2\n", "forbidden-yaml", (2, 1), "second document"),
    ("a: 1\n...\n", "forbidden-yaml", (2, 1), "Three dots"),
    ("%YAML 1.1\n---\na: no\n", "forbidden-yaml", (1, 1), "starts with %"),
    ("? [x]\n: 1\n", "forbidden-yaml", (1, 1), "where a name should be"),
    ("[a, b]: 1\n", "forbidden-yaml", (1, 1), "where a name should be"),
    ("a: |\n \n  x\n", "forbidden-yaml", (1, 4), "only spaces"),
    ('a: "\\ud800"\n', "hidden-character", (1, 5), "is no letter"),
    ('a: 1\nb: "\\U00110000"\n', "hidden-character", (2, 5), "is no letter"),
]


@pytest.mark.parametrize(("text", "rule", "place", "words"), WHOLE_FILE, ids=[row[0] for row in WHOLE_FILE])
def test_some_things_stop_the_reading(text: str, rule: str, place: tuple[int, int], words: str) -> None:
    document = read(text.encode())

    assert document.values is None
    [problem] = document.problems
    assert problem.rule == rule
    assert problem.span is not None
    assert problem.span[:2] == place
    assert words in problem.message


def test_all_of_it_is_said_in_plain_words() -> None:
    rare = [
        "a: yes\nb: 010\nc: 1e3\nd: ~\ne: .nan\nf: True\ng: 12:27\nh: 2024-01-31 12:00:00\nnull: 1\ni: =\n",
        "a: 12345678901234567\na: &x 1\nb: *x\nc: !t 1\nd: !t &x 1\n",
        "? a\n: # c\n  b\nc: [d: 1]\ne: [1,\n  2]\nf: one\n  two\ng: |2\n  x\nh: 'x'#c\ni: \"x\nz\"\n",
        "a: 1\nb: [" + "[" * 30 + "\n",
        "a: b\n'c' d: 1\n",
        "a: 1\n}: 2\n",
        "a: !\n  b\n c\n",
    ]
    texts = [*(row[1] for row in SLIPS), *(row[0] for row in WHOLE_FILE), *rare]
    assert check_words(read(text.encode()) for text in texts) > 80


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("unit: {na{me: a}", 'The "{" in column 10 is not closed on its line. Delete it.'),
        ("unit: {count", 'The "{" in column 7 is not closed on its line. Delete it.'),
        ('"unit: count', "The double quote in column 1 is not closed on its line. Delete it."),
    ],
)
def test_a_bracket_or_quote_that_is_not_closed_is_taken_away(typed: str, words: str) -> None:
    problem = only_problem(WAITS.replace("unit: count", typed, 1).encode())

    assert (in_words(problem), problem.replacement) == (words, "")


def test_what_is_in_the_way_after_every_way_to_close_a_bracket_is_left_to_a_person() -> None:
    problem = only_problem(WAITS.replace("unit: count", "unit: {nam\n  e: a}", 1).encode())

    assert in_words(problem).startswith(
        'The "{" in column 7 is not closed on its line. Write: unit: {nam}, or '
    )
    assert problem.replacement is None


def test_a_bound_under_another_name_is_written_with_its_name() -> None:
    for typed in (">=86", "above: >=86"):
        problem = only_problem(
            WAITS.replace(
                "    observations:", f"    targets:\n      - {typed}\n    observations:", 1
            ).encode()
        )

        assert problem.help == "Write: at_least: 86"
        assert problem.replacement == "at_least: 86"
