"""Commands run inside the tests' own process."""

from collections.abc import Callable
from typing import NamedTuple


class Done(NamedTuple):
    """What a command ended with, and what it said."""

    code: int
    out: str
    err: str


Kpi = Callable[..., Done]
"""Runs `kpi` with arguments (texts and paths) in the test's own folder: the fixture `kpi`."""
