"""Where things live: the one module that knows the repository's layout."""

import os
import re
import stat
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kpi.model.errors import UserError
from kpi.model.finding import Problem
from kpi.model.text import quoted
from kpi.store.yaml import MISREAD

KPIS = "kpis"
PLAN = "kpis/plan.yaml"
SCORECARD = "docs/scorecard"

_LONGEST = 64
_PLACE = re.compile(rf"{KPIS}/([^/]+)/([^/]+)\.yaml\Z")
_ID = re.compile(rf"[a-z][a-z0-9-]{{0,{_LONGEST - 1}}}\Z")
_COPY = re.compile(r"(?:copy of )?(.+?)(?: ?\([0-9]+\)| - copy| copy)?", re.IGNORECASE)
_ENDINGS = re.compile(r"(?:\.ya?ml)?(?:\.txt)?$", re.IGNORECASE)
_NO_FILE = ("is a folder, not a file", "Rename the folder, or take it out.")
_WINDOWS_NAMES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}


class KpiPath(NamedTuple):
    """A KPI file: its path from the root with forward slashes, its id and its folder."""

    path: str
    kpi: str
    priority: str


class Walk(NamedTuple):
    """The KPI files in order of their paths, and what stands oddly among them, as (path, problem)."""

    files: list[KpiPath]
    odd: list[tuple[str, Problem]]
    hidden: list[str]  # paths of what starts with a dot: only git knows whether it belongs to the repository


def find_root(start: Path) -> Path:
    """The nearest folder, from `start` upwards, that holds `kpis/`; a `UserError` if there is none."""
    folders = (start, *start.parents)
    for folder in folders:
        if holds_kpis(folder):
            return folder
    message = f"There is no kpis/ folder in {quoted(str(start))} or above it."
    if any((folder / ".git/info/sparse-checkout").is_file() for folder in folders):
        raise UserError(f"{message} The clone is sparse. Get all of it: git sparse-checkout disable")
    raise UserError(f"{message} Run this in the repository, or give --root. kpi init creates a new one.")


def holds_kpis(folder: Path) -> bool:
    """Whether a folder is a repository's root: `kpis/` is there, and is no link that may lead elsewhere."""
    return (folder / KPIS).is_dir() and not (folder / KPIS).is_symlink()


def holds_manual(root: Path) -> bool:
    """Whether a repository holds the program's manual, with a page about each rule."""
    return (root / "docs/rules/odd-path.md").is_file()


def own_file(root: Path, ending: str) -> Path | None:
    """A repository's file in the user's folder for caches, such as its `lock`; None where no folder can be trusted."""
    from hashlib import blake2b

    if given := os.environ.get("XDG_CACHE_HOME"):
        folder = Path(given) / "kpi"
    elif os.environ.get("HOME") == "":
        return None
    elif sys.platform == "linux":  # without `platformdirs`, whose import takes as long as a seventh of a lint
        folder = Path(os.path.expanduser("~")) / ".cache/kpi"  # noqa: PTH111 Path's own raises where there is none
    else:
        from platformdirs import user_cache_path

        folder = user_cache_path("kpi", appauthor=False)
    if not folder.is_absolute():  # HOME is not set, and the list of users lacks this one
        return None
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = blake2b(os.fsencode(root.resolve()), digest_size=16).hexdigest()
    return folder / f"{name}.{ending}" if only_ours(folder) else None


def only_ours(path: Path) -> bool:
    """Whether a place is this user's, and closed to others' writing, as the user's folders are on Windows."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    if os.name == "nt":
        return True
    return not stat.S_ISLNK(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def walk(root: Path, also: Collection[str] = ()) -> Walk:
    """Every `kpis/<priority>/<kpi>.yaml` there or among `also`, and a problem for what looks meant but stands oddly."""
    tree = Walk([], [], [])
    for name in other_spellings(root / KPIS):
        why = f"is another spelling of {KPIS}, and nothing in it is read"
        tree.odd.append((name, _odd(name, why, f"Move it to {KPIS}/.")))
    for path, entry in _entries(tree, root / KPIS, KPIS):
        name = entry.name
        if path == PLAN:
            continue
        if looks_like_yaml(name) and entry.is_dir(follow_symlinks=False):
            tree.odd.append((path, _odd(name, *_NO_FILE)))
        elif looks_like_yaml(name) and Path(name).stem.lower() == "plan":
            tree.odd.append((path, _odd(name, "here", "Rename it to plan.yaml.", "The plan is called")))
        elif looks_like_yaml(name):
            help_ = f"Move it into its priority's folder: kpis/<priority>/{name}"
            tree.odd.append((path, _odd(name, "is directly in kpis/", help_)))
        elif entry.is_dir(follow_symlinks=False):
            _walk_priority(tree, entry, path)
        elif entry.is_dir():
            why = "is a link to another folder, and links are not followed"
            tree.odd.append((path, _odd(name, why, "Put the folder itself here.")))
    there = {file.path for file in tree.files}
    tree.files.extend(place for path in also if path not in there and (place := location_of(path)))
    tree.files.sort(key=lambda file: (file.priority, file.path))
    return tree._replace(odd=[(path, problem) for path, problem in tree.odd if path not in also])


def other_spellings(folder: Path) -> list[str]:
    """The names beside a folder that are its own where capitals don't count, and others elsewhere."""
    with suppress(OSError), os.scandir(folder.parent) as entries:
        names = (entry.name for entry in entries if entry.name != folder.name)
        return sorted(name for name in names if name.casefold() == folder.name.casefold())
    return []


def odd_hidden(path: str) -> Problem:
    """What to do with something that git tracks under a name that starts with a dot."""
    why = "starts with a dot, so people don't see it. It can change what git makes of the files"
    return _odd(path.rpartition("/")[2], why, "Delete it, or move it out of kpis/.")


def location_of(path: str) -> KpiPath | None:
    """The place of a KPI file by its path from the root; None where no KPI file may be there."""
    match = _PLACE.match(path)
    if match is None or _odd_id(match[1], "") or _odd_id(match[2], ""):
        return None
    return KpiPath(path, match[2], match[1])


def _walk_priority(tree: Walk, folder: os.DirEntry[str], path: str) -> None:
    odd_folder = _odd_id(folder.name, "The folder's name")
    for place, entry in _entries(tree, Path(folder.path), path):
        name, stem = entry.name, _ENDINGS.sub("", entry.name)
        if looks_like_yaml(name):
            if problem := _odd_name(entry) or odd_folder:
                tree.odd.append((place, problem))
            else:
                tree.files.append(KpiPath(place, stem, folder.name))
        elif not odd_folder and entry.is_file(follow_symlinks=False) and _ID.match(stem):
            why = "doesn't end with .yaml, so it is not read"
            tree.odd.append((place, _odd(name, why, f"Rename it to {stem}.yaml")))
        elif entry.is_dir() and (
            entry.is_symlink() or any(looks_like_yaml(inner.name) for inner in Path(entry.path).rglob("*"))
        ):
            help_ = f"Move its files to {path}/."
            tree.odd.append((place, _odd(name, "is one level too deep", help_, "The folder")))


def _entries(tree: Walk, folder: Path, path: str) -> list[tuple[str, os.DirEntry[str]]]:
    """What people see in a folder, in order of the paths; a folder that can't be opened is odd."""
    try:
        with os.scandir(folder) as entries:
            there = sorted((f"{path}/{entry.name}", entry) for entry in entries)
    except OSError as error:
        message = f"The folder can't be opened: {error.strerror}. Nothing in it was checked."
        tree.odd.append((path, Problem("unreadable-file", (), message)))
        return []
    tree.hidden.extend(place for place, entry in there if entry.name.startswith("."))
    return [(place, entry) for place, entry in there if not entry.name.startswith(".")]


def looks_like_yaml(name: str) -> bool:
    """Whether a name ends like that of a YAML file, in any case."""
    return name.lower().endswith((".yaml", ".yml"))


def _odd_name(entry: os.DirEntry[str]) -> Problem | None:
    stem, dot, ending = entry.name.rpartition(".")
    if entry.is_symlink():
        return _odd(entry.name, "is a link to another file", "Put the file itself here.")
    if entry.is_dir():
        return _odd(entry.name, *_NO_FILE)
    if ending != "yaml":
        return _odd(entry.name, f"ends with {quoted(dot + ending)}", f"Rename it to {plain_id(stem)}.yaml")
    copy = _COPY.fullmatch(stem)
    if copy is not None and copy[1] != stem and Path(entry.path).with_name(f"{copy[1]}.yaml").exists():
        help_ = f"Put what is new in it into {copy[1]}.yaml, and delete this file."
        return _odd(entry.name, f"seems to be a copy of {copy[1]}.yaml", help_)
    return _odd_id(stem, "The file name", ".yaml")


def renamed(path: str) -> str:
    """The id of the KPI file that a file with an odd name would be, if it were renamed as lint says."""
    return plain_id(_ENDINGS.sub("", path.rpartition("/")[2]))


def _odd_id(name: str, what: str, ending: str = "", *, verb: str = "Rename it to") -> Problem | None:
    """What is wrong with a name that is to be an id, and what it should be: with its `ending`, and after `verb`."""
    help_ = "Choose another name."
    if name in _WINDOWS_NAMES:
        why = "is reserved on Windows"
    elif name in MISREAD:
        why = "is a word that YAML reads as something else"
    elif _ID.match(name):
        return None
    elif len(name) > _LONGEST and _ID.match(name[:_LONGEST]):
        why, help_ = f"has more than {_LONGEST} letters", "Choose a shorter name."
    else:
        why = "isn't made of lower-case letters, digits and hyphens, starting with a letter"
        help_ = f"{verb} {plain_id(name)}{ending}"
    return _odd(name, why, help_, what)


def id_trouble(name: str) -> str:
    """Why a name can't be the id of a KPI or a priority, and what to write instead; nothing where it can."""
    problem = _odd_id(name, "The id", ".", verb="Write")
    return f"{problem.message} {problem.help}" if problem else ""


def id_from(name: str) -> str:
    """The id that a name could become: `Wait Times` → `wait-times`, `café` → `cafe`; empty where none is near."""
    from unicodedata import combining, normalize

    plain = "".join(letter for letter in normalize("NFKD", name) if not combining(letter))
    return re.sub("[^a-z0-9]+", "-", plain.lower()).lstrip("-0123456789").rstrip("-")


def plain_id(name: str) -> str:
    """The id of a new file: as `id_from`, without years or numbers of rows at its end."""
    return id_from(name).rstrip("-0123456789")[:_LONGEST] or "kpi"


def _odd(name: str, why: str, help_: str, what: str = "") -> Problem:
    return Problem("odd-path", (), f"{what} {quoted(name)} {why}.".lstrip(), help_)
