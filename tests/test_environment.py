"""Every command in the surroundings that real machines bring: it works, or says why not in one sentence, and leaves nothing half done."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from hostile.child import kpi as process
from hostile.child import surroundings
from hostile.test_surroundings import where_permissions_count, without_privileges
from kpi.__main__ import run
from kpi.cli.main import COMMANDS
from kpi.store.paths import own_file
from repositories import committed, git, packed
from running import IN_ONE_PROCESS
from small import edited, written

TOOLS = Path(__file__).parent.parent / "tools"
LOANS = "kpis/reading/loans.yaml"
READING = {
    "lint": ("lint", "--format", "concise"),
    "fmt --check": ("fmt", "--check"),
    "fmt --diff": ("fmt", "--diff"),
    "build --check": ("build", "--check"),
    "breaches": ("breaches",),
    "list": ("list",),
    "show": ("show", "loans"),
    "export": ("export",),
    "export as JSON": ("export", "--format", "json"),
    "paper": ("paper",),
    "explain": ("explain", "stale"),
    "notify": ("notify", "issues.json", "breaches.json", "overdue.json", "--files-at", "https://example.org"),
}
ASKING_GIT = {
    "diff": ("diff",),
    "diff of two commits": ("diff", "HEAD^", "HEAD"),
    "lint --changed-since": ("lint", "--changed-since", "HEAD^"),
}
WRITING = {
    "lint --fix": ("lint", "--fix"),
    "fmt": ("fmt",),
    "record": ("record", "loans/books", "2024/25", "4100"),
    "import": ("import", "figures.csv"),
    "new": ("new", "people/pay"),
    "init": ("init",),
    "import --new": ("import", "--new", "list.csv"),
    "import --targets": ("import", "--targets", "targets.csv"),
    "upgrade": ("upgrade",),
    "template": ("template", "out/kpis.xlsx"),
    "build": ("build",),
    "site": ("site", "--output", "out/site"),
    "export --output": ("export", "--output", "out/figures.csv"),
}
ALL = READING | ASKING_GIT | WRITING
NOT_COUNTING = {"explain", "init", "notify", "template", "upgrade"}
"""The commands that read no files. All others say on a terminal how far they are."""
WAYS = ("lint", "diff", "record", "build")
"""One command of each way to work: reading, asking git, writing figures, writing pages."""
SOME = (*WAYS, *ASKING_GIT, "import", "list", "export", "paper", "explain")
"""Those, and what prints a table, a page or a text."""
some_commands = pytest.mark.parametrize("name", dict.fromkeys(SOME))
each_command = pytest.mark.parametrize(
    "name",
    [name if name in {*SOME, *WRITING} else pytest.param(name, marks=pytest.mark.long) for name in ALL],
)
"""All of them; those that only read, as another does, are for `make fuzz`."""
on_unix = pytest.mark.skipif(os.name == "nt", reason="Windows has other pipes, devices and rights")


def council(root: Path) -> Path:
    """A repository with two commits, something to mend, a table to import, and a figure that nobody has committed."""
    written(root)
    committed(root)
    loans = (root / LOANS).read_text(encoding="utf-8")
    (root / LOANS).write_text(edited(loans, "2023/24: 3900", "2023/24: 3950"), encoding="utf-8", newline="\n")
    committed(root)
    loans = edited(edited(loans, "2023/24: 3900", "2023/24: 3960"), "2021/22: 5200", "2021/22:   5200")
    (root / LOANS).write_text(loans, encoding="utf-8", newline="\n")
    (root / "figures.csv").write_text(
        "kpi,measure,period,value\nloans,books,2024/25,4100\n", encoding="utf-8"
    )
    (root / "list.csv").write_text(
        "Title,Owner,Polarity,2024/25\nNew readers,Librarian,High,120\n", encoding="utf-8"
    )
    keys = ("breaches", "near", "part_of_the_way", "recovered", "others", "overdue", "newest")
    lists: dict[str, list[str]] = {key: [] for key in keys}
    for name, content in {"issues": [], "breaches": lists, "overdue": lists}.items():
        (root / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    (root / "targets.csv").write_text("KPI,Measure,Target 2026/27\nloans,books,5000\n", encoding="utf-8")
    return root


def files(root: Path) -> dict[str, bytes]:
    """Every file outside git's own folder."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


def is_a_sentence(err: str) -> bool:
    """Whether something is one plain sentence, or a few, on one line and without a traceback."""
    return re.fullmatch(r"kpi: [^\n]+\.\n", err) is not None


class Ran(NamedTuple):
    """How a command ended, what it said, and what stands in the repository afterwards."""

    code: int
    out: str
    err: str
    there: dict[str, bytes]


def ran(
    root: Path,
    arguments: Iterable[str],
    stdout: io.TextIOWrapper | None = None,
    stderr: io.TextIOWrapper | None = None,
) -> Ran:
    """Run a command of this process in a repository, with a stdout that may be a real file."""
    out, err = stdout or io.TextIOWrapper(io.BytesIO()), stderr or io.TextIOWrapper(io.BytesIO())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", err)
        patch.chdir(root)
        code = run([*arguments])
        err.flush()
        said = "" if stdout else _text(out)
    return Ran(code, said, _text(err), files(root))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(council(tmp_path_factory.mktemp("pattern")))


@pytest.fixture
def root(pattern: Path, tmp_path: Path) -> Path:
    shutil.copytree(pattern, tmp_path / "root", symlinks=True)
    return tmp_path / "root"


@pytest.fixture(scope="module")
def usual(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """What every command does in ordinary surroundings."""
    actual = {}
    for name, arguments in ALL.items():
        root = tmp_path_factory.mktemp("usual") / "root"
        shutil.copytree(pattern, root)
        actual[name] = ran(root, arguments)
    return actual


def test_the_commands_are_all_there_are(usual: dict[str, Ran]) -> None:
    assert {arguments[0] for arguments in ALL.values()} == set(COMMANDS)
    assert all(done.code in {0, 1} for done in usual.values())
    assert all((done.there != usual["list"].there) == (name in WRITING) for name, done in usual.items())


# Where the result goes.


@on_unix
@some_commands
def test_a_result_that_nobody_reads_ends_quietly(name: str, root: Path, usual: dict[str, Ran]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as nobody:
        done = ran(root, ["-q", *ALL[name]], nobody)

    assert (done.code, done.err) == (141 if usual[name].out else 0, "")
    assert done.there == usual[name].there


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@some_commands
def test_a_result_that_does_not_fit_on_the_disk_is_one_sentence(
    name: str, root: Path, usual: dict[str, Ran]
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = ran(root, ["-q", *ALL[name]], full)

    reported = (3, "kpi: The result can't be written: No space left on device.\n")
    assert (done.code, done.err) == (reported if usual[name].out else (0, ""))
    assert done.there == usual[name].there


# No terminal.


def nothing() -> None:
    """All three streams are pipes."""


def without_stdin() -> None:
    os.close(0)


def without_stdout() -> None:
    os.close(1)


def without_stderr() -> None:
    os.close(2)


def without_any_stream() -> None:
    os.closerange(0, 3)


@on_unix
@pytest.mark.parametrize("name", ["record", "build"])
def test_without_a_terminal_nothing_is_asked_coloured_or_counted(
    name: str, root: Path, usual: dict[str, Ran]
) -> None:
    """Stdin is a pipe that stays open and empty: whoever asks a question waits until the test's time is up."""
    runs_as_usual_without(nothing, name, root, usual)


CLOSED = [
    *((without_any_stream, name) for name in WAYS),
    *((streams, name) for streams, name in ((without_stdin, "lint"), (without_stdout, "record"), (without_stderr, "diff"))),
]  # fmt: skip
"""Each stream closed alone with one way to work, and all of them with every way. The other streams are pipes."""


@on_unix
@pytest.mark.parametrize(("streams", "name"), CLOSED, ids=lambda value: getattr(value, "__name__", value))
def test_with_closed_streams_the_work_is_done_all_the_same(
    name: str, streams: Callable[[], None], root: Path, usual: dict[str, Ran]
) -> None:
    runs_as_usual_without(streams, name, root, usual)


def runs_as_usual_without(streams: Callable[[], None], name: str, root: Path, usual: dict[str, Ran]) -> None:
    reading, writing = os.pipe()
    try:
        done = process(*ALL[name], cwd=root, before=streams, stdin=reading)
    finally:
        os.close(reading)
        os.close(writing)

    assert done.code == usual[name].code
    assert done.out == (usual[name].out if streams in {nothing, without_stdin, without_stderr} else "")
    assert done.err == (usual[name].err if streams in {nothing, without_stdin, without_stdout} else "")
    assert not re.search(r"[\x1b\r]|Traceback", done.out + done.err)
    assert files(root) == usual[name].there


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@each_command
def test_how_far_long_work_is_is_told_to_a_terminal_only(
    name: str, root: Path, usual: dict[str, Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpi.cli.context.SOON", -1.0)  # all work is long
    shutil.copytree(root, root.parent / "copy")
    seen = ran(root.parent / "copy", ALL[name], stderr=Terminal(io.BytesIO()))

    assert ran(root, ALL[name]) == usual[name]
    assert bool(re.search(r"\r\w+ files: \d of ", seen.err)) == (name not in NOT_COUNTING)


# Who the user is.


@some_commands
def test_a_user_without_a_home_and_without_an_entry_in_the_list_of_users_can_do_all(
    name: str, root: Path, usual: dict[str, Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under `env -i` in a container whose user has only a number: what lint knows is then not kept."""
    for variable in ("HOME", "USERPROFILE", "HOMEPATH", "XDG_CACHE_HOME", "LOCALAPPDATA", "USER", "LOGNAME"):
        monkeypatch.delenv(variable, raising=False)

    def nobody(*_: object) -> None:
        raise KeyError("getpwuid(): uid not found: 12345")

    if os.name == "posix":
        monkeypatch.setattr("pwd.getpwuid", nobody)

    assert ran(root, ALL[name]) == usual[name]


@pytest.mark.skipif(
    not shutil.which("setpriv") or os.name == "nt" or os.geteuid() != 0, reason="needs root, and setpriv"
)
def test_so_can_a_real_user_without_them(pattern: Path, usual: dict[str, Ran]) -> None:
    """Every way to work, in one process: each in a repository of that user's own, where everybody may go."""
    user = ["--reuid=12345", "--regid=12345", "--clear-groups"]
    rights = [
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
    ]  # to read a Python in root's own folder
    words = [sys.executable, "-c", IN_ONE_PROCESS]
    with tempfile.TemporaryDirectory() as folder:  # pytest's folders are closed to others
        roots = {name: Path(shutil.copytree(pattern, Path(folder) / name, symlinks=True)) for name in WAYS}
        for place in (Path(folder), *Path(folder).rglob("*")):
            os.chown(place, 12345, 12345)
        done = subprocess.run(
            ["setpriv", *user, *rights, "env", "-i", f"PATH={os.environ['PATH']}", f"PYTHONPATH={TOOLS}", *words],
            input=json.dumps([(os.fspath(root), ALL[name]) for name, root in roots.items()]),
            cwd=folder, capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
        there = {name: files(root) for name, root in roots.items()}

    assert done.stderr == ""
    for name, (code, out, err) in zip(WAYS, json.loads(done.stdout), strict=True):
        assert Ran(code, out, err, there[name]) == usual[name], name


@pytest.mark.parametrize("home", ["", "relative"])
def test_a_home_that_is_no_place_is_not_used(
    root: Path, usual: dict[str, Ran], monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("USERPROFILE", home)

    assert ran(root, ALL["lint"]) == usual["lint"]
    assert own_file(root, "lint") is None


# What git has, or hasn't.


@each_command
def test_git_is_needed_only_to_say_what_changed(
    name: str, root: Path, usual: dict[str, Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(root / "nowhere"))
    done = ran(root, ALL[name])

    if name in ASKING_GIT:
        assert (done.code, done.out, done.there) == (3, "", usual["list"].there)
        assert done.err.startswith("kpi: git can't be run: ")
        assert is_a_sentence(done.err)
    else:
        assert done == usual[name]


@some_commands
def test_a_folder_that_is_no_repository_serves_for_all_but_changes(
    name: str, root: Path, usual: dict[str, Ran]
) -> None:
    shutil.rmtree(root / ".git")
    done = ran(root, ALL[name])

    if name in ASKING_GIT:
        assert (done.code, done.out, done.there) == (3, "", usual["list"].there)
        assert done.err.endswith(" is not in a git repository, so nothing is known about changes.\n")
        assert is_a_sentence(done.err)
    else:
        assert done == usual[name]


@pytest.mark.parametrize("name", ["diff of two commits", "lint --changed-since"])
def test_a_shallow_clone_says_how_to_get_the_rest(name: str, root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), "shallow")
    done = ran(tmp_path / "shallow", ALL[name])

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        'kpi: "HEAD^" is not a commit in this clone. '
        "Get the whole history: fetch-depth: 0 in a workflow, git fetch --unshallow elsewhere.\n"
    )


# Where the repository stands, and how it was checked out.


def a_detached_head(root: Path) -> Path:
    git(root, "checkout", "--quiet", "--detach")
    return root


def a_name_with_spaces_and_other_letters(root: Path) -> Path:
    return root.rename(root.parent / "Große Bücherei – 2 'neu' $HOME")


def a_folder_of_another_repository(root: Path) -> Path:
    """As in one repository for everything that an organisation has."""
    outer = root.parent / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    shutil.rmtree(root / ".git")
    inner = outer / "performance"
    for loans in ("3900", "3950", "3960"):
        shutil.copytree(root, inner, dirs_exist_ok=True)
        text = (root / LOANS).read_text(encoding="utf-8").replace("3960", loans)
        if loans != "3960":
            (inner / LOANS).write_text(
                text.replace("2021/22:   5200", "2021/22: 5200"), encoding="utf-8", newline="\n"
            )
            (inner / "figures.csv").unlink()
            committed(outer)
    return inner


def a_repository_within_another(root: Path) -> Path:
    """The outer one has other figures; the nearest is meant."""
    outer = written(root.parent / "outer", people="")
    committed(outer)
    return root.rename(outer / "inner")


PLACES = [
    a_detached_head,
    a_name_with_spaces_and_other_letters,
    a_folder_of_another_repository,
    a_repository_within_another,
]


@pytest.mark.parametrize("place", PLACES, ids=[item.__name__.replace("_", " ") for item in PLACES])
def test_a_repository_is_the_same_wherever_it_stands(
    place: Callable[[Path], Path], root: Path, usual: dict[str, Ran]
) -> None:
    there = place(root)
    before = files(there)
    for name in WAYS:
        assert ran(there, ALL[name]) == usual[name], name
        for path in files(there):
            (there / path).unlink()
        for path, data in before.items():
            (there / path).write_bytes(data)


@each_command
def test_windows_line_ends_change_nothing_that_is_said_and_stay(
    name: str, root: Path, usual: dict[str, Ran]
) -> None:
    git(root, "config", "core.autocrlf", "true")
    for path in (*(root / "kpis").rglob("*.yaml"), root / "figures.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    done = ran(root, ALL[name])

    assert done[:3] == usual[name][:3]
    for place, data in done.there.items():
        ends = b"\r\n" if place.startswith("kpis/") or place == "figures.csv" else b"\n"
        assert data == usual[name].there[place].replace(b"\n", ends), place


LOCKED = [
    *(("folders", name) for name in WRITING),
    *(("files", name) for name in ("record", "fmt", "new", "build")),
]
"""What may not be written, and the command that wants to."""


@where_permissions_count
def test_where_nothing_may_be_written_a_command_says_so_and_nothing_is(
    pattern: Path, usual: dict[str, Ran], tmp_path: Path
) -> None:
    """All commands run in one process without privileges, each in a repository of its own."""
    roots = [Path(shutil.copytree(pattern, tmp_path / str(number))) for number in range(len(LOCKED))]
    for root, (kind, _) in zip(roots, LOCKED, strict=True):
        lock(root, kind)
    try:
        lines = [(os.fspath(root), ALL[name]) for root, (_, name) in zip(roots, LOCKED, strict=True)]
        done = subprocess.run(
            [sys.executable, "-c", IN_ONE_PROCESS],
            input=json.dumps(lines), env=surroundings(), capture_output=True, encoding="utf-8", check=True,
            preexec_fn=without_privileges,
        )  # fmt: skip
    finally:
        for root in roots:
            unlock(root)

    for root, (kind, name), (code, out, err) in zip(roots, LOCKED, json.loads(done.stdout), strict=True):
        if (kind, name) == ("files", "build"):
            assert code == 0  # it writes new files only, in a folder that lets it
            continue
        assert (code, out) == (3, ""), (kind, name)
        assert is_a_sentence(err), (kind, name)
        assert "can't be written: Permission denied." in err, (kind, name)
        assert files(root) == usual["list"].there, (kind, name)


def lock(root: Path, kind: str) -> None:
    """Let nobody write the folders, or the files."""
    for path in (root, *root.rglob("*")):
        if path.is_dir() == (kind == "folders"):
            path.chmod(path.stat().st_mode & ~0o222)


def unlock(root: Path) -> None:
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)


@where_permissions_count
def test_of_a_folder_that_can_not_be_opened_a_kpi_is_not_said_to_be_missing(root: Path) -> None:
    (root / "kpis/reading").chmod(0)
    done = process(*WRITING["record"], cwd=root, before=without_privileges)
    (root / "kpis/reading").chmod(0o755)

    assert done == (
        3,
        "",
        "kpi: kpis/reading: The folder can't be opened: Permission denied. Nothing in it was checked.\n",
    )
