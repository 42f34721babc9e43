"""The tests themselves: none waits without end, and none depends on how the run was started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

import running

on_unix = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
FOR_EVER = "import time; time.sleep(3600)"


def start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", FOR_EVER])


@pytest.mark.parametrize(
    "wait",
    [
        lambda: subprocess.run([sys.executable, "-c", FOR_EVER], check=False),
        lambda: start().wait(),
        lambda: start().communicate(),
        lambda: start().__exit__(None, None, None),
    ],
    ids=["run", "wait", "communicate", "with"],
)
def test_waiting_for_a_program_that_never_ends_ends(
    monkeypatch: pytest.MonkeyPatch, wait: Callable[[], object]
) -> None:
    monkeypatch.setattr(running, "LIMIT", 0.2)

    with pytest.raises(subprocess.TimeoutExpired):
        wait()


def test_what_was_waited_for_in_vain_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    process = start()
    monkeypatch.setattr(running, "LIMIT", 0.2)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait()

    assert process.wait(60) != 0


@on_unix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_program_gets_signals_though_the_tests_were_started_without(name: str) -> None:
    number = getattr(signal, name)
    here = signal.signal(number, signal.SIG_IGN)
    try:
        with subprocess.Popen(
            [sys.executable, "-c", f"print(1, flush=True); {FOR_EVER}"], stdout=-1
        ) as process:
            assert process.stdout is not None
            process.stdout.read(1)
            process.send_signal(number)

            assert process.wait() != 0
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, here)


def test_a_limit_of_a_test_s_own_counts() -> None:
    start = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", FOR_EVER], check=False, timeout=0.2)

    assert time.monotonic() - start < running.LIMIT
