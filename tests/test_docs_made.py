"""What the guides show is what the program prints: `pytest --update` writes it anew."""

import csv
import io
import json
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import kpi.cli.lint
from guides import (
    DISTURBED,
    DOCS,
    FIGURE,
    ROOT,
    SLIPS,
    TODAY,
    checked,
    example,
    first_column,
    fits,
    printed,
    renewed,
)
from kpi.cli.main import COMMANDS
from kpi.lint.engine import lint
from kpi.manual import guide
from kpi.pages.export import CSV_COLUMNS
from kpi.store import schema
from kpi.store.reader import read
from repositories import committed
from small import edited

Golden = Callable[[Path, str], None]
GUIDES = [ROOT / "CONTRIBUTING.md", DOCS / "cli.md", DOCS / "formats.md", DOCS / "periods.md"]


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed day and a fixed width."""
    monkeypatch.setattr(kpi.cli.lint, "today", lambda: TODAY)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_a_guide_shows_what_the_program_says(path: Path, tmp_path: Path, golden: Golden) -> None:
    golden(path, renewed(path.read_text(encoding="utf-8"), tmp_path))


@pytest.mark.parametrize(
    ("told", "shown", "fit"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\nc\n", "a\n…\nc\n", True),
        ("a\nb\nc\n", "a\n…\n", True),
        ("a\nb\n", "a\n", False),
        ("a\nb\nc\n", "b\n…\n", False),
        ("a\n…b\n", "a\n…c\n", False),
    ],
)
def test_only_a_line_of_its_own_stands_for_what_is_left_out(told: str, shown: str, fit: bool) -> None:
    assert fits(told, shown) is fit


# The manual of the files.


PAGES = [
    ("kpi", guide.kpi_manual, guide.KPI_CHAPTERS),
    ("plan", guide.plan_manual, guide.PLAN_CHAPTERS),
]
NAMES = [page[0] for page in PAGES]


@pytest.mark.parametrize(("name", "write", "_"), PAGES, ids=NAMES)
def test_the_manual_is_made_from_the_schema(
    name: schema.Name, write: Callable[[Any], str], _: Any, golden: Golden
) -> None:
    golden(DOCS / f"{name}-file.md", write(schema.load(name)))


def blocks(block: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every part of a schema that says what a value must be, by its path; conditions are left out."""
    yield path, block
    for word in ("properties", "patternProperties", "definitions"):
        for name, part in block.get(word, {}).items():
            yield from blocks(part, f"{path}/{word}/{name}")
    for word in ("items", "additionalProperties"):
        if isinstance(block.get(word), dict):
            yield from blocks(block[word], f"{path}/{word}")


@pytest.mark.parametrize(("name", "_", "chapters"), PAGES, ids=NAMES)
def test_every_field_and_every_explained_word_has_its_chapter(
    name: schema.Name, _: Any, chapters: tuple[guide.Chapter, ...]
) -> None:
    parts = {
        path.lstrip("/")
        for path, block in blocks(schema.load(name))
        if "properties" in block or "enumDescriptions" in block or "enumDescriptions" in block.get("then", {})
    }

    assert {chapter.part for chapter in chapters} == parts


@pytest.mark.parametrize(("name", "write", "chapters"), PAGES, ids=NAMES)
def test_every_field_of_the_schema_is_in_the_manual(
    name: schema.Name, write: Callable[[Any], str], chapters: Any
) -> None:
    page = write(schema.load(name))
    fields = {
        field for _, block in blocks(schema.load(name)) for field in block.get("properties", {})
    }  # `between` is one field, however many chapters it stands in

    assert {
        field for field in fields if f"| `{field}` |" not in page and f"| `{{{field}: " not in page
    } == set()
    assert all(section.about for section in guide.sections(schema.load(name), chapters))


def fields(name: schema.Name, chapters: Any) -> Iterator[guide.Field]:
    for section in guide.sections(schema.load(name), chapters):
        yield from section.fields


@pytest.mark.parametrize(("name", "_", "chapters"), PAGES, ids=NAMES)
def test_the_examples_of_the_manual_can_be_typed_as_they_stand(
    name: schema.Name, _: Any, chapters: Any
) -> None:
    for field in fields(name, chapters):
        assert field.examples
        for text in field.examples:
            document = read(f"{text}\n".encode())
            assert document.problems == (), text
            assert document.values is not None
            assert list(document.values) == [field.name]


@pytest.mark.parametrize(
    ("name", "chapters", "field", "needed"),
    [
        ("kpi", guide.KPI_CHAPTERS, "definition", {"yes"}),
        ("kpi", guide.KPI_CHAPTERS, "observations", {"one of these"}),
        ("kpi", guide.KPI_CHAPTERS, "body", {"with `because: monitored-elsewhere`"}),
        ("kpi", guide.KPI_CHAPTERS, "marks", {"without `value` and `assessment`"}),
        ("kpi", guide.KPI_CHAPTERS, "parts", {"with `total` or with `whole`"}),
        ("kpi", guide.KPI_CHAPTERS, "numerator", {"with `denominator`", "one of these"}),
        ("plan", guide.PLAN_CHAPTERS, "kpis", {"one of these", "yes"}),
    ],
)
def test_the_manual_says_when_a_field_is_needed(
    name: schema.Name, chapters: Any, field: str, needed: set[str]
) -> None:
    assert {one.needed for one in fields(name, chapters) if one.name == field} == needed


def test_the_whole_example_is_without_a_finding(tmp_path: Path) -> None:
    report = lint(example(tmp_path), TODAY)

    assert (report.findings, report.unchecked, len(report.paths)) == ((), (), 3)


# The recipes.


def block_after(path: Path, sentence: str) -> str:
    """The first block of code below a sentence."""
    text = path.read_text(encoding="utf-8")
    assert sentence in text
    found = re.search(r"^( *)```yaml\n(.*?)^ *```$", text[text.index(sentence) :], re.MULTILINE | re.DOTALL)
    assert found
    return textwrap.dedent(found[2])


def test_the_least_kpi_of_the_recipe_is_enough(tmp_path: Path) -> None:
    least = block_after(ROOT / "CONTRIBUTING.md", "This is the least:")
    example(tmp_path, "      - care-at-home\n", "      - care-at-home\n      - home-helpers\n")
    (tmp_path / "kpis/care/home-helpers.yaml").write_text(least, encoding="utf-8")

    assert lint(tmp_path, TODAY).findings == ()


def test_the_line_with_two_slips_is_the_one_that_was_checked() -> None:
    assert block_after(ROOT / "CONTRIBUTING.md", "This line has two slips:").strip() == SLIPS
    assert len(checked(SLIPS).findings) == 2


def test_the_ignore_comment_of_the_guide_hides_one_finding(tmp_path: Path) -> None:
    comment = textwrap.indent(block_after(DOCS / "cli.md", "with the rule's name and the reason:"), " " * 6)
    report = lint(example(tmp_path, FIGURE, comment), TODAY)

    assert (len(report.findings), len(report.hidden)) == (0, 1)


# The command line.


def test_every_command_has_its_help_in_the_guide() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\w+)$", text, re.MULTILINE)
    helped = re.findall(r"^\$ kpi (\w+) --help$", text, re.MULTILINE)

    assert headings == list(COMMANDS)
    assert helped == list(COMMANDS)
    assert "$ kpi --help\n" in text


# The formats: every key that is documented occurs, and every key that occurs is documented.


KINDS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "true": lambda value: value is True,
    "false": lambda value: value is False,
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
COMMANDS_OF_FORMATS = [
    "kpi lint --format json",
    "kpi breaches --format json",
    "kpi list --format json",
    "kpi list --overdue --format json",
    "kpi show KPI --history --format json",
    "kpi diff --format json",
    "kpi export --format json",
]
RICH = (  # the example with what its page doesn't need: checks, a trigger, a reference and a computed share
    "measures:\n  visited-in-time:\n",
    """\
checks:
  - {whole: offers, parts: [visits]}
measures:
  offers:
    title: Offers
    unit: count
    references: [{label: Before, value: 9}]
    triggers: [{when: increase}]
    observations: {2023/24: 4}
  visits: {title: Visits, unit: count, observations: {2023/24: 2}}
  calls: {title: Calls, unit: days, observations: {2011/12: 50, 2012/13: 52, 2013/14: 50, 2014/15: 52, 2015/16: 50, 2016/17: 52, 2017/18: 50, 2018/19: 52, 2019/20: 50, 2020/21: 52, 2021/22: 50, 2022/23: 52, 2023/24: 60}}
  share: {title: Share of offers, better: higher, derived: {share: visits, of: [offers]}}
  visited-in-time:
""",
)
NAMED_BY_THEMSELVES = ("dimensions", "commentary", "bodies", "owners", "words")
"""Objects whose keys are ids, states or days."""


def documented(command: str) -> dict[str, dict[str, str]]:
    """The tables under a command's heading: path, then key, then kind."""
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    part = text.partition(f"## `{command}`\n")[2].partition("\n## ")[0]
    found = {}
    for piece in part.split("\n### ")[1:]:
        path = piece.partition("\n")[0].strip("`").removeprefix("The whole")
        found[path] = dict(re.findall(r"^\| `(\w+)` \| ([\w ]+) \|", piece, re.MULTILINE))
    return found


def seen(value: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every value of a document with the path and the key it stands under; peers' figures as if they were own ones."""
    if isinstance(value, list):
        for one in value:
            yield from seen(one, f"{path}[]")
    elif isinstance(value, dict) and path.endswith("peers"):
        for one in value.values():
            yield from seen(one, path.removesuffix("peers") + "observations")
    elif isinstance(value, dict) and path in {"areas", "sources"}:
        for one in value.values():
            yield from seen(one, f"{path}[]")
    elif isinstance(value, dict) and not path.endswith(NAMED_BY_THEMSELVES):
        for key, one in value.items():
            yield path, key, one
            yield from seen(one, f"{path}.{key}".lstrip("."))


def in_a_change(folder: Path) -> Path:
    """The example with a change of every kind: figures, target, fields, the plan, and a file that can't be read."""
    committed(example(folder))
    for path, old, new in (
        ("kpis/plan.yaml", "title: Corporate plan\n", "title: The corporate plan\n"),
        ("kpis/care/first-visits.yaml", "2022/23: 88\n", "2022/23: 87\n"),
        ("kpis/care/first-visits.yaml", "at_least: 90\n", "at_least: 80\n"),
        ("kpis/care/first-visits.yaml", "owner: head-of-care\n", "owner: health-board\n"),
        ("kpis/care/first-visits.yaml", "title: Median wait\n", "title: The median wait\n"),
        ("kpis/care/care-at-home.yaml", "title:", "titel:"),
    ):
        text = (folder / path).read_text(encoding="utf-8")
        (folder / path).write_text(edited(text, old, new), encoding="utf-8")
    return folder


def with_a_past(folder: Path) -> Path:
    """The example with a KPI that was corrected, spoilt and renamed."""
    example(folder)
    old, new = folder / "kpis/care/first-visits.yaml", folder / "kpis/care/callers.yaml"
    text = old.read_text(encoding="utf-8")
    for changed in (
        text,
        edited(text, "2022/23: 88\n", "2022/23: 8B\n"),
        edited(text, "2022/23: 88\n", "2022/23: 87\n"),
    ):
        old.write_text(changed, encoding="utf-8")
        committed(folder)
    old.rename(new)
    committed(folder)
    return folder


@pytest.mark.parametrize("command", COMMANDS_OF_FORMATS)
def test_the_keys_of_a_format_are_those_of_the_guide(command: str, tmp_path: Path) -> None:
    if "diff" in command:
        repository = in_a_change(tmp_path)
    elif "history" in command:
        repository = with_a_past(tmp_path)
    else:
        repository = example(tmp_path, *(DISTURBED["mistake"] if "lint" in command else RICH))
    tried = command.replace("KPI", "callers").replace("--overdue", "--overdue --as-of 2026-01-01")
    told = list(seen(json.loads(printed(tried, repository).text)))
    guide = documented(command)

    assert {(path, key) for path, key, _ in told} == {(path, key) for path in guide for key in guide[path]}
    for path, key, value in told:
        assert any(KINDS[kind](value) for kind in guide[path][key].split(" or ")), (path, key, value)


def test_the_columns_of_the_csv_are_those_of_the_guide(tmp_path: Path) -> None:
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    part = text.partition("## `kpi export --format csv`\n")[2].partition("\n## ")[0]
    header, *rows = csv.reader(io.StringIO(printed("kpi export --format csv", example(tmp_path)).text))

    assert tuple(header) == CSV_COLUMNS == tuple(first_column(part))
    assert {len(row) for row in rows} == {len(header)}
