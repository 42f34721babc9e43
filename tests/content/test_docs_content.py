"""What the README and docs/judgement.md show of this organisation's own scorecard."""

import html
import re
import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from content.edition import edition
from guides import DISTURBED, DOCS, HANDWRITTEN, ROOT, example, printed
from kpi.pages.scorecard import scorecard_pages
from manual_pages import EXAMPLE
from test_docs import BEGUN, EXPORTED, MONTH, exists, is_of_content, looks_like_a_path
from test_docs import page as document

EDITION = date(2024, 2, 27)
README = (ROOT / "README.md").read_text(encoding="utf-8")


@cache
def pages() -> dict[str, str]:
    """The pages of the edition, as plain text: figures that came later change nothing in them."""
    actual = scorecard_pages(edition(), {})
    return {name: html.unescape(text).replace("\\", "") for name, text in actual.items()}


def examples() -> Iterator[tuple[str, str]]:
    """Each page that docs/judgement.md quotes, and the words that it quotes."""
    text = (DOCS / "judgement.md").read_text(encoding="utf-8")
    for page, quoted in re.findall(r"^\| \[[^]]+\]\(scorecard/([^)]+)\) \| ([^|]+) \|", text, re.MULTILINE):
        yield from ((page, words) for words in quoted.split(" · "))


@pytest.mark.parametrize(("page", "words"), list(examples()))
def test_a_page_says_what_the_guide_says_that_it_says(page: str, words: str) -> None:
    assert words in pages()[page]


def test_most_parts_of_the_guide_have_an_example() -> None:
    parts = re.split(r"^## ", (DOCS / "judgement.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    without = {part.partition("\n")[0] for part in parts if "](scorecard/" not in part}

    assert without == {"The day", "Freshness"}


def test_every_link_to_a_page_or_file_of_the_content_leads_there() -> None:
    actual = 0
    for path in HANDWRITTEN:
        for target in document(path).links:
            file, _, anchor = unquote(target).partition("#")
            there = (path.parent / file).resolve()
            if file and "://" not in file and is_of_content(there):
                actual += 1
                assert there.exists(), (path, target)
                assert not anchor or anchor in document(there).anchors, (path, target)
        named = {
            text for text in document(path).codes if looks_like_a_path(text) and is_of_content(ROOT / text)
        }
        assert {
            text for text in named - EXAMPLE.keys() - MONTH - BEGUN - EXPORTED if not exists(text)
        } == set(), path

    assert actual > 30


# The README.


def numberless(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def test_the_readme_shows_a_file_as_it_is() -> None:
    block = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert block

    assert block[1] in (ROOT / "kpis/confidence/call-answering.yaml").read_text(encoding="utf-8")


def test_the_readme_shows_what_lint_says(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "kpis", tmp_path / "kpis")
    file = tmp_path / "kpis/confidence/call-answering.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("2024-01: 84\n", "2024-01: 84%\n"), encoding="utf-8"
    )
    said = printed("kpi lint", tmp_path)
    block = re.search(r"^\$ \.venv/bin/kpi lint\n(.*?)```", README, re.DOTALL | re.MULTILINE)
    assert block
    *shown, summary = numberless(block[1]).splitlines()

    assert said.code == 1
    assert "\n".join(shown) in numberless(said.text)
    assert summary in numberless(
        printed("kpi lint", example(tmp_path / "example", *DISTURBED["mistake"])).text
    )


def test_the_readme_shows_what_the_two_commands_print(tmp_path: Path) -> None:
    """All but the line of pip's first run and pytest's last one comes from the tool; the numbers are this content's."""
    block = re.search(r"^\$ make scorecard\n(.*?)^\$ make test\n(.*?)```", README, re.DOTALL | re.MULTILINE)
    assert block
    example(tmp_path)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installing, *reported, where = block[1].splitlines()

    assert numberless("\n".join(reported) + "\n") == numberless(
        printed("kpi lint", tmp_path).text + printed("kpi build", tmp_path).text
    )
    assert f'@echo "{where}"' in makefile
    assert installing.replace("python3.13", "$$found") in makefile
    assert re.fullmatch(r"…\n=+ \d+ passed in [\d.]+s \([\d:]+\) =+\n", block[2])
