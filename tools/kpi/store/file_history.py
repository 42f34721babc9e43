"""The versions of one KPI file in git, under whatever name it had."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath

from kpi.judge.figure_changes import History, Version
from kpi.model.kpi import Kpi
from kpi.store import git
from kpi.store.paths import KpiPath
from kpi.store.repository import KpiFile, usable_kpi


def history_of(root: Path, file: KpiFile, year_starts: int) -> History:
    """The history of a KPI file. git is started five times, however many commits there are.

    Args:
        root: the repository's root.
        file: the file as it is now.
        year_starts: the month in which years start, for all versions.

    Raises:
        UserError: if there is no commit yet.
        ToolError: if git can't be run.
    """
    steps = list(followed(git.log(root), file.place.path))[::-1]
    shallow = git.is_shallow(root)
    texts = git.contents(root, (touched.content for _, touched in steps if touched.content))
    usable: list[Version] = []
    unusable: list[Version] = []
    moves: list[tuple[Version, str]] = []
    for commit, touched in steps:
        kpi = _kpi(texts[touched.content], touched.path, year_starts) if touched.content else None
        version = _version(commit, touched, kpi, edge=shallow and not commit.parents)
        (unusable if touched.path and kpi is None else usable).append(version)
        if touched.path and touched.before not in {"", touched.path}:
            moves.append((version, touched.before))
    if unusable and unusable[0].edge and usable:
        # What the oldest commit has can't be told, so nobody knows what is new.
        usable[0] = usable[0]._replace(edge=True)
    last = usable[-1].kpi if usable else None
    if file.whole and file.kpi != last:
        usable.append(Version(file.kpi, file.place.path))
    return History(tuple(usable), tuple(unusable), tuple(moves), shallow)


def followed(commits: Iterable[git.Commit], path: str) -> Iterator[tuple[git.Commit, git.Touched]]:
    """The commits that changed a file, and how, newest first. `path` is its path after them.

    It is followed through renames: those that git detects, or the same id appearing in one folder and disappearing from
    another.
    """
    for commit in commits:
        if any(file.before == path and file.path not in {"", path} for file in commit.files):
            return  # what had this path went on under another: it was another KPI
        touched = next((file for file in commit.files if path in (file.path, file.path or file.before)), None)
        if touched is not None:
            if not touched.before:
                touched = touched._replace(before=_left(commit, path))
            yield commit, touched
            path = touched.before or path


def _left(commit: git.Commit, path: str) -> str:
    """Where a file that a commit added was deleted by the same commit: in another folder, under the same id."""
    name = PurePosixPath(path).name
    gone = (file.before for file in commit.files if not file.path and PurePosixPath(file.before).name == name)
    return next(gone, "")


def _kpi(data: bytes, path: str, year_starts: int) -> Kpi | None:
    place = PurePosixPath(path)
    return usable_kpi(data, KpiPath(path, place.stem, place.parent.name), year_starts)


def _version(commit: git.Commit, touched: git.Touched, kpi: Kpi | None, *, edge: bool) -> Version:
    path, day = touched.path or touched.before, _day(commit.seconds)
    return Version(kpi, path, commit.hash, day, commit.author, _subject(commit), edge=edge)


def _day(seconds: int) -> date | None:
    """The day in UTC; for a time beyond the calendar, the nearest day in it."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    try:
        return (epoch + timedelta(seconds=seconds)).date()
    except OverflowError:
        return date.max if seconds > 0 else date.min


def _subject(commit: git.Commit) -> str:
    """The subject of a commit. A merge has the title of the pull request below its own first line."""
    lines = [line.strip() for line in commit.message.splitlines() if line.strip()]
    return lines[1] if commit.parents > 1 and len(lines) > 1 else "".join(lines[:1])
