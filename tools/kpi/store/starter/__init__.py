"""The files of a new repository: a plan with three sample KPIs, and what an editor, git and GitHub need.

They stand beside this module under `files/`, a dot at the start of a name as `dot-`; `[[…]]` is filled in.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from kpi import __version__
from kpi.model.errors import ToolError
from kpi.store.blank import begun_in_plan
from kpi.store.paths import KPIS
from kpi.store.schema import NAMES, text_of

MONTHS = 15
"""The samples have figures for the last whole months, as many as a chart with a usual range needs and a few more."""

_FILES = Path(__file__).parent / "files"
_BLANK = re.compile(r"\[\[(\w+)\]\]").sub


def starting_files(day: date) -> dict[str, bytes]:
    """The files of a new repository, by path: first the plan and its samples, under `kpis/`.

    Args:
        day: the day on which they are written; the samples' figures end with the whole month before it.

    Raises:
        ToolError: if the program was installed without them.
    """
    blanks = {"version": __version__, **_periods(day)}
    there = sorted(path for path in _FILES.rglob("*") if path.is_file())
    if not there:
        raise ToolError("The files to begin with are missing from the program. Install the program again.")
    texts = {_target(path): _filled(path.read_text(encoding="utf-8"), blanks) for path in there}
    texts |= {f"schema/{name}.schema.json": text_of(name) for name in NAMES}
    return {
        path: texts[path].encode() for path in sorted(texts, key=lambda path: not path.startswith(f"{KPIS}/"))
    }


def bare_plan(priorities: Mapping[str, tuple[str, Sequence[str]]]) -> bytes:
    """A plan of a nameless organisation: its priorities by id, each with its title and its KPIs' ids."""
    plan = (_FILES.parent / "bare-plan.yaml").read_bytes()
    for priority, (title, kpis) in priorities.items():
        plan = begun_in_plan(plan, priority, title, kpis)
    return plan


def _filled(text: str, blanks: Mapping[str, str]) -> str:
    return _BLANK(lambda blank: blanks[blank[1]], text)


def _target(path: Path) -> str:
    """Where a file is to stand: `dot-github/workflows/check.yml` is `.github/workflows/check.yml`."""
    return re.sub(r"(?:^|(?<=/))dot-", ".", path.relative_to(_FILES).as_posix())


def _periods(day: date) -> dict[str, str]:
    """The samples' months by number, and the last day of the newest."""
    last = day.replace(day=1) - timedelta(days=1)
    newest = last.year * 12 + last.month - 1
    months = (divmod(newest - MONTHS + number, 12) for number in range(1, MONTHS + 1))
    named = {str(number): f"{year:04}-{month + 1:02}" for number, (year, month) in enumerate(months, 1)}
    return {**named, "day": last.isoformat()}
