"""What git knows: commits, and the files under `kpis/` as they were. The only module that runs git, and only to read.

Nothing that people wrote can be an option or start a program: what they name is first made a hash, the environment's and the
repository's own settings that run programs are off, and files are read as they were stored, without filters.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
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
    "LC_ALL": "C",
}
_HASH = re.compile(r"[0-9a-f]{40,64}\Z")
_ORDINARY = ("100644", "100755")
_WHOLE_HISTORY = "Get the whole history: fetch-depth: 0 in a workflow, git fetch --unshallow elsewhere."


class _Stored(NamedTuple):
    """A file in a commit: its path from the root, and the name and size of its content."""

    path: str
    content: str
    size: int


def resolve(root: Path, ref: str) -> str:
    """The hash of the commit that a branch, a tag, a hash or something like `HEAD^` names.

    Raises:
        UserError: if it names no commit.
        ToolError: if git can't be asked.
    """
    found = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode != 1:  # 1 says that there is no such thing
        _refuse_trouble(root, found)
    name = found.stdout.decode(errors="replace").strip()
    if not _HASH.match(name):
        more = f" {_WHOLE_HISTORY}" if _is_shallow(root) else ""
        raise UserError(f"{quoted(ref)} is not a commit in this clone.{more}")
    return name


def branched_off(root: Path, commit: str) -> str:
    """The newest commit that is in the history of both a commit and of what is checked out.

    Raises:
        UserError: if there is none.
        ToolError: if git can't be asked.
    """
    found = _run(root, "merge-base", commit, "HEAD")
    if found.returncode != 1:
        _refuse_trouble(root, found)
    else:
        more = _WHOLE_HISTORY if _is_shallow(root) else "Name a commit that this branch comes from."
        raise UserError(f"What is checked out has no history in common with {commit[:12]}. {more}")
    return found.stdout.decode().strip()


def read(root: Path, commit: str) -> dict[str, bytes]:
    """The YAML files under `kpis/` in a commit, by their path from the root; links are left out.

    A file over the limit has so much white space instead, which is as much over it.

    Raises:
        ToolError: if git can't be asked.
    """
    listing = _run(root, "ls-tree", "-r", "-l", "-z", commit, "--", KPIS)
    _refuse_trouble(root, listing)
    files = list(_listed(listing.stdout))
    small = [file for file in files if file.size <= LIMIT]
    wanted = "".join(f"{file.content}\n" for file in small)
    batch = _run(root, "cat-file", "--batch", given=wanted.encode())
    _refuse_trouble(root, batch)
    found = {file.path: b" " * (LIMIT + 1) for file in files if file.size > LIMIT}
    found |= zip((file.path for file in small), _contents(batch.stdout), strict=True)
    return found


@contextmanager
def laid_out(files: dict[str, bytes]) -> Iterator[Path]:
    """A folder with these files in it, as long as it is needed.

    A name that could lead out of the folder is passed over; the file system keeps one of two names that it takes for the same.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="kpi-") as folder:
        root = Path(folder)
        (root / KPIS).mkdir()
        for path, data in files.items():
            if _stays_inside(path):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
        yield root


def _stays_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return (
        parts[:1] == (KPIS,) and ".." not in parts and not (os.name == "nt" and set(path) & set('\\:*?"<>|'))
    )


def _listed(listing: bytes) -> Iterator[_Stored]:
    """The ordinary YAML files of `ls-tree`'s list: mode, kind, hash and size, a tab, the path; each ends with a zero byte."""
    for entry in listing.split(b"\0"):
        facts, _, name = entry.partition(b"\t")
        path = os.fsdecode(name)
        if facts and looks_like_yaml(path):
            mode, _, content, size = facts.decode().split()
            if mode in _ORDINARY:
                # Of a content that is lost the size is no number: reading it will tell.
                yield _Stored(path, content, int(size) if size.isdigit() else 0)


def _contents(batch: bytes) -> Iterator[bytes]:
    """The contents in `cat-file`'s answer: each has a line with its hash, kind and size before it, and a line end after it.

    Raises:
        ToolError: if one is not in this clone.
    """
    start = 0
    while start < len(batch):
        end = batch.index(b"\n", start)
        last = batch[start:end].rpartition(b" ")[2]
        if not last.isdigit():
            raise ToolError(f"Some files of the older commit are not in this clone. {_WHOLE_HISTORY}")
        size = int(last)
        yield batch[end + 1 : end + 1 + size]
        start = end + size + 2


def _run(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Ask git, in the repository's root.

    Raises:
        ToolError: if there is no git.
    """
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
    try:
        return subprocess.run(  # noqa: S603 the arguments are a list, and what people name follows --end-of-options
            [*_GIT, *arguments], cwd=root, env=kept | _SETTINGS, input=given, capture_output=True, check=False
        )
    except OSError as error:
        raise ToolError(
            f"git can't be run: {error.strerror}. Install it, or leave this option out."
        ) from None


def _is_shallow(root: Path) -> bool:
    return _run(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def _refuse_trouble(root: Path, done: subprocess.CompletedProcess[bytes]) -> None:
    """Stop where git could not work, with its reason in our words.

    Raises:
        ToolError: if it could not work.
    """
    if not done.returncode:
        return
    said = done.stderr.decode(errors="replace")
    place = quoted(str(root), 400)
    if "dubious ownership" in said:
        raise ToolError(
            f"git doesn't trust {place}, because it belongs to somebody else. "
            "If you do: git config --global --add safe.directory with that folder."
        )
    if "not a git repository" in said:
        raise ToolError(f"{place} is not in a git repository, so nothing is known about changes.")
    reason = (said.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
    raise ToolError(f"git could not work: {quoted(reason, 400)}.")
