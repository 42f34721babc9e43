"""KPI files in which figures are missing. Lint refuses an empty "observations:"; a first figure fills it."""

from kpi.assemble.build import build_kpi
from kpi.judge.state import AWAITING_DATA
from kpi.store.repository import KpiFile
from kpi.store.schema import problems, recover


def fillable(file: KpiFile, year_starts: int) -> KpiFile:
    """The file with its KPI, in which a measure with an empty "observations:" is one like the others."""
    measures = (file.document.values or {}).get("measures") if file.document is not None else None
    if file.whole or file.document is None or not isinstance(measures, dict):
        return file
    awaiting = {name: _filled(fields) for name, fields in measures.items()}
    values = {**(file.document.values or {}), "measures": awaiting}
    wrong = problems("kpi", values, year_starts)
    kept = recover("kpi", values, wrong) if wrong else values
    if kept is None:
        return file
    kpi = build_kpi(kept, file.place.kpi, file.place.priority, year_starts).kpi
    empty = (
        measure._replace(no_figures=None) if _is_empty(measures[measure.id]) else measure
        for measure in kpi.measures
    )
    return file._replace(kpi=kpi._replace(measures=tuple(empty)))


def _filled(measure: object) -> object:
    """A measure without figures as one that awaits them."""
    if not _is_empty(measure):
        return measure
    assert isinstance(measure, dict)
    kept = {name: value for name, value in measure.items() if name != "observations"}
    return {**kept, "no_figures": {"because": AWAITING_DATA}}


def _is_empty(measure: object) -> bool:
    return isinstance(measure, dict) and not any(
        measure.get(field) for field in ("observations", "derived", "no_figures")
    )


def has_blank_unit(file: KpiFile, measure: str) -> bool:
    """Whether the unit of a measure is not filled in yet, as `kpi new` leaves it."""
    values = (file.document.values or {}) if file.document is not None else {}
    there = (values.get("measures") or {}).get(measure) or {}
    return not file.whole and "unit" in values and not values["unit"] and not there.get("unit")
