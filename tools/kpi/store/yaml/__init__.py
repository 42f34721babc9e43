"""The parts of the one YAML reader; `kpi.store.reader` is its door."""

MISREAD = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null"})
"""Words that some programs don't take for text, in small letters."""

SHOWN = 40
"""Characters of the user's text that a message quotes, so that sentences stay short."""
