"""The parts of the one YAML reader; `kpi.store.reader` is its door."""

MISREAD = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null"})
"""Words that some programs don't take for text, in small letters."""

SHOWN = 40
"""Characters of the user's text that a message quotes, so that sentences stay short."""

IN_FULL = "Write the value out in full, or put it in quotes if it is meant as text."
"""The help for YAML that KPI files don't use."""
