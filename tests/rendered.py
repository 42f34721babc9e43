"""Pages as GitHub's own parser renders them: their links, headings and tables, for tests to look at."""

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple

import cmarkgfm
from cmarkgfm.cmark import Options

Table = list[list[str]]
"""The header's cells, then those of each row."""


class Page(NamedTuple):
    """What a page holds. `tags` are all its HTML elements with their attributes, `links` lead to its pictures too."""

    headings: list[str]
    links: list[str]
    tables: list[Table]
    tags: list[tuple[str, dict[str, str | None]]]
    text: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page([], [], [], [], "")
        self.pieces: list[str] = []
        self.heading: list[str] | None = None
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.page.links.append(dict(attrs).get("href") or "")
        elif tag == "img":
            self.page.links.append(dict(attrs).get("src") or "")
        elif re.fullmatch("h[1-6]", tag):
            self.heading = []
        elif tag == "table":
            self.page.tables.append([])
        elif tag == "tr":
            self.page.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch("h[1-6]", tag) and self.heading is not None:
            self.page.headings.append("".join(self.heading))
            self.heading = None
        elif tag in {"td", "th"} and self.cell is not None:
            self.page.tables[-1][-1].append("".join(self.cell))
            self.cell = None

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        for holder in (self.heading, self.cell):
            if holder is not None:
                holder.append(data)


@lru_cache(maxsize=1000)  # many tests look at the pages of the two contents; none changes what it is given
def read_page(markdown: str, *, footnotes: bool = False) -> Page:
    """A page as rendered, with any raw HTML in it kept; with footnotes, as GitHub has them, where there are meant to be some."""
    options = Options.CMARK_OPT_UNSAFE | (Options.CMARK_OPT_FOOTNOTES if footnotes else 0)
    return read_html(cmarkgfm.github_flavored_markdown_to_html(markdown, options))


def read_html(text: str) -> Page:
    """A page as HTML."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.page._replace(text="".join(reader.pieces))


NO_PAGE = Page([], [], [], [], "")
"""Stands for what is not Markdown: a chart."""


def source_tables(markdown: str) -> list[Table]:
    """The tables as they stand in the file: a row with too few or too many cells is seen."""
    tables: list[Table] = []
    inside = False
    for line in markdown.split("\n"):
        if not line.startswith("|"):
            inside = False
            continue
        if not inside:
            tables.append([])
            inside = True
        cells = re.split(r"(?<!\\)(?:\\\\)*\|", line)
        tables[-1].append([cell.strip() for cell in cells[1:-1]])
    return tables
