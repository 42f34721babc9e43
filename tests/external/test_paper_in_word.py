"""The board paper as a Word or OpenDocument file, looked at inside."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from kpi.pages.scorecard import paper
from rendered import read_page
from running import Kpi
from small import scorecard, written

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.external

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
SVG, DRAW = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("svg-compatible", "drawing")
)
TEXT, TABLE, STYLE, FO = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("text", "table", "style", "xsl-fo-compatible")
)
TALLEST = 6.6  # inches between the margins of a page


@pytest.fixture(scope="module", params=["small", "real"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The document as Markdown, and the folder of the files made of it."""
    folder = tmp_path_factory.mktemp("word")
    root = ROOT if request.param == "real" else written(folder)
    for name in ("scorecard.docx", "scorecard.odt"):
        command = [sys.executable, "-m", "kpi", "--root", str(root), "paper", "--output", str(folder / name)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return paper(scorecard(root)[1]), folder


@pytest.fixture
def made(both: tuple[str, Path]) -> tuple[str, Path]:
    """The document as Markdown, and the Word file."""
    text, folder = both
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
    footnotes = [note for note in part(file, "word/footnotes.xml") if note.get(f"{W}type") is None]

    assert headings == page.headings
    assert title == page.headings[0]
    assert len(list(document.iter(f"{W}tbl"))) == len(page.tables) > 5
    assert len(footnotes) == spoken > 0


def test_each_part_behind_the_summary_begins_a_page(both: tuple[str, Path]) -> None:
    text, folder = both
    parts = len(re.findall("^## ", text, re.MULTILINE)) - 1
    word = part(folder / "scorecard.docx", "word/document.xml")
    odt = part(folder / "scorecard.odt", "content.xml")

    assert len(list(word.iter(f"{W}pageBreakBefore"))) == parts > 1
    broken = [item for item in odt.iter(f"{TEXT}p") if item.get(f"{TEXT}style-name") == "Page_20_break"]
    assert len(broken) == parts


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
    places = {mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")}
    targets = {link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")} - {None}

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
    assert {(width.get(f"{W}type"), width.get(f"{W}w")) for width in document.iter(f"{W}tblW")} == {
        ("pct", "5000")
    }


def test_headings_are_styled_and_pages_have_a_number(made: tuple[str, Path]) -> None:
    used = {style.get(f"{W}val") for style in part(made[1], "word/document.xml").iter(f"{W}pStyle")}
    bold = {
        style.get(f"{W}styleId")
        for style in part(made[1], "word/styles.xml").iter(f"{W}style")
        if style.find(f"{W}rPr/{W}b") is not None
    }
    (footer,) = part(made[1], "word/document.xml").iter(f"{W}footerReference")

    assert {name for name in used if name and name.startswith("Heading")} <= bold
    assert footer.get(f"{W}type") == "default"
    with zipfile.ZipFile(made[1]) as archive:
        assert " PAGE " in next(
            archive.read(name).decode() for name in archive.namelist() if "word/footer" in name
        )


def words_of_pictures(text: str) -> list[str]:
    """What the document says of its pictures, in their order."""
    return [attributes["alt"] or "" for tag, attributes in read_page(text).tags if tag == "img"]


def test_every_picture_is_a_png_with_its_words_that_fits_a_page(made: tuple[str, Path]) -> None:
    text, file = made
    pictures = list(part(file, "word/document.xml").iter(f"{DRAWN}inline"))
    heights = [int(picture.find(f"{DRAWN}extent").get("cy", "0")) for picture in pictures]  # type: ignore[union-attr]

    assert [picture.find(f"{DRAWN}docPr").get("descr") for picture in pictures] == words_of_pictures(text)  # type: ignore[union-attr]
    assert len(pictures) > 0
    assert all(0 < height <= TALLEST * 914_400 for height in heights)
    with zipfile.ZipFile(file) as archive:
        media = [name for name in archive.namelist() if "media/" in name]
        assert len(media) == len(pictures)
        assert {archive.read(name)[:8] for name in media} == {b"\x89PNG\r\n\x1a\n"}


def test_the_opendocument_file_says_the_same(both: tuple[str, Path]) -> None:
    text, folder = both
    content = part(folder / "scorecard.odt", "content.xml")
    page = read_page(text)
    headings = ["".join(heading.itertext()) for heading in content.iter(f"{TEXT}h")]
    frames = list(content.iter(f"{DRAW}frame"))

    assert headings == page.headings[1:]
    assert len(list(content.iter(f"{TABLE}table"))) == len(page.tables)
    assert len(list(content.iter(f"{TABLE}table-header-rows"))) == len(page.tables)
    assert [frame.findtext(f"{SVG}desc") for frame in frames] == words_of_pictures(text)
    assert {frame.get(f"{TEXT}anchor-type") for frame in frames} == {"as-char"}
    (layout,) = part(folder / "scorecard.odt", "styles.xml").iter(f"{STYLE}page-layout-properties")
    assert (layout.get(f"{FO}page-width"), layout.get(f"{FO}page-height")) == ("297mm", "210mm")


@pytest.mark.parametrize("form", [".docx", ".odt"])
def test_the_same_figures_are_the_same_file(form: str, kpi: Kpi, tmp_path: Path) -> None:
    written(tmp_path)
    assert kpi("paper", "--output", f"1{form}") == (0, "", "")
    assert kpi("paper", "--output", f"2{form.upper()}") == (0, "", "")

    assert (tmp_path / f"1{form}").read_bytes() == (tmp_path / f"2{form.upper()}").read_bytes()


@pytest.mark.parametrize("clock", [None, "86400"])
def test_what_the_environment_says_of_the_day_is_neither_taken_nor_lost(
    clock: str | None, kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert kpi("paper", "--output", "1.docx").code == 0
    if clock is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", clock)
    assert kpi("paper", "--output", "2.docx").code == 0

    assert os.environ.get("SOURCE_DATE_EPOCH") == clock
    assert (tmp_path / "1.docx").read_bytes() == (tmp_path / "2.docx").read_bytes()


def test_it_is_not_written_over_figures(kpi: Kpi, tmp_path: Path) -> None:
    plan = written(tmp_path) / "kpis/plan.yaml"
    before = plan.read_bytes()
    (tmp_path / "paper.docx").symlink_to(plan)
    done = kpi("paper", "--output", "paper.docx")

    assert done.code == 2
    assert "is a place for figures" in done.err
    assert plan.read_bytes() == before


def test_without_a_font_no_picture_loses_its_words(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resvg_py

    from kpi.store import exports

    draw = resvg_py.svg_to_bytes
    exports._font.cache_clear()
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **options: draw(**options, skip_system_fonts=True))
    written(tmp_path)
    done = kpi("paper", "--output", "paper.docx")

    assert done.code == 3
    assert "need a font" in done.err
    assert not (tmp_path / "paper.docx").exists()


def test_an_organisation_s_own_styles_are_taken(kpi: Kpi, tmp_path: Path) -> None:
    written(tmp_path)
    own = tmp_path / "docs/word/styles.docx"
    assert kpi("paper", "--output", own) == (0, "", "")
    with zipfile.ZipFile(own) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(own, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(b'w:val="28"', b'w:val="77"'))
    assert kpi("paper", "--output", "paper.docx") == (0, "", "")

    heading = {
        style.get(f"{W}styleId"): style
        for style in part(tmp_path / "paper.docx", "word/styles.xml").iter(f"{W}style")
    }["Heading1"]
    assert [size.get(f"{W}val") for size in heading.iter(f"{W}sz")] == ["77"]
