"""What a change means for programs, in the shape that docs/formats.md promises."""

from typing import Any

from kpi.judge.changes import Changes, KpiChange, MeasureChange
from kpi.judge.field_changes import FieldChange
from kpi.judge.figure_changes import FigureChange
from kpi.judge.target_changes import TargetChange
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.pages.changes.change_report import counts, sentence
from kpi.pages.document import VERSION, dump, number
from kpi.pages.judgement_json import judgement_json, target_json
from kpi.pages.words.figure_words import measure_title
from kpi.pages.words.target_words import target_words


def changes_json(changes: Changes) -> str:
    """Everything that has changed, KPI by KPI and measure by measure."""
    return dump(
        {
            "version": VERSION,
            "as_of": changes.day.isoformat(),
            "sentence": sentence(changes),
            "counts": counts(changes),
            "plan": [_field(field) for field in changes.fields],
            "kpis": [_kpi(change, changes.plan) for change in changes.kpis],
            "left_out": [
                {"path": path.encode(errors="replace").decode(), "version": "before" if before else "after"}
                for path, before in changes.unusable
            ],
            "unsure": [name.encode(errors="replace").decode() for name in changes.unsure],
        }
    )


def _kpi(change: KpiChange, plan: Plan) -> dict[str, Any]:
    before, after = change.before, change.after
    return {
        "kpi": change.newest.id,
        "title": change.newest.title,
        "change": change.what,
        "kpi_before": before.id if before else None,
        "priority_before": before.priority if before else None,
        "priority": after.priority if after else None,
        "priority_title": plan.priority_title(after.priority) if after else None,
        "fields": [_field(field) for field in change.fields],
        "measures": [_measure(measure_change, change, plan) for measure_change in change.measures],
    }


def _measure(change: MeasureChange, kpi: KpiChange, plan: Plan) -> dict[str, Any]:
    before, after = change.before, change.after
    freshness, newest = after.freshness if after else None, change.newest.measure
    area = newest.area or plan.area
    return {
        "measure": newest.id,
        "title": newest.title,
        "measure_title": measure_title(kpi.newest, newest),
        "area": area,
        "area_name": plan.area_name(area),
        "change": change.what,
        "measure_before": before.measure.id if before else None,
        "unit_before": unit_text(before.measure.unit) if before else None,
        "unit": unit_text(after.measure.unit) if after else None,
        "state_before": before.state if before else None,
        "state": after.state if after else None,
        "state_with_old_targets": change.old_state or None,
        "newly_missed": change.newly_missed,
        "recovered": change.recovered,
        "newly_overdue": change.newly_overdue,
        "due": freshness.due.isoformat() if freshness else None,
        "judgement_before": judgement_json(before, plan) if before else None,
        "judgement": judgement_json(after, plan) if after else None,
        "figures": [_figure(figure_change, plan) for figure_change in change.figures],
        "targets": [_target(target_change, change, plan) for target_change in change.targets],
        "fields": [_field(field) for field in change.fields],
    }


def _figure(change: FigureChange, plan: Plan) -> dict[str, Any]:
    before, after = change.before, change.after
    period = change.newest.period
    return {
        "change": change.what,
        "area": change.area or None,
        "area_name": plan.area_name(change.area),
        "period": period.text,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "value_before": number(before.value) if before else None,
        "value": number(after.value) if after else None,
        "assessment_before": (before.assessment or None) if before else None,
        "assessment": (after.assessment or None) if after else None,
        "marks_before": list(before.marks) if before else [],
        "marks": list(after.marks) if after else [],
        "note": (after.note or None) if after else None,
        "announced": change.announced,
        "revised": change.revised,
    }


def _target(change: TargetChange, measure_change: MeasureChange, plan: Plan) -> dict[str, Any]:
    before, after = change.before, change.after
    now, was = (
        judged.measure if judged else measure_change.newest.measure
        for judged in (measure_change.after, measure_change.before)
    )
    return {
        "change": change.what,
        "way": change.way,
        "before": target_words(before, was) if before else None,
        "target": target_words(after, now) if after else None,
        "before_data": target_json(before, was, plan) if before else None,
        "target_data": target_json(after, now, plan) if after else None,
        "parts": list(change.parts),
        "source_before": (before.source or None) if before else None,
        "source": (after.source or None) if after else None,
    }


def _field(change: FieldChange) -> dict[str, Any]:
    return {"field": change.field, "before": change.before or None, "after": change.after or None}
