"""The command line as a process of its own, held to some of the processor's time and an amount of memory."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from running import IN_ONE_PROCESS

ROOT = Path(__file__).parent.parent.parent

SECONDS = 20
"""Of the processor, so that a busy machine changes nothing: each of these processes takes a few at most."""

MEMORY = 1 << 30
"""Bytes of address space: far more than is needed, far less than a bomb would take."""


class Ended(NamedTuple):
    """How a process ended, and what it wrote."""

    code: int
    out: str
    err: str


def surroundings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment without what sets encodings, and with what a test adds."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))
    }
    return kept | {"PYTHONPATH": str(ROOT / "tools")} | dict(more or {})


def kpi(
    *arguments: str | Path,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
    stdin: int = subprocess.DEVNULL,
) -> Ended:
    """Run `kpi`.

    Args:
        arguments: the command line.
        cwd: where to stand.
        env: what to add to the environment.
        before: run in the child before it becomes `kpi`, for example to change the user. Unix only.
        stdin: where it reads from.
    """

    def prepare() -> None:
        hold()
        if before is not None:
            before()

    done = subprocess.run(
        [sys.executable, "-m", "kpi", *map(str, arguments)],
        cwd=cwd,
        env=surroundings(env),
        stdin=stdin,
        capture_output=True,
        check=False,
        preexec_fn=prepare if os.name == "posix" else None,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def kpi_in_turn(lines: Iterable[tuple[Path, Iterable[str | Path]]]) -> list[Ended]:
    """Run `kpi` in each folder with its arguments, all in one process: they share its time and memory."""
    done = subprocess.run(
        [sys.executable, "-c", IN_ONE_PROCESS],
        input=json.dumps([(os.fspath(folder), [*map(str, arguments)]) for folder, arguments in lines]),
        env=surroundings(),
        capture_output=True,
        encoding="utf-8",
        check=True,
        preexec_fn=hold if os.name == "posix" else None,
    )
    return [Ended(*ended) for ended in json.loads(done.stdout)]


def hold() -> None:
    """Limit this process's time and memory. Unix only."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
