"""The file of a table: an Excel workbook, or CSV as programs write it. Nothing is understood here."""

import csv
import io
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from kpi.model.errors import UserError
from kpi.model.text import counted, quoted
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.tables import MOST_ABOVE, MOST_BYTES, Sheet, Tables, damaged, hold_size

_ZIP = b"PK\x03\x04"
_SAVE = "Open it in Excel, and save it as an Excel workbook (.xlsx)."
_OTHERS = (
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "is an old Excel workbook, or has a password. Save it as an Excel workbook (.xlsx) without one."),
    (re.compile(rb"<!doctype html|<(?:html|head|meta|body|style|table|div)\b"), f"is a web page (HTML), whatever its name is. {_SAVE}"),
    (re.compile(rb"<\?xml.*urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL), f"is an XML spreadsheet of Excel 2003. {_SAVE}"),
    (re.compile(rb"<\?xml|<[a-z]"), "is an XML file, not a table. Save the table as an Excel workbook (.xlsx), or as CSV."),
    (re.compile(rb"%pdf-"), "is a PDF file. Ask for the table itself, as a workbook or as CSV."),
    (re.compile(rb"\x89png|gif8[79]a|.{2,8}(?:jfif|exif)", re.DOTALL), "is a picture, and a picture has no cells. Ask for the table itself, as a workbook or as CSV."),
    (re.compile(rb"\{\\rtf"), "is a text document (RTF). Copy the table into a workbook, and import that."),
    (re.compile(rb"[{\[]\s*[\"{\[]"), "is a JSON file, not a table. Save the table as an Excel workbook (.xlsx), or as CSV."),
)  # fmt: skip
"""What else a file may be, by how it begins, in small letters."""


def read_tables(path: Path, wanted: str = "", heading: str = "kpi") -> Tables:
    """Read a CSV file or a workbook: of that the wanted sheet, or all that are not hidden.

    A sheet is not read to its end where the heading isn't among its first rows; an empty one stands for any.
    """
    name = quoted(path.name)
    try:
        data = read_bytes(os.path.realpath(path), MOST_BYTES)  # whoever names a link means its file
    except UnreadableError as error:
        raise UserError(f"{quoted(str(path))} can't be read. {error}") from None
    if len(data) > MOST_BYTES:
        raise UserError(f"{name} is larger than {MOST_BYTES >> 20} MB. Import it in parts.")
    if data.startswith(_ZIP):
        from kpi.store.tables.workbook import read_workbook

        return _with_doubtful_letters(read_workbook(data, name, wanted, heading))
    start = data[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    for pattern, predicate in _OTHERS:
        if pattern.match(start):
            raise UserError(f"{name} {predicate}")
    try:
        text, notes = _text(data, name)
    except UserError:
        if path.suffix.casefold() in {".xlsx", ".xlsm"}:
            raise damaged(name) from None
        raise
    if wanted:
        raise UserError(f"{name} is not a workbook, so it has no sheets. Leave --sheet out.")
    return _with_doubtful_letters(Tables((_delimited(text, name),), notes))


_TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u2013-\u2122]+")
"""How a letter looks that was saved as UTF-8 and read as if it were not: "Ã©" for "é"."""


def _with_doubtful_letters(tables: Tables) -> Tables:
    """The tables with a note where letters seem to have been saved twice: the text is written as it is, so somebody should look."""

    def read_again(letters: re.Match[str]) -> str:
        try:
            return letters[0].encode("cp1252").decode()
        except UnicodeError:
            return letters[0]

    cells = (cell for sheet in tables.sheets for row in sheet.rows for cell in row if not cell.isascii())
    odd = {cell: meant for cell in cells if (meant := _TWICE.sub(read_again, cell)) != cell}
    if not odd:
        return tables
    text, meant = next(iter(odd.items()))
    more = f", and so in {counted(len(odd) - 1, 'other text')}" if len(odd) > 1 else ""
    note = f"{quoted(text, 60)} has letters that were saved twice{more}. {quoted(meant, 60)} may be meant."
    return tables._replace(notes=(*tables.notes, note))


# CSV: commas, semicolons, tabs or bars; UTF-8 or UTF-16, with a mark or without.

_SEPARATORS = (",", ";", "\t", "|")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_POUND = 0xA3
_AS_UTF8 = 'In Excel save it as "CSV UTF-8 (Comma delimited)".'


def _delimited(text: str, name: str) -> Sheet:
    lines = text.split("\n", MOST_ABOVE)[:MOST_ABOVE]
    most = max(_SEPARATORS, key=lambda separator: max(line.count(separator) for line in lines))
    separator = next((separator for separator in _SEPARATORS if _has_heading(text, separator)), most)
    rows: list[tuple[str, ...]] = []
    columns = 0
    try:
        for row in _cells(text, separator):
            rows.append(tuple(row))
            columns = max(columns, len(row))
            hold_size(name, len(rows), columns)
    except csv.Error as error:
        place = f"Row {len(rows) + 1} of {name}"
        message = f"{place} can't be split into cells, because a quote in it is left open. Write the quotes in pairs."
        raise UserError(message) from error
    return Sheet("", tuple(rows), decimal_comma=separator == ";")


def _cells(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _has_heading(text: str, separator: str) -> bool:
    with suppress(csv.Error):
        rows = tuple(islice(map(tuple, _cells(text, separator)), MOST_ABOVE))
        return Sheet("", rows).heading_row() is not None
    return False


def _text(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text, and what to say of its letters.

    A pound sign is the same byte in all the older Western alphabets, Windows' and the Mac's. Any other letter would be a guess.
    """
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    if b"\0" in data[:2] and encoding != "utf-16":  # no mark: of an English letter one of the two bytes is 0
        encoding = "utf-16-be" if data.startswith(b"\0") else "utf-16-le"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8-sig":
            raise UserError(f"{name} ends in the middle of a letter. Save it again. {_AS_UTF8}") from error
        if {byte for byte in data if byte > 0x7F} == {_POUND}:
            text = data.decode("latin-1")
            pounds = counted(text.count("£"), "pound sign")
            note = f"{name} is not UTF-8. It has no letter beyond English but {pounds}, so it was read."
            return text, (note,)
        line = data.count(b"\n", 0, error.start) + 1
        where = f"line {line} has a letter that can be read in more than one way"
        raise UserError(f"{name} is not UTF-8: {where}. {_AS_UTF8}") from error
    if "\0" in text:
        raise UserError(f"{name} is not a table: it has characters that no text has.")
    return text, ()
