"""The surroundings that a real machine brings: no rights, no home, no terminal, other locales, full disks, impatient readers."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hostile.child import ROOT, Ended, kpi, surroundings
from hostile.corpus import CONTENTS, GOOD, NEIGHBOUR, PLAN, WITH_A_MISTAKE, Hostile, repository
from hostile.corpus import text as text_of
from kpi.__main__ import run
from kpi.lint.engine import MANY, processors
from running import IN_ONE_PROCESS
from small import written

DAY = ("--as-of", "2024-06-01")
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2  # numbers of Linux

on_unix = pytest.mark.skipif(os.name != "posix", reason="Windows has other pipes, users and signals")


def some_of(*values: float, long: tuple[float, ...]) -> list[object]:
    """Values of a parameter, and those between them that `make fuzz` tries: each is a process."""
    return [*values, *(pytest.param(value, marks=pytest.mark.long) for value in long)]


good = Hostile(0, "a good file", text_of(GOOD), "")


def without_privileges() -> None:
    """Run in a child: takes from root what lets it pass over permissions, so that they count for it too."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for privilege in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if libc.prctl(PR_CAPBSET_DROP, privilege, 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "prctl")


where_permissions_count = pytest.mark.skipif(
    os.name != "posix" or (os.geteuid() == 0 and sys.platform != "linux"),
    reason="permissions don't count for this user",
)


@where_permissions_count
def test_a_file_that_may_not_be_read_hides_nothing_in_the_others(
    tmp_path: Path,
) -> None:
    root = repository(tmp_path, good)
    (root / "kpis/care/hostile.yaml").chmod(0)
    done = kpi("--root", root, *DAY, "lint", "--format", "concise", before=without_privileges)

    assert (done.code, done.err) == (1, "")
    assert (
        "kpis/care/hostile.yaml:1:1: error unreadable-file: The file can't be opened: Permission denied."
        in done.out
    )
    assert f"{NEIGHBOUR}:10:16: error percent-range" in done.out


@where_permissions_count
def test_lint_works_where_nothing_may_be_written(tmp_path: Path) -> None:
    root = repository(tmp_path, good)
    for folder in (root, root / "kpis", root / "kpis/care"):
        folder.chmod(0o555)
    before = sorted(tmp_path.rglob("*"))
    try:
        done = kpi("lint", *DAY, cwd=root, before=without_privileges)
        built = kpi("build", cwd=root, before=without_privileges)
    finally:
        for folder in (root, root / "kpis", root / "kpis/care"):
            folder.chmod(0o755)

    assert (done.code, done.err) == (1, "")
    assert sorted(tmp_path.rglob("*")) == before
    assert built.code == 3
    assert built.err.startswith("kpi: ")
    assert "Permission denied" in built.err


SURROUNDINGS = {
    "C, and no UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a locale that there isn't": {"LC_ALL": "xx_YY.UTF-8"},
    "a Windows code page": {"PYTHONIOENCODING": "cp1252"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
}
APART = {
    "optimised": {"PYTHONOPTIMIZE": "2"},
    "warnings are errors": {"PYTHONWARNINGS": "error", "PYTHONWARNDEFAULTENCODING": "1"},
    "no colour": {"NO_COLOR": "1"},
    "a dumb terminal": {"TERM": "dumb", "COLUMNS": "1"},
    "no home": {"HOME": "", "USER": "", "XDG_CACHE_HOME": ""},
    "no path": {"PATH": ""},
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "other hashes": {"PYTHONHASHSEED": "7"},
}
"""These have nothing to do with each other, so one process has them all; `make fuzz` tries each alone."""
TOGETHER = {name: value for env in APART.values() for name, value in env.items()}
each_surrounding = pytest.mark.parametrize(
    "env",
    [
        *(pytest.param(env, id=name) for name, env in SURROUNDINGS.items()),
        pytest.param(TOGETHER, id="all the others"),
        *(pytest.param(env, id=name, marks=pytest.mark.long) for name, env in APART.items()),
    ],
)
SAID = [content for content in CONTENTS if content.number in {3, 11, 14, 18}]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository with odd letters, and what lint says of it in the usual surroundings."""
    root = repository(tmp_path_factory.mktemp("Bücherei"), SAID[-1])
    plan = PLAN.replace(
        "      - hostile\n", "".join(f"      - {name}\n" for name in ("hostile", "a", "b", "c"))
    )
    (root / "kpis/plan.yaml").write_text(
        plan.replace("Riverside Council", "Größe 🎲"), encoding="utf-8", newline="\n"
    )
    for name, item in zip("abc", SAID, strict=False):
        item.make(root / f"kpis/care/{name}.yaml")
    return root, kpi("--root", root, *DAY, "lint").out


@each_surrounding
def test_findings_are_the_same_in_any_surroundings(env: dict[str, str], usual: tuple[Path, str]) -> None:
    root, said = usual
    done = kpi("--root", root, *DAY, "lint", env=env)

    assert (done.code, done.err, done.out) == (1, "", said)
    assert "error not-utf8" in said


def pages(root: Path) -> dict[str, bytes]:
    """The pages that were built, by name."""
    return {path.name: path.read_bytes() for path in (root / "docs").rglob("*.*")}


@pytest.fixture(scope="module")
def usual_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = written(tmp_path_factory.mktemp("usual"))
    assert kpi("build", cwd=root).code == 0
    return pages(root)


@pytest.mark.long  # test_pages.py tries two of them on every commit
@pytest.mark.parametrize(
    "env",
    [SURROUNDINGS["C, and no UTF-8"], SURROUNDINGS["Turkish"], TOGETHER],
    ids=["C", "Turkish", "others"],
)
def test_pages_are_the_same_bytes_in_any_surroundings(
    env: dict[str, str], usual_pages: dict[str, bytes], tmp_path: Path
) -> None:
    assert kpi("build", cwd=written(tmp_path), env=env).code == 0

    assert pages(tmp_path) == usual_pages
    assert len(usual_pages) > 5


def test_lint_needs_no_git(tmp_path: Path) -> None:
    done = kpi("lint", *DAY, cwd=repository(tmp_path, good), env={"PATH": "", "GIT_DIR": "/nowhere"})

    assert (done.code, done.err) == (1, "")


@on_unix
def test_a_folder_that_was_deleted_meanwhile_is_one_sentence(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    done = kpi("lint", cwd=gone, before=lambda: shutil.rmtree(gone))

    assert done == (
        3,
        "",
        "kpi: The folder that you are in no longer exists. Go to another one, or give --root.\n",
    )


def shared(folder: Path, count: int) -> Path:
    """A repository with so many files, each with a mistake, that several processes share them."""
    root = repository(folder, good)
    for number in range(count):
        (root / f"kpis/care/k{number}.yaml").write_text(WITH_A_MISTAKE, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared(tmp_path_factory.mktemp("large"), 2_000)


@on_unix
def test_a_reader_that_leaves_early_ends_lint_quietly(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m kpi lint | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=shared(tmp_path, MANY + 50), env=surroundings(), capture_output=True,
        check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (141, b"")
    assert done.stdout.count(b"\n") == 1


@on_unix
@pytest.mark.parametrize("delay", some_of(0, 0.04, 0.1, long=(0.015, 0.03, 0.035, 0.045, 0.05)))
def test_ctrl_c_while_checking_ends_with_130(delay: float, large: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "kpi", "lint", "--no-cache"],
        cwd=large,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if b"jsonschema_rs" in line:  # the first file is being checked
                break
        time.sleep(delay)  # until processes are started, or share the files
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()

    # Interrupted while it defines a class, Python itself dies of the signal: for a shell that is 130 too.
    assert process.returncode in {130, -signal.SIGINT}
    assert out == b""
    assert b"Traceback" not in err


INTERRUPTED = """
import os, signal, sys
from kpi.lint.engine import share_out

def press_ctrl_c(numbers):
    if int(sys.argv[1]) in numbers:
        os.kill(os.getppid(), signal.SIGINT)
    return list(numbers)

try:
    list(share_out(press_ctrl_c, range(5_000)))
except KeyboardInterrupt:
    sys.exit(130)
"""


@on_unix
@pytest.mark.skipif(processors() == 1, reason="with one processor nothing is shared out")
@pytest.mark.parametrize("at", [0, 60, 500, 2_500, 4_999])
def test_ctrl_c_at_any_moment_of_the_shared_work_ends_it(at: int, tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(INTERRUPTED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "interrupted.py", str(at)], cwd=tmp_path, env=surroundings(), capture_output=True,
        check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@on_unix
def test_a_thousand_files_in_a_folder_are_checked_in_good_time(tmp_path: Path) -> None:
    names = [f"k{number}" for number in range(1_000)]
    root = repository(tmp_path, good)
    for number, name in enumerate(names):
        (root / f"kpis/care/{name}.yaml").write_text(
            GOOD.replace("84", str(60 + number % 30)), encoding="utf-8"
        )
    plan = PLAN + "".join(f"      - {name}\n" for name in names) + 'lint: {same-measure-twice: "off"}\n'
    (root / "kpis/plan.yaml").write_text(plan, encoding="utf-8")
    done = kpi("lint", "--format", "concise", *DAY, cwd=root)

    assert (done.code, done.err) == (1, "")
    assert "\n1 error to fix before merging. 1,003 files checked.\n" in done.out


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_leaves_the_pages_as_they_were(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "none", tmp_path], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        root = written(tmp_path)
        assert kpi("build", cwd=root).code == 0
        before = pages(root)
        loans = root / "kpis/reading/loans.yaml"
        changed = loans.read_text(encoding="utf-8").replace("4800", "4801")
        loans.write_text(changed, encoding="utf-8")
        with (root / "ballast").open("wb", buffering=0) as ballast:
            while True:
                try:
                    ballast.write(b"\0" * 1024)
                except OSError:
                    break
        done = kpi("build", cwd=root)

        assert (done.code, done.out) == (3, "")
        assert "No space left on device" in done.err
        assert pages(root) == before
        (root / "ballast").unlink()
        assert kpi("build", cwd=root).code == 0
    finally:
        subprocess.run(["umount", tmp_path], check=False)


def test_the_child_stands_in_this_repository() -> None:
    assert (ROOT / "kpis/plan.yaml").is_file()


def test_without_docstrings_help_and_manual_are_the_same() -> None:
    lines = [("--help",), ("lint", "--help"), ("explain", "check-fails"), ("explain", "odd-path")]
    usual, without = (
        subprocess.run(
            [sys.executable, "-c", IN_ONE_PROCESS],
            input=json.dumps([(os.fspath(ROOT), line) for line in lines]),
            env=surroundings({"PYTHONOPTIMIZE": optimised}), capture_output=True, encoding="utf-8", check=True,
        ).stdout
        for optimised in ("", "2")
    )  # fmt: skip

    assert without == usual
    assert [code for code, _, _ in json.loads(usual)] == [0] * len(lines)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """A repository, and what lint says of it with enough memory."""
    root = repository(tmp_path_factory.mktemp("checked"), good)
    return root, kpi("--root", root, *DAY, "lint", "--no-cache")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
@pytest.mark.parametrize("megabytes", some_of(19, 40, 46, 60, long=(30, 44, 45, 47, 48)))
def test_with_too_little_memory_a_command_works_or_ends_with_one_sentence(
    megabytes: int, checked: tuple[Path, Ended]
) -> None:
    from resource import RLIMIT_AS, setrlimit

    root, usual = checked
    done = kpi(
        "--root",
        root,
        *DAY,
        "lint",
        "--no-cache",
        before=lambda: setrlimit(RLIMIT_AS, (megabytes << 20,) * 2),
    )

    assert done == usual or (done.code, done.err.count("\n")) == (3, 1)
    assert "Traceback" not in done.err


def test_a_memory_that_ends_anywhere_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_memory(*_: object) -> int:
        raise MemoryError

    monkeypatch.setattr("kpi.__main__._command", no_memory)

    assert run(["lint"]) == 3
    assert capsys.readouterr() == ("", "kpi: There is too little memory for this.\n")
