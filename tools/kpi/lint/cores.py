"""Work on many files shared out over all processors."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, TypeVar

from kpi.model.progress import Thing

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

MANY = 400
"""With fewer files the other processes take longer to start than they save."""

_BATCH = 50  # files that a process is given at a time; at the end the others may wait for one
_AHEAD = 3  # batches that wait for each process, so that none is idle
_TICK = 0.2  # seconds after which a wait looks whether Ctrl-C was pressed

Result = TypeVar("Result")


def processors() -> int:
    """How many processors this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_out(
    work: Callable[[Sequence[Thing]], list[Result]], things: Sequence[Thing]
) -> Iterator[Result] | None:
    """The result for each thing, in order; None if it is better worked out in this process.

    `work` gives one result for each of some things. Other processes are each given it once: all that it holds must be picklable.
    """
    cores = processors()
    if cores == 1 or len(things) < MANY:
        return None
    try:
        with _ctrl_c_held_back():
            from concurrent.futures import ProcessPoolExecutor

            pool = ProcessPoolExecutor(cores, initializer=_begin, initargs=(work,))
    except (ImportError, NotImplementedError, OSError):  # a system without locks that processes share
        return None
    return _results(pool, things, cores * _AHEAD)


_works: list[Callable[[Sequence[Any]], list[Any]]] = []
"""In another process: what it does with things."""


def _begin(work: Callable[[Sequence[Any]], list[Any]]) -> None:
    """Make another process ready. Ctrl-C reaches every process of a terminal: the first one alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _works.append(work)


def _work_on(things: Sequence[Any]) -> list[Any]:
    return _works[-1](things)


def _results(pool: "ProcessPoolExecutor", things: Sequence[Thing], ahead: int) -> Iterator[Any]:
    waiting: deque[Future[list[Any]]] = deque()
    try:
        for start in range(0, len(things), _BATCH):
            with _ctrl_c_held_back():
                waiting.append(pool.submit(_work_on, things[start : start + _BATCH]))
            if len(waiting) > ahead:
                yield from _wait_for(waiting.popleft())
        while waiting:
            yield from _wait_for(waiting.popleft())
    finally:
        with _ctrl_c_held_back():
            pool.shutdown(cancel_futures=True)


def _wait_for(future: "Future[Result]") -> Result:
    """What a process has worked out; Ctrl-C is answered meanwhile."""
    from concurrent.futures import wait

    while True:
        with _ctrl_c_held_back():
            if wait([future], timeout=_TICK).done:
                return future.result()


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Answer Ctrl-C after what is done inside, instead of in the middle of it.

    Python raises KeyboardInterrupt wherever it stands. Inside the pool, where processes are started and locks are held,
    that leaves a pool that waits for ever to be shut down.
    """
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_ours or current_thread() is not main_thread():
        yield
        return
    pressed = []
    signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if pressed:
            raise KeyboardInterrupt
