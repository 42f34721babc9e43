"""Writing what is generated: pages with their manifest, single files and folders. No figures are written here."""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from glob import escape
from pathlib import Path, PurePosixPath

from kpi.model.errors import ToolError, UserError
from kpi.model.progress import Progress, silent
from kpi.model.text import quoted
from kpi.store.files import HALF_WRITTEN, put_in_place
from kpi.store.paths import KPIS, SCORECARD, looks_like_yaml, other_spellings

MANIFEST = "manifest.txt"  # lists the pages that were written; only what it lists is ever removed
_PAGE = re.compile(r"(?:[a-z0-9-]+/)*(?:[a-z0-9-]+|README)(?:\.[0-9]+)?\.(?:md|svg)\Z")


def stale(root: Path, pages: Mapping[str, str]) -> list[tuple[str, str]]:
    """What `write` would change, as (page, why), in order of the paths; a `ToolError` where it would refuse."""
    folder = root / SCORECARD
    listed = _listed(folder)
    _folders(root, [*pages, *listed])
    reasons = {name: "is no longer part of the scorecard" for name in listed if name not in pages}
    for name, text in pages.items():
        there = _content(folder / name)
        if there != text.encode():
            reasons[name] = "is missing" if there is None else "is not what the figures say"
    if _content(folder / MANIFEST) != _manifest(pages):
        reasons[MANIFEST] = "is not current"
    return sorted(reasons.items())


def strangers(root: Path, pages: Mapping[str, str]) -> list[str]:
    """What is in or beside `docs/scorecard/` and no page, by its path from the root: `write` neither makes nor removes it."""
    folder = root / SCORECARD
    known = {folder / name for name in (*pages, *_listed(folder), MANIFEST)}
    strange = [place.with_name(name) for place in (folder.parent, folder) for name in other_spellings(place)]
    for path, folders, files in os.walk(folder):
        place = Path(path)
        links = [name for name in folders if (place / name).is_symlink()]
        strange += [place / name for name in (*files, *links) if place / name not in known]
        if not folders and not files and place != folder:
            strange.append(place)
    return sorted(place.relative_to(root).as_posix() for place in strange)


def write(root: Path, pages: Mapping[str, str], progress: Progress = silent) -> tuple[list[str], list[str]]:
    """Write the pages, and remove those that only the last manifest lists; returns both. Or a `ToolError`."""
    folder, changed = root / SCORECARD, 0
    try:
        wanted = [name for name, _ in stale(root, pages) if name != MANIFEST]
        old = [name for name in wanted if name not in pages]
        for name in _folders(root, [*pages, *old]):
            (root / name).mkdir(parents=True, exist_ok=True)
            for left in (root / name).glob(f".*{HALF_WRITTEN}") if name.startswith(SCORECARD) else ():
                left.unlink(missing_ok=True)  # of an interrupted run
        for name in progress([name for name in wanted if name in pages], "Writing pages"):
            put_in_place(folder / name, pages[name].encode(), 0o644, lasting=False)
            changed += 1
        for name in old:
            (folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # other pages are in it
                (folder / name).parent.rmdir()
        # It comes last: if the work is interrupted, the old one still lists what is there.
        if _content(folder / MANIFEST) != _manifest(pages):
            put_in_place(folder / MANIFEST, _manifest(pages), 0o644, lasting=False)
    except OSError as error:
        done = f"{changed} of {len(pages)} pages were written before that; run kpi build again."
        raise ToolError(f"{error.filename or folder} can't be written: {error.strerror}. {done}") from error
    return [name for name in wanted if name in pages], old


def write_file(path: Path, content: str | bytes, *, new: bool = False) -> None:
    """Write one file whole, or not at all; what isn't an ordinary file (`/dev/null`, a pipe) is written to as it is.

    A `UserError` if figures are kept there, or something is there that was to be `new`; a `ToolError` if it can't be written.
    """
    _refuse_figures(path)
    if path.is_dir():
        raise UserError(f"{quoted(str(path), 400)} is a folder. Name a file.")
    if new and os.path.lexists(path):
        raise UserError(f"{quoted(str(path))} is there already. Nothing was written to it.")
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            put_in_place(path, data, 0o644, lasting=False)
    except OSError as error:
        left = "Nothing was." if new else "It is as it was."
        raise ToolError(f"{path} can't be written: {error.strerror}. {left}") from error


def append_file(path: Path, text: str) -> None:
    """Add to the end of a file, or begin it; a `UserError` if figures are kept there, or may be under its other name."""
    _refuse_figures(path)
    try:
        with path.open("ab") as file:
            if os.fstat(file.fileno()).st_nlink > 1:
                why = f"{quoted(str(path), 400)} has another name, which may be a place for figures."
                raise UserError(f"{why} Nothing was written; name another file.")
            file.write(text.encode())
    except OSError as error:
        raise ToolError(f"{path} can't be written: {error.strerror}.") from error


def _refuse_figures(path: Path) -> None:
    """Stop where a result would be written over a KPI file or a plan, of whichever repository, by whatever link."""
    for target in (Path(os.path.realpath(path.parent), path.name), Path(os.path.realpath(path))):
        if looks_like_yaml(target.name) and KPIS in (parent.name.casefold() for parent in target.parents):
            why = f"{quoted(str(path), 400)} is a place for figures."
            raise UserError(f"{why} Nothing was written; name another file.")


def _folders(root: Path, names: Iterable[str]) -> list[str]:
    """The folders of some pages, from the root, outer ones first; a `ToolError` if one is a link."""
    pages = (PurePosixPath(SCORECARD, name) for name in names)
    folders = sorted({folder.as_posix() for page in pages for folder in page.parents if folder.name})
    for name in folders:
        if (root / name).is_symlink():
            raise ToolError(f"{name} is a link, and links are not followed. Nothing was written.")
    return folders


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _manifest(pages: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in sorted(pages)).encode()


def _listed(folder: Path) -> list[str]:
    content = _content(folder / MANIFEST) or b""
    names = content.decode("utf-8", errors="replace").splitlines()
    return [name for name in names if _PAGE.match(name) and (folder / name).is_file()]


def write_folder(folder: Path, sign: str, words: str, fill: Callable[[Path], None]) -> None:
    """Fill a folder beside its place. It replaces an earlier one, whose file `sign` holds `words`, or a `UserError` is raised."""
    from tempfile import mkdtemp

    is_ours = folder.is_dir() and not any(folder.iterdir())
    with suppress(OSError):
        is_ours = is_ours or ((folder / sign).is_file() and words.encode() in (folder / sign).read_bytes())
    if folder.is_symlink() or (folder.exists() and not is_ours):
        why = f"{quoted(str(folder), 400)} holds something else. Nothing was written"
        raise UserError(f"{why}; name a folder that is new, empty, or holds an earlier export.")
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
            with suppress(OSError):
                shutil.rmtree(beside)
        if not isinstance(error, OSError):
            raise
        before = f"What was there is in {old}." if moved else "It is as it was."
        raise ToolError(f"{folder} can't be written: {error.strerror}. {before}") from error
    # What a killed run left.
    for begun in folder.parent.glob(f".{escape(folder.name)}.*{HALF_WRITTEN}"):
        with suppress(OSError):  # the next run tries again
            shutil.rmtree(begun)
