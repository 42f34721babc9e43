"""Changing files under `kpis/`: by place, by the data, to the standard form; and a write that loses nothing.

The writer passes what it read before: if the file has changed since, nothing is written.
"""

import contextlib
import errno
import os
import stat
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from kpi.model.errors import ToolError, UserError
from kpi.model.finding import Problem
from kpi.model.progress import Progress, silent
from kpi.store.files import HALF_WRITTEN, UnreadableError, put_in_place, read_bytes
from kpi.store.format import formatted, is_readable, misshapen, shape, style_problem
from kpi.store.format.draft import DoubtfulError, Draft
from kpi.store.paths import PLAN, own_file, walk
from kpi.store.reader import Content, read, read_once


class ChangedMeanwhileError(ToolError):
    """A file has changed since it was read, so nothing was written to it."""


class Edit(NamedTuple):
    """Replace what is from `start` to `stop`, as offsets in characters, by `text`; equal offsets insert."""

    start: int
    stop: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; raises `ValueError` if two of them touch the same characters."""
    pieces, end = [], 0
    for edit in sorted(edits):
        if edit.start < end:
            raise ValueError(f"two edits at {edit.start}")
        pieces += [text[end : edit.start], edit.text]
        end = edit.stop
    return "".join([*pieces, text[end:]])


def compatible(edits: Iterable[Edit]) -> list[Edit]:
    """The edits that can be made together: of two that touch the same characters, the first."""
    chosen: list[Edit] = []
    for edit in edits:
        clashes = (edit.start < other.stop and other.start < edit.stop for other in chosen)
        if not any(clashes) and edit.start not in {other.start for other in chosen}:
            chosen.append(edit)
    return chosen


def replace_file(root: Path, path: str, before: bytes | None, after: bytes) -> None:
    """Write a file under `kpis/` whole or not at all; its mode stays. A new one gets the folders around it.

    The new content is written beside it, forced to the disk and put in its place by a rename. Two writers wait for
    each other, and each compares what it read (`before`; None where there is to be no file yet) with what is there.

    Raises `ChangedMeanwhileError` if it changed meanwhile, `UserError` if there is something where it is to be new, and
    `ToolError` if it is no ordinary file or can't be written. It is then unchanged.
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
            if target.parent.is_symlink():
                message = f"{target.parent.name} is a link, and links are not followed. Nothing was written."
                raise ToolError(message)
            compare()
            if before is None:
                target.parent.mkdir(parents=True, exist_ok=True)
            elif not os.access(target, os.W_OK):  # a rename would not ask
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            for stale in target.parent.glob(f".*.yaml.*{HALF_WRITTEN}"):
                with contextlib.suppress(OSError):  # an interrupted run left it, and it harms nobody
                    stale.unlink()
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

    with contextlib.ExitStack() as held:
        if place := own_file(root, "lock"):
            with contextlib.suppress(OSError, NotImplementedError):
                held.enter_context(FileLock(place))
        yield


Files = Mapping[str, tuple[bytes | None, bytes]]
"""Files to be written: path → what was read (None for a new file), and the new content."""


def replace_files(root: Path, files: Files) -> None:
    """Write several files, all or none; where the others can't be put back, the error names them."""
    done: list[str] = []
    for path, (before, after) in files.items():
        try:
            replace_file(root, path, before, after)
        except (ToolError, UserError) as error:
            left = _put_back(root, files, done)
            if len(files) == 1:
                raise
            others = "The others are as they were."
            if left:
                others = f"Written and not put back: {', '.join(left)}."
            raise type(error)(f"{error} {others}") from error
        except BaseException:  # Ctrl-C, which may come just after a file was written
            _put_back(root, files, [*done, path])
            raise
        done.append(path)


def _put_back(root: Path, files: Files, paths: Iterable[str]) -> list[str]:
    """Restore old contents and delete new files; return the paths of those where that failed."""
    left = []
    for path in paths:
        before, after = files[path]
        try:
            if before is not None:
                replace_file(root, path, after, before)
            elif (new := root / path).exists() and read_bytes(new) == after:  # else somebody wrote it anew
                new.unlink()
                with contextlib.suppress(OSError):  # other files are in its folder
                    new.parent.rmdir()
        except (ToolError, OSError, UnreadableError):
            left.append(path)
    return left


class UnplacedError(Exception):
    """Something can't be put into a file; the text says why and what to do, as sentences."""


def rewritten(data: bytes, change: Callable[[Any], object]) -> Content:
    """A file after a change. What isn't touched keeps every byte, and a file in the standard form stays in it.

    `change` is called with the fields of the draft and with mere values, and puts mere values into both; the file that is
    written has to say what the changed values say. Raises `UnplacedError` if the file can't be read as it is, isn't written in
    a form that can be changed, or would lose a comment.
    """
    before = readable(data)
    text = before.document.text
    meant = deepcopy(before.document.values)
    in_form = False
    try:
        draft = Draft(text)
        with contextlib.suppress(DoubtfulError):
            in_form = not any(misshapen(draft.root)) and draft.text(styled=True) == text
        change(draft.root)
        change(meant)
    except (DoubtfulError, KeyError, IndexError, TypeError, AttributeError):
        raise UnplacedError(_NO_FORM) from None
    draft.settle()
    if in_form:
        shape(draft.root)
    try:
        text = draft.text(styled=in_form)
    except DoubtfulError:
        raise UnplacedError(_NO_FORM) from None
    after = read_once((BOM_UTF8 if before.startswith(BOM_UTF8) else b"") + text.encode())
    if after.document.values is None or _content(after.document.values) != _content(meant):
        raise UnplacedError(_NO_FORM)
    return after


_NO_FORM = "It isn't written in a form that can be changed safely. Edit the file by hand."


def _content(node: Any) -> Any:
    """The values, in which a figure with nothing but its value counts as that value."""
    if isinstance(node, list):
        return [_content(item) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {name: _content(value) for name, value in node.items()}
    return inner["value"] if inner.keys() == {"value"} else inner


def readable(data: bytes) -> Content:
    """A file as read, of which nothing but its style is wrong; raises `UnplacedError` for any other."""
    content = read_once(data)
    if not is_readable(content.document):
        raise UnplacedError("It can't be read as it is. Run kpi lint to see why.")
    return content


class Tidied(NamedTuple):
    """One file: the bytes that it holds and those it should."""

    path: str  # from the root
    before: bytes
    after: bytes | None  # None where it can't be read
    doubt: Problem | None = None  # why it can't be given the standard form, where it can be read


def tidy(root: Path, year_starts: int, progress: Progress = silent) -> Iterator[Tidied]:
    """Every file, the plan first, with its standard form. Nothing is written."""
    for path in progress([PLAN, *(file.path for file in walk(root).files)], "Reading files"):
        try:
            data = read_bytes(root / path)
        except UnreadableError:
            yield Tidied(path, b"", None)
            continue
        document = read(data)
        text = None if document.values is None else formatted(document.text, year_starts)
        doubt = style_problem(document) if text == document.text else None
        yield Tidied(path, data, None if text is None else text.encode(), doubt)
