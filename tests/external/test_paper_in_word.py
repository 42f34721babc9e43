"""The board paper as a Word file: made with pandoc as docs/paper.md says, then looked at inside."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from kpi.pages.paper import paper
from kpi.store.paths import SCORECARD
from rendered import read_page
from small import scorecard, written

ROOT = Path(__file__).parent.parent.parent
PANDOC = shutil.which("pandoc")
CAN_DRAW = shutil.which("rsvg-convert") is not None
"""Whether pandoc can put a drawn picture beside each SVG, for a Word that knows no SVG; without it, it warns."""
pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(PANDOC is None, reason="pandoc is not installed"),
]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def guides_command() -> list[str]:
    """The command of the guide."""
    guide = (ROOT / "docs/paper.md").read_text(encoding="utf-8")
    found = re.search(r"^pandoc .*$", guide, re.MULTILINE)
    assert found
    return found[0].split()


@pytest.fixture(scope="module", params=["small", "real"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The document as Markdown, and the Word file made of it."""
    folder = tmp_path_factory.mktemp("word")
    _, judgement, pages = scorecard(ROOT if request.param == "real" else written(folder))
    text = paper(judgement)
    for name in (name for name in pages if name.endswith(".svg")):
        (folder / SCORECARD / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / SCORECARD / name).write_text(pages[name], encoding="utf-8")
    shutil.copytree(ROOT / "docs/word", folder / "docs/word")
    (folder / "scorecard.md").write_text(text, encoding="utf-8", newline="\n")
    done = subprocess.run(guides_command(), cwd=folder, capture_output=True, encoding="utf-8", check=False)
    trouble = [line for line in done.stderr.splitlines() if CAN_DRAW or "rsvg-convert" not in line]
    assert (done.returncode, done.stdout, trouble) == (0, "", [])
    return text, folder / "scorecard.docx"


def part(file: Path, name: str) -> Element:
    with zipfile.ZipFile(file) as archive:
        return fromstring(archive.read(name))


def words(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def test_the_word_file_has_every_heading_table_and_footnote(made: tuple[str, Path]) -> None:
    text, file = made
    page = read_page(text)
    document = part(file, "word/document.xml")
    headings = [
        words(paragraph)
        for paragraph in document.iter(f"{W}p")
        for style in paragraph.iter(f"{W}pStyle")
        if style.get(f"{W}val", "").startswith(("Title", "Heading"))
    ]
    title = part(file, "docProps/core.xml").findtext("{http://purl.org/dc/elements/1.1/}title")
    spoken = len(re.findall(r"\[\^\d+\](?!:)", text))
    footnotes = [one for one in part(file, "word/footnotes.xml") if one.get(f"{W}type") is None]

    assert headings == page.headings
    assert title == page.headings[0]
    assert len(list(document.iter(f"{W}tbl"))) == len(page.tables) > 5
    assert len(footnotes) == spoken > 0


def test_its_cells_say_what_the_document_says(made: tuple[str, Path]) -> None:
    text, file = made
    tables = [
        [[words(cell) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
        for table in part(file, "word/document.xml").iter(f"{W}tbl")
    ]
    expected = [
        [[re.sub(r"\[\^\d+\]", "", cell) for cell in row] for row in table]
        for table in read_page(text).tables
    ]

    assert tables == expected


def test_its_links_lead_to_places_in_it(made: tuple[str, Path]) -> None:
    document = part(made[1], "word/document.xml")
    places = {one.get(f"{W}name") for one in document.iter(f"{W}bookmarkStart")}
    targets = {one.get(f"{W}anchor") for one in document.iter(f"{W}hyperlink")} - {None}

    assert targets
    assert targets <= places


def test_it_is_a4_landscape_and_its_tables_fill_the_page_and_repeat_their_first_row(
    made: tuple[str, Path],
) -> None:
    document = part(made[1], "word/document.xml")
    (size,) = document.iter(f"{W}pgSz")
    tables = list(document.iter(f"{W}tbl"))

    assert (size.get(f"{W}w"), size.get(f"{W}h"), size.get(f"{W}orient")) == ("16838", "11906", "landscape")
    assert [len(list(table.iter(f"{W}tblHeader"))) for table in tables] == [1] * len(tables)
    assert {(one.get(f"{W}type"), one.get(f"{W}w")) for one in document.iter(f"{W}tblW")} == {("pct", "5000")}
