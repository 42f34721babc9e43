"""The parts of the one YAML reader; `kpi.store.reader` is its door."""

from kpi.model.text import quoted

MISREAD = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null"})
"""Words that some programs don't take for text, in small letters."""

SHOWN = 40
"""Characters of the user's text that a message quotes, so that sentences stay short."""

IN_FULL = "Write the value out in full, or put it in quotes if it is meant as text."
"""The help for YAML that KPI files don't use."""


def shown(text: str) -> str:
    """The user's own text as messages quote it."""
    return quoted(text, SHOWN)
