"""What a change means for programs, in the shape that docs/formats.md promises."""

from kpi.judge.changes import Changes, KpiChange, MeasureChange
from kpi.judge.figure_changes import FigureChange
from kpi.judge.target_changes import TargetChange
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.pages.change_report import counts, sentence
from kpi.pages.change_words import measures_of
from kpi.pages.figure_words import measure_title
from kpi.pages.judgement_json import VERSION, Data, dump, judgement_data, pick, target_data
from kpi.pages.target_words import target_words


def changes_json(changes: Changes) -> str:
    """Everything that has changed, KPI by KPI and measure by measure."""
    return dump(
        {
            "version": VERSION,
            "as_of": changes.day,
            "sentence": sentence(changes),
            "counts": counts(changes),
            "plan": _fields(changes),
            "kpis": [_kpi(change, changes.plan) for change in changes.kpis],
            "left_out": [
                {"path": path.encode(errors="replace").decode(), "version": "before" if before else "after"}
                for path, before in changes.unusable
            ],
            "unsure": [name.encode(errors="replace").decode() for name in changes.unsure],
        }
    )


def _fields(change: Changes | KpiChange | MeasureChange) -> list[Data]:
    return [pick(field, "field", "before", "after") for field in change.fields]


def _kpi(change: KpiChange, plan: Plan) -> Data:
    before, after = change.before, change.after
    return {
        "kpi": change.newest.id,
        "title": change.newest.title,
        "change": change.what,
        "kpi_before": before and before.id,
        "priority_before": before and before.priority,
        "priority": after and after.priority,
        "priority_title": after and plan.priority_title(after.priority),
        "fields": _fields(change),
        "measures": [_measure(measure_change, change, plan) for measure_change in change.measures],
    }


def _measure(change: MeasureChange, kpi: KpiChange, plan: Plan) -> Data:
    before, after, newest = change.before, change.after, change.newest.measure
    area = newest.area or plan.area
    return {
        "measure": newest.id,
        "title": newest.title,
        "measure_title": measure_title(kpi.newest, newest),
        "area": area,
        "area_name": plan.area_name(area),
        "change": change.what,
        "measure_before": before and before.measure.id,
        "unit_before": before and unit_text(before.measure.unit),
        "unit": after and unit_text(after.measure.unit),
        "state_before": before and before.state,
        "state": after and after.state,
        "state_with_old_targets": change.old_state or None,
        **pick(change, "newly_missed", "recovered", "newly_overdue"),
        **pick(after and after.freshness, "due"),
        "judgement_before": before and judgement_data(before, plan),
        "judgement": after and judgement_data(after, plan),
        "figures": [_figure(figure_change, plan) for figure_change in change.figures],
        "targets": [_target(target_change, change, plan) for target_change in change.targets],
        "fields": _fields(change),
    }


def _figure(change: FigureChange, plan: Plan) -> Data:
    before, after = change.before, change.after
    return {
        "change": change.what,
        "area": change.area or None,
        "area_name": plan.area_name(change.area),
        "period": change.newest.period,
        **pick(change.newest.period, "start", "end"),
        "value_before": before and before.value,
        "value": after and after.value,
        "assessment_before": before and (before.assessment or None),
        "assessment": after and (after.assessment or None),
        "marks_before": before.marks if before else [],
        "marks": after.marks if after else [],
        **pick(after, "note"),
        **pick(change, "announced", "revised"),
    }


def _target(change: TargetChange, measure_change: MeasureChange, plan: Plan) -> Data:
    before, after = change.before, change.after
    now, was = measures_of(measure_change)
    return {
        "change": change.what,
        "way": change.way,
        "before": before and target_words(before, was),
        "target": after and target_words(after, now),
        "before_data": before and target_data(before, was, plan),
        "target_data": after and target_data(after, now, plan),
        "parts": change.parts,
        "source_before": before and (before.source or None),
        **pick(after, "source"),
    }
