"""Hostile workbooks: whatever is in one, it is read or refused in a sentence, in good time and in little memory."""

import io
import os
import re
import struct
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hostile.child import ROOT, Ended, kpi_in_turn
from kpi.model.errors import UserError
from kpi.store.tables import package
from kpi.store.tables.table_file import read_tables
from running import Done, Kpi
from small import written
from trials import trials
from workbooks import Cell, Formula, packed, parts, sheet

GOOD = parts({"Data": sheet([["kpi", "measure", "2024/25"], ["loans", "books", 4100]])})
FEW = 5_000
"""So many cells and texts are read where a test says so, not 500,000."""
DATA = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADING = '<row r="1"><c r="A1" t="inlineStr"><is><t>kpi</t></is></c><c r="B1"><v>2024</v></c></row>'
"""Without it nobody reads on."""
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))


def changed(**contents: str | bytes) -> bytes:
    """The good workbook with other parts; `sheet` is its one sheet."""
    return packed(GOOD | {DATA if name == "sheet" else name: content for name, content in contents.items()})


def with_part(name: str, content: str | bytes = "<a/>") -> bytes:
    return packed(GOOD | {name: content})


def cells(*xml: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{''.join(xml)}</sheetData></worksheet>"


def again(xml: str, times: int = 150_000) -> str:
    """Something many times, each time with another number: so it doesn't pack like a bomb."""
    return "".join(xml.format(number * 7919 % 1_000_003) for number in range(times))


def lying() -> bytes:
    """A part that unpacks to 100 MB and says that it has 100 bytes."""
    data = bytearray(with_part("xl/worksheets/sheet2.xml", b" " * (100 << 20)))
    size = struct.pack("<I", 100 << 20)
    return bytes(data.replace(size, struct.pack("<I", 100)))


def twice() -> bytes:
    made = io.BytesIO(packed(GOOD))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(made, "a") as file:
        file.writestr(DATA, cells('<row r="1"><c r="A1"><v>666</v></c></row>'))
    return made.getvalue()


def encrypted() -> bytes:
    """The flag for a password, in both headers of each part."""
    data = bytearray(packed(GOOD))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


HOSTILE: dict[str, Callable[[], tuple[bytes, str]]] = {
    "a bomb of zeros": lambda: (with_part("xl/worksheets/sheet2.xml", b"0" * (60 << 20)), "too large, or isn't packed as Excel packs"),
    "a small bomb": lambda: (with_part("xl/sharedStrings.xml", b" " * (5 << 20)), "too large, or isn't packed as Excel packs"),
    "a part larger than it says": lambda: (lying(), "damaged"),
    "6 MB of cells": lambda: (with_part("xl/worksheets/sheet2.xml", os.urandom(6 << 20)), "too large"),
    "2,000 parts": lambda: (packed(GOOD | {f"xl/p{n}.xml": "<a/>" for n in range(2000)}), "too large, or isn't packed as Excel packs"),
    "a name that climbs out": lambda: (with_part("xl/../../etc/passwd.xml"), "isn't packed as Excel packs"),
    "a name from the root": lambda: (with_part("/etc/passwd"), "isn't packed as Excel packs"),
    "a part twice": lambda: (twice(), "isn't packed as Excel packs"),
    "two names that differ in capitals": lambda: (with_part("XL/workbook.xml"), "isn't packed as Excel packs"),
    "macros": lambda: (with_part("xl/vbaProject.bin"), "has macros. Save it as .xlsx, without macros."),
    "a macro sheet": lambda: (with_part("xl/macrosheets/sheet1.xml"), "has macros"),
    "external links": lambda: (with_part("xl/externalLinks/externalLink1.xml"), "takes figures from other workbooks"),
    "a password": lambda: (encrypted(), "has a password. Save it without one."),
    "entities that grow": lambda: (changed(sheet=f"<!DOCTYPE a [{ENTITIES}]>" + cells('<row><c t="inlineStr"><is><t>&e11;</t></is></c></row>')), "has definitions that Excel never writes"),
    "a file from outside": lambda: (changed(sheet='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + cells('<row><c t="inlineStr"><is><t>&x;</t></is></c></row>')), "has definitions that Excel never writes"),
    "definitions in another part": lambda: (with_part("xl/sharedStrings.xml", '<!DOCTYPE a><sst/>'), "has definitions that Excel never writes"),
    "a cell at the end of all": lambda: (changed(sheet=cells(HEADING, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "reaches to row 1,048,576 and column XFD"),
    "a cell beyond the end": lambda: (changed(sheet=cells(HEADING, '<row r="9999999"><c r="ZZZ9999999"><v>1</v></c></row>')), "reaches to row 9,999,999"),
    "a range merged without end": lambda: (changed(sheet=f'<worksheet {MAIN}><sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'), 'no row of headings with "kpi" in it'),
    "texts that are said to be 4,000,000,000": lambda: (changed(**{"xl/sharedStrings.xml": f'<sst {MAIN} count="4000000000" uniqueCount="4000000000"/>', "sheet": cells('<row r="1"><c r="A1" t="s"><v>3999999999</v></c></row>')}), "damaged"),
    "a number without end": lambda: (changed(sheet=cells('<row r="1"><c r="A1"><v>1e999</v></c></row>')), "damaged"),
    "no number": lambda: (changed(sheet=cells('<row r="1"><c r="A1"><v>nan</v></c></row>')), "damaged"),
    "an alphabet that there isn't": lambda: (changed(sheet='<?xml version="1.0" encoding="UTF-99"?>' + cells()), "damaged"),
    "more cells than are read": lambda: (changed(sheet=cells("<row>" + again("<c><v>{}</v></c>", FEW + 1) + "</row>")), "has more than 5,000 cells and texts"),
    "one cell in a row too far down": lambda: (changed(sheet=cells(HEADING, '<row r="100001"><c r="A100001"><v>1</v></c></row>')), "reaches to row 100,001"),
    "more texts than are read": lambda: (with_part("xl/sharedStrings.xml", f"<sst {MAIN}>" + "".join(f"<si><t>{n * n}</t></si>" for n in range(FEW + 1)) + "</sst>"), "has more than 5,000 cells and texts"),
    "one sheet listed 100 times": lambda: (changed(**{"xl/workbook.xml": GOOD["xl/workbook.xml"].replace("</sheets>", "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(100)) + "</sheets>")}), "lists one sheet more than once"),
    "a text longer than any in Excel": lambda: (changed(sheet=cells(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"kpi " * 10_000}</t></is></c></row>')), "damaged"),
    "areas merged over one another": lambda: (changed(sheet=f'<worksheet {MAIN}><sheetData>{HEADING}<row r="9000"><c r="CZ9000"><v>1</v></c></row></sheetData><mergeCells>' + '<mergeCell ref="A1:CZ9000"/>' * 3 + "</mergeCells></worksheet>"), "damaged"),
    "comments without end": lambda: (changed(sheet=again("<!--{}")), "damaged"),
    "columns without end": lambda: (changed(sheet=f"<worksheet {MAIN}>" + again("<cols {}") + "<sheetData></sheetData></worksheet>"), "damaged"),
    "cells without end": lambda: (changed(sheet=f"<worksheet {MAIN}>" + again("<sheetData {}")), "damaged"),
    "an encoding named again and again": lambda: (changed(sheet="<?xml " + again("encoding='{}' ")), "damaged"),
    "an ods": lambda: (packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}), "is an OpenDocument file (.ods). Save the table as an Excel workbook (.xlsx), or as CSV."),
    "a cell nowhere": lambda: (changed(sheet=cells('<row r="1"><c r="7"><v>1</v></c></row>')), "damaged"),
    "a row that is no number": lambda: (changed(sheet=cells('<row r="one"><c><v>1</v></c></row>')), "damaged"),
    "XML that breaks off": lambda: (changed(sheet="<worksheet><sheetData>"), "damaged"),
    "depth": lambda: (changed(sheet="".join(f"<a{n}>" for n in range(200_000))), "damaged"),
    "a sheet that is not there": lambda: (packed({name: part for name, part in GOOD.items() if name != DATA}), "damaged"),
    "no workbook": lambda: (packed({"a.txt": "a"}), "is not an Excel workbook (.xlsx)"),
    "nothing in it": lambda: (packed({}), "damaged"),
    "a broken ZIP": lambda: (packed(GOOD)[:200], "damaged"),
    "an old workbook": lambda: (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is an old Excel workbook, or has a password"),
}  # fmt: skip
"""By what it is: the file, and what must be said of it."""

HEAVY = {name for name in HOSTILE if re.search("bomb|larger|without end|grow|again|depth|merged|6 MB", name)}
"""Those that would take much time or memory: a process of their own reads them, which is held to some of both."""


class Refusal:
    """A repository with a hostile workbook beside it, and what must be said of that."""

    def __init__(self, root: Path, name: str) -> None:
        data, self.message = HOSTILE[name]()
        self.root = written(root)
        self.table = root / "table.xlsx"
        self.table.write_bytes(data)
        self.before = self.files()

    def files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.root.rglob("*.yaml")}

    def check(self, done: Done | Ended) -> None:
        """Hold it against what was said, and nothing may have changed."""
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("kpi: ")
        assert done.err.count("\n") == 1
        assert self.message in done.err
        assert "root:" not in done.err
        assert self.files() == self.before


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in HEAVY])
def test_a_hostile_workbook_is_refused_in_one_sentence_and_changes_nothing(
    name: str, kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name.startswith("more "):
        assert package.MOST_CONTENTS == 500_000
        monkeypatch.setattr(package, "MOST_CONTENTS", FEW)
    refusal = Refusal(tmp_path, name)

    refusal.check(kpi("import", refusal.table))


def test_so_is_every_one_that_would_take_much_time_or_memory(tmp_path: Path) -> None:
    refusals = [Refusal(tmp_path / name, name) for name in HOSTILE if name in HEAVY]
    ended = kpi_in_turn((refusal.root, ("import", refusal.table)) for refusal in refusals)

    assert len(refusals) > 10
    for refusal, done in zip(refusals, ended, strict=True):
        refusal.check(done)


def test_a_formula_is_refused_at_its_cell_and_nothing_is_written(kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path)
    before = (root / "kpis/reading/loans.yaml").read_bytes()
    rows: list[list[Cell]] = [
        ["kpi", "measure", "2024/25"],
        ["loans", "books", Formula("HYPERLINK(0)", "4100")],
        ["loans", "other", 900],
    ]
    (root / "may.xlsx").write_bytes(packed(parts({"Data": sheet(rows)})))
    done = kpi("--root", root, "import", root / "may.xlsx")

    assert done.code == 1
    assert done.out == (
        'may.xlsx, sheet "Data", row 2, column C: This cell holds a formula, so its figure may change by itself. '
        'Copy the cells and paste them as values ("Paste Special", "Values").\n'
    )
    assert (root / "kpis/reading/loans.yaml").read_bytes() == before


REAL = [path.read_bytes() for path in sorted((ROOT / "tests/examples/tables").glob("*.xlsx"))] + [
    packed(GOOD)
]


@st.composite
def disturbed(draw: st.DrawFn) -> bytes:
    """A workbook with some bytes of the file, or of one of its parts, replaced."""
    data = draw(st.sampled_from(REAL))
    whole = draw(st.booleans())
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        named = {name: file.read(name) for name in file.namelist()}
    name = draw(st.sampled_from(sorted(named)))
    part = data if whole else named[name]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(part)))
        stop = min(len(part), start + draw(st.integers(0, 9)))
        part = (
            part[:start]
            + draw(st.binary(max_size=6) | st.sampled_from([b"<", b">", b"9999999", b"-1", b"\xff"]))
            + part[stop:]
        )
    return part if whole else packed(named | {name: part})


@trials(150)
@given(disturbed() | st.binary(max_size=300))
@example(b"")
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + bytes(18))
def test_any_bytes_are_a_table_or_a_sentence(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "table").write_bytes(data)
        with suppress(UserError):
            tables = read_tables(Path(folder) / "table")
            assert all(isinstance(cell, str) for item in tables.sheets for row in item.rows for cell in row)
