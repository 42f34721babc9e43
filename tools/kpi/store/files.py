"""Reading a file whole, and refusing what isn't an ordinary file; putting a file in its place whole."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

LIMIT = 1 << 20
"""No KPI file is larger than 1 MiB; one byte more is read so that the reader can tell."""


class UnreadableError(Exception):
    """The file can't be read; the text says why, as a sentence."""


def read_bytes(path: Path) -> bytes:
    """The file's content, at most one byte over the limit. Links are not followed, and nothing is waited for.

    Raises:
        UnreadableError: if it isn't there, isn't an ordinary file, or can't be opened.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise UnreadableError("The file is not there.") from None
    except PermissionError:
        raise UnreadableError("The file can't be opened: permission denied.") from None
    except OSError as error:
        if path.is_symlink():
            raise UnreadableError("This is a link to another file, and links are not followed.") from None
        raise UnreadableError(f"The file can't be opened: {error.strerror}.") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise UnreadableError("This is not an ordinary file.")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(LIMIT + 1)
    except OSError as error:
        raise UnreadableError(f"The file can't be read: {error.strerror}.") from None
    finally:
        with contextlib.suppress(OSError):  # it was only read
            os.close(handle)


def put_in_place(
    path: Path, content: bytes, mode: int, *, lasting: bool, check: Callable[[], object] = tuple
) -> None:
    """Write a file whole or not at all: beside its place, and then there by a rename, so that nobody sees half of it.

    Args:
        path: the file, which may be there already.
        content: what it is to hold.
        mode: the rights on it.
        lasting: whether to force it to the disk, so that it outlives a power cut. That takes time.
        check: called when only the rename is left; what it raises stops the writing.

    Raises:
        OSError: if it can't be written. What was there is as it was.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            Path(temporary).chmod(mode)
            if lasting:
                os.fsync(file.fileno())
        check()
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the next writer sweeps it away
            Path(temporary).unlink(missing_ok=True)
        raise
    if lasting:
        _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """Force a new name in a folder to the disk too, where folders can be."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
