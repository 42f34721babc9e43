"""Trouble on purpose: the n-th call that changes the disk fails, or the process dies there.

The calls are those of the module `os` and of the files that it opens for writing, inside this process. A test runs an
action for n = 0, 1, 2 … until it gets through, so that every place where it can be stopped is one.
"""

import errno
import io
import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import pytest

Given = TypeVar("Given")


class Killed(BaseException):
    """The process is gone: nothing that follows reaches the disk."""


class Trouble(NamedTuple):
    """A kind of trouble.

    Attributes:
        name: in a word or two.
        comes: the number of the error, or what is raised; `Killed` ends the process.
        calls: the calls that it can stop; none means all.
        lasting: whether later calls fail too, so that nothing can be tidied up.
    """

    name: str
    comes: int | type[BaseException]
    calls: frozenset[str] = frozenset()
    lasting: bool = False

    def error(self) -> BaseException:
        """What is raised."""
        return OSError(self.comes, os.strerror(self.comes)) if isinstance(self.comes, int) else self.comes()


TROUBLES = (
    Trouble("an I/O error", errno.EIO),
    Trouble("a full disk", errno.ENOSPC, frozenset({"open", "write", "fsync", "close", "mkdir"}), lasting=True),
    Trouble("a disk that turns read-only", errno.EROFS, lasting=True),
    Trouble("Ctrl-C", KeyboardInterrupt),
    Trouble("kill -9", Killed),
)  # fmt: skip

_CALLS = ("fsync", "replace", "rename", "chmod", "unlink", "mkdir", "rmdir")


class Fault:
    """One fault, at the call number `at` of those that its trouble can stop; `struck` says whether it came to that."""

    def __init__(self, trouble: Trouble, at: int) -> None:
        self.trouble = trouble
        self.at = at
        self.seen = 0
        self.struck = ""

    def call(self, name: str, real: Callable[[], Any], instead: Callable[[], object] = tuple) -> Any:
        """Make a call, or fail; `instead` is what is done of it all the same."""
        dead = self.struck and self.trouble.comes is Killed
        if not dead and self.trouble.calls and name not in self.trouble.calls:
            return real()
        now = self.seen == self.at or (self.seen > self.at and (dead or self.trouble.lasting))
        self.seen += 1
        if not now:
            return real()
        if not dead:
            self.struck = self.struck or name
        instead()
        raise self.trouble.error()


class _Raw(io.FileIO):
    """A file open for writing that may fail half-way."""

    fault: Fault

    def write(self, data: Any) -> int:
        whole = bytes(data)

        def half() -> None:
            if not self.fault.struck:
                super(_Raw, self).write(whole[: len(whole) // 2])

        return int(self.fault.call("write", lambda: super(_Raw, self).write(whole), half))

    def close(self) -> None:
        if not self.closed:
            super().close()  # a descriptor is gone even where closing it fails
            self.fault.call("close", tuple)


def strike(patch: pytest.MonkeyPatch, fault: Fault) -> None:
    """Let a fault come, for as long as the patch lasts."""
    for name in _CALLS:
        patch.setattr(os, name, _failing(fault, name, getattr(os, name)))
    really_open, really_close = os.open, os.close

    def opening(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if not flags & (os.O_WRONLY | os.O_RDWR):
            return really_open(path, flags, *more, **named)
        return int(fault.call("open", lambda: really_open(path, flags, *more, **named)))

    def closing(handle: int) -> None:
        really_close(handle)
        fault.call("close", tuple)

    def buffered(handle: int, mode: str = "r", **more: Any) -> Any:
        if "w" not in mode:
            return open(handle, mode, **more)
        raw = _Raw(handle, "w")
        raw.fault = fault
        return io.BufferedWriter(raw)

    patch.setattr(os, "open", opening)
    patch.setattr(os, "close", closing)
    patch.setattr(os, "fdopen", buffered)


def _failing(fault: Fault, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given, **named: fault.call(name, lambda: real(*given, **named))


def everywhere(
    trouble: Trouble, action: Callable[[], Given]
) -> Iterator[tuple[Fault, Given | BaseException | None]]:
    """Do something again and again, with the trouble one call later each time, until it gets through.

    Whoever asks for the next try has put everything back by then.

    Yields:
        The fault that came, and what the action gave, raised, or (killed) left without a word: None.
    """
    for at in itertools.count():
        fault = Fault(trouble, at)
        with pytest.MonkeyPatch.context() as patch:
            strike(patch, fault)
            given: Given | BaseException | None
            try:
                given = action()
            except Killed:
                given = None
            except KeyboardInterrupt as error:
                given = error
            except Exception as error:  # noqa: BLE001 which one it is, is what is tested
                given = error
        if not fault.struck:
            return
        yield fault, given
