"""Which KPI, measure and area a figure is for."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kpi.assemble.build import build_kpi
from kpi.judge.state import AWAITING_DATA
from kpi.model.kpi import Kpi, Measure, folded_code
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.model.text import Guesses, listed, quoted
from kpi.store.intake.row_cells import SlipError, shown_unit, unknown
from kpi.store.repository import KpiFile
from kpi.store.schema import problems, recover
from kpi.store.tables import RawFigure


class _Known:
    """The ids of KPIs, measures or areas, each with what it stands for, and what people write for them."""

    def __init__(
        self, ids: Mapping[str, Any], titles: Iterable[tuple[str, str]], codes: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.ids = ids
        self.titles = {title: name for title, name in titles if title}
        names: dict[str, set[str]] = {}
        for text, name in (*((name, name) for name in ids), *self.titles.items(), *codes):
            names.setdefault(_dashed(text), set()).add(name)
        # What stands for several is left out.
        self.spellings = {text: min(meant) for text, meant in names.items() if text and len(meant) == 1}


class Names:
    """Knows the names of a repository; `read` has what was not written as an id, with that id."""

    def __init__(self, plan: Plan | None, files: Iterable[KpiFile], year_starts: int) -> None:
        """Take the plan, where it can be used, and all KPI files."""
        self.read: dict[str, str] = {}
        self._plan = plan
        self._files: dict[str, KpiFile] = {}
        self._others: dict[str, KpiFile] = {}  # files with the id of one before
        for file in files:
            files_there = self._others if file.place.kpi in self._files else self._files
            files_there[file.place.kpi] = _fillable(file, year_starts)
        kpis = [(name, file.kpi) for name, file in self._files.items() if file.kpi is not None]
        titles = ((kpi.title, name) for name, kpi in kpis)
        self._kpis = _Known(self._files, titles, ((folded_code(kpi.code), name) for name, kpi in kpis))
        areas = plan.areas if plan is not None else {}
        names = ((name, area.id) for area in areas.values() for name in (area.name, area.short))
        self._areas = _Known(areas, names)
        self._measures: dict[str, _Known] = {}  # by KPI
        self._guesses = Guesses()

    def place(self, raw: RawFigure) -> tuple[KpiFile, Measure, str]:
        """The file, measure and area of a figure (empty for the own); a SlipError if none takes figures."""
        file, named = self.file(raw)
        if (other := self._others.get(file.place.kpi)) is not None:
            message = f"{file.place.path} and {other.place.path} have the same id."
            raise SlipError(raw, "kpi", message, "Run kpi lint to see what to do.")
        if file.kpi is None:
            message = f"{file.place.path} can't be read as it is."
            raise SlipError(raw, "kpi", message, "Run kpi lint to see why.")
        measure = self._measure(raw, file, file.kpi, named)
        if _has_blank_unit(file, measure.id):
            measure = measure._replace(unit=shown_unit(raw.text("value")))
        area = self._area(raw, measure)
        text, unit = raw.text("unit"), unit_text(measure.unit)
        if text and text.split() != unit.split():
            message = f"The unit here is {quoted(text)}, but {quoted(measure.id)} is in {unit}."
            raise SlipError(raw, "unit", message, "Write the figure in that unit, and the unit too.")
        if measure.no_figures is not None and measure.no_figures.because != AWAITING_DATA and not area:
            message = f"{quoted(measure.id)} says in its file that it has no figures."
            help_ = 'Delete that line first ("no_figures:"), and write "observations:" in its place.'
            raise SlipError(raw, "measure", message, help_)
        return file, measure, area

    def file(self, raw: RawFigure) -> tuple[KpiFile, str]:
        """The KPI's file, and the measure where it is named with it (`kpi/measure`); a SlipError if none."""
        text = raw.text("kpi")
        if not text:
            raise SlipError(raw, "kpi", "This row names no KPI.", "Write its id in each row.")
        before, _, last = text.removesuffix(".yaml").rpartition("/")
        folder, last = before.rpartition("/")[2], self._id(last, self._kpis)
        whole = self._files.get(last)
        is_whole = whole is not None and folder in {"", whole.place.priority}
        of_folder = None if is_whole else self._files.get(self._id(folder, self._kpis))
        file, measure = (whole, "") if is_whole else (of_folder, last)
        if file is None:
            raise self._unknown(raw, "kpi", "There is no KPI", text, self._kpis)
        return file, measure

    def _id(self, text: str, known: _Known) -> str:
        """The id that a text is, or spells in another way: in capitals, as a code, as the title; else the text."""
        if not text or text in known.ids:
            return text
        name = known.spellings.get(_dashed(text)) or known.spellings.get(folded_code(text), text)
        if name != text:
            self.read[text] = name
        return name

    def _measure(self, raw: RawFigure, file: KpiFile, kpi: Kpi, named: str) -> Measure:
        text = raw.text("measure") or named
        if not text:
            return _only_measure(raw, file, kpi)
        if kpi.id not in self._measures:
            titles = ((measure.title, measure.id) for measure in kpi.measures)
            self._measures[kpi.id] = _Known({measure.id: measure for measure in kpi.measures}, titles)
        known = self._measures[kpi.id]
        if text not in known.ids or named not in {"", text}:
            text, named = self._id(text, known), self._id(named, known)
        measure: Measure | None = known.ids.get(text)
        if measure is None or named not in {"", text}:
            if home := next((address for address in kpi.also_shows if address.endswith(f"/{text}")), ""):
                message = f"{quoted(text)} is only shown in {quoted(kpi.id)}."
                raise SlipError(raw, "measure", message, f"Its figures are in {home}.")
            raise self._unknown(raw, "measure", f"{quoted(kpi.id)} has no measure", text, known)
        return measure

    def _area(self, raw: RawFigure, measure: Measure) -> str:
        """The id of a peer, or nothing for the own area."""
        text = self._id(raw.text("area"), self._areas)
        if self._plan is None or text in {"", measure.area or self._plan.area}:
            return ""
        if text not in self._areas.ids:
            raise self._unknown(raw, "area", "The plan has no area", text, self._areas)
        return text

    def _unknown(self, raw: RawFigure, field: str, there_is_no: str, text: str, known: _Known) -> SlipError:
        """What to say of a name that there isn't: what was meant is looked for a few times only, because that takes long."""
        if self._guesses.another(len(known.ids) + len(known.titles)):
            return unknown(raw, field, there_is_no, text, known.ids, known.titles)
        message = f"{there_is_no} called {quoted(text)}."
        return SlipError(raw, field, message, f"There are: {listed(known.ids)}.")


def _only_measure(raw: RawFigure, file: KpiFile, kpi: Kpi) -> Measure:
    """The measure of a KPI that has only one, or only one that takes figures."""
    taking = [other for other in kpi.measures if other.derived is None and other.no_figures is None]
    candidates = taking or kpi.measures
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        message = f"{quoted(kpi.id)} has no measures, so it takes no figures."
        help_ = f"Add one to {file.place.path} first, or leave this figure out."
        raise SlipError(raw, "kpi", message, help_)
    where, before = ("", f"{kpi.id}/") if raw.is_typed else (" in the column measure", "")
    help_ = f"Write one of these{where}: {listed(f'{before}{measure.id}' for measure in candidates)}."
    raise SlipError(raw, "measure", f"{quoted(kpi.id)} has {len(kpi.measures)} measures.", help_)


def _dashed(text: str) -> str:
    return "-".join(re.findall(r"[^\s_-]+", text.casefold()))


# KPI files in which figures are missing. Lint refuses an empty "observations:"; a first figure fills it.


def _fillable(file: KpiFile, year_starts: int) -> KpiFile:
    """The file with its KPI, in which a measure with an empty "observations:" is one like the others."""
    values = _values(file)
    measures = values.get("measures")
    if file.whole or not isinstance(measures, dict):
        return file
    awaiting = {}
    for name, fields in measures.items():
        if isinstance(fields, dict) and not any(map(fields.get, ("observations", "derived", "no_figures"))):
            awaiting[name] = {**fields, "no_figures": {"because": AWAITING_DATA}}
            awaiting[name].pop("observations", None)
    values = {**values, "measures": {**measures, **awaiting}}
    wrong = problems("kpi", values, year_starts)
    kept = recover("kpi", values, wrong) if wrong else values
    if kept is None:
        return file
    kpi = build_kpi(kept, file.place.kpi, file.place.priority, year_starts).kpi
    own = (each._replace(no_figures=None) if each.id in awaiting else each for each in kpi.measures)
    return file._replace(kpi=kpi._replace(measures=tuple(own)))


def _has_blank_unit(file: KpiFile, measure: str) -> bool:
    """Whether the unit of a measure is not filled in yet, as `kpi new` leaves it."""
    values = _values(file)
    there = (values.get("measures") or {}).get(measure) or {}
    return not file.whole and "unit" in values and not values["unit"] and not there.get("unit")


def _values(file: KpiFile) -> Mapping[str, Any]:
    return (file.document.values or {}) if file.document is not None else {}
