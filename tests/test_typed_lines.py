"""Lines of figures in another form than files have: the line that was meant is written, whole and in its place."""

import pytest

from kpi.store.reader import read

ABOVE = "measures:\n  a:\n    observations:\n      2024-01: 84\n"
BELOW = "  b:\n    title: B\n    observations:\n      2024-01: 5\n"
FIGURE = "      2024-02: 86\n"


def mended(lines: str) -> str:
    """The file with the text to write instead in its place."""
    text = f"{ABOVE}{lines}{BELOW}"
    for problem in reversed(read(text.encode()).problems):
        if problem.span is not None and problem.replacement is not None:
            text = text[: problem.span.start] + problem.replacement + text[problem.span.stop :]
    return text


@pytest.mark.parametrize(
    "typed",
    [
        "2024-02: 86\n",
        "   2024-02: 86\n",
        "        2024-02: 86\n",
        "\t2024-02: 86\n",
        "\t\t2024-02: 86\n",
        "      - 2024-02: 86\n",
        "- 2024-02: 86\n",
        "+     2024-02: 86\n",
        "42      2024-02: 86\n",
        "      **2024-02: 86**\n",
        "      `2024-02: 86`\n",
        '      "2024-02: 86"\n',
        "      | 2024-02 | 86 |\n",
        "      2024-02 = 86\n",
        "      2024-02; 86\n",
        "2024-02,86\n",
        "      Feb 2024 -> 86\n",
        "• Feb 2024 – 86%\n",
        "      2024-02 86\n",
        "      2024-02:\n      86\n",
        "```\n      2024-02: 86\n```\n",
        "```yaml\n2024-02: 86\n```\n",
        "      2024-02:: 86\n",
        "      2024-02: {86}\n",
    ],
)
def test_a_figure_in_another_form_is_written_as_files_have_it(typed: str) -> None:
    assert mended(typed) == f"{ABOVE}{FIGURE}{BELOW}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("      2024-02: 86 2024-03: 88\n", "      2024-02: 86\n      2024-03: 88\n"),
        ("      2024-02: 86, 2024-03: 88\n", "      2024-02: 86\n      2024-03: 88\n"),
        ("      2024-02: 86\n        marks: [provisional]\n", "      2024-02: {value: 86, marks: [provisional]}\n"),
        ("      2024-02: {value: 2m18s marks: p}\n", "      2024-02: {value: 2m18s, marks: [provisional]}\n"),
        ("      2024-02: {value: 86, margin: 3; note: A, B}\n", '      2024-02: {value: 86, margin: 3, note: "A, B"}\n'),
        ("      2024-02: value: 86\n        marks: [provisional]\n", "      2024-02: {value: 86, marks: [provisional]}\n"),
        ("      2024-02: (value: 86, marks: [break])\n", "      2024-02: {value: 86, marks: [break]}\n"),
        ("      2024-02: 86 note: New, as agreed\n", "      2024-02:\n        value: 86\n        note: New, as agreed\n"),
        ("      2024-02: 86\n        note: Why: new\n", '      2024-02:\n        value: 86\n        note: "Why: new"\n'),
        ("      2024-02: {value: 50,120}\n", "      2024-02: {value: 50120}\n"),
        ("      2024-02: {value: 1,250,120, marks: [break]}\n", "      2024-02: {value: 1250120, marks: [break]}\n"),
        ("      2024-02: 86 # provisional\n", "      2024-02: {value: 86, marks: [provisional]}\n"),
        ("      2024-02: *\n", "      2024-02: {marks: [suppressed]}\n"),
        ("      2024-02: ?\n", "      2024-02: {marks: [not-available]}\n"),
    ],
)  # fmt: skip
def test_what_belongs_to_a_figure_is_put_together(typed: str, meant: str) -> None:
    assert mended(typed) == f"{ABOVE}{meant}{BELOW}"


@pytest.mark.parametrize(
    "typed",
    ["      2024-02: {value: 50,12}\n", "      2024-02: about as many\n", "      next month 86\n", "      2024-02: 86 # checked with Anna\n"],
)  # fmt: skip
def test_what_could_mean_several_things_or_nothing_is_left_to_a_person(typed: str) -> None:
    assert mended(typed) == f"{ABOVE}{typed}{BELOW}"
