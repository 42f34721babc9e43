"""Figures, breaches and the list of KPIs for machines, in the shapes that docs/formats.md promises."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import Measure, Observation
from kpi.model.quantity import plain, unit_text
from kpi.pages.breaches import off_target
from kpi.pages.document import VERSION, dump, number
from kpi.pages.judgement_json import bound_json, judgement_json, names_json
from kpi.pages.table_cells import Shown
from kpi.pages.words.figure_words import dated
from kpi.pages.words.target_words import target_words

CSV_COLUMNS = (
    "priority", "objective", "kpi", "measure", "area", "period", "start", "end", "months", "value", "unit", "kind",
    "derived", "dimensions", "marks", "note", "assessment", "numerator", "denominator", "margin",
)  # fmt: skip

# Where a cell may begin: with the text, or after a semicolon, which parts cells in countries with a decimal comma. Whoever parts
# them there sees the quotes of a cell as part of its text.
_START = r"(^|;[ \"]*)"
_SIGN = "(?=[-'=+@\uff1d\uff0b\uff0d\uff20])"
_UNGUARDED, _GUARDED = re.compile(_START + _SIGN), re.compile(f"{_START}'{_SIGN}")
_QUOTED = re.compile(r"[,;\"\t\r\n]|^'")


def figures_csv(judgement: Judgement) -> str:
    """One row a figure at its home measure, peers and derived values included, in the plan's order.

    Dates are ISO, the end is inclusive, durations are seconds. A text that a spreadsheet would run as a formula gets a
    leading apostrophe.
    """
    rows = (CSV_COLUMNS, *_rows(judgement))
    return "".join(f"{','.join(map(_cell, row))}\n" for row in rows)


def csv_line(cells: Iterable[str | Decimal]) -> str:
    """A row of a table as CSV: texts on one line, which no spreadsheet runs, and numbers as they are."""
    texts = (plain(cell) if isinstance(cell, Decimal) else _text(cell) for cell in cells)
    return f"{','.join(map(_cell, texts))}\n"


def _cell(text: str) -> str:
    """A cell, in quotes if any spreadsheet would split it; Python's writer looks at its own separator only."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _rows(judgement: Judgement) -> Iterator[tuple[str, ...]]:
    by_id = judgement.by_id()
    for priority, objective, name in judgement.plan.listed():
        if name not in by_id:
            continue
        for judged in by_id[name].measures:
            if judged.kpi != name:
                continue
            measure = judged.measure
            own = measure.area or judgement.plan.area
            for area, series in ((own, measure.observations), *measure.peers.items()):
                for figure in series:
                    yield (priority.id, _text(objective.title), name, *_row(measure, area, figure))


def _row(measure: Measure, area: str, figure: Observation) -> tuple[str, ...]:
    return (
        measure.id,
        area,
        figure.period.text,
        figure.period.start.isoformat(),
        figure.period.end.isoformat(),
        str(figure.period.months),
        _number(figure.value),
        _text(unit_text(measure.unit)),
        measure.kind,
        "yes" if measure.derived is not None else "no",
        ";".join(f"{key}={value}" for key, value in measure.dimensions.items()),
        ";".join(figure.marks),
        _text(figure.note),
        figure.assessment,
        _number(figure.numerator),
        _number(figure.denominator),
        _number(figure.margin),
    )


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _text(text: str) -> str:
    """A text that no spreadsheet takes for a formula, on one line."""
    return _UNGUARDED.sub(r"\1'", " ".join(text.split()))


def unguarded(text: str) -> str:
    """The text that an export wrote, without the apostrophes that keep a spreadsheet from running it."""
    return _GUARDED.sub(r"\1", text)


def list_json(judgement: Judgement) -> str:
    """The KPIs with their status and how each of their measures stands, in the plan's order."""
    kpis = [_listed(kpi, judgement) for kpi in judgement.kpis]
    return dump({"version": VERSION, "as_of": judgement.day.isoformat(), "kpis": kpis})


def _listed(judged_kpi: KpiJudgement, judgement: Judgement) -> dict[str, Any]:
    plan, kpi = judgement.plan, judged_kpi.kpi
    return {
        "kpi": kpi.id,
        "priority": kpi.priority,
        "priority_title": plan.priority_title(kpi.priority),
        "code": kpi.code or None,
        "title": kpi.title,
        "owner": kpi.owner or None,
        "owner_name": plan.owner_name(kpi.owner),
        "status": judged_kpi.status,
        "rag": judged_kpi.rag.colour or None,
        "met": judged_kpi.met,
        "targeted": judged_kpi.targeted,
        "measures": [
            names_json(judged_kpi, judged, plan) | {"judgement": judgement_json(judged, plan)}
            for judged in judged_kpi.measures
        ],
    }


def breaches_json(judgement: Judgement) -> str:
    """What is off its target, and what was before, in the order of the pages; a measure under two KPIs is listed under each."""
    off = off_target(judgement, everywhere=True)
    lists = {
        "breaches": off.missed,
        "near": off.near,
        "part_of_the_way": off.short,
        "recovered": off.recovered,
    }
    listed = {shown.measure.address for rows in lists.values() for shown in rows}
    return dump(
        {
            "version": VERSION,
            "as_of": judgement.day.isoformat(),
            **{name: [_row_of(shown, judgement) for shown in rows] for name, rows in lists.items()},
            "others": [_other(judged) for judged in judgement.once() if judged.address not in listed],
        }
    )


def _other(judged: MeasureJudgement) -> dict[str, Any]:
    """A measure of which nothing is to be said, so that nobody takes silence for a target that is met."""
    verdict = judged.deciding
    figure = verdict.observation if verdict else None
    return {
        "kpi": judged.kpi,
        "measure": judged.measure.id,
        "state": judged.state,
        "target": target_words(verdict.target, judged.measure, verdict) if verdict else None,
        "figure": dated(figure, judged.measure) if figure else None,
    }


def _row_of(shown: Shown, judgement: Judgement) -> dict[str, Any]:
    """A target with the figure that was judged, its gap and since when; then all that is said of its measure."""
    judged, plan = shown.measure, judgement.plan
    verdict, breach = judged.deciding, judged.breach
    assert verdict is not None
    figure = verdict.observation
    return {
        **names_json(shown.kpi, judged, plan),
        "target": target_words(verdict.target, judged.measure, verdict),
        "period": figure.period.text if figure else None,
        "value": number(figure.value) if figure else None,
        "figure": dated(figure, judged.measure) if figure else None,
        **bound_json(verdict),
        "gap": number(verdict.gap),
        "state": breach.state if breach else None,
        "since": breach.since.period.text if breach else None,
        "periods": breach.periods if breach else None,
        "direction": _judged_direction(judged),
        "rag": judged.rag.colour or None,
        "judgement": judgement_json(judged, plan),
    }


def _judged_direction(judged: MeasureJudgement) -> str | None:
    """The class of the judged figure's change."""
    figure = judged.deciding.observation if judged.deciding else None
    return next((travel.outcome for travel in judged.directions if travel.later == figure), None)
