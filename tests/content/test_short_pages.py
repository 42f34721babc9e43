"""How short the pages of this content are, and that the front page begins with what a board asks first."""

import re
from collections import Counter
from pathlib import Path
from statistics import mean

import pytest

from rendered import read_page

PAGES = sorted((Path(__file__).parents[2] / "docs/scorecard").rglob("*.md"))
_APART = ("#", "|", "!", "<")  # headings, tables, pictures and folds have no sentences


def sentences(path: Path) -> list[str]:
    """The sentences of a page, without its way up and its last line."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    lines = [line for line in lines[:-1] if not line.startswith(_APART) and "](" not in line[:40]]
    pieces = [piece for line in lines for piece in re.split(r"(?<=[.!?])\s+", line.lstrip("- "))]
    return [piece for piece in pieces if len(piece.split()) > 2]


def test_a_sentence_has_18_words_on_average_at_most() -> None:
    assert 5 < mean(len(words.split()) for path in PAGES for words in sentences(path)) <= 18


def test_no_sentence_stands_on_more_than_a_tenth_of_the_pages() -> None:
    pages = Counter(words for path in PAGES for words in set(sentences(path)))

    assert len(PAGES) > 80
    assert [words for words, count in pages.items() if count > len(PAGES) / 10] == []


@pytest.mark.parametrize(
    "answer",
    [r"\b\d+ not met\b", r"\b\d+ worse\b", r"\b\d+ can't be told\b"],
    ids=["not met", "worse", "untold"],
)
def test_what_a_board_asks_first_is_answered_above_the_first_table(answer: str) -> None:
    front = next(path for path in PAGES if path.name == "README.md").read_text(encoding="utf-8")

    assert re.search(answer, read_page(front.partition("\n## ")[0]).text)
