"""The parts of the one YAML reader; `kpi.store.reader` is its door."""

from kpi.model.text import quoted

MISREAD = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null"})
"""Words that some programs don't take for text, in small letters."""


def shown(text: str) -> str:
    """The user's own text as messages quote it: not all of a long one, so that sentences stay short."""
    return quoted(text, 40)
