"""Work on many files shared out over all processors."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from kpi.model.progress import Thing

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

MANY = 400
"""With fewer files the other processes take longer to start than they save."""

_BATCH = 100  # files that a process is given at a time
_AHEAD = 3  # batches that wait for each process, so that none is idle

Result = TypeVar("Result")


def processors() -> int:
    """How many processors this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_out(
    work: Callable[[Sequence[Thing]], list[Result]], things: Sequence[Thing]
) -> Iterator[Result] | None:
    """The result for each thing, in order; None if it is better worked out in this process.

    Args:
        work: gives one result for each of some things. It is called in other processes, so all it holds must be picklable.
        things: what is worked on.
    """
    cores = processors()
    if cores == 1 or len(things) < MANY:
        return None
    from concurrent.futures import ProcessPoolExecutor

    try:
        # Ctrl-C reaches every process of a terminal: the first one alone answers it.
        pool = ProcessPoolExecutor(cores, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    except (ImportError, NotImplementedError, OSError):  # a system without locks that processes share
        return None
    return _results(pool, work, things, cores * _AHEAD)


def _results(
    pool: "ProcessPoolExecutor",
    work: Callable[[Sequence[Thing]], list[Result]],
    things: Sequence[Thing],
    ahead: int,
) -> Iterator[Result]:
    waiting: deque[Future[list[Result]]] = deque()
    try:
        for start in range(0, len(things), _BATCH):
            waiting.append(pool.submit(work, things[start : start + _BATCH]))
            if len(waiting) > ahead:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
