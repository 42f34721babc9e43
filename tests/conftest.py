"""What all tests share: the flag that writes golden files anew, and a way to run commands."""

import faulthandler
import gc
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from time import monotonic

import pytest

from kpi.__main__ import run
from kpi.store import cache as kept
from repositories import CONTENT, has_another_plan
from running import Done, Kpi, Program

_STDERR = os.dup(2)  # before a test's is caught
subprocess.Popen = Program  # type: ignore[misc]  # no test waits without end, or hands on signals that are ignored


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the golden files anew instead of comparing")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: it is never looked through for what can be thrown away, and the rest seldom."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


_LONGEST, _WATCHED = 900, 60
_watched_since = -_WATCHED


def pytest_runtest_logstart() -> None:
    """No test waits without end: after a quarter of an hour it shows where it stands, and the run ends.

    Pytest's own setting starts a thread for each test, and waits for its end. One a minute is enough.
    """
    global _watched_since  # noqa: PLW0603 - a process has one such clock
    if monotonic() - _watched_since >= _WATCHED:
        _watched_since = int(monotonic())
        faulthandler.dump_traceback_later(_LONGEST, exit=True, file=_STDERR)


def pytest_sessionfinish() -> None:
    """Nothing is left to watch."""
    faulthandler.cancel_dump_traceback_later()


Golden = Callable[[Path, str], None]


class Skipped(pytest.Module):
    """A file of tests about another plan: it isn't even read, because it may quote KPIs that aren't there."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Skip it, with the reason."""
        pytest.skip(f"this is about the {CONTENT[1]} of {CONTENT[0]}, and kpis/plan.yaml is another plan")


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Skip the tests about the first content where another stands in its place."""
    if not module_path.is_relative_to(Path(__file__).parent / "content") or not has_another_plan():
        return None
    return Skipped.from_parent(parent, path=module_path)


# What a terminal or a CI service sets, and programs answer by printing in colour or in another form.
TALKATIVE = (
    "CI",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "NO_COLOR",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
)


@pytest.fixture(autouse=True, scope="session")
def plain_surroundings() -> Iterator[None]:
    """Every test starts with the same environment, wherever it runs, and a quick disk: each takes back what it changes.

    What identifies the program is asked once for each path that modules are found on: no test changes the program itself.
    """
    program = kept._program
    known = cache(lambda _: program())
    with pytest.MonkeyPatch.context() as patch:
        for name in TALKATIVE:
            patch.delenv(name, raising=False)
        patch.setattr(os, "fsync", lambda _: None)  # nothing that a test writes has to outlive a power cut
        patch.setattr(kept, "_program", lambda: known(tuple(sys.path)))
        yield


_NUMBERS = count()


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder of the test's own. Pytest's own way to a name looks through all folders of the tests before, each time."""
    folder = tmp_path_factory.getbasetemp() / f"test-{next(_NUMBERS)}"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What lint keeps from one run to the next is each test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / f"caches/{next(_NUMBERS)}"))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a file on disk; `--update` writes the file instead."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.read_text(encoding="utf-8") == text

    return compare


@pytest.fixture
def kpi(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kpi:
    """Runs a command in the test's own folder, inside this process."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Done:
        code = run([str(argument) for argument in arguments])
        reported = capsys.readouterr()
        return Done(code, reported.out, reported.err)

    return call
