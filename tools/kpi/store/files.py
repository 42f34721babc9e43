"""Reading a file whole, and refusing what isn't an ordinary file."""

import os
import stat
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
        os.close(handle)
