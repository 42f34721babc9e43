"""The parts of the one YAML reader; `kpi.store.reader` is its door."""

from kpi.model.text import quoted

MISREAD = {
    "y": "true", "yes": "true", "on": "true", "true": "true",
    "n": "false", "no": "false", "off": "false", "false": "false", "null": "nothing",
}  # fmt: skip
"""Words that some programs don't take for text, in small letters, with what they read."""


def shown(text: str) -> str:
    """The user's own text as messages quote it: not all of a long one, so that sentences stay short."""
    return quoted(text, 40)
