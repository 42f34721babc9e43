"""How a report is told: a name, and a function from the report to text. To add one, write a file and a line here."""

from collections.abc import Callable

from kpi.lint.engine import Report
from kpi.lint.reporters.concise import concise
from kpi.lint.reporters.json import as_json
from kpi.lint.reporters.text import text

REPORTERS: dict[str, Callable[[Report], str]] = {
    "text": text,
    "concise": concise,
    "json": as_json,
}
