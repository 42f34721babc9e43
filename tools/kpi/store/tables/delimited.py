"""CSV, in the forms that programs write: commas, semicolons, tabs or bars; UTF-8 or UTF-16, with a mark or without."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from kpi.model.errors import UserError
from kpi.model.text import counted
from kpi.store.tables.heading import heading_row
from kpi.store.tables.sheet import MOST_ABOVE, Sheet, Tables, refuse_large

_SEPARATORS = (",", ";", "\t", "|")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_POUND = 0xA3
_AS_UTF8 = 'In Excel save it as "CSV UTF-8 (Comma delimited)".'


def read_delimited(data: bytes, name: str) -> Tables:
    """Read a table whose cells are separated by commas, semicolons, tabs or bars.

    Raises:
        UserError: if it is not text, or its quotes don't match.
    """
    text, notes = _text(data, name)
    if "\0" in text:
        raise UserError(f"{name} is not a table: it has characters that no text has.")
    known = (character for character in _SEPARATORS if _has_heading(text, character))
    lines = text.split("\n", MOST_ABOVE)[:MOST_ABOVE]
    separator = next(known, None) or max(
        _SEPARATORS, key=lambda character: max(line.count(character) for line in lines)
    )
    rows: list[tuple[str, ...]] = []
    columns = 0
    try:
        for row in _cells(text, separator):
            rows.append(tuple(row))
            columns = max(columns, len(row))
            refuse_large(name, len(rows), columns)
    except csv.Error as error:
        message = (
            f"Row {len(rows) + 1} of {name} can't be split into cells, because a quote in it is left open."
        )
        raise UserError(f"{message} Write the quotes in pairs.") from error
    return Tables((Sheet("", tuple(rows), decimal_comma=separator == ";"),), tuple(notes))


def _cells(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _has_heading(text: str, separator: str) -> bool:
    """Whether the headings show when cells are parted like this."""
    try:
        return heading_row(tuple(islice(map(tuple, _cells(text, separator)), MOST_ABOVE))) is not None
    except csv.Error:
        return False


def _text(data: bytes, name: str) -> tuple[str, list[str]]:
    """The text, and what to say of its letters.

    A pound sign is the same byte in all the older Western alphabets, Windows' and the Mac's. Any other letter would be a guess.
    """
    try:
        if data.startswith(_UTF16):
            return data.decode("utf-16"), []
        if b"\0" in data[:2]:  # without a mark: of an English letter one of the two bytes is 0
            return data.decode("utf-16-be" if data.startswith(b"\0") else "utf-16-le"), []
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        if data.startswith(_UTF16) or b"\0" in data[:2]:
            raise UserError(f"{name} ends in the middle of a letter. Save it again. {_AS_UTF8}") from error
        if {byte for byte in data if byte > 0x7F} == {_POUND}:
            text = data.decode("latin-1")
            pounds = counted(text.count("£"), "pound sign")
            return text, [
                f"{name} is not UTF-8. It has no letter beyond English but {pounds}, so it was read."
            ]
        row = data.count(b"\n", 0, error.start) + 1
        message = (
            f"{name} is not UTF-8: line {row} has a letter that can be read in more than one way. {_AS_UTF8}"
        )
        raise UserError(message) from error
