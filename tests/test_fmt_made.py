"""The standard form of files that nobody writes by hand: everything a file may hold, in every place, badly spaced."""

import random
import re
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.store.format import _changed, _laid_out, formatted, in_order, style_problem, surely_formatted
from kpi.store.format.draft import DoubtfulError
from kpi.store.reader import Document, read
from trials import trials

SERIES = "title: A\nmeasures:\n  a:\n    observations:\n"


class Maker:
    """Makes one file. Columns are given; everything else is left to chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - nothing secret
        self.step = self.chance.choice([2, 2, 2, 1, 3, 4])
        self.comments = 0

    def pick(self, *choices: str) -> str:
        return self.chance.choice(choices)

    def often(self, probability: float) -> bool:
        return self.chance.random() < probability

    def loose(self, column: int) -> str:
        """What may stand above a line: nothing, blank lines, a comment indented rightly or wrongly."""
        self.comments += 1
        indent = self.chance.choice([column, column, column + 2, 0, max(column - 2, 0), column + 4])
        return self.pick("", "", "", "\n", "\n\n", f"{' ' * indent}# c{self.comments} - x: {{y\n")

    def end(self) -> str:
        return self.pick("", "", "", "  ", " # t", "   # t: - z")

    def gap(self) -> str:
        return self.pick(" ", " ", " ", "   ")

    def single(self) -> str:
        return self.pick(
            "5",
            "7.50",
            "-3",
            "A text",
            '"a: b"',
            "'it''s'",
            "[a,b]",
            "[ a ]",
            "{a:  b}",
            '{"a":1, b: [c,d] }',
            "",
        )

    def value(self, column: int) -> str:
        """A value behind its colon, on its line or over several."""
        pad = " " * (column + self.chance.choice([2, 3, 4]))
        if self.often(0.7):
            return f"{self.single()}{self.end()}\n"
        if self.often(0.5):
            between, below = self.pick("", "\n", f"{pad}  two  \n"), self.pick("", "\n", "\n\n")
            return f"{self.pick('|', '>', '|-', '>-', '|+')}\n{pad}one\n{between}{pad}three\n{below}"
        return f'"a\n{pad}b \n{self.pick("", chr(10))}{pad}c"{self.end()}\n'

    def figure(self, column: int) -> str:
        if self.often(0.4):
            return f"{self.gap()}{self.pick('5', '7.50', '17m2s')}{self.end()}\n"
        if self.often(0.4):
            reported = self.pick(
                "{value: 5,marks: [break]}",
                "{value: 5, note: x y}",
                '{ value: 5, marks: [ a , b ], note: "q, r" }',
            )
            return f"{self.gap()}{reported}{self.end()}\n"
        inner = column + self.chance.choice([2, 2, 1, 4])
        pad = " " * inner
        fields = [f"{pad}value:{self.gap()}5{self.end()}\n"]
        if self.often(0.6):
            fields.append(
                self.pick(
                    f"{pad}marks: [a]\n", f"{pad}marks:\n{pad}- a\n{pad}- b\n", f"{pad}marks:\n{pad}  - a\n"
                )
            )
        if self.often(0.5):
            fields.append(f"{pad}note: {self.value(inner)}")
        if self.often(0.3):
            self.chance.shuffle(fields)
        above = [self.loose(inner) if self.often(0.2) else "" for _ in fields]
        return f"{self.pick('', '  ', ' # n')}\n" + "".join(map("".join, zip(above, fields, strict=True)))

    def series(self, column: int) -> str:
        years = [str(1990 + number) for number in range(self.chance.randint(1, 4))]
        if self.often(0.5):
            self.chance.shuffle(years)
        if self.often(0.15):
            return f" {{{self.pick(', ', ',', ' , ').join(f'{year}: 5' for year in years)}}}\n"
        lines = "".join(
            f"{self.loose(column)}{' ' * column}{year}{self.pick(':', ':', ' :')}{self.figure(column)}"
            for year in years
        )
        return f"{self.pick('', '', ' # s')}\n{lines}{self.loose(column)}"

    def items(self, column: int, deeper: int) -> str:
        """Targets, with their first field behind the dash or below it."""
        start = column + self.chance.choice([0, 2, 3])
        reported = f"{' ' * column}targets:{self.end()}\n"
        for _ in range(self.chance.randint(1, 2)):
            pad = " " * (start + deeper)
            lead = self.pick(f"-{pad[start + 1 :]}", f"-\n{pad}", f"- # d\n{pad}")
            reported += f"{self.loose(start)}{' ' * start}{lead}at_least: 4{self.end()}\n"
            reported += f"{self.loose(start + deeper)}{pad}source: x\n"
        return reported

    def file(self) -> str:
        step = self.step
        text = self.pick("", "\n", "# top\n", "---\n") + f"{self.loose(0)}title:{self.gap()}{self.value(0)}"
        if self.often(0.5):
            column = self.chance.choice([0, 2, 4])
            text += f"sources:{self.end()}\n"
            for _ in range(self.chance.randint(1, 3)):
                text += f"{self.loose(column)}{' ' * column}-{self.gap()}{self.single()}{self.end()}\n"
        text += f"{self.loose(0)}measures:{self.end()}\n"
        for name in "ab"[: self.chance.randint(1, 2)]:
            text += f"{self.loose(step)}{' ' * step}{name}:{self.end()}\n"
            text += f"{self.loose(2 * step)}{' ' * 2 * step}note:{self.gap()}{self.value(2 * step)}"
            text += self.items(2 * step, self.chance.choice([2, 2, 4])) if self.often(0.6) else ""
            text += f"{' ' * 2 * step}observations:{self.series(3 * step)}"
        text += self.pick("", "\n", "# end\n", "\n# end")
        text = text.replace("\n", "\r\n") if self.often(0.1) else text
        return text.rstrip("\r\n") if self.often(0.1) else text


def document(text: str) -> Document:
    return read(text.encode())


def comments(text: str) -> list[str]:
    return [comment.text for comment in document(text).comments()]


def figures_and_quotes(text: str) -> list[str]:
    return re.findall(r"[0-9.]+|[\"']", text)


def in_form(text: str) -> str:
    actual = formatted(text)
    assert actual is not None
    return actual


def is_readable(text: str) -> bool:
    return all(problem.rule == "not-formatted" for problem in document(text).problems)


made = st.integers(0, 2**32).map(lambda seed: Maker(seed).file())
many = trials(500)


def test_most_files_that_are_made_can_be_read() -> None:
    texts = [Maker(seed).file() for seed in range(100)]

    assert sum(map(is_readable, texts)) > 40
    assert sum(in_form(text) != text for text in texts if is_readable(text)) > 40


@many
@given(made)
def test_a_file_says_the_same_in_its_standard_form_and_has_but_one(text: str) -> None:
    if not is_readable(text):
        assert formatted(text) is None
        return
    once = in_form(text)

    assert (document(once).values, document(once).problems) == (document(text).values, ())
    assert in_form(once) == once
    assert style_problem(document(once)) is None


def in_spacing(text: str) -> str | None:
    """The text with the standard spacing and shape of figures, in the order that it has."""
    with suppress(DoubtfulError):
        return _changed(text, _laid_out)
    return text


@many
@given(made)
def test_spacing_keeps_every_comment_figure_and_quote_in_its_place(text: str) -> None:
    spaced = in_spacing(text)
    if spaced is not None:
        assert comments(spaced) == comments(text)
        assert figures_and_quotes(spaced) == figures_and_quotes(text)
        assert not re.search(r"(?<!\r)\n" if "\r\n" in text else "\r", spaced)


@many
@given(made)
def test_putting_in_order_moves_lines_and_changes_none(text: str) -> None:
    moved = in_order(text)
    if moved is not None:
        assert sorted(comments(moved)) == sorted(comments(text))
        assert sorted(figures_and_quotes(moved)) == sorted(figures_and_quotes(text))
        if "{19" not in text:
            assert sorted(moved.split()) == sorted(text.split())


@many
@given(made)
def test_the_quick_proof_is_never_wrong(text: str) -> None:
    spaced = in_spacing(text)
    if spaced is not None:
        assert not surely_formatted(text) or spaced == text
        assert not surely_formatted(spaced) or in_spacing(spaced) == spaced


# What chance found once.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (  # the blank lines below a |+ are part of its text
            "      2023:\n        value: 7\n        note: |+\n          A\n\n\n      2022: 5\n",
            "      2022: 5\n      2023:\n        value: 7\n        note: |+\n          A\n\n\n",
        ),
        (  # a comment at the end of a figure stays with it
            "      2023:\n        value: 7\n        note: x\n        # about 2023\n      2022: 5\n",
            "      2022: 5\n      2023:\n        value: 7\n        note: x\n        # about 2023\n",
        ),
        (  # a comment at the end of the series stays at its end
            "      2023: 7\n      2022: 5\n      # more to come\n  # and another measure\n",
            "      2022: 5\n      2023: 7\n      # more to come\n  # and another measure\n",
        ),
        (  # a dash in a comment is no item
            "      2022: 5\n    targets:\n    -\n      # by-law - a draft\n      at_least:  4\n",
            "      2022: 5\n    targets:\n      -\n        # by-law - a draft\n        at_least: 4\n",
        ),
        (  # one more blank line in the text would be another text
            "      2023: 7\n      2022:\n        note: |+\n          A\n\n    note: x\n",
            "      2022:\n        note: |+\n          A\n\n      2023: 7\n    note: x\n",
        ),
    ],
)
def test_comments_and_blank_lines_go_where_they_belong(before: str, after: str) -> None:
    assert in_form(SERIES + before) == SERIES + after


def test_where_a_text_would_swallow_a_blank_line_the_order_stays() -> None:
    text = f"{SERIES}      2023:\n        note: |+\n          A\n      2022: 5\n\n    note: x\n"

    assert in_form(text) == text


# Cost.

LONG = {
    "comments": ("title: A\n", "# x\n", "unit: b\n"),
    "comments in the wrong column": ("title: A\n", " # x\n", "unit: b\n"),
    "comments between blank lines": ("title: A\n", "\n# x\n", "unit: b\n"),
    "blank lines": ("title: A\n", "\n", "unit: b\n"),
    "a text": ("note: |\n", "  x y\n", "unit:  b\n"),
    "items": ("sources:\n", "  - s\n", "unit:  b\n"),
    "items in brackets": ("sources: [", "s, ", "s]\nunit:  b\n"),
    "words": ("note: ", "x ", "x\nunit:  b\n"),
    "odd words": ("note: ", "x {[, - ", "x\nunit:  b\n"),
    "spaces": ("note: x", " ", "y\nunit:  b\n"),
    "other line ends": ("note: x\r\n", "# y\r\n", "unit:  b\n"),
}


@pytest.mark.parametrize("count", [5_000, pytest.param(25_000, marks=pytest.mark.long)])
def test_a_list_stays_on_its_line_however_long(count: int) -> None:
    text = f"sources: [{'s, ' * count}s]\nunit:  b\n"

    assert in_form(text) == text.replace("  b", " b")


@pytest.mark.parametrize("length", [25_000, pytest.param(100_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", LONG)
def test_a_long_file_costs_as_much_as_it_is_long(name: str, length: int) -> None:
    """At the worst a few seconds for a file of the largest size: what grew with the square took an hour."""
    begin, part, end = LONG[name]
    text = begin + part * (length // len(part)) + end
    read_as = document(text)
    before = time.process_time()
    style_problem(read_as)
    formatted(text)

    assert time.process_time() - before < 5
