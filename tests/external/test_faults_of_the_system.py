"""The same as tests/test_faults.py from outside: the system itself fails a call of a real process, or kills it there (strace)."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hostile.child import kpi, surroundings
from small import written

STRACE = shutil.which("strace")
LOANS = "kpis/reading/loans.yaml"
RECORD = ("-q", "record", "loans/books", "2024/25", "4100")
CALLS = "openat,write,fsync,rename,renameat,renameat2,close,chmod,fchmod,fchmodat"


def traced(root: Path, *options: str) -> tuple[int, str, list[str]]:
    """Record a figure under strace: the exit code, what was said, and the calls that were made."""
    log = root.parent / "calls"
    done = subprocess.run(
        [str(STRACE), "-y", "-s", "8", "-o", str(log), "-e", f"trace={CALLS}", *options, sys.executable, "-m", "kpi", *RECORD],
        cwd=root,
        env=surroundings({"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )  # fmt: skip
    calls = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return done.returncode, done.stderr, calls


def places(root: Path, calls: list[str]) -> list[tuple[str, int]]:
    """Each call that concerns a file half written, its folder or the lock: its name, and the how-many-eth of that name it is."""
    actual = []
    seen: dict[str, int] = {}
    for call in calls:
        name = call.partition("(")[0]
        seen[name] = seen.get(name, 0) + 1
        if ".tmp" in call or re.search(rf"<{re.escape(str(root))}/kpis(/reading)?>", call):
            actual.append((name, seen[name]))
    return actual


@pytest.fixture(scope="module")
def stops(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, int]]:
    if STRACE is None:
        pytest.skip("strace is not installed")
    root = written(tmp_path_factory.mktemp("traced") / "root")
    kpi(*RECORD, cwd=root)  # so that everything is compiled, and the lock is there
    shutil.rmtree(root)
    written(root)
    code, said, calls = traced(root)
    if not calls:
        pytest.skip(f"strace may not watch programs here: {said}")
    assert code == 0
    return places(root, calls)


@pytest.mark.external
@pytest.mark.parametrize(
    "trouble",
    [
        "error=EIO",
        pytest.param("error=ENOSPC", marks=pytest.mark.long),
        pytest.param("error=EROFS", marks=pytest.mark.long),
        "signal=SIGKILL",
    ],
)
def test_a_figure_is_recorded_or_not_whatever_the_system_does(
    trouble: str, stops: list[tuple[str, int]], tmp_path: Path
) -> None:
    root = tmp_path / "root"
    old = (written(root) / LOANS).read_bytes()
    assert kpi(*RECORD, cwd=root).code == 0
    new = (root / LOANS).read_bytes()
    assert {"openat", "write", "fsync", "close"} <= {name for name, _ in stops}
    struck = 0

    for name, number in stops:
        shutil.rmtree(root)
        written(root)
        code, said, calls = traced(root, "-e", f"inject={name}:{trouble}:when={number}")
        struck += any("INJECTED" in call or "SIGKILL" in call for call in calls)
        there = (root / LOANS).read_bytes()
        reported = (name, number, code, said)
        assert there in {old, new}, reported
        if trouble != "signal=SIGKILL":
            assert code in {0, 1, 3}, reported  # 1 where a folder of other files could not be read
            assert (code == 0) == (there == new), reported
            assert not list(root.rglob("*.tmp")), reported
            assert "Traceback" not in said, reported
        assert kpi(*RECORD, cwd=root).code == 0
        assert (root / LOANS).read_bytes() == new
        assert not list(root.rglob("*.tmp")) or there == new, reported
    assert struck == len(stops) >= 8
