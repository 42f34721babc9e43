"""The inside of an Excel workbook as a ZIP file, before anything in it is read: what may be in it, and how large it is."""

import io
import re
import zipfile
import zlib

from kpi.model.errors import UserError

MOST_PACKED = 5 << 20
MOST_UNPACKED = 50 << 20
MOST_TIMES = 100
"""How many times larger than packed the parts may be: more is a bomb."""
MOST_PARTS = 1000
WORKBOOK = "xl/workbook.xml"

_READ = re.compile(
    r"xl/(?:(?:_rels/)?workbook\.xml(?:\.rels)?|styles\.xml|sharedStrings\.xml|worksheets/[^/]*\.xml)"
)
"""The parts that hold the sheets and their cells; no other is unpacked."""
_REFUSED = (
    (re.compile(r".*vbaProject\.bin|.*/(?:macrosheets|dialogsheets|activeX)/.*", re.IGNORECASE), "has macros", "Save it as .xlsx, without macros."),
    (
        re.compile(r".*/externalLinks/.*", re.IGNORECASE),
        "takes figures from other workbooks (external links)",
        'Break the links ("Data", "Edit Links"), and save it again.',
    ),
)  # fmt: skip


def unpacked(data: bytes, name: str) -> dict[str, bytes]:
    """The parts of a workbook that hold its sheets, by their names.

    Args:
        data: the file.
        name: its name, in quotes.

    Raises:
        UserError: if it is no workbook, has what is refused, or unpacks to more than the limits.
    """
    try:
        return _parts(data, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise damaged(name) from None


def damaged(name: str) -> UserError:
    """What to say of a workbook that no program could have written like this."""
    return UserError(f"{name} is damaged and can't be read. Open it in Excel and save it again.")


def _parts(data: bytes, name: str) -> dict[str, bytes]:
    """As `unpacked`, and raises what the ZIP reader raises."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        entries = file.infolist()
        names = [entry.filename for entry in entries]
        for pattern, what, help_ in _REFUSED:
            if any(map(pattern.fullmatch, names)):
                raise UserError(f"{name} {what}. {help_}")
        size = sum(entry.file_size for entry in entries)
        odd = len(set(map(str.casefold, names))) != len(names) or any(
            ".." in one.split("/") or one.startswith("/") or "\\" in one for one in names
        )
        bomb = size > MOST_UNPACKED or size > MOST_TIMES * max(len(data), 1024)
        if len(data) > MOST_PACKED or bomb or odd or len(entries) > MOST_PARTS:
            raise UserError(
                f"{name} is too large, or isn't packed as Excel packs a workbook. Save the sheet alone as CSV."
            )
        if any(entry.flag_bits & 1 for entry in entries):
            raise UserError(f"{name} has a password. Save it without one.")
        if WORKBOOK not in names:
            raise UserError(f"{name} is not an Excel workbook (.xlsx). Save it as one, or as CSV.")
        return {entry.filename: _content(file, entry) for entry in entries if _READ.fullmatch(entry.filename)}


def _content(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A part; no more of it than the file says that there is."""
    with file.open(entry) as part:
        content = part.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile
    return content
