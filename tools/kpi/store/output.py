"""Writing what is generated: pages with their manifest, and single files. Figures under `kpis/` are not written here."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from kpi.model.errors import ToolError
from kpi.model.watch import Watch, unwatched
from kpi.store.files import put_in_place
from kpi.store.paths import SCORECARD

MANIFEST = "manifest.txt"
"""Lists the pages that were written, one path a line. Only what it lists is ever removed."""

_PAGE = re.compile(r"(?:[a-z0-9-]+/)*(?:[a-z0-9-]+|README)(?:\.[0-9]+)?\.(?:md|svg)\Z")
_HALF_WRITTEN = ".*.tmp"


class Written(NamedTuple):
    """The pages that were written because they were new or different, and those that were removed."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]


def stale(root: Path, pages: Mapping[str, str]) -> list[tuple[str, str]]:
    """What `write` would change, as (page, why), in order of the paths."""
    folder = root / SCORECARD
    found = []
    for name, text in pages.items():
        there = _content(folder / name)
        if there is None:
            found.append((name, "is missing"))
        elif there != text.encode():
            found.append((name, "is not what the figures say"))
    found += [(name, "belongs to nothing any more") for name in _listed(folder) if name not in pages]
    if _content(folder / MANIFEST) != _manifest(pages).encode():
        found.append((MANIFEST, "is not current"))
    return sorted(found)


def write(root: Path, pages: Mapping[str, str], watch: Watch = unwatched) -> Written:
    """Write the pages under `docs/scorecard/` and remove those that the last manifest lists and that are no more.

    Each page is replaced whole, and left untouched where its bytes are the same. The manifest comes last: if the work is
    interrupted, the old one still lists what stands there, and `stale` tells what is half done.

    Raises:
        ToolError: if something can't be written, or if a folder on the way is a link that may lead elsewhere.
    """
    folder = root / SCORECARD
    changed = []
    removed = []
    try:
        old = [name for name in _listed(folder) if name not in pages]
        _make_ready(root, [*pages, *old])
        for name in watch(sorted(pages), "Writing pages"):
            path, content = folder / name, pages[name].encode()
            if _content(path) != content:
                _replace(path, content)
                changed.append(name)
        for name in old:
            (folder / name).unlink(missing_ok=True)
            removed.append(name)
        listed = _manifest(pages).encode()
        if _content(folder / MANIFEST) != listed:
            _replace(folder / MANIFEST, listed)
    except OSError as error:
        done = f"{len(changed)} of {len(pages)} pages were written before that; run kpi build again."
        raise ToolError(f"{error.filename or folder} can't be written: {error.strerror}. {done}") from error
    return Written(tuple(changed), tuple(removed))


def write_file(path: Path, text: str) -> None:
    """Write one file whole, or not at all. What isn't an ordinary file (`/dev/null`, a pipe) is written to as it is.

    Raises:
        ToolError: if it can't be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(text.encode())
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, text.encode())
    except OSError as error:
        raise ToolError(f"{path} can't be written: {error.strerror}. It is as it was.") from error


def append_file(path: Path, text: str) -> None:
    """Add to the end of a file, or begin it.

    Raises:
        ToolError: if it can't be written.
    """
    try:
        with path.open("ab") as file:
            file.write(text.encode())
    except OSError as error:
        raise ToolError(f"{path} can't be written: {error.strerror}.") from error


def _make_ready(root: Path, names: Iterable[str]) -> None:
    """Stop where a folder between the root and a page is a link; make those that are missing, and clear the others."""
    folders = {name: root / name for name in _folders(names)}
    for name, folder in folders.items():
        if folder.is_symlink():
            raise ToolError(f"{name} is a link, and links are not followed. Nothing was written.")
    for name, folder in folders.items():
        if not _made(folder) and name.startswith(SCORECARD):
            for left in folder.glob(_HALF_WRITTEN):  # by a run that was interrupted
                left.unlink(missing_ok=True)


def _folders(names: Iterable[str]) -> list[str]:
    """The folders of some pages, seen from the root, each behind the one that it is in."""
    found: set[str] = set()
    for name in names:
        folder = f"{SCORECARD}/{name}".rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(found)


def _made(folder: Path) -> bool:
    """Make a folder; False where there is one, or something else that is in the way."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return False
    return True


def _replace(path: Path, content: bytes) -> None:
    put_in_place(path, content, 0o644, lasting=False)


def _content(path: Path) -> bytes | None:
    """The bytes of an ordinary file; None where there is none."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _manifest(pages: Iterable[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(pages))


def _listed(folder: Path) -> list[str]:
    """The pages that the manifest on disk lists; anything that can't be a page of ours is passed over."""
    content = _content(folder / MANIFEST) or b""
    names = content.decode("utf-8", errors="replace").splitlines()
    return [name for name in names if _PAGE.match(name) and (folder / name).is_file()]
