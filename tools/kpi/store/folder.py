"""Writing a folder of tables whole, or not at all."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from glob import escape
from pathlib import Path
from tempfile import mkdtemp

from kpi.model.errors import ToolError, UserError
from kpi.model.text import quoted
from kpi.store.files import HALF_WRITTEN


def write_folder(folder: Path, sign: str, words: str, fill: Callable[[Path], None]) -> None:
    """Write a folder: it is filled beside its place, and then replaces an earlier one. What a killed run left there goes.

    Args:
        folder: where it goes.
        sign: the name of a file that every such folder holds,
        words: and what always stands in it. A folder without them, and not empty, is somebody else's.
        fill: writes all files into a folder.

    Raises:
        UserError: if something else is there.
        ToolError: if it can't be written; what was there is as it was, or the message says where it is.
    """
    if folder.is_symlink() or (folder.exists() and not _is_ours(folder, sign, words)):
        raise UserError(
            f"{quoted(str(folder), 400)} holds something else. Nothing was written; name a folder that is new, "
            "empty, or holds an earlier export."
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{folder.name}.", suffix=HALF_WRITTEN, dir=folder.parent))
    except OSError as error:
        raise ToolError(f"{folder} can't be written: {error.strerror}.") from error
    made, old = beside / "new", beside / "old"
    try:
        made.mkdir()
        fill(made)
        if folder.exists():
            folder.replace(old)
        made.replace(folder)
    except BaseException as error:
        with suppress(OSError):
            if old.exists():
                old.replace(folder)
        moved = old.exists()
        if not moved:
            _remove(beside)
        if not isinstance(error, OSError):
            raise
        before = f"What was there is in {old}." if moved else "It is as it was."
        raise ToolError(f"{folder} can't be written: {error.strerror}. {before}") from error
    for begun in folder.parent.glob(f".{escape(folder.name)}.*{HALF_WRITTEN}"):
        _remove(begun)


def _remove(folder: Path) -> None:
    with suppress(OSError):  # the next run tries again
        shutil.rmtree(folder)


def _is_ours(folder: Path, sign: str, words: str) -> bool:
    """Whether a folder is empty, or was made here: others make files of such a name, too."""
    if not folder.is_dir():
        return False
    with suppress(OSError):
        if (folder / sign).is_file() and words.encode() in (folder / sign).read_bytes():
            return True
    return not any(folder.iterdir())
