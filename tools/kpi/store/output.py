"""Writing what is generated: pages with their manifest, single files, and whole folders. Figures are not written here."""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from glob import escape
from pathlib import Path
from typing import NamedTuple

from kpi.model.errors import ToolError, UserError
from kpi.model.progress import Progress, silent
from kpi.model.text import quoted
from kpi.store.files import HALF_WRITTEN, put_in_place
from kpi.store.paths import KPIS, SCORECARD, looks_like_yaml, other_spellings

MANIFEST = "manifest.txt"
"""Lists the pages that were written, one path a line. Only what it lists is ever removed."""

_PAGE = re.compile(r"(?:[a-z0-9-]+/)*(?:[a-z0-9-]+|README)(?:\.[0-9]+)?\.(?:md|svg)\Z")


class Written(NamedTuple):
    """The pages that were written because they were new or different, and those that were removed."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]


def stale(root: Path, pages: Mapping[str, str]) -> list[tuple[str, str]]:
    """What `write` would change, as (page, why), in order of the paths.

    Raises:
        ToolError: where `write` would refuse.
    """
    folder = root / SCORECARD
    _refuse_links(root, _folders([*pages, *_listed(folder)]))
    stale_pages = []
    for name, text in pages.items():
        there = _content(folder / name)
        if there is None:
            stale_pages.append((name, "is missing"))
        elif there != text.encode():
            stale_pages.append((name, "is not what the figures say"))
    stale_pages += [
        (name, "is no longer part of the scorecard") for name in _listed(folder) if name not in pages
    ]
    if _content(folder / MANIFEST) != _manifest(pages).encode():
        stale_pages.append((MANIFEST, "is not current"))
    return sorted(stale_pages)


def strangers(root: Path, pages: Mapping[str, str]) -> list[str]:
    """What is in or beside `docs/scorecard/` and is no page, by its path from the root: `write` neither makes nor removes it.

    An empty folder is named too: git makes one of a link to another repository.
    """
    folder = root / SCORECARD
    known = {*pages, *_listed(folder), MANIFEST}
    paths = [(beside / name).as_posix() for beside, name in _misspelt(root)]
    for path, folders, files in os.walk(folder):
        place = Path(path).relative_to(folder)
        links = [name for name in folders if (Path(path) / name).is_symlink()]
        paths += [
            f"{SCORECARD}/{page}"
            for name in (*files, *links)
            if (page := (place / name).as_posix()) not in known
        ]
        if not folders and not files and place != Path():
            paths.append(f"{SCORECARD}/{place.as_posix()}")
    return sorted(paths)


def _misspelt(root: Path) -> Iterator[tuple[Path, str]]:
    """Other spellings of the folders that lead to the pages, each with the folder that it is in."""
    for place in (Path(SCORECARD).parent, Path(SCORECARD)):
        yield from ((place.parent, name) for name in other_spellings(root / place))


def write(root: Path, pages: Mapping[str, str], progress: Progress = silent) -> Written:
    """Write the pages under `docs/scorecard/` and remove those that the last manifest lists and that are no more.

    Each page is replaced whole, and left untouched where its bytes are the same. The manifest comes last: if the work is
    interrupted, the old one still lists what is there, and `stale` tells what is half done.

    Raises:
        ToolError: if something can't be written, or if a folder on the way is a link that may lead elsewhere.
    """
    folder = root / SCORECARD
    changed = []
    removed = []
    try:
        old = [name for name in _listed(folder) if name not in pages]
        _make_ready(root, [*pages, *old])
        for name in progress(sorted(pages), "Writing pages"):
            path, content = folder / name, pages[name].encode()
            if _content(path) != content:
                _replace(path, content)
                changed.append(name)
        for name in old:
            (folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # other pages are in it
                (folder / name).parent.rmdir()
            removed.append(name)
        listed = _manifest(pages).encode()
        if _content(folder / MANIFEST) != listed:
            _replace(folder / MANIFEST, listed)
    except OSError as error:
        done = f"{len(changed)} of {len(pages)} pages were written before that; run kpi build again."
        raise ToolError(f"{error.filename or folder} can't be written: {error.strerror}. {done}") from error
    return Written(tuple(changed), tuple(removed))


def write_file(path: Path, content: str | bytes, *, new: bool = False) -> None:
    """Write one file whole, or not at all. What isn't an ordinary file (`/dev/null`, a pipe) is written to as it is.

    Args:
        path: the file.
        content: its content.
        new: whether there may be nothing of that name yet.

    Raises:
        UserError: if figures are kept there, or if something is there that was to be new.
        ToolError: if it can't be written.
    """
    _refuse_figures(path)
    if new and os.path.lexists(path):
        raise UserError(f"{quoted(str(path))} is there already. Nothing was written to it.")
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, data)
    except OSError as error:
        left = "Nothing was." if new else "It is as it was."
        raise ToolError(f"{path} can't be written: {error.strerror}. {left}") from error


def append_file(path: Path, text: str) -> None:
    """Add to the end of a file, or begin it.

    Raises:
        UserError: if figures are kept there, or may be under the file's other name.
        ToolError: if it can't be written.
    """
    _refuse_figures(path)
    try:
        with path.open("ab") as file:
            if os.fstat(file.fileno()).st_nlink > 1:
                raise UserError(
                    f"{quoted(str(path), 400)} has another name, which may be a place for figures. "
                    "Nothing was written; name another file."
                )
            file.write(text.encode())
    except OSError as error:
        raise ToolError(f"{path} can't be written: {error.strerror}.") from error


def _refuse_figures(path: Path) -> None:
    """Stop where a result would be written over a KPI file or a plan, of whichever repository, by whatever link."""
    for place in (Path(os.path.realpath(path.parent), path.name), Path(os.path.realpath(path))):
        if looks_like_yaml(place.name) and KPIS in (parent.name.casefold() for parent in place.parents):
            raise UserError(
                f"{quoted(str(path), 400)} is a place for figures. Nothing was written; name another file."
            )


def _make_ready(root: Path, names: Iterable[str]) -> None:
    """Stop where a folder between the root and a page is a link; make those that are missing, and clear the others."""
    folders = _folders(names)
    _refuse_links(root, folders)
    for name in folders:
        folder = root / name
        if not _made(folder) and name.startswith(SCORECARD):
            for left in folder.glob(f".*{HALF_WRITTEN}"):  # by a run that was interrupted
                left.unlink(missing_ok=True)


def _refuse_links(root: Path, folders: Iterable[str]) -> None:
    for name in folders:
        if (root / name).is_symlink():
            raise ToolError(f"{name} is a link, and links are not followed. Nothing was written.")


def _folders(names: Iterable[str]) -> list[str]:
    """The folders of some pages, seen from the root, each behind the one that it is in."""
    folders: set[str] = set()
    for name in names:
        folder = f"{SCORECARD}/{name}".rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(folders)


def _made(folder: Path) -> bool:
    """Make a folder; False where there is one, or something else that is in the way."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return False
    return True


def _replace(path: Path, content: bytes) -> None:
    try:
        put_in_place(path, content, 0o644, lasting=False)
    except OSError as error:
        error.filename = str(path)  # not that of the temporary file, of which nobody knows
        raise


def _content(path: Path) -> bytes | None:
    """The bytes of an ordinary file; None where there is none."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _manifest(pages: Iterable[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(pages))


def _listed(folder: Path) -> list[str]:
    """The pages that the manifest on disk lists; anything that can't be a page of ours is skipped."""
    content = _content(folder / MANIFEST) or b""
    names = content.decode("utf-8", errors="replace").splitlines()
    return [name for name in names if _PAGE.match(name) and (folder / name).is_file()]


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
    from tempfile import mkdtemp

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
