"""The rows of each table, in the order of its columns, and the Data Package of them (https://datapackage.org)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.dataset.columns import BOOLEAN, TABLES, Table
from kpi.judge.direction import judge_direction
from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.judge.series import judgeable
from kpi.judge.state import UNJUDGED
from kpi.judge.target import verdicts_at
from kpi.model.kpi import Kpi
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.pages.target_words import target_words

Value = str | int | Decimal | date | None
Row = tuple[Value, ...]
DESCRIPTOR = "datapackage.json"


def rows(judgement: Judgement) -> dict[str, Iterator[Row]]:
    """The rows of all tables by the table's name, in printed order. Every KPI, measure and figure comes once, at its home."""
    plan = judgement.plan
    plan_texts = (plan.organisation, plan.title, plan.area)
    edition = date.fromisoformat(plan.edition.date) if plan.edition.date else None
    made: dict[str, Iterable[Row]] = {
        "organisation": [(*plan_texts, plan.year_starts, judgement.day, edition)],
        "priorities": ((entry.id, entry.title, place) for place, entry in enumerate(plan.priorities, 1)),
        "areas": ((area.id, area.name, area.id == plan.area, area.whole) for area in plan.areas.values()),
        "sources": plan.sources.values(),
        "kpis": _kpis(judgement),
        "measures": _measures(judgement),
        "targets": _targets(judgement),
        "figures": _figures(judgement),
        "judgements": _judgements(judgement),
    }
    own = organisation_id(plan.organisation)
    return {name: ((own, *row) for row in of_table) for name, of_table in made.items()}


def organisation_id(name: str) -> str:
    """The organisation's name as an id: "West Midlands Police" is `west-midlands-police`; "organisation" for one without letters."""
    plain = unicodedata.normalize("NFKD", name.partition(" (")[0]).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "organisation"


def _kpis(judgement: Judgement) -> Iterator[Row]:
    by_id = judgement.by_id()
    listed: set[str] = set()
    for priority, objective, name in judgement.plan.listed():
        if name in by_id and name not in listed:
            listed.add(name)
            kpi = by_id[name].kpi
            owner = judgement.plan.owners.get(kpi.owner) or kpi.owner
            texts = (kpi.code, kpi.title, kpi.definition, owner)
            yield name, priority.id, objective.title, *texts, by_id[name].status


def _at_home(judgement: Judgement) -> Iterator[tuple[Kpi, MeasureJudgement]]:
    pairs = ((judged.kpi, measure) for judged in judgement.kpis for measure in judged.measures)
    return ((kpi, measure) for kpi, measure in pairs if measure.kpi == kpi.id)


def _measures(judgement: Judgement) -> Iterator[Row]:
    owners = judgement.plan.owners
    for kpi, judged in _at_home(judgement):
        measure, breach, fresh = judged.measure, judged.breach, judged.freshness
        newest, owner = judged.latest.observation, measure.owner or kpi.owner
        names = (kpi.id, measure.id, measure.title or kpi.title)
        kind = (unit_text(measure.unit), measure.kind, measure.better.way, measure.aim)
        kept = (measure.frequency or kpi.frequency, owners.get(owner) or owner, measure.derived is not None)
        reason = judged.directions[0].reason if judged.directions else ""
        standing = (judged.state, judged.rag.colour, judged.change, reason)
        broken = (breach.state, breach.since.period.end, breach.periods) if breach else ("", None, None)
        late = (fresh.due, fresh.days_late) if fresh else (None, None)
        yield (*names, *kind, *kept, *standing, *broken, newest.period.end if newest else None, *late)


def _targets(judgement: Judgement) -> Iterator[Row]:
    for _, judged in _at_home(judgement):
        for number, target in enumerate(judged.measure.targets, 1):
            bound, relative = target.bound, target.bound.relative if target.bound else None
            level = bound[:3] if bound else ("in_words", None, None)
            source: Row = ("", None, None)
            if relative:
                taken_from = relative.period.text if relative.period else "previous"
                in_percent = relative.in_percent if relative.change is not None else None
                source = (taken_from, relative.change, in_percent)
            starts = target.start.start if target.start else None
            by, until = (point.end if point else None for point in (target.by, target.until))
            around = (starts, by, until, target.over, *(target.tolerance or (None, None)))
            words = (target.label, target.source, target_words(target, judged.measure))
            yield (judged.kpi, judged.measure.id, number, *level, *source, *around, *words)


def _figures(judgement: Judgement) -> Iterator[Row]:
    for kpi, judged in _at_home(judgement):
        measure = judged.measure
        own = measure.area or judgement.plan.area
        for area, series in ((own, measure.observations), *measure.peers.items()):
            for figure in series:
                said = (";".join(figure.marks), figure.note, figure.assessment)
                parts = (figure.numerator, figure.denominator, figure.margin, measure.derived is not None)
                value = (figure.value, unit_text(measure.unit))
                period = (figure.period.text, *figure.period[:3])
                yield kpi.priority, kpi.id, measure.id, area, *period, *value, *said, *parts


def _judgements(judgement: Judgement) -> Iterator[Row]:
    tolerance = judgement.plan.status.tolerance
    for _, judged in _at_home(judgement):
        measure = judged.measure
        numbers = {id(target): number for number, target in enumerate(measure.targets, 1)}
        for figure in judgeable(measure):
            first = (judged.kpi, measure.id, figure.period.text, *figure.period[:3])
            change: Row = (UNJUDGED, "no figure", "")
            if figure.value is not None:
                travel = judge_direction(measure, figure)
                change = (travel.outcome, travel.reason, travel.earlier.period.text if travel.earlier else "")
            every = verdicts_at(measure, figure, tolerance)
            verdicts = [each for each in every if each.observation or each.unjudged]
            for verdict in verdicts:
                bound = verdict.bound
                ends = (bound.value, bound.upper) if bound else (None, None)
                target = (numbers[id(verdict.target)], verdict is verdicts[0], verdict.state)
                yield (*first, *target, *ends, verdict.on_the_way, verdict.gap, *change)
            if not verdicts and figure.value is not None:
                yield (*first, 0, True, "no target", None, None, None, None, *change)


def text_of(value: Value) -> str | Decimal:
    """A value as a cell. Numbers stay numbers, so that no guard is put before a sign."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return Decimal(value)
    return "" if value is None else value


def descriptor(plan: Plan, parts: Mapping[str, list[str]] | None = None) -> dict[str, Any]:
    """The Data Package: its tables with types, keys and sources. Without the Parquet files of each, a table is one CSV file."""
    sources = [
        {"title": source.title} | ({"path": source.url} if source.url else {})
        for source in plan.sources.values()
    ]
    title, url = plan.licence or ("", "")
    licence = {"title": title, "path": url} if url else {"name": title}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": organisation_id(plan.organisation),
        "title": f"{plan.organisation}: {plan.title}",
        **({"licenses": [licence]} if plan.licence else {}),
        **({"contributors": [{"title": plan.publisher, "roles": ["publisher"]}]} if plan.publisher else {}),
        **({"sources": sources} if sources else {}),
        "resources": [
            {
                "name": table.name,
                "path": f"{table.name}.csv" if parts is None else parts[table.name],
                "format": "csv" if parts is None else "parquet",
                "description": table.description,
                "type": "table",
                **({"encoding": "utf-8"} if parts is None else {}),
                "schema": _schema(table),
            }
            for table in TABLES
            if parts is None or parts[table.name]
        ],
    }


def _schema(table: Table) -> dict[str, Any]:
    keys = {other.name: list(other.key) for other in TABLES}
    fields = (
        {"name": column.name, "type": column.type, "description": column.description}
        | ({"trueValues": ["yes"], "falseValues": ["no"]} if column.type == BOOLEAN else {})
        for column in table.columns
    )
    refers = (
        {"fields": keys[name], "reference": {"resource": name, "fields": keys[name]}} for name in table.refers
    )
    return {"fields": list(fields), "primaryKey": list(table.key), "foreignKeys": list(refers)}
