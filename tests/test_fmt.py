"""The standard form: what it changes, what it leaves alone, and that nothing is ever lost by it."""

import random
import re
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi.lint.engine import lint
from kpi.store.format import _changed, _laid_out, formatted, style_problem, surely_formatted
from kpi.store.reader import Document, read
from running import Kpi
from small import written
from trials import trials

ROOT = Path(__file__).parent.parent
TODAY = date(2024, 6, 1)
FILES = sorted([*ROOT.glob("kpis/**/*.yaml"), *ROOT.glob("tests/examples/rules/*/good.yaml")])
HEAD = "title: Visits\ndefinition: People.\nunit: count\nbetter: higher\n"
SERIES = f"{HEAD}measures:\n  visits:\n    observations:\n"


def in_form(text: str) -> str:
    actual = formatted(text)
    assert actual is not None
    return actual


def document(text: str) -> Document:
    return read(text.encode())


def test_the_files_of_this_repository_have_the_standard_form() -> None:
    for path in FILES:
        text = path.read_bytes().decode()

        assert in_form(text) == text, path
        assert surely_formatted(text), path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A  \nunit: count\t\n", None),  # a tab is lint's business
        ("title: A  \nunit: count \n", "title: A\nunit: count\n"),
        ("title:   A\nunit:  count\n", "title: A\nunit: count\n"),
        ("title : A\n", "title: A\n"),
        ("\n\ntitle: A\n\n\n\nunit: count\n\n\n", "title: A\n\nunit: count\n"),
        ("title: A", "title: A\n"),
        ("title: A\r\nunit:  count\r\n\r\n", "title: A\r\nunit: count\r\n"),
        ("sources: [ a,b ,  c ]\n", "sources: [a, b, c]\n"),
        ("sources: [ ]\n", "sources: []\n"),
        ("unit: {name:   kg}\n", "unit: {name: kg}\n"),
        ("sources:\n- a\n-   b\n", "sources:\n  - a\n  - b\n"),
        ("sources:\n    -  a\n    -  b\n", "sources:\n  - a\n  - b\n"),
        (
            "measures:\n    a:\n        title: A\n        targets:\n        -   at_least: 3\n            source: x\n",
            "measures:\n  a:\n    title: A\n    targets:\n      - at_least: 3\n        source: x\n",
        ),
        ("note: >\n      Long\n      text.\ntitle:  A\n", "note: >\n      Long\n      text.\ntitle: A\n"),
        (
            "measures:\n     a:\n         note: |\n             One\n               two  \n\n             three\n",
            "measures:\n  a:\n    note: |\n        One\n          two  \n\n        three\n",
        ),
        ("# first\n\n\n#second \ntitle: A # why \n", "# first\n\n#second\ntitle: A # why\n"),
        ("measures:\n# about a\n    a:\n       title: A\n       # the end of a\n", "measures:\n  # about a\n  a:\n    title: A\n    # the end of a\n"),
        ('title:  "A:  b"\nnote:   \'c  {d}\'\n', 'title: "A:  b"\nnote: \'c  {d}\'\n'),
        ("commentary:\n  2024-02-27:  Later.\n  2023-02-27: Earlier.\n", "commentary:\n  2024-02-27: Later.\n  2023-02-27: Earlier.\n"),
    ],
)  # fmt: skip
def test_spacing_is_put_in_order(before: str, after: str | None) -> None:
    assert formatted(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2022:\n        value: 5\n        marks: [revised]\n", "2022: {value: 5, marks: [revised]}\n"),
        ("2022:\n        marks:\n        - revised\n        - break\n        value: 5.00\n", "2022: {marks: [revised, break], value: 5.00}\n"),
        ("2022: {value: 5, note: Counted twice.}\n", "2022:\n        value: 5\n        note: Counted twice.\n"),
        ('2022: {value: 5,marks: [queried], note: "a, b"}\n', '2022:\n        value: 5\n        marks: [queried]\n        note: "a, b"\n'),
        ("2022:\n          value: 5\n          note: Counted twice.\n", "2022:\n        value: 5\n        note: Counted twice.\n"),
    ],
)  # fmt: skip
def test_a_figure_stands_on_one_line_and_one_with_a_note_is_a_block(before: str, after: str) -> None:
    assert in_form(f"{SERIES}      {before}") == f"{SERIES}      {after}"


@pytest.mark.parametrize(
    "figure",
    [
        "2022: {value: 5, note: Counted twice.} # why\n",
        "2022:\n        value: 5 # first count\n        marks: [revised]\n",
        "2022:\n        # first count\n        value: 5\n        marks: [revised]\n",
        "2022: 5 # first count\n",
        "2022: {value: 5.10, marks: [provisional]}\n",
    ],
)
def test_a_figure_with_a_comment_and_one_in_its_shape_stay_as_they_are(figure: str) -> None:
    assert in_form(f"{SERIES}      {figure}") == f"{SERIES}      {figure}"


def test_figures_come_from_the_oldest_to_the_newest_with_their_comments() -> None:
    before = (
        "      2023: 7\n      # counted by hand\n      2021: 5\n"
        "      2022:\n        value: 6\n        note: All of it.\n      # the end\n"
    )
    after = (
        "      # counted by hand\n      2021: 5\n"
        "      2022:\n        value: 6\n        note: All of it.\n      2023: 7\n      # the end\n"
    )

    assert in_form(SERIES + before) == SERIES + after


def test_peers_and_the_way_to_a_target_are_put_in_order_too() -> None:
    lines = "    peers:\n      north: {2023: 7, 2022: 6}\n    targets:\n      - at_least: 9\n        trajectory: {2023: 8, 2022: 7}\n"
    wanted = lines.replace("{2023: 7, 2022: 6}", "{2022: 6, 2023: 7}").replace(
        "{2023: 8, 2022: 7}", "{2022: 7, 2023: 8}"
    )

    assert in_form(f"{SERIES}      2023: 7\n{lines}") == f"{SERIES}      2023: 7\n{wanted}"


def test_a_series_with_a_period_that_can_not_be_read_stays_in_its_order() -> None:
    text = f"{SERIES}      2023: 7\n      Jan 24: 8\n      2022: 6\n"

    assert in_form(text) == text


def test_the_year_starts_where_the_plan_says() -> None:
    text = f"{SERIES}      2022/23: 7\n      2022-12: 6\n"

    assert formatted(text, year_starts=4) == f"{SERIES}      2022-12: 6\n      2022/23: 7\n"
    assert formatted(text, year_starts=10).endswith("2022-12: 6\n      2022/23: 7\n")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["title: [a\n", "a: &b c\n", "title: A\ntitle: B\n", "", "\tx: 1\n", "- a\n"]
)
def test_a_file_that_can_not_be_read_is_not_touched(text: str) -> None:
    assert formatted(text) is None


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("{title: A}\n", 1, "Everything is in brackets. So this file can't be given the standard form. Write each field on a line of its own."),
        ("title: A\nnote:\n  # y\n  B\n", 2, "A comment is between a name and its value. So this file can't be given the standard form. Write it above the name."),
        (f"{SERIES}      2023:\n        -  - a\n           - b\n", 9, "A list is inside a list. So this file can't be given the standard form. Write the inner one in brackets."),
    ],
)  # fmt: skip
def test_what_can_not_be_given_the_form_stays_as_it_is_and_is_told(text: str, line: int, why: str) -> None:
    problem = style_problem(document(text))

    assert formatted(text) == text
    assert problem is not None
    assert problem.span is not None
    assert (problem.span.line, f"{problem.message} {problem.help}") == (line, why)


# Laws, over real files put out of form.


def disordered(seed: int) -> str:
    """A real file with its spacing, shape and order disturbed, comments put in, and sometimes other line ends."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    lines = chance.choice(FILES).read_bytes().decode().split("\n")
    for _ in range(chance.randint(1, 6)):
        _disturb(lines, chance)
    text = "\n".join(lines)
    if chance.random() < 0.1:
        text = text.replace("\n", "\r\n")
    return text.rstrip("\n") if chance.random() < 0.1 else text


def _disturb(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    line = lines[at]
    figure = re.match(r"( *)([0-9/-]+): ([0-9.a-z]+)$", line)
    words = re.match(r"( *)(definition|note|title): ([^\"\\]*)$", line)
    changes = [
        f"{line}  ",
        f"\n{line}",
        f"{' ' * chance.randint(0, 8)}# a comment: {{x}}\n{line}",
        line.replace(": ", ":   ", 1),
        line.replace("{", "{ ").replace(",", " ,", 1),
        line.replace("- ", "-   ", 1),
        f"{line} # tail",
    ]
    if figure:
        indent, period, value = figure.groups()
        changes += [
            f"{indent}{period}:\n{indent}    value: {value}\n{indent}    marks:\n{indent}    - revised",
            f'{indent}{period}: {{value: {value},  note: "a, b"}}',
            f"{indent}{period}: {{ value: {value} , marks: [ revised,break ] }} # why",
            f"{indent}{period}:\n{indent}   value: {value} # odd\n{indent}   marks: [revised]",
        ]
    if words:
        indent, name, text = words.groups()
        changes += [
            f"{indent}{name}: >\n{indent}    {text} x\n{indent}      y\n\n{indent}    z",
            f'{indent}{name}: "a\n{indent}   {text} \n{indent}   b"',
        ]
    if chance.random() < 0.2:
        _indent_more(lines, at, chance.choice([1, 2, 3]))
    elif chance.random() < 0.2 and at + 1 < len(lines):
        lines[at], lines[at + 1] = lines[at + 1], line
    else:
        lines[at] = chance.choice(changes)


def _indent_more(lines: list[str], at: int, more: int) -> None:
    """Moves the block around a line to the right."""
    depth = len(lines[at]) - len(lines[at].lstrip())

    def inside(number: int) -> bool:
        return bool(lines[number].strip()) and len(lines[number]) - len(lines[number].lstrip()) >= depth

    first = last = at
    while depth and first > 0 and inside(first - 1):
        first -= 1
    while depth and last + 1 < len(lines) and inside(last + 1):
        last += 1
    for number in range(first, last + 1) if depth else ():
        lines[number] = " " * more + lines[number]


def readable(text: str) -> bool:
    actual = document(text)
    return actual.values is not None and all(problem.rule == "not-formatted" for problem in actual.problems)


seeds = st.integers(0, 2**32)


@trials(400)
@given(seeds)
@example(7)
def test_what_is_meant_stays_and_twice_is_once(seed: int) -> None:
    text = disordered(seed)
    if not readable(text):
        assert formatted(text) is None
        return
    once = in_form(text)

    assert in_form(once) == once
    assert document(once).values == document(text).values
    assert sorted(comment.text for comment in document(once).comments()) == sorted(
        comment.text for comment in document(text).comments()
    )
    assert not re.search(r"(?<!\r)\n" if "\r\n" in once else "\r", once)


@trials(400)
@given(seeds)
def test_no_digit_and_no_quote_changes(seed: int) -> None:
    text = disordered(seed)
    if readable(text):
        assert sorted(re.findall(r"[0-9.]+|[\"']", in_form(text))) == sorted(
            re.findall(r"[0-9.]+|[\"']", text)
        )


@trials(400)
@given(seeds)
def test_the_quick_proof_says_yes_only_of_what_would_stay(seed: int) -> None:
    text = disordered(seed)
    if readable(text) and surely_formatted(text):
        assert sorted(in_form(text).split("\n")) == sorted(
            text.split("\n")
        )  # the order of figures is another rule


@trials(200)
@given(seeds)
def test_lint_says_where_a_file_leaves_the_form_and_nothing_after_fmt(seed: int) -> None:
    text = disordered(seed)
    if not readable(text):
        return
    problem = style_problem(document(text))
    once = in_form(text)

    assert style_problem(document(once)) is None
    if problem is not None:
        assert problem.span is not None
        assert problem.help
        above = problem.span.line - 1
        requested = _changed(text, partial(_laid_out, notes=False)) or ""
        assert rows(text)[:above] == rows(requested)[:above]


def rows(text: str) -> list[str]:
    """The lines without what nobody sees at their ends."""
    return [line.rstrip() for line in text.split("\n")]


# The command.


def test_fmt_writes_the_files_and_names_them(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)
    plan = tmp_path / "kpis/plan.yaml"
    good = plan.read_bytes()
    plan.write_bytes(good.replace(b"title: ", b"title:   "))
    done = kpi("fmt")

    assert (done.code, done.out) == (0, "kpis/plan.yaml\n")
    assert plan.read_bytes() == good
    assert kpi("fmt").out == ""


def test_check_and_diff_write_nothing_and_end_with_1(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)
    plan = tmp_path / "kpis/plan.yaml"
    plan.write_bytes(b"\n" + plan.read_bytes())
    before = plan.read_bytes()
    checked, shown = kpi("fmt", "--check"), kpi("fmt", "--diff")

    assert (checked.code, checked.out) == (1, "kpis/plan.yaml differs from the standard form.\n")
    assert shown.code == 1
    assert shown.out.startswith("--- a/kpis/plan.yaml\n+++ b/kpis/plan.yaml\n@@ -1,4 +1,3 @@\n-\n")
    assert plan.read_bytes() == before


def test_a_diff_shows_the_words_of_lines_and_not_how_they_end(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)
    plan = tmp_path / "kpis/plan.yaml"
    good = plan.read_bytes()
    plan.write_bytes(
        good.replace(b"title: Library plan\n", b"title:  Library plan\n", 1).replace(b"\n", b"\r\n")
    )
    words = kpi("fmt", "--diff").out
    plan.write_bytes(good.replace(b"\n", b"\r\n").replace(b"\r\n", b"\n", 1))
    ends = kpi("fmt", "--diff").out

    assert "-title:  Library plan\n+title: Library plan\n" in words
    assert ends == "kpis/plan.yaml: only line ends or marks at its start change.\n"


def test_fmt_leaves_a_file_alone_that_can_not_be_read_and_does_the_others(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path, satisfaction="title: [a\n")
    plan = tmp_path / "kpis/plan.yaml"
    plan.write_bytes(plan.read_bytes() + b"\n\n")
    done = kpi("fmt")

    assert (done.code, done.out) == (1, "kpis/plan.yaml\n")
    assert "satisfaction.yaml can't be read as it is, so it was left alone" in done.err


def test_fmt_says_of_which_file_it_can_not_make_the_form(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path, satisfaction="{title: A}\n")
    done = kpi("fmt")

    assert (done.code, done.out) == (1, "")
    assert "satisfaction.yaml:1: Everything is in brackets. So this file can't be given" in done.err


def test_fmt_of_a_path_does_that_path_only(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)
    for path in tmp_path.glob("kpis/**/*.yaml"):
        path.write_bytes(path.read_bytes() + b"\n")
    kpi("fmt", "kpis/plan.yaml")

    assert [
        finding.path for finding in lint(tmp_path, TODAY).findings if finding.path == "kpis/plan.yaml"
    ] == []
    assert [finding.rule for finding in lint(tmp_path, TODAY).findings if finding.path != "kpis/plan.yaml"]
