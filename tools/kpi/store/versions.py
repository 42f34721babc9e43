"""Versions of the files under `kpis/`: two to compare, the last edition, and the past of one file."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kpi.judge.changes import FrameworkVersion, judge_alike
from kpi.judge.figure_changes import History, Version, telling
from kpi.model.errors import ToolError, UserError
from kpi.model.kpi import Kpi
from kpi.model.period import APRIL
from kpi.model.plan import Edition
from kpi.model.progress import Progress, silent
from kpi.model.quantity import plain
from kpi.model.text import listed, quoted
from kpi.store import git
from kpi.store.files import MissingFileError, git_name
from kpi.store.paths import KPIS, PLAN, KpiPath, location_of, walk
from kpi.store.repository import KpiFile, Overlay, PlanFile, content, plan_from, read_plan, usable_kpi

Newest = Callable[[str, str], date | None]  # a file's newest day, by its path and git's name of its content
Kpis = Mapping[str, Kpi | None]  # by path; None for a file that can't be used

_FIRST, _LAST = -62_135_596_800, 253_402_300_799  # the calendar's first and last seconds, counted from 1970
_CORRECT = f'Or correct "last" in {PLAN}.'


class Versions(NamedTuple):
    """Two versions: what git calls each file's content, by path, and what gives contents, or more, by name."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    contents: Callable[[Iterable[str]], Mapping[str, bytes]]


def on_disk(root: Path, overlay: Overlay | None = None) -> dict[str, bytes]:
    """The files as they are in the work tree, and what stands oddly there; `overlay` replaces the content of some."""
    overlay = overlay or {}
    tree = walk(root, overlay)
    paths = [PLAN, *(file.path for file in tree.files), *(path for path, _ in tree.odd)]
    held = {path: content(root, path, overlay) for path in paths}
    if isinstance(held[PLAN], MissingFileError):
        del held[PLAN]
    # One that can't be opened can't be used, like any file that is not text.
    return {path: data if isinstance(data, bytes) else b"\0" for path, data in held.items()}


def of_files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Versions:
    """Two versions whose contents, by path, are at hand."""
    names = {data: git_name(data) for data in {*before.values(), *after.values()}}
    old, new = ({path: names[data] for path, data in files.items()} for files in (before, after))
    held = {name: data for data, name in names.items()}
    return Versions(old, new, lambda _: held)


def of_commits(root: Path, before: str, after: str | None) -> Versions:
    """Two commits; or a commit and the work tree."""
    old = git.names(root, before)
    if after is not None:
        return Versions(old, git.names(root, after), lambda wanted: git.contents(root, wanted))
    files = on_disk(root)
    if old.keys() - files.keys():
        refuse_sparse(root)
    long = any(len(name) == 64 for name in old.values())  # it is 40 letters in most repositories
    new = {path: git_name(data, long=long) for path, data in files.items()}
    held = {new[path]: data for path, data in files.items()}
    return Versions(old, new, lambda wanted: held | git.contents(root, sorted({*wanted} - held.keys())))


def refuse_sparse(root: Path) -> None:
    """Raise a `ToolError` where the clone is sparse: files that stand only in the repository would seem to be gone."""
    if lacking := [name for name in git.left_out(root) if not (root / name).exists()]:
        are = "is" if len(lacking) == 1 else "are"
        message = f"This is a sparse clone, and {listed(lacking, 3)} {are} not checked out."
        raise ToolError(f"{message} Get all of kpis/: git sparse-checkout disable")


def read_versions(
    versions: Versions, *, whole: bool = True, newest: Newest | None = None, progress: Progress = silent
) -> tuple[FrameworkVersion, FrameworkVersion]:
    """Both versions as records; what they share is read once, if the `whole` is wanted and `newest` doesn't do."""
    before, after = sides = versions.before, versions.after
    same = {path for path, name in after.items() if before.get(path) == name and path != PLAN}
    held = dict(versions.contents({names[path] for names in sides for path in names.keys() - same}))
    plans = [read_plan(Path(), {PLAN: held[names[PLAN]]}) if PLAN in names else None for names in sides]
    years = [file.year_starts if file else APRIL for file in plans]
    if years[0] != years[1]:  # the same text means something else
        held |= versions.contents({after[path] for path in same})
        same = set()
    own: list[Kpis] = [
        {path: _kpi(path, held[names[path]], starts) for path in names if path not in same and path != PLAN}
        for names, starts in zip(sides, years, strict=True)
    ]
    # The day, and what is overdue on it, depend on all figures.
    unread, newest_day = same if whole else set(), date.min
    if whole and newest is not None and _only_the_day_matters(plans, before, after):
        unread, newest_day = _undated(versions, same, newest, own)
    held |= versions.contents({after[path] for path in unread})
    paths = progress(sorted(unread), "Reading files")
    kept = {path: _kpi(path, held[after[path]], years[1]) for path in paths}
    was, now = (
        _version(plan, names, kept, each)._replace(newest=newest_day)
        for names, plan, each in zip(sides, plans, own, strict=True)
    )
    if PLAN in before and PLAN not in after:
        now = now._replace(unusable_plan=PLAN)
    return was, now


def _undated(versions: Versions, same: set[str], newest: Newest, own: list[Kpis]) -> tuple[set[str], date]:
    """The same files that must be read (undated, or with a new figure's value), and the others' newest day."""
    was, now = (
        {(*series, figure.period.interval): figure.value for *series, figure in telling(kpis.values())}
        for kpis in own
    )
    values = (value for figure, value in now.items() if figure not in was and value is not None)
    new = {plain(value).encode() for value in values}  # as files write them
    dated = ((path, newest(path, versions.after[path])) for path in same)
    days = {path: day for path, day in dated if day is not None}
    known = versions.contents({versions.after[path] for path in days}) if new else {}
    holding = {path for path in days if new and any(digits in known[versions.after[path]] for digits in new)}
    return (same - days.keys()) | holding, max(days.values(), default=date.min)


def _only_the_day_matters(plans: Iterable[PlanFile | None], *versions: Collection[str]) -> bool:
    earlier, later = (file.plan if file and file.whole else None for file in plans)
    if earlier is None or later is None or earlier.year_starts != later.year_starts:
        return False
    return judge_alike(earlier.status, later.status) and not any(map(_twice, versions))


def _twice(paths: Iterable[str]) -> set[str]:
    names = Counter(path.rpartition("/")[2] for path in paths)
    ids = Counter(_id(path) for path in paths if names[path.rpartition("/")[2]] > 1)
    return {name for name, count in ids.items() if count > 1}


def _kpi(path: str, data: bytes, year_starts: int) -> Kpi | None:
    location = location_of(path)
    return usable_kpi(data, location, year_starts) if location else None


def _version(plan: PlanFile | None, paths: Iterable[str], kept: Kpis, other: Kpis) -> FrameworkVersion:
    """One version with these paths; what can't be used of the files `kept` from the other one is no news."""
    twice = _twice(paths)
    kpis = {path: None if _id(path) in twice else kpi for path, kpi in {**kept, **other}.items()}
    return FrameworkVersion(
        plan.plan if plan else None,
        tuple(kpi for kpi in kpis.values() if kpi is not None),
        {_id(path): path for path, kpi in kpis.items() if kpi is None and path in other},
        PLAN if plan and not plan.whole else "",
    )


def _id(path: str) -> str:
    location = location_of(path)
    return location.kpi if location else path


def read_last_edition(root: Path, edition: Edition, start: str = "HEAD") -> FrameworkVersion:
    """The last edition of a plan, or a `UserError`; one that is named by a date is looked for in the history of `start`."""
    name = f"The last edition, {quoted(edition.last)},"
    try:
        if edition.last_day is None:
            commit = git.commit_named(root, f"refs/tags/{edition.last}")
            why = f"{name} is no tag in this clone. Get the tags: git fetch --tags, or fetch-depth: 0 in a workflow."
        else:
            commit = git.newest_by(root, git.resolve(root, start), edition.last_day)
            why = f"The history in this clone begins after the last edition, {quoted(edition.last)}."
            if git.is_shallow(root):
                why += " Get all of it: git fetch --unshallow, or fetch-depth: 0 in a workflow."
        files = git.read(root, commit) if commit else {}
    except ToolError as error:
        raise ToolError(f"{name} is read from git. {error}") from error
    if not commit:
        raise UserError(f"{why} {_CORRECT}")
    plan = plan_from(files[PLAN], style=False) if PLAN in files else None
    if plan is None or plan.plan is None:
        raise UserError(f"{name} has no plan that can be used. {_CORRECT}")
    return _version(plan, files, {}, {path: _kpi(path, files[path], plan.year_starts) for path in files})


def history_of(root: Path, file: KpiFile, year_starts: int) -> History:
    """The history of a KPI file; `year_starts` counts for all versions. However many there are, git is started five times."""
    steps = list(_follow(git.log(root), file.location.path))[::-1]
    shallow = git.is_shallow(root)
    texts = git.contents(root, (touched.content for _, touched in steps if touched.content))
    usable: list[Version] = []
    unusable: list[Version] = []
    moves: list[tuple[Version, str]] = []
    for commit, touched in steps:
        place = PurePosixPath(touched.path or touched.before)
        path, kpi = KpiPath(str(place), place.stem, place.parent.name), None
        if touched.content:
            kpi = usable_kpi(texts[touched.content], path, year_starts)
        # A merge has the title of the pull request below its own first line.
        lines = [*filter(None, map(str.strip, commit.message.splitlines())), ""]
        subject = lines[1] if commit.parents > 1 and len(lines) > 2 else lines[0]
        edge = shallow and not commit.parents
        seconds = min(max(commit.seconds, _FIRST), _LAST)
        day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
        version = Version(kpi, path.path, commit.hash, day, commit.author, subject, edge=edge)
        (unusable if touched.path and kpi is None else usable).append(version)
        if touched.path and touched.before not in {"", touched.path}:
            moves.append((version, touched.before))
    if unusable and unusable[0].edge and usable:
        # What the oldest commit has can't be told, so nobody knows what is new.
        usable[0] = usable[0]._replace(edge=True)
    if file.whole and file.kpi != (usable[-1].kpi if usable else None):
        usable.append(Version(file.kpi, file.location.path))
    return History(tuple(usable), tuple(unusable), tuple(moves), shallow)


def _follow(commits: Iterable[git.Commit], path: str) -> Iterator[tuple[git.Commit, git.Touched]]:
    """The commits that changed a file, newest first, across renames; `path` is its path after them."""
    for commit in commits:
        if any(file.before == path and file.path not in {"", path} for file in commit.files):
            return  # what had this path went on under another: it was another KPI
        touched = next((file for file in commit.files if path in (file.path, file.path or file.before)), None)
        if touched is not None:
            if not touched.before:
                # Or the same id has appeared in one folder and disappeared from another.
                gone = (file.before for file in commit.files if not file.path)
                end = f"/{PurePosixPath(path).name}"
                touched = touched._replace(before=next((old for old in gone if old.endswith(end)), ""))
            yield commit, touched
            path = touched.before or path


@contextmanager
def check_out(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder with these files in it, as long as it is needed; a name that could lead out of it is skipped."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="kpi-") as folder:
        root = Path(folder)
        (root / KPIS).mkdir()
        for path, data in files.items():
            parts = PurePosixPath(path).parts
            inside = parts[:1] and parts[0].casefold() in {KPIS, "docs"} and ".." not in parts
            if not inside or (os.name == "nt" and set(path) & set('\\:*?"<>|')) or (root / path).exists():
                continue
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        yield root
