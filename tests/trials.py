"""How many inputs a law is tried with: a few on every commit, many in `make fuzz`."""

import os
from typing import Any

from hypothesis import settings

FUZZING = "FUZZ" in os.environ


def trials(count: int, **more: Any) -> settings:
    """Settings for a law that `make fuzz` tries `count` times, and `make test` a twelfth of that."""
    return settings(max_examples=count if FUZZING else max(count // 12, 6), deadline=None, **more)
