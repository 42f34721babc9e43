"""Versions of the files under `kpis/`: two read for comparison, each file once where both have the same bytes; the last edition."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kpi.judge.changes import FrameworkVersion, judge_alike
from kpi.judge.figure_changes import telling
from kpi.model.errors import ToolError, UserError
from kpi.model.kpi import Kpi
from kpi.model.period import APRIL
from kpi.model.plan import Edition
from kpi.model.progress import Progress, silent
from kpi.model.quantity import plain
from kpi.model.text import listed, quoted
from kpi.store import git
from kpi.store.files import MissingFileError, git_name
from kpi.store.paths import KPIS, PLAN, SCORECARD, place_of, walk
from kpi.store.repository import THE_DISK, Overlay, PlanFile, content, plan_from, read_plan, usable_kpi

Files = Mapping[str, bytes]
"""The content of every YAML file under `kpis/`, by its path from the root."""

Newest = Callable[[str, str], date | None]
"""Gives the last day of a file's newest period, by its path and what git calls its content; None where it isn't known."""

_LONG = 64  # letters of a name in some repositories; 40 in all others

UNREADABLE = b"\0"
"""Stands for a file that can't be opened: like any file that is not text, it can't be used."""


def _nothing_is_known(path: str, name: str) -> None:
    """Without a cache every file is read."""


def on_disk(root: Path, overlay: Overlay = THE_DISK) -> dict[str, bytes]:
    """The files as they are in the work tree; `overlay` replaces the content of some.

    What stands oddly is among them, so that it can be named.
    """
    tree = walk(root, overlay)
    paths = [PLAN, *(file.path for file in tree.files), *(path for path, _ in tree.odd)]
    held = {path: content(root, path, overlay) for path in paths}
    if isinstance(held[PLAN], MissingFileError):
        del held[PLAN]
    return {path: data if isinstance(data, bytes) else UNREADABLE for path, data in held.items()}


class Versions(NamedTuple):
    """Two versions of the files, of which only what is asked for is read.

    Attributes:
        before: what git calls the content of each file of the earlier version, by its path from the root.
        after: the same of the later one.
        contents: gives the contents that have these names.
    """

    before: Mapping[str, str]
    after: Mapping[str, str]
    contents: Callable[[Iterable[str]], Mapping[str, bytes]]


def of_files(before: Files, after: Files) -> Versions:
    """Two versions whose contents are at hand."""
    held = {git_name(data): data for files in (before, after) for data in files.values()}
    names = {data: name for name, data in held.items()}
    old, new = ({path: names[data] for path, data in files.items()} for files in (before, after))
    return Versions(old, new, lambda wanted: {name: held[name] for name in wanted})


def of_commits(root: Path, before: str, after: str | None) -> Versions:
    """Two commits; or a commit and the work tree.

    Raises:
        ToolError: if git can't be run.
    """
    old = git.names(root, before)
    if after is not None:
        return Versions(old, git.names(root, after), lambda wanted: git.contents(root, wanted))
    files = on_disk(root)
    if old.keys() - files.keys():
        refuse_sparse(root)
    long = any(len(name) == _LONG for name in old.values())
    new = {path: git_name(data, long=long) for path, data in files.items()}
    held = {new[path]: data for path, data in files.items()}

    def contents(wanted: Iterable[str]) -> dict[str, bytes]:
        names = set(wanted)
        stored = git.contents(root, sorted(names - held.keys()))
        return stored | {name: held[name] for name in names & held.keys()}

    return Versions(old, new, contents)


def refuse_sparse(root: Path) -> None:
    """Stop where some files stand only in the repository, because the clone is sparse: they would seem to be gone.

    Raises:
        ToolError: if there are such files.
    """
    lacking = [name for name in git.left_out(root) if not (root / name).exists()]
    if lacking:
        are = "is" if len(lacking) == 1 else "are"
        message = f"This is a sparse clone, and {listed(lacking, 3)} {are} not checked out."
        raise ToolError(f"{message} Get all of kpis/: git sparse-checkout disable")


def read_versions(
    versions: Versions,
    *,
    whole: bool = True,
    newest: Newest = _nothing_is_known,
    progress: Progress = silent,
) -> tuple[FrameworkVersion, FrameworkVersion]:
    """Both versions as records, for `judge.changes`.

    Args:
        versions: the two.
        whole: also looks at what is the same in both: the day, and what is overdue on it, depend on all figures.
        newest: what may be known of a file that isn't read; it is asked where no more is needed of what is the same.
        progress: shows how far the work is.
    """
    before, after = versions.before, versions.after
    same = {path for path, name in after.items() if before.get(path) == name and path != PLAN}
    held = dict(versions.contents({names[path] for names in (before, after) for path in names.keys() - same}))
    plans = [_plan(held.get(names.get(PLAN, ""))) for names in (before, after)]
    years = [file.year_starts if file else APRIL for file in plans]
    if years[0] != years[1]:  # the same text means something else
        held |= versions.contents({after[path] for path in same})
        same = set()
    passed_over = {*same, PLAN}
    own = [
        {path: _kpi(path, held[names[path]], year_starts) for path in names if path not in passed_over}
        for names, year_starts in zip((before, after), years, strict=True)
    ]
    unread, newest_day = same if whole else set(), date.min
    if whole and _only_the_day_matters(plans, before, after):
        new = _new_digits(*(each.values() for each in own))
        unread, newest_day = _undated(versions, same, newest, new)
    held |= versions.contents({after[path] for path in unread})
    kept = {
        path: _kpi(path, held[after[path]], years[1]) for path in progress(sorted(unread), "Reading files")
    }
    was, now = (
        _version(plan, names, kept, each)._replace(newest=newest_day)
        for names, plan, each in zip((before, after), plans, own, strict=True)
    )
    if PLAN in before and PLAN not in after:
        now = now._replace(unusable_plan=PLAN)
    return was, now


def _undated(
    versions: Versions, same: set[str], newest: Newest, new: Collection[bytes]
) -> tuple[set[str], date]:
    """Of the same files those that have to be read all the same, and the newest day of the others.

    They are those whose newest day isn't known, and those in which one of these new values may stand, too.
    """
    dated = ((path, newest(path, versions.after[path])) for path in same)
    days = {path: day for path, day in dated if day is not None}
    known = versions.contents({versions.after[path] for path in days}) if new else {}
    holding = {name for name, data in known.items() if any(digits in data for digits in new)}
    unread = {path for path in same if path not in days or versions.after[path] in holding}
    return unread, max(days.values(), default=date.min)


def _new_digits(before: Iterable[Kpi | None], after: Iterable[Kpi | None]) -> set[bytes]:
    """The values of new figures, as files write them, as far as they have many digits."""
    was, now = (
        {(address, area, figure.period.interval): figure.value for address, area, figure in telling(kpis)}
        for kpis in (before, after)
    )
    return {plain(value).encode() for figure, value in now.items() if figure not in was and value is not None}


def _only_the_day_matters(plans: Iterable[PlanFile | None], *versions: Collection[str]) -> bool:
    """Whether what is the same in both versions is judged alike in both, so that nothing is to be said of it."""
    earlier, later = (file.plan if file and file.whole else None for file in plans)
    if earlier is None or later is None or earlier.year_starts != later.year_starts:
        return False
    return judge_alike(earlier.status, later.status) and not any(map(_twice, versions))


def _twice(paths: Iterable[str]) -> set[str]:
    """The ids that more than one file has."""
    names = Counter(path.rpartition("/")[2] for path in paths)
    alike = {name for name, count in names.items() if count > 1}
    ids = Counter(_id(path) for path in paths if path.rpartition("/")[2] in alike)
    return {name for name, count in ids.items() if count > 1}


def _plan(data: bytes | None) -> PlanFile | None:
    return None if data is None else read_plan(Path(), {PLAN: data})


def _kpi(path: str, data: bytes, year_starts: int) -> Kpi | None:
    place = place_of(path)
    return usable_kpi(data, place, year_starts) if place else None


def _version(
    plan: PlanFile | None,
    paths: Iterable[str],
    kept: Mapping[str, Kpi | None],
    other: Mapping[str, Kpi | None],
) -> FrameworkVersion:
    """One version.

    Args:
        plan: its plan.
        paths: all its files.
        kept: what is the same in both versions. What can't be used there is no news.
        other: what is not.
    """
    twice = _twice(paths)
    kpis = {path: None if _id(path) in twice else kpi for path, kpi in {**kept, **other}.items()}
    return FrameworkVersion(
        plan.plan if plan else None,
        tuple(kpi for kpi in kpis.values() if kpi is not None),
        {_id(path): path for path, kpi in kpis.items() if kpi is None and path in other},
        PLAN if plan and not plan.whole else "",
    )


def _id(path: str) -> str:
    place = place_of(path)
    return place.kpi if place else path


# The last edition, by its tag or by its date.

_CORRECT = f'Or correct "last" in {PLAN}.'


def read_last_edition(root: Path, edition: Edition, start: str = "HEAD") -> FrameworkVersion:
    """The last edition of a plan.

    Args:
        root: the repository's root.
        edition: names the last one.
        start: the commit in whose history it is looked for, where it is named by a date.

    Raises:
        UserError: if it is not in this clone, or can't be used.
        ToolError: if git can't be run.
    """
    try:
        files = git.read(root, _commit(root, edition, start))
    except ToolError as error:
        raise ToolError(f"The last edition, {quoted(edition.last)}, is read from git. {error}") from error
    plan = plan_from(files[PLAN], style=False).plan if PLAN in files else None
    if plan is None:
        raise UserError(f"The last edition, {quoted(edition.last)}, has no plan that can be used. {_CORRECT}")
    places = [place for place in map(place_of, files) if place is not None]
    kpis = {place: usable_kpi(files[place.path], place, plan.year_starts) for place in places}
    unusable = {place.kpi: place.path for place, kpi in kpis.items() if kpi is None}
    return FrameworkVersion(plan, tuple(kpi for kpi in kpis.values() if kpi is not None), unusable)


def _commit(root: Path, edition: Edition, start: str) -> str:
    """The commit of the last edition."""
    day, name = edition.last_day, quoted(edition.last)
    if day is None:
        commit = git.tagged(root, edition.last)
        why = f"The last edition, {name}, is no tag in this clone. Get the tags: git fetch --tags, or fetch-depth: 0 in a workflow."
    else:
        commit = git.newest_by(root, git.resolve(root, start), day)
        why = f"The history in this clone begins after the last edition, {name}."
        why += " Get all of it: git fetch --unshallow, or fetch-depth: 0 in a workflow." * git.is_shallow(
            root
        )
    if not commit:
        raise UserError(f"{why} {_CORRECT}")
    return commit


# The files of a version in a folder of their own, for what has to read them from a disk.

_FOLDERS = (KPIS, SCORECARD.partition("/")[0])  # where files of a commit may be written


@contextmanager
def check_out(files: dict[str, bytes]) -> Iterator[Path]:
    """A folder with these files in it, as long as it is needed.

    A name that could lead out of the folder is skipped; the file system keeps one of two names that it takes for the same.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="kpi-") as folder:
        root = Path(folder)
        (root / KPIS).mkdir()
        for path, data in files.items():
            if _stays_inside(path) and not (root / path).exists():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
        yield root


def _stays_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return (
        bool(parts)
        and parts[0].casefold() in _FOLDERS
        and ".." not in parts
        and not (os.name == "nt" and set(path) & set('\\:*?"<>|'))
    )
