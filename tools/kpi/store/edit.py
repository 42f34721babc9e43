"""Changing files under `kpis/`: edits by place, and a write that loses nothing.

An edit replaces a stretch of a document's text and touches nothing else. The writer passes what it read before: if the file has
changed since, nothing is written.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kpi.model.errors import ToolError, UserError
from kpi.store.files import HALF_WRITTEN, UnreadableError, put_in_place, read_bytes
from kpi.store.paths import own_file


class ChangedMeanwhileError(ToolError):
    """A file has changed since it was read, so nothing was written to it."""


class Edit(NamedTuple):
    """Replace what is from `start` to `stop`, as offsets in characters, by `text`; equal offsets insert."""

    start: int
    stop: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; their order doesn't matter.

    Raises:
        ValueError: if two of them touch the same characters.
    """
    pieces = []
    end = 0
    for edit in sorted(edits):
        if edit.start < end:
            message = f"two edits at {edit.start}"
            raise ValueError(message)
        pieces += [text[end : edit.start], edit.text]
        end = edit.stop
    return "".join([*pieces, text[end:]])


def compatible(edits: Iterable[Edit]) -> list[Edit]:
    """The edits that can be made together: of two that touch the same characters, the one that was given first."""
    kept: list[Edit] = []
    for edit in edits:
        if edit not in kept and not any(_touch(edit, other) for other in kept):
            kept.append(edit)
    return kept


def _touch(edit: Edit, other: Edit) -> bool:
    return (edit.start < other.stop and other.start < edit.stop) or edit.start == other.start


def replace_file(root: Path, path: str, before: bytes | None, after: bytes) -> None:
    """Write a file under `kpis/` whole or not at all; its mode stays. A new one gets the folders around it.

    The new content is written beside it, forced to the disk and put in its place by a rename. Two writers wait for
    each other, and each compares what it read with what is there.

    Args:
        root: the repository's root.
        path: the file, from the root with forward slashes.
        before: what was read from it; None where there is to be none yet.
        after: its new content.

    Raises:
        ChangedMeanwhileError: if it changed meanwhile.
        UserError: if there is something where it is to be new.
        ToolError: if it is no ordinary file, or can't be written. It is then unchanged.
    """
    target = root / path

    def compare() -> None:
        if before is None and os.path.lexists(target):
            raise UserError(f"{path} is there already. Nothing was written to it.")
        if before is not None and read_bytes(target) != before:
            message = f"{path} was changed meanwhile. Nothing was written to it; run the command again."
            raise ChangedMeanwhileError(message)

    try:
        with _alone(root):
            _refuse_link(target.parent)
            compare()
            if before is None:
                target.parent.mkdir(parents=True, exist_ok=True)
            elif not os.access(target, os.W_OK):  # a rename would not ask
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            _sweep(target.parent)
            mode = 0o644 if before is None else stat.S_IMODE(target.stat().st_mode)
            # Programs that know nothing of the lock, such as editors, may have written until now.
            put_in_place(target, after, mode, lasting=True, check=compare)
    except UnreadableError as error:
        raise ToolError(f"{path}: {error} Nothing was written to it.") from None
    except OSError as error:
        left = "It is not there." if before is None else "It is as it was."
        raise ToolError(f"{path} can't be written: {error.strerror}. {left}") from error


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Wait until no other `kpi` of this user writes here. The lock is no file of the repository, because those are replaced.

    Without such a lock (another user, some network disks), the comparison before the rename has to do.
    """
    from filelock import FileLock

    place = own_file(root, "lock")
    lock = FileLock(place) if place else contextlib.nullcontext()
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError, NotImplementedError):
            held.enter_context(lock)
        yield


def _refuse_link(folder: Path) -> None:
    if folder.is_symlink():
        raise ToolError(f"{folder.name} is a link, and links are not followed. Nothing was written.")


def _sweep(folder: Path) -> None:
    """Delete half-written files of interrupted runs in a folder: only the holder of the lock writes."""
    for left in folder.glob(f".*.yaml.*{HALF_WRITTEN}"):
        with contextlib.suppress(OSError):  # it harms nobody
            left.unlink()


Files = Mapping[str, tuple[bytes | None, bytes]]
"""Files to be written: path → what was read (None for a new file), and the new content."""


def replace_files(root: Path, files: Files) -> None:
    """Write several files under `kpis/`, all or none: if one fails, those already written are put back.

    Raises:
        UserError: if a file exists that was to be new.
        ChangedMeanwhileError: if one changed meanwhile; it says whether the others are unchanged.
        ToolError: if one can't be written; so does this.
    """
    done: list[str] = []
    for path, (before, after) in files.items():
        try:
            replace_file(root, path, before, after)
        except ToolError as error:
            others = _after_putting_back(root, files, done)
            alone = len(files) == 1 or (before is None and not done)
            raise type(error)(str(error) if alone else f"{error} {others}") from error
        except UserError:
            _put_back(root, files, done)
            raise
        except BaseException:  # Ctrl-C, which may come just after a file was written
            _put_back(root, files, [*done, path])
            raise
        done.append(path)


def _after_putting_back(root: Path, files: Files, done: list[str]) -> str:
    """Put back what was written; return what to report."""
    left = _put_back(root, files, done)
    if left:
        return f"Written and not put back: {', '.join(left)}."
    begun = [path for path in done if files[path][0] is None]
    return f"{', '.join(begun)} was not begun either." if begun else "The others are as they were."


def _put_back(root: Path, files: Files, paths: Iterable[str]) -> list[str]:
    """Restore old contents and delete new files; return the paths of those where that failed."""
    left = []
    for path in paths:
        before, after = files[path]
        try:
            if before is None:
                _take_away(root / path, after)
            else:
                replace_file(root, path, after, before)
        except (ToolError, OSError, UnreadableError):
            left.append(path)
    return left


def _take_away(path: Path, content: bytes) -> None:
    """Delete a new file, and its folder if nothing else is in it; what somebody else wrote there stays."""
    if not path.exists() or read_bytes(path) != content:
        return
    path.unlink()
    with contextlib.suppress(OSError):  # other files are in it
        path.parent.rmdir()
