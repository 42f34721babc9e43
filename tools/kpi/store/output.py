"""Writing what is generated: pages with their manifest, and single files. Figures under `kpis/` are not written here."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
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
        _refuse_links(root, [*pages, *old])
        for name in watch(sorted(pages), "Writing pages"):
            if _content(folder / name) != pages[name].encode():
                _replace(folder / name, pages[name])
                changed.append(name)
        for name in old:
            (folder / name).unlink(missing_ok=True)
            removed.append(name)
        if _content(folder / MANIFEST) != _manifest(pages).encode():
            _replace(folder / MANIFEST, _manifest(pages))
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
            _replace(path, text)
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


def _refuse_links(root: Path, names: Iterable[str]) -> None:
    """Stop where a folder between the root and a page is a link, and clear away what an interrupted run left."""
    folders = {PurePosixPath(SCORECARD, name).parent for name in names}
    folders |= {above for folder in folders for above in folder.parents}
    for folder in sorted(folders):
        if (root / folder).is_symlink():
            raise ToolError(f"{folder} is a link, and links are not followed. Nothing was written.")
        if folder.is_relative_to(SCORECARD):
            for left in (root / folder).glob(_HALF_WRITTEN):
                left.unlink(missing_ok=True)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    put_in_place(path, text.encode(), 0o644, lasting=False)


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
