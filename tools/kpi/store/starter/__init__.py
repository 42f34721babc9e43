"""What the program itself writes: a new repository, a new KPI with blanks, older files in today's form."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from kpi import RELEASED_FROM, __version__
from kpi.model.errors import ToolError, UserError
from kpi.model.plan import Plan
from kpi.store.edit import rewritten
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.format.draft import put, value_source
from kpi.store.paths import KPIS, PLAN
from kpi.store.reader import read_once
from kpi.store.repository import hold_requirement, version_numbers
from kpi.store.schema import NAMES, text_of

_MONTHS = 15  # of the samples: as many as a chart with a usual range needs, and a few more
_FILES = Path(__file__).parent / "files"  # a dot at the start of their names is `dot-`; `[[…]]` is filled in
_BLANK = re.compile(r"\[\[(\w+)\]\]")
_PINS = (".pre-commit-config.yaml", *map(".github/workflows/{}.yml".format, ("check", "overdue", "publish")))
_SCHEMAS = {f"schema/{name}.schema.json": name for name in NAMES}
_FORM = 1  # a later one adds its step here, and `tests/forms/` keeps a repository in each older form
_PIN = re.compile(rb"(kpi-as-code==)([0-9][0-9a-z.]*)")


class Spot(NamedTuple):
    """Where a KPI is listed."""

    priority: str  # its id
    title: str = ""  # its title, if it is to begin where the plan doesn't have it
    objective: int = -1  # the objective's number from 0, if the priority has objectives; by default the last


def starting_files(day: date, released: str = RELEASED_FROM) -> dict[str, bytes]:
    """The files of a new repository, by path, the plan first; `released` is this release's repository@commit."""
    repository, _, commit = released.partition("@")
    blanks = {"version": __version__, "repository": repository, "commit": commit}
    last = day.replace(day=1) - timedelta(days=1)  # of the samples' newest month; each month has a number
    blanks["day"] = last.isoformat()
    for number in range(1, _MONTHS + 1):
        year, month = divmod(last.year * 12 + last.month - 1 - _MONTHS + number, 12)
        blanks[str(number)] = f"{year:04}-{month + 1:02}"
    texts: dict[str, str] = {}
    for folder in (_FILES, _FILES.parent / "released") if released else (_FILES,):  # in place of some of them
        for path in sorted(filter(Path.is_file, folder.rglob("*"))):
            target = re.sub(r"(?:^|(?<=/))dot-", ".", path.relative_to(folder).as_posix())
            texts[target] = _BLANK.sub(lambda blank: blanks[blank[1]], path.read_text(encoding="utf-8"))
    if not texts:
        raise ToolError("The files to begin with are missing from the program. Install the program again.")
    texts |= {f"schema/{name}.schema.json": text_of(name) for name in NAMES}
    targets = sorted(texts, key=lambda target: not target.startswith(f"{KPIS}/"))
    return {target: texts[target].encode() for target in targets}


def bare_plan(priorities: Mapping[Spot, Sequence[str]]) -> bytes:
    """A plan of a nameless organisation, with the KPIs of its priorities."""
    return plan_with((_FILES.parent / "bare-plan.yaml").read_bytes(), priorities)


def blank_kpi(kpi: str, title: str, plan: Plan) -> str:
    """The file of a new KPI with one measure of the same id. Lint names every blank, an empty title too."""
    first = f"title: {value_source(title)}" if title else "title:  # a few words, as readers see it"
    sources = "# sources: [board-paper]  # ids, once they are named under sources in kpis/plan.yaml"
    if known := ", ".join(list(plan.sources)[:3]):
        sources = f"sources:  # ids from sources in kpis/plan.yaml, such as [{known}]"
    owner = next(iter(plan.owners), "head-of-service")
    owners = ", ".join(list(plan.owners)[:3]) or "named there first"
    blanks = {"first": first, "sources": sources, "owner": owner, "owners": owners, "kpi": kpi}
    text = (_FILES.parent / "blank-kpi.yaml").read_text(encoding="utf-8")
    return _BLANK.sub(lambda blank: blanks[blank[1]], text)


def plan_with(
    data: bytes, listed: Mapping[Spot, Sequence[str]], names: Mapping[str, Mapping[str, str]] = {}
) -> bytes:
    """The plan with more KPIs at the end of each spot's list, and the owners and sources that it lacks; else as `rewritten`."""

    def add(plan: Any) -> None:
        for spot, kpis in listed.items():
            if spot.title and not isinstance(plan["priorities"], list):
                plan["priorities"] = []
            if spot.title and all(priority["id"] != spot.priority for priority in plan["priorities"]):
                plan["priorities"].append({"id": spot.priority, "title": spot.title, "kpis": []})
            priority = {each["id"]: each for each in plan["priorities"]}[spot.priority]
            holder = priority["objectives"][spot.objective] if "objectives" in priority else priority
            if not isinstance(holder["kpis"], list):
                holder["kpis"] = []
            holder["kpis"].extend(kpis)
        for block, added in names.items():
            if added and not isinstance(plan.get(block), dict):
                plan[block] = {}
            for name, title in added.items():
                plan[block].setdefault(name, title if block == "owners" else {"title": title})

    return rewritten(data, add)


def upgraded(root: Path) -> dict[str, tuple[bytes, bytes]]:
    """The files that change, by path: what was read, and what to write; a `UserError` if they are for another version."""
    changes = {}
    for path in (PLAN, *_PINS, *_SCHEMAS):
        try:
            before = read_bytes(root / path)
        except UnreadableError:
            continue  # whoever has none needs none; without a plan, lint says so
        if path == PLAN:
            after = _with_form(before)
        elif path in _PINS:
            for pin in _PIN.finditer(before):
                version = pin[2].decode()
                if version_numbers(version) > version_numbers(__version__):
                    message = f"{path} installs kpi {version}, and this is kpi {__version__}."
                    raise UserError(f'{message} Install that one first: pip install "kpi-as-code=={version}"')
            after = _PIN.sub(rb"\g<1>" + __version__.encode(), before)
        else:
            after = text_of(_SCHEMAS[path]).encode()
        if after != before:
            changes[path] = (before, after)
    return changes


def _with_form(data: bytes) -> bytes:
    values = read_once(data).document.values
    hold_requirement(values)
    form = (values or {}).get("format")
    if isinstance(form, int) and form > _FORM:
        message = f"{PLAN} has form {form}, and kpi {__version__} knows forms up to {_FORM}."
        raise UserError(f"{message} Install a later one: pip install --upgrade kpi-as-code")

    def add(plan: Any) -> None:
        if "format" not in plan:
            put(plan, "format", 1, before=plan)

    return rewritten(data, add)
