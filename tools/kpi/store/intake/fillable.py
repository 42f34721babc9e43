"""KPI files in which only the figures are missing. Lint refuses an empty "observations:"; an import fills it."""

from kpi.assemble.kpi import build_kpi
from kpi.store.repository import KpiFile
from kpi.store.schema import problems


def fillable(file: KpiFile, year_starts: int) -> KpiFile:
    """The file with its KPI also where only figures are missing: an empty "observations:" is what an import fills."""
    measures = (file.document.values or {}).get("measures") if file.document is not None else None
    if file.whole or file.document is None or not isinstance(measures, dict):
        return file
    values = {
        **(file.document.values or {}),
        "measures": {name: _filled(one) for name, one in measures.items()},
    }
    if problems("kpi", values, year_starts):
        return file
    kpi = build_kpi(values, file.place.kpi, file.place.priority, year_starts).kpi
    empty = tuple(
        one._replace(no_figures=None) if _is_empty(measures[one.id]) else one for one in kpi.measures
    )
    return file._replace(kpi=kpi._replace(measures=empty))


def _filled(measure: object) -> object:
    """A measure without figures as one that awaits them."""
    if not _is_empty(measure):
        return measure
    assert isinstance(measure, dict)
    kept = {name: value for name, value in measure.items() if name != "observations"}
    return {**kept, "no_figures": {"because": "awaiting-data"}}


def _is_empty(measure: object) -> bool:
    return isinstance(measure, dict) and not any(
        measure.get(one) for one in ("observations", "derived", "no_figures")
    )
