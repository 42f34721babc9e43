"""Which KPI, measure and area a row of a table names."""

from collections.abc import Iterable

from kpi.model.kpi import Kpi, Measure
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.model.text import listed, quoted
from kpi.store.intake.fillable import fillable
from kpi.store.intake.slip import slip, unknown
from kpi.store.repository import KpiFile
from kpi.store.tables.figures import Given


class Names:
    """Knows the names of a repository."""

    def __init__(self, plan: Plan, files: Iterable[KpiFile]) -> None:
        """Take the plan and all KPI files."""
        self.plan = plan
        self.files = {file.place.kpi: fillable(file, plan.year_starts) for file in files}

    def place(self, given: Given) -> tuple[KpiFile, Measure, str]:
        """The file, the measure and the area that a row is for; no area where it is the measure's own.

        Raises:
            SlipError: if there is no such place, or none that takes figures.
        """
        file, named = self._file(given)
        assert file.kpi is not None
        measure = self._measure(given, file.kpi, named)
        area = self._area(given, measure)
        text, unit = given.text("unit"), unit_text(measure.unit)
        if text and text.split() != unit.split():
            message = f"The unit here is {quoted(text)}, but {quoted(measure.id)} is in {unit}."
            raise slip(given, "unit", message, "Write the figure in that unit, and the unit too.")
        if measure.no_figures is not None and not area:
            message = f"{quoted(measure.id)} says in its file that it has no figures."
            help_ = 'Delete "no_figures:" there first, and write "observations:" in its place.'
            raise slip(given, "measure", message, help_)
        return file, measure, area

    def _file(self, given: Given) -> tuple[KpiFile, str]:
        """The KPI's file, and the measure where it is named with it: `kpi/measure`."""
        text = given.text("kpi")
        if not text:
            raise slip(given, "kpi", "This row names no KPI.", "Write its id in each row.")
        before, _, last = text.removesuffix(".yaml").rpartition("/")
        file, measure = self.files.get(before), last
        if file is None:
            file, measure = self.files.get(last), ""
            if file is None or before not in {"", file.place.priority}:
                titles = {one.kpi.title: name for name, one in self.files.items() if one.kpi is not None}
                raise unknown(given, "kpi", "There is no KPI", text, self.files, titles)
        if file.kpi is None:
            message = f"{file.place.path} can't be read as it is."
            raise slip(given, "kpi", message, "Run kpi lint to see what to mend there.")
        return file, measure

    def _measure(self, given: Given, kpi: Kpi, named: str) -> Measure:
        text = given.text("measure") or named
        if not text:
            if len(kpi.measures) == 1:
                return kpi.measures[0]
            if not kpi.measures:
                message = f"{quoted(kpi.id)} has no measures, so it takes no figures."
                raise slip(given, "kpi", message, "Delete the row.")
            told = f"Write one of these in the column measure: {listed([one.id for one in kpi.measures])}."
            raise slip(given, "measure", f"{quoted(kpi.id)} has {len(kpi.measures)} measures.", told)
        found = kpi.measure(text)
        if found is None or named not in {"", text}:
            titles = {one.title: one.id for one in kpi.measures if one.title}
            what = f"{quoted(kpi.id)} has no measure"
            raise unknown(given, "measure", what, text, [one.id for one in kpi.measures], titles)
        return found

    def _area(self, given: Given, measure: Measure) -> str:
        """The id of a peer, or nothing for the own area."""
        text = given.text("area")
        if text in {"", measure.area or self.plan.area}:
            return ""
        if text not in self.plan.areas:
            names = {
                name: area.id for area in self.plan.areas.values() for name in (area.name, area.short) if name
            }
            raise unknown(given, "area", "The plan has no area", text, self.plan.areas, names)
        return text
