"""The files of a new repository: a plan with three sample KPIs, and what an editor, git and GitHub need.

They stand beside this module under `files/` and, for a release, `released/`: a dot at the start of a name as `dot-`; `[[…]]` is filled in.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from kpi import RELEASED_FROM, __version__
from kpi.model.errors import ToolError
from kpi.store.blank import Spot, plan_with
from kpi.store.paths import KPIS
from kpi.store.schema import NAMES, text_of

_MONTHS = 15
"""The samples have the last whole months: as many as a chart with a usual range needs, and a few more."""
_FILES = Path(__file__).parent / "files"
_RELEASED = Path(__file__).parent / "released"  # what is in place of some of them in a release
_BLANK = re.compile(r"\[\[(\w+)\]\]")


def starting_files(day: date, released: str = RELEASED_FROM) -> dict[str, bytes]:
    """The files of a new repository, by path: first the plan and its samples, whose figures end with the month before the day.

    `released` is the repository and commit of this release, whose actions are called; without it the version is installed.
    """
    repository, _, commit = released.partition("@")
    blanks = {"version": __version__, "repository": repository, "commit": commit}
    last = day.replace(day=1) - timedelta(days=1)  # of the samples' newest month; each month has a number
    blanks["day"] = last.isoformat()
    for number in range(1, _MONTHS + 1):
        year, month = divmod(last.year * 12 + last.month - 1 - _MONTHS + number, 12)
        blanks[str(number)] = f"{year:04}-{month + 1:02}"
    texts: dict[str, str] = {}
    for folder in (_FILES, _RELEASED) if released else (_FILES,):
        for path in sorted(filter(Path.is_file, folder.rglob("*"))):
            place = re.sub(r"(?:^|(?<=/))dot-", ".", path.relative_to(folder).as_posix())
            texts[place] = _BLANK.sub(lambda blank: blanks[blank[1]], path.read_text(encoding="utf-8"))
    if not texts:
        raise ToolError("The files to begin with are missing from the program. Install the program again.")
    texts |= {f"schema/{name}.schema.json": text_of(name) for name in NAMES}
    places = sorted(texts, key=lambda place: not place.startswith(f"{KPIS}/"))
    return {place: texts[place].encode() for place in places}


def bare_plan(priorities: Mapping[Spot, Sequence[str]]) -> bytes:
    """A plan of a nameless organisation, with the KPIs of its priorities."""
    return plan_with((_FILES.parent / "bare-plan.yaml").read_bytes(), priorities)
