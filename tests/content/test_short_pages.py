"""How short the pages of this content are, and that the front page begins with what a board asks first."""

import re
from collections import Counter
from pathlib import Path
from statistics import mean

import kpi
from rendered import read_page

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs/scorecard").rglob("*.md"))
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


def test_what_a_board_asks_first_is_answered_above_the_first_table() -> None:
    """How many targets are missed, and how many figures are worse or can't be told: each that there is, whatever the figures say."""
    measures = [measure for item in kpi.load(ROOT).kpis for measure in item.measures]
    front = (ROOT / "docs/scorecard/README.md").read_text(encoding="utf-8")
    text = read_page(front.partition("\n## ")[0]).text
    counts = Counter([*(measure.status for measure in measures), *(measure.change for measure in measures)])
    wanted = [name for name in ("not met", "worse", "can't be told") if counts[name]]

    assert wanted
    assert [name for name in wanted if not re.search(rf"\b\d+ {name}\b", text)] == []
