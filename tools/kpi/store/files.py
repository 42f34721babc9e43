"""Reading a file whole, and refusing what isn't an ordinary file; putting a file in its place whole."""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

LIMIT = 1 << 20  # bytes of a KPI file; one more is read so that the reader notices
HALF_WRITTEN = ".tmp"  # how the names end, after a dot at their start, of files that are being written

# Each of these only on some systems.
_NO_LINKS, _NO_WAITING, _BYTES = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
_READING = os.O_RDONLY | _NO_LINKS | _NO_WAITING | _BYTES
_MAKING = os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINKS | _BYTES


class UnreadableError(Exception):
    """The file can't be read; the text says why, as a sentence."""


class MissingFileError(UnreadableError):
    """The file is not there."""


def read_bytes(path: Path | str, most: int = LIMIT) -> bytes:
    """A file's content, at most one byte over `most`; an `UnreadableError` if it is no ordinary file."""
    try:
        handle = os.open(path, _READING)
    except FileNotFoundError:
        raise MissingFileError("The file is not there.") from None
    except OSError as error:
        if os.path.islink(path):  # noqa: PTH114 -- Path raises for a name that is too long
            raise UnreadableError("This is a link to another file, and links are not followed.") from None
        raise UnreadableError(f"The file can't be opened: {error.strerror}.") from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("This is not an ordinary file.")
        data = b""
        while len(data) <= most and (more := os.read(handle, min(status.st_size, most) + 1)):
            data += more  # disks on a network may give less than asked for
        return data[: most + 1]
    except OSError as error:
        raise UnreadableError(f"The file can't be read: {error.strerror}.") from None
    finally:
        with contextlib.suppress(OSError):  # it was only read
            os.close(handle)


def put_in_place(
    path: Path, content: bytes, mode: int, *, lasting: bool, check: Callable[[], object] = tuple
) -> None:
    """Write a file whole or not at all. `lasting` outlives a power cut; `check` may raise before the rename."""
    # As `tempfile` does it, whose import takes longer than all that a lint of one changed file has to write.
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}{HALF_WRITTEN}")
    try:
        handle = os.open(temporary, _MAKING, stat.S_IRUSR | stat.S_IWUSR)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            temporary.chmod(mode)
            if lasting:
                os.fsync(file.fileno())
        check()
        temporary.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):  # the next writer sweeps it away
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)  # not that of the temporary file, of which nobody knows
        raise
    if lasting:
        with contextlib.suppress(OSError):  # not all systems can force the folder, too, to the disk
            handle = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def git_name(data: bytes, *, long: bool = False) -> str:
    """The name that git gives a content, worked out without git; `long` in a repository with names of 64 letters."""
    from hashlib import sha1, sha256

    blob = b"blob %d\0" % len(data) + data
    return (sha256(blob) if long else sha1(blob, usedforsecurity=False)).hexdigest()
