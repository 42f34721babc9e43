"""Commands run inside the tests' own process, and what every program that a test starts is given: signals and a time limit."""

import os
import select
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

LIMIT = 120
"""Seconds that a test waits for a program that it has started: a guard against hanging, and no measurement."""

IN_ONE_PROCESS = """
import contextlib, io, json, os, sys
from kpi.__main__ import run
ended = []
for folder, arguments in json.load(sys.stdin):
    os.chdir(folder)
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")) as out:
        with contextlib.redirect_stderr(io.TextIOWrapper(io.BytesIO(), "utf-8")) as err:
            code = run(arguments)
            out.flush(), err.flush()
            ended.append((code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()))
json.dump(ended, sys.__stdout__)
"""
"""A program for another Python: takes folders and arguments as JSON, runs `kpi` in each, and gives code, stdout and stderr."""

_MAY_BE_IGNORED = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
]


class Done(NamedTuple):
    """What a command ended with, and what it said."""

    code: int
    out: str
    err: str


Kpi = Callable[..., Done]
"""Runs `kpi` with arguments (texts and paths) in the test's own folder: the fixture `kpi`."""


def check_jsonschema(*arguments: str | Path) -> tuple[int, str]:
    """Run the independent validator of this name, and return the exit code and what it says."""
    from check_jsonschema import main  # type: ignore[import-untyped]
    from click.testing import CliRunner

    done = CliRunner().invoke(main, [*map(str, arguments)])
    return done.exit_code, done.output


class Program(subprocess.Popen[Any]):
    """A program that a test starts. `conftest` puts it in the place of `subprocess.Popen`, and so of `subprocess.run`.

    It starts with the default signals, whatever the tests were started under: in the background, or by nohup, some are ignored.
    Waiting for it without a limit ends after `LIMIT` seconds; then it is killed.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        with _default_signals():
            super().__init__(*arguments, **options)

    def wait(self, timeout: float | None = None) -> int:
        """As ever, with a limit. With one, Python itself would look again and again, and sleep in between."""
        limit = LIMIT if timeout is None else timeout
        if self.returncode is None and hasattr(os, "pidfd_open"):
            with suppress(ProcessLookupError), os.fdopen(os.pidfd_open(self.pid)) as end:
                poll = select.poll()
                poll.register(end, select.POLLIN)
                limit = limit if poll.poll(limit * 1000) else 0
        return self._limited(lambda _: super(Program, self).wait(limit), timeout)

    def communicate(self, input: Any = None, timeout: float | None = None) -> tuple[Any, Any]:  # noqa: A002
        """As ever, with a limit."""
        return self._limited(lambda limit: super(Program, self).communicate(input, limit), timeout)

    def _limited(self, wait: Callable[[float], T], timeout: float | None) -> T:
        try:
            return wait(LIMIT if timeout is None else timeout)
        except subprocess.TimeoutExpired:
            if timeout is None:
                self.kill()
                super().wait(10)
            raise


@contextmanager
def _default_signals() -> Iterator[None]:
    """Take back what is ignored here, while a program is started that would inherit it."""
    ignored = []
    if current_thread() is main_thread():
        ignored = [item for item in _MAY_BE_IGNORED if signal.getsignal(item) is signal.SIG_IGN]
    for item in ignored:
        signal.signal(item, signal.SIG_DFL)
    try:
        yield
    finally:
        for item in ignored:
            signal.signal(item, signal.SIG_IGN)
