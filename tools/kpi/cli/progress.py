"""Progress of long work: one line on a terminal, which goes away at the end."""

import sys
from collections.abc import Iterator, Sequence
from time import monotonic

from kpi.model.progress import Thing

SOON, OFTEN = 0.5, 0.1
"""Seconds until the line first appears, and then between one and the next."""


def with_progress(things: Sequence[Thing], doing: str) -> Iterator[Thing]:
    """Iterate over the things, and report on stderr how many are done.

    Args:
        things: what is worked on.
        doing: what is done with them, as in "Reading files".
    """
    line, next_time = "", monotonic() + SOON
    try:
        for number, thing in enumerate(things):
            if monotonic() > next_time:
                line, next_time = f"{doing}: {number:,} of {len(things):,}", monotonic() + OFTEN
                sys.stderr.write(f"\r{line}")
                sys.stderr.flush()
            yield thing
    finally:
        sys.stderr.write(f"\r{' ' * len(line)}\r" if line else "")
