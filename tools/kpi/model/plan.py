"""The plan as a record: the organisation, its edition, and the table of contents of its KPIs."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar, cast

from kpi.model.kpi import Tolerance
from kpi.model.period import APRIL, Period, read


class Area(NamedTuple):
    """A place that figures are for. A `whole` contains the own area (a nation, a region) and is never ranked."""

    id: str
    name: str
    short: str = ""
    whole: bool = False

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short or self.name


class Source(NamedTuple):
    """Where figures or targets come from."""

    id: str
    title: str
    url: str = ""
    note: str = ""


class Licence(NamedTuple):
    """What the figures are published under: a name in the list of SPDX, or a title with its address."""

    title: str
    url: str = ""


class Edition(NamedTuple):
    """The meeting that the scorecard is written for; `date` is ISO text, `last` the tag or the date of the edition before."""

    board: str = ""
    date: str = ""
    title: str = ""
    presented_by: str = ""
    purpose: str = ""
    last: str = ""

    @property
    def last_day(self) -> dt.date | None:
        """The date of the edition before; None where a tag names it."""
        day = read(self.last)
        return day.end if isinstance(day, Period) and day.form == "day" else None


class Objective(NamedTuple):
    """A heading with its KPIs. A priority without objectives has one, with an empty title."""

    title: str
    kpis: tuple[str, ...]
    note: str = ""


class Priority(NamedTuple):
    """One of the plan's priorities; `id` is its folder under `kpis/`."""

    id: str
    title: str
    objectives: tuple[Objective, ...]
    note: str = ""

    @property
    def kpis(self) -> tuple[str, ...]:
        """The ids of all its KPIs in printed order."""
        return tuple(kpi for objective in self.objectives for kpi in objective.kpis)


class StatusRules(NamedTuple):
    """How the organisation judges, and how it colours and words its statuses."""

    amber: str = "improving"  # missed, but the judged figure improved, or near; or `near` alone
    tolerance: Tolerance | None = None
    words: Mapping[str, str] = {}
    compare: str = ""  # what figures are compared with unless their measure says; see `compared_with`


class Plan(NamedTuple):
    """What `kpis/plan.yaml` says. `owners` and `bodies` map ids to names; `lint` maps rules to severities."""

    organisation: str
    title: str
    area: str
    year_starts: int = APRIL
    edition: Edition = Edition()
    priorities: tuple[Priority, ...] = ()
    areas: Mapping[str, Area] = {}
    sources: Mapping[str, Source] = {}
    bodies: Mapping[str, str] = {}
    owners: Mapping[str, str] = {}
    status: StatusRules = StatusRules()
    lint: Mapping[str, str] = {}
    year_names: str = ""
    publisher: str = ""
    licence: Licence | None = None

    @property
    def scorecard_title(self) -> str:
        """What the scorecard is called: by its edition, else by the plan."""
        return self.edition.title or self.title

    def listed(self) -> Iterator[tuple[Priority, Objective, str]]:
        """Every KPI id with its priority and objective, in printed order."""
        for priority in self.priorities:
            for objective in priority.objectives:
                for kpi in objective.kpis:
                    yield priority, objective, kpi

    def priority_title(self, name: str) -> str | None:
        """The title of a priority by its id; None where the plan doesn't list it."""
        return next((priority.title for priority in self.priorities if priority.id == name), None)

    def area_name(self, name: str) -> str | None:
        """The name of an area by its id; None where the plan doesn't name it."""
        return self.areas[name].name if name in self.areas else None


BY_END = "FY24"
"""The plan's word for naming years by the year they end in."""

_Thing = TypeVar("_Thing")


def with_year_names(thing: _Thing, year_names: str) -> _Thing:
    """A record, or a tuple of records, with each financial year named for print; only the plan's word `BY_END` changes any."""
    return cast("_Thing", _named(thing)) if year_names == BY_END else thing


def _named(value: Any) -> Any:
    """`2021/22 to 2023/24` → `FY22 to FY24`, `2023/24 Q1` → `FY24 Q1`; nothing where there is no financial year."""
    if isinstance(value, Period):
        parts = value.text.split(" to ") if "/" in value.text else []
        return value._replace(name=" to ".join(f"FY{point[5:7]}{point[7:]}" for point in parts))
    if isinstance(value, tuple):
        parts = [_named(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, Mapping):
        return {key: _named(part) for key, part in value.items()}
    return value
