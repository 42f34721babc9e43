"""The schemas in an editor, through the settings in .vscode/: red lines, offers and explanations, without a plug-in of ours."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from external.language_server import Editor, Mark
from external.peers import ROOT, npm_program

SERVER = npm_program("yaml-language-server")
pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(SERVER is None, reason="yaml-language-server is not installed: npm is missing"),
]

GOOD = """\
title: First visits
definition: Share of people who are visited in time.
unit: percent
better: higher
measures:
  visited:
    title: Visited in time
    observations:
      2021/22: 84
      2022/23: 88
"""


def settings() -> dict[str, Any]:
    """The committed settings in the form in which VS Code passes them on."""
    written = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    actual: dict[str, Any] = {"schemaStore": {"enable": False}}  # which would ask the network
    for name, value in written.items():
        if name.startswith("yaml."):
            place = actual
            *outer, last = name.split(".")[1:]
            for step in outer:
                place = place.setdefault(step, {})
            place[last] = value
    return {"yaml": actual}


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    assert SERVER is not None
    with Editor([SERVER, "--stdio"], ROOT, settings()) as started:
        yield started


@pytest.fixture
def new_file(request: pytest.FixtureRequest) -> Path:
    """A KPI file that nobody has opened yet; it is in the editor only."""
    return ROOT / "kpis/victims" / f"{abs(hash(request.node.nodeid))}.yaml"


@pytest.mark.parametrize(
    "path", [ROOT / "kpis/plan.yaml", *sorted((ROOT / "kpis").glob("*/*.yaml"))], ids=lambda path: path.stem
)
def test_a_real_file_has_no_mark(path: Path, editor: Editor) -> None:
    assert editor.open(path, path.read_text(encoding="utf-8")) == []


CHOICES = 'Value is not accepted. Valid values: "count", "percent", "ratio", "duration", "days", "weeks".'
BROKEN = {
    "a unit misspelt": ("unit: percent", "unit: percentage", Mark(3, CHOICES)),
    "a field misspelt": ("better:", "beter:", Mark(4, "Property beter is not allowed.")),
    "no title": ("title: First visits\n", "", Mark(1, 'Missing property "title".')),
    "a figure with a sign": (
        "84",
        "84%",
        Mark(9, "Write a number without commas, % or units, or a time such as 2m18s."),
    ),
    "a period with a hyphen": (
        "2021/22",
        "2021-22",
        Mark(
            9,
            "Write one figure a line, such as 2022/23: 86. A period looks like 2022/23, 2023, 2024-01, 2024-01-31 or 12 months to 2022-12.",
        ),
    ),
    "an id in words": (
        "  visited:",
        "  Visited in time:",
        Mark(6, "An id has lower-case letters, digits and hyphens, and starts with a letter."),
    ),
    "a period twice": ("2022/23", "2021/22", Mark(10, "Map keys must be unique")),
}


@pytest.mark.parametrize(("old", "new", "mark"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_marked_at_its_line_in_words_that_help(
    old: str, new: str, mark: Mark, new_file: Path, editor: Editor
) -> None:
    assert GOOD.count(old) == 1
    assert editor.open(new_file, GOOD.replace(old, new)) == [mark]


def test_a_mistake_in_the_plan_is_marked() -> None:
    path = ROOT / "kpis/plan.yaml"
    text = path.read_text(encoding="utf-8").replace("organisation:", "organization:", 1)
    assert SERVER is not None
    with Editor([SERVER, "--stdio"], ROOT, settings()) as fresh:
        actual = fresh.open(path, text)

    assert (
        Mark(1 + text[: text.index("organization:")].count("\n"), "Property organization is not allowed.")
        in actual
    )


def test_a_line_in_the_file_stands_for_the_settings(new_file: Path) -> None:
    """As docs/editors.md has it, for editors that don't take the settings."""
    line = next(
        item
        for item in (ROOT / "docs/editors.md").read_text(encoding="utf-8").splitlines()
        if item.startswith("# yaml-language-server:")
    )
    assert SERVER is not None
    with Editor([SERVER, "--stdio"], ROOT, {"yaml": {"schemaStore": {"enable": False}}}) as bare:
        without = bare.open(new_file, GOOD.replace("better:", "beter:"))
        marked = bare.open(new_file.with_suffix(".yml"), f"{line}\n{GOOD.replace('better:', 'beter:')}")

    assert (without, marked) == ([], [Mark(5, "Property beter is not allowed.")])


def offered(editor: Editor, file: Path, old: str, new: str) -> dict[str, str]:
    """What is offered where `@` stands in the good file with one text replaced."""
    text = GOOD.replace(old, new)
    before, _, after = text.partition("@")
    editor.open(file, before + after)
    return editor.offers(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def test_a_new_line_in_a_measure_is_offered_its_fields(new_file: Path, editor: Editor) -> None:
    fields = offered(editor, new_file, "    title: Visited in time\n", "    @\n")

    assert {"title", "unit", "better", "targets", "sources", "note", "baseline"} <= fields.keys()
    assert fields["better"].startswith("Which way is better.")
    assert all(fields.values())


def test_the_units_are_offered_each_with_what_it_means(new_file: Path, editor: Editor) -> None:
    units = offered(editor, new_file, "unit: percent", "unit: @")

    assert units["percent"] == "A share, written without the sign: 86 for 86%."
    assert {"count", "percent", "ratio", "duration", "days", "weeks"} <= units.keys()
    assert all(units.values())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("better: higher", "better: @", {"higher", "lower", "neither"}),
        ("better: higher", "better: higher\nkind: @", {"total", "average", "snapshot", "cumulative"}),
        ("better: higher", "better: higher\naim: @", {"increase", "reduce", "maintain", "monitor"}),
        ("88", "{value: 88, marks: [@]}", {"provisional", "revised", "break", "not-available"}),
        ("    title: Visited", "    targets:\n      - @\n    title: Visited", {"at_least", "by", "source"}),
    ],
)
def test_words_are_offered_with_what_they_mean(
    old: str, new: str, words: set[str], new_file: Path, editor: Editor
) -> None:
    actual = offered(editor, new_file, old, new)

    assert words <= actual.keys()
    assert all(actual[word] for word in words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (4, ["Which way is better.", "`higher`: More is better.", "`lower`: Less is better."]),
        (2, ["What is counted, of what, and where it ends."]),
        (8, ["Every dated figure, oldest first, one a line"]),
    ],
)
def test_resting_on_a_name_shows_what_it_is(
    line: int, words: list[str], new_file: Path, editor: Editor
) -> None:
    editor.open(new_file, GOOD)
    shown = editor.hover(new_file, line, 6)

    assert [word for word in words if word not in shown.replace("\\", "")] == []
