"""Whatever a file's texts hold, the pages stay the same pages: no text becomes a link, a tag, a row or a heading."""

import re
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from hostile_texts import SHORT
from kpi.judge.judgement import Judgement, judge
from kpi.model.period import Period
from kpi.pages.scorecard import paper, scorecard_pages
from kpi.store.repository import Repository
from pictures import ALLOWED as ALLOWED_SHAPES
from rendered import read_page, source_tables
from small import scorecard, written

FREE_TEXT = {
    "title", "note", "definition", "name", "short", "in_words", "label", "text", "noun", "organisation", "board",
    "presented_by", "purpose",
}  # fmt: skip
ALLOWED = {
    "details",
    "h1",
    "summary",
    "h2",
    "h3",
    "h4",
    "h5",
    "p",
    "ul",
    "li",
    "strong",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
    "span",
    "img",
}
FOOTNOTES = {"sup", "section", "ol"}
FOOTNOTE_ATTRIBUTES = {
    "id", "class", "data-footnotes", "data-footnote-ref", "data-footnote-backref", "data-footnote-backref-idx", "aria-label",
}  # fmt: skip


def spoilt(record: Any, texts: Iterator[str], field: str = "") -> Any:
    """A record with all its free texts replaced, each by the next; a period's spelling is none."""
    if isinstance(record, Period):
        return record
    if isinstance(record, str):
        return next(texts) if field in FREE_TEXT and record else record
    if hasattr(record, "_fields"):
        return type(record)(
            *(spoilt(value, texts, name) for name, value in zip(record._fields, record, strict=True))
        )
    if isinstance(record, tuple | list):
        return tuple(spoilt(each, texts) for each in record)
    if isinstance(record, dict):
        return {key: spoilt(value, texts) for key, value in record.items()}
    return record


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Repository, Judgement, dict[str, str]]:
    return scorecard(written(tmp_path_factory.mktemp("small")))


ALONE = [pytest.param((text,), id=ascii(text), marks=pytest.mark.long) for text in SHORT]
"""Each text in all places: `make fuzz` tries that. In `make test` they share the places, ten at a time."""
TENS = [SHORT[at::20] for at in range(20)]


@pytest.mark.parametrize("hostile", [*TENS, *ALONE], ids=ascii)
def test_no_text_of_a_file_becomes_more_than_text(
    hostile: Sequence[str], small: tuple[Repository, Judgement, dict[str, str]]
) -> None:
    repository, judgement, pages = small
    texts = cycle(hostile)
    plan = spoilt(judgement.plan, texts)._replace(
        owners={"head": next(texts)}, bodies={"schools-board": next(texts)}
    )
    kpis = [spoilt(kpi, texts)._replace(commentary=(("2024-01-01", next(texts)),)) for kpi in repository.kpis]
    judged = judge(plan, kpis)
    reported = scorecard_pages(judged, {"loans": [("check-fails", next(texts))]})

    assert set(reported) == set(pages)
    for name in (name for name in reported if name.endswith(".svg")):
        tags = {element.tag.rpartition("}")[2] for element in fromstring(reported[name]).iter()}
        assert tags <= ALLOWED_SHAPES, name
        assert not re.search("[\u202e\u200b]", reported[name])
    for name, page in {**reported, "the paper.md": paper(judged)}.items():
        if not name.endswith(".md"):
            continue
        noted = name == "the paper.md"
        actual = read_page(page, footnotes=noted)
        assert {tag for tag, _ in actual.tags} <= ALLOWED | (FOOTNOTES if noted else set()), name
        names = {"href", "align", "src", "alt"} | (FOOTNOTE_ATTRIBUTES if noted else set())
        assert all(set(attributes) <= names for _, attributes in actual.tags), name
        assert all(
            str(attributes["src"]).startswith(
                (
                    "../charts/",
                    "sparklines/",
                    "targets.svg",
                    "docs/scorecard/charts/",
                    "docs/scorecard/targets.svg",
                )
            )
            for tag, attributes in actual.tags
            if tag == "img"
        )
        assert {link for link in actual.links if ":" in link} <= {
            "https://example.org/return?year=2024&part=2"
        }
        tables = source_tables(page)
        for table in tables:
            assert {len(row) for row in table} == {len(table[0])}, (name, table)
        assert [len(table[0]) for table in actual.tables] == [len(table[0]) for table in tables]
        assert not re.search("[\u202e\u200b]", page)
