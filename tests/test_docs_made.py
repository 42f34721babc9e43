"""What the guides show is what the program prints: `pytest --update` writes it anew."""

import csv
import io
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from guides import (
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
    shortened,
)
from kpi.cli.main import COMMANDS
from kpi.lint.engine import lint
from kpi.manual import field as guide
from kpi.pages.formats import CSV_COLUMNS
from kpi.store import schema
from kpi.store.reader import read
from manual_pages import kpi_manual, plan_manual

Golden = Callable[[Path, str], None]
GUIDES = [
    ROOT / "CONTRIBUTING.md",
    *(DOCS / f"{name}.md" for name in ("cli", "every-month", "every-year", "formats", "periods")),
]


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed day and a fixed width."""
    monkeypatch.setattr("kpi.cli.context.today", lambda: TODAY)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_a_guide_shows_what_the_program_says(path: Path, tmp_path: Path, golden: Golden) -> None:
    golden(path, renewed(path.read_text(encoding="utf-8"), tmp_path))


@pytest.mark.parametrize(
    ("reported", "shown", "fit"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\nc\n", "a\n…\nc\n", True),
        ("a\nb\nc\n", "a\n…\n", True),
        ("a\nb\n", "a\n", False),
        ("a\nb\nc\n", "b\n…\n", False),
        ("a\n…b\n", "a\n…c\n", False),
    ],
)
def test_only_a_line_of_its_own_stands_for_what_is_left_out(reported: str, shown: str, fit: bool) -> None:
    assert fits(reported, shown) is fit


@pytest.mark.parametrize(
    ("reported", "shown", "short"),
    [
        ("a\nB\nc\nd\n", "a\nb\n…\nd\n", "a\nB\nc\nd\n"),
        ("A\nb\nc\nd\n", "a\nb\n…\nd\n", "A\nb\n…\nd\n"),
        ("a\nb\nc\nD\n", "a\n…\nc\nd\n", "a\n…\nc\nD\n"),
        ("A\nb\nc\n", "a\nb\n…\n", "A\nb\n…\n"),
        ("a\nb\nC\nd\n", "…\nb\nc\n…\n", "…\nb\nC\nd\n"),
    ],
)
def test_a_text_that_has_changed_is_cut_where_it_was(reported: str, shown: str, short: str) -> None:
    assert shortened(reported, shown) == short


# The manual of the files.


PAGES = [
    ("kpi", kpi_manual, guide.KPI_CHAPTERS),
    ("plan", plan_manual, guide.PLAN_CHAPTERS),
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
    name: schema.Name, _: Any, chapters: dict[str, str]
) -> None:
    parts = {
        path.lstrip("/")
        for path, block in blocks(schema.load(name))
        if "properties" in block or "enumDescriptions" in block or "enumDescriptions" in block.get("then", {})
    }

    assert chapters.keys() == parts


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
        ("kpi", guide.KPI_CHAPTERS, "numerator", {"no", "one of these"}),
        ("plan", guide.PLAN_CHAPTERS, "kpis", {"one of these", "yes"}),
    ],
)
def test_the_manual_says_when_a_field_is_needed(
    name: schema.Name, chapters: Any, field: str, needed: set[str]
) -> None:
    assert {item.needed for item in fields(name, chapters) if item.name == field} == needed


def test_the_whole_example_is_without_a_finding(tmp_path: Path) -> None:
    report = lint(example(tmp_path), TODAY)

    assert (report.findings, report.unchecked, len(report.paths)) == ((), (), 3)


# The recipes.


def block_after(path: Path, sentence: str) -> str:
    """The first block of code below a sentence."""
    text = path.read_text(encoding="utf-8")
    assert sentence in text
    match = re.search(r"^( *)```yaml\n(.*?)^ *```$", text[text.index(sentence) :], re.MULTILINE | re.DOTALL)
    assert match
    return textwrap.dedent(match[2])


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
    headings = re.findall(r"^## ([a-z]+)$", text, re.MULTILINE)
    helped = re.findall(r"^\$ kpi (\w+) --help$", text, re.MULTILINE)

    assert headings == list(COMMANDS)
    assert helped == list(COMMANDS)
    assert "$ kpi --help\n" in text


# The formats. Their JSON is held to its schemas by test_shapes.py, and its tables here are made from those.


def test_the_columns_of_the_csv_are_those_of_the_guide(tmp_path: Path) -> None:
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    part = text.partition("## `kpi export --format csv`\n")[2].partition("\n## ")[0]
    header, *rows = csv.reader(io.StringIO(printed("kpi export --format csv", example(tmp_path)).text))

    assert tuple(header) == CSV_COLUMNS == tuple(first_column(part))
    assert {len(row) for row in rows} == {len(header)}
