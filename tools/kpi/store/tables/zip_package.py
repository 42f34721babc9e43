"""The inside of an Excel workbook as a ZIP file, before anything in it is read: what may be in it, and how large it is."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kpi.model.errors import UserError
from kpi.model.text import quoted

MOST_PACKED = 5 << 20
MOST_UNPACKED = 50 << 20
MOST_TIMES = 100
"""How many times larger than packed the parts may be: more is a bomb."""
MOST_PARTS = 1000

_READ = re.compile(r"(?!.*(?:^|/)(?:pivotCache|media|embeddings)/).*\.(?:xml|rels)", re.IGNORECASE)
"""The parts that may hold cells. Pictures, and copies of what other sheets hold, are neither unpacked nor counted."""
_REFUSED = (
    (re.compile(r".*vbaProject\.bin|(?:.*/)?(?:macrosheets|dialogsheets|activeX)/.*", re.IGNORECASE), "has macros", "Save it as .xlsx, without macros."),
    (
        re.compile(r"(?:.*/)?externalLinks/.*", re.IGNORECASE),
        "takes figures from other workbooks (external links)",
        'Break the links ("Data", "Edit Links"), and save it again.',
    ),
)  # fmt: skip
_SAVE = "Save it as an Excel workbook (.xlsx), or as CSV."
_OTHERS = (
    (r"(?:.*/)?workbook\.bin", f"is a binary Excel workbook (.xlsb). {_SAVE}"),
    (r"content\.xml", f"is an OpenDocument file (.ods). {_SAVE}"),
    (r".*\.iwa", f"is a file of Numbers. {_SAVE}"),
    (r"word/.*", "is a Word document. Copy the table into a workbook, and import that."),
    (r"ppt/.*", "is a PowerPoint file. Copy the table into a workbook, and import that."),
    (r"(?:.*/)?(?:workbook|xl/.*)\.xml", "has the parts of an Excel workbook, but not where Excel puts them. Open it in Excel and save it again."),
)  # fmt: skip
"""What else a ZIP file may be, by the name of one of its parts."""


class Package(NamedTuple):
    """What is in a ZIP file: its own name (in quotes), those of all its parts, and the content of those that may hold cells."""

    name: str
    names: tuple[str, ...]
    parts: Mapping[str, bytes]


def unpacked(data: bytes, name: str) -> Package:
    """The parts of a workbook.

    Raises:
        UserError: if it has what is refused, or unpacks to more than the limits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = file.infolist()
            _refuse_entries(entries, name)
            parts = {
                entry.filename: _content(file, entry) for entry in entries if _READ.fullmatch(entry.filename)
            }
            return Package(name, tuple(entry.filename for entry in entries), parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise damaged(name) from None


def damaged(name: str) -> UserError:
    """What to say of a workbook that no program could have written like this."""
    return UserError(f"{name} is damaged and can't be read. Open it in Excel and save it again.")


def no_workbook(names: Iterable[str], name: str) -> UserError:
    """What to say of a ZIP file that is no workbook: what it is."""
    names = list(names)
    for pattern, predicate in _OTHERS:
        if any(re.fullmatch(pattern, part, re.IGNORECASE) for part in names):
            return UserError(f"{name} {predicate}")
    table = next((part for part in names if part.lower().endswith((".csv", ".xlsx", ".xls", ".tsv"))), None)
    if table is not None:
        return UserError(f"{name} is a ZIP file with {quoted(table, 60)} in it. Unpack it, and import that.")
    return UserError(f"{name} is not an Excel workbook (.xlsx). Save it as one, or as CSV.")


def _refuse_entries(entries: Sequence[zipfile.ZipInfo], name: str) -> None:
    names = [entry.filename for entry in entries]
    for pattern, predicate, help_ in _REFUSED:
        if any(map(pattern.fullmatch, names)):
            raise UserError(f"{name} {predicate}. {help_}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UserError(f"{name} has a password. Save it without one.")
    read = [entry for entry in entries if _READ.fullmatch(entry.filename)]
    packed, size = (sum(getattr(entry, which) for entry in read) for which in ("compress_size", "file_size"))
    bomb = size > MOST_UNPACKED or size > MOST_TIMES * max(packed, 1024)
    odd = len(set(map(str.casefold, names))) != len(names) or any(
        ".." in part.split("/") or part.startswith("/") or "\\" in part for part in names
    )
    if packed > MOST_PACKED or bomb or odd or len(entries) > MOST_PARTS:
        raise UserError(
            f"{name} is too large, or isn't packed as Excel packs a workbook. Save the sheet alone as CSV."
        )


def _content(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A part; no more of it than the file says that there is."""
    with file.open(entry) as part:
        content = part.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile
    return content
