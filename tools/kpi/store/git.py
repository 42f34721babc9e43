"""What git knows: commits, what each changed, and the files under `kpis/` as they were. The only module that runs git.

It only reads. Nothing that people wrote can become an option or start a program: names are first resolved to hashes, settings
that run programs are off, and files are read as stored. If git can't be run, a `ToolError` says why.
"""

import os
import re
import subprocess
from collections.abc import Container, Iterable, Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kpi.model.errors import ToolError, UserError
from kpi.model.text import quoted
from kpi.store.files import LIMIT
from kpi.store.paths import KPIS, looks_like_yaml

_GIT = ("git", "--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null",
        "-c", "core.quotePath=false")  # fmt: skip
_SETTINGS = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",  # a clone that lacks files may not fetch them now
    "GIT_NO_REPLACE_OBJECTS": "1",  # a commit is what its hash says,
    "GIT_GRAFT_FILE": os.devnull,  # and so is what it follows
    "LC_ALL": "C",
}
_HASH = re.compile(r"[0-9a-f]{40,64}\Z")
_YES_OR_NO = (0, 1)  # exit codes where 1 says that there is no such thing
_WHATEVER = range(-255, 256)
_ORDINARY = ("100644", "100755")
_WHOLE_HISTORY = "Get the whole history: fetch-depth: 0 in a workflow, git fetch --unshallow elsewhere."
_LACKING = f"Some older files are not in this clone. {_WHOLE_HISTORY}"


class Touched(NamedTuple):
    """A file under `kpis/` that a commit changed; the two paths differ for one that was renamed."""

    path: str  # from the root, after it; empty for a deleted file
    before: str  # and before it; empty for a new file
    content: str  # names what is in it afterwards; empty for a deleted file, and for what is no ordinary file


class Commit(NamedTuple):
    """A commit on the checked out branch, and the files under `kpis/` that it changed."""

    hash: str
    parents: int  # none for the first, and for the oldest one in a shallow clone; two for a merge
    seconds: int  # since 1970 (UTC)
    author: str
    message: str
    files: tuple[Touched, ...]


def resolve(root: Path, ref: str) -> str:
    """The hash of the commit that a branch, a tag, a hash or something like `HEAD^` names; a `UserError` if it names none."""
    name = commit_named(root, ref[:4000])  # a program takes no arguments of any length
    if _HASH.match(name):
        return name
    why = f"{quoted(ref)} is not a commit in this clone."
    if ".." in ref:
        first, second = (end or "HEAD" for end in re.split(r"\.{2,}", ref, maxsplit=1))
        why += f" It looks like a range: write its two commits apart, {first} {second}, or {first} alone where one is wanted."
    elif not commit_named(root, "HEAD"):
        why = "This repository has no commit yet, so nothing is known about changes. Make the first one."
    elif is_shallow(root):
        why += f" {_WHOLE_HISTORY}"
    raise UserError(why)


def commit_named(root: Path, name: str) -> str:
    """The hash of the commit that something names; empty where this clone has none of that name."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return _run(root, *words, fine=_YES_OR_NO).decode(errors="replace").strip()


def newest_by(root: Path, start: str, day: date) -> str:
    """The newest commit by the end of a day (UTC) on the line of first parents of `start`; empty for none."""
    until = f"--until={day.isoformat()}T23:59:59Z"
    return _run(root, "rev-list", "--max-count=1", "--first-parent", until, start).decode().strip()


def branched_off(root: Path, commit: str) -> str:
    """The newest commit that a commit and what is checked out both come from; a `UserError` if there is none."""
    base = _run(root, "merge-base", commit, "HEAD", fine=_YES_OR_NO).decode().strip()
    if not base:
        more = _WHOLE_HISTORY if is_shallow(root) else "Name a commit that this branch comes from."
        raise UserError(f"What is checked out has no history in common with {commit[:12]}. {more}")
    return base


def read(root: Path, commit: str) -> dict[str, bytes]:
    """The YAML files under `kpis/` in a commit, by path, without links; white space over the limit for one that is over it."""
    tree = _tree(root, commit, KPIS, sized=True)
    return _stored(root, {path: blob for path, blob in tree.items() if looks_like_yaml(path)})


def read_all(root: Path, commit: str, *folders: str) -> dict[str, bytes]:
    """Every file in some folders as git stores it; empty for a link, and for another spelling of a folder."""
    tree = _tree(root, commit, *folders, sized=True)
    paths = [PurePosixPath(name) for name in folders]
    known = {folder.as_posix() for path in paths for folder in (path, *path.parents)}
    listing = _run(root, "ls-tree", "-z", "--name-only", commit, "--", *(f"{name}/" for name in known))
    there = [os.fsdecode(name) for name in listing.split(b"\0")]
    odd = [name for name in there if name not in known and name.casefold() in known]
    return dict.fromkeys((*tree, *odd), b"") | _stored(root, tree)


def tracked(root: Path, paths: Iterable[str]) -> list[str]:
    """The paths, of some, that git tracks, or that hold something that it tracks; none without a repository."""
    wanted = list(paths)
    there = set(_index(root, "--", *wanted)) if wanted else set()
    there |= {parent.as_posix() for name in there for parent in PurePosixPath(name).parents}
    return [path for path in wanted if path in there]


def left_out(root: Path) -> list[str]:
    """The files under `kpis/` that a sparse clone has not checked out; none without a repository."""
    return [entry[2:] for entry in _index(root, "-t", "--", KPIS) if entry.startswith("S ")]


def _index(root: Path, *arguments: str) -> list[str]:
    try:
        listing = _run(root, "ls-files", "-z", *arguments, fine=_WHATEVER)
    except ToolError:
        return []
    return [os.fsdecode(entry) for entry in listing.split(b"\0")]


def names(root: Path, commit: str) -> dict[str, str]:
    """What git calls the YAML files' contents under `kpis/`, by their path from the root, for `contents`; empty for a link."""
    tree = _tree(root, commit, KPIS)
    return {path: content for path, (content, _) in tree.items() if looks_like_yaml(path)}


def _tree(root: Path, commit: str, *folders: str, sized: bool = False) -> dict[str, tuple[str, int]]:
    """The name and the size of the content of all in some folders, by path; no name for a link or the like."""
    listing = _run(root, "ls-tree", "-r", *(["-l"] if sized else []), "-z", commit, "--", *folders)
    tree = {}
    for entry in filter(None, listing.split(b"\0")):
        facts, _, path = entry.partition(b"\t")
        mode, _, content, *sizes = facts.decode().split()
        tree[os.fsdecode(path)] = content if mode in _ORDINARY else "", sum(map(_size, sizes))
    return tree


def _size(text: str) -> int:
    return int(text) if text.isdigit() else 0  # of one that is lost it is no number: reading it will tell


def _stored(root: Path, tree: Mapping[str, tuple[str, int]]) -> dict[str, bytes]:
    sizes = dict(tree.values())
    held = contents(root, sizes, sizes)
    return {path: held[content] for path, (content, _) in tree.items() if content}


def contents(root: Path, names: Iterable[str], sizes: Mapping[str, int] | None = None) -> dict[str, bytes]:
    """Contents by names from `names` and `log`, or a `ToolError`; over the limit as in `read`; a zero byte of a link."""
    wanted = dict.fromkeys(names)
    files = [name for name in wanted if name]
    held = dict.fromkeys(wanted, b"\0") | dict.fromkeys(files, b" " * (LIMIT + 1))
    if files and sizes is None:
        answer = _run(root, "cat-file", "--batch-check=%(objectsize)", given=files).decode(errors="replace")
        sizes = dict(zip(files, map(_size, answer.splitlines()), strict=True))
    small = [name for name in files if sizes and sizes[name] <= LIMIT]
    batch, start = _run(root, "cat-file", "--batch", given=small) if small else b"", 0
    for name in small:  # each has a line with its hash, kind and size before it, and a line end after it
        head = batch.index(b"\n", start)
        size = batch[start:head].rpartition(b" ")[2]
        if not size.isdigit():
            raise ToolError(_LACKING)
        end = head + 1 + int(size)
        held[name], start = batch[head + 1 : end], end + 1
    return held


def log(root: Path) -> tuple[Commit, ...]:
    """The commits that changed something under `kpis/`, newest first: the line of first parents of what is checked out.

    In git's answer a commit is five fields, then its files, all ended by zero bytes. A file is a colon with modes, contents and a
    letter (R: renamed, with two paths; A: added; D: deleted), then its path.
    """
    history = _run(
        root, "-c", "log.showRoot=true", "log", "--first-parent", "--diff-merges=first-parent", "--raw", "--no-abbrev", "-z",
        "--find-renames", "--relative", "--no-follow", "--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-notes",
        "--no-color", "--encoding=UTF-8", "--format=%H%x00%P%x00%ct%x00%an%x00%B", resolve(root, "HEAD"), "--", KPIS,
    )  # fmt: skip
    commits, pieces = [], iter(history.split(b"\0"))
    name = next(pieces).decode()
    while name:
        parents, seconds, author, message = (next(pieces).decode(errors="replace") for _ in range(4))
        files = []
        piece = next(pieces)
        while piece.lstrip(b"\n").startswith(b":"):
            _, mode, _, content, letter = piece.decode().split()
            paths = [os.fsdecode(next(pieces)) for _ in range(2 if letter[0] == "R" else 1)]
            before = "" if letter == "A" else paths[0]
            path = "" if letter == "D" else paths[-1]
            files.append(Touched(path, before, content if path and mode in _ORDINARY else ""))
            piece = next(pieces)
        commits.append(Commit(name, len(parents.split()), int(seconds), author, message, tuple(files)))
        name = piece.decode()
    return tuple(commits)


def is_shallow(root: Path) -> bool:
    """Whether this clone holds the newest part of the history only."""
    return _run(root, "rev-parse", "--is-shallow-repository", fine=_WHATEVER).strip() == b"true"


def _run(root: Path, *arguments: str, given: Iterable[str] = (), fine: Container[int] = (0,)) -> bytes:
    """The output of git, run in the root and given some lines; a `ToolError` if its exit code isn't `fine`."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
    lines = "".join(f"{line}\n" for line in given).encode()
    try:
        done = subprocess.run(  # noqa: S603 the arguments are a list, and what people name follows --end-of-options
            [*_GIT, *arguments], cwd=root, env=kept | _SETTINGS, input=lines, capture_output=True, check=False
        )
    except OSError as error:
        why = f"git can't be run: {error.strerror}."
        raise ToolError(f"{why} Install it: it alone knows what has changed.") from None
    if done.returncode not in fine:
        raise _trouble(root, done)
    return done.stdout


def _trouble(root: Path, done: "subprocess.CompletedProcess[bytes]") -> ToolError:
    place = quoted(str(root), 400)
    folders = (root.resolve(), *root.resolve().parents)
    top = next((folder for folder in folders if os.path.lexists(folder / ".git")), None)
    if top is None:
        return ToolError(f"{place} is not in a git repository, so nothing is known about changes.")
    user = os.geteuid() if hasattr(os, "geteuid") else 0  # what Windows gives for every owner
    owners = {path.lstat().st_uid for path in (top, top / ".git")}
    if owners != {user} and not _run(root, "rev-parse", "--git-dir", fine=_WHATEVER):
        why = f"git doesn't trust {place}, because it belongs to somebody else."
        return ToolError(f"{why} If you do: git config --global --add safe.directory with that folder.")
    if _run(root, "config", "--get-regexp", r"^remote\..*\.promisor$", fine=_WHATEVER):
        return ToolError(_LACKING)  # a clone that fetches files when they are asked for
    said = done.stderr.decode(errors="replace")
    reason = (said.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
    return ToolError(f"git could not work: {quoted(reason, 400)}.")
