"""`kpi show`: one KPI in the terminal."""

import sys
from collections.abc import Mapping
from typing import TypeVar

import click

from kpi.cli.completion import kpi_ids
from kpi.cli.frame import Frame, broken_files, command, known_kpi, known_place
from kpi.model.errors import UserError
from kpi.model.period import APRIL
from kpi.model.text import listed, nearest, quoted
from kpi.store.paths import PLAN

_One = TypeVar("_One")


@command("show")
@click.argument("kpi", shell_complete=kpi_ids)
@click.option("--history", is_flag=True, help="When each figure was published and changed, from git.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), help="Of the history.  [default: text]"
)
def command_line(frame: Frame, kpi: str, *, history: bool, form: str | None) -> int:
    """Show one KPI: its status, its measures and their figures.

    KPI is its id. With a slash and a measure's id after it, that measure is shown alone.
    """
    if history:
        return _tell_history(frame, kpi, form or "text")
    if form:
        raise UserError("--format goes with --history. kpi export has the figures as JSON.")
    from kpi.pages.charts.sparkline import BLOCKS
    from kpi.pages.terminal import Look, kpi_text
    from kpi.store.repository import load

    repository = load(frame.root, frame.watched)
    judgement = frame.judged(repository)
    name, measure = known_kpi(repository, kpi)
    broken = broken_files(repository)
    for path in (file.place.path for file in repository.files if file.place.kpi == name):
        if name not in judgement.by_id():
            raise UserError(f"{path} can't be used. Run kpi lint to see why.")
        if path in broken:
            frame.say(f"kpi: {path} has errors; not all of it is shown. Run kpi lint.")
    judged = judgement.by_id()[name]
    if measure:
        judged = judged._replace(
            measures=(known_measure(name, {one.measure.id: one for one in judged.measures}, measure),)
        )
    frame.tell(kpi_text(judgement, judged, Look(frame.coloured, can_print(BLOCKS))))
    return 0


def _tell_history(frame: Frame, kpi: str, form: str) -> int:
    """Tell what became of the figures of one KPI, or of one of its measures."""
    from kpi.judge.history import figure_history
    from kpi.pages.history import Past, history_json, history_text
    from kpi.store.history import history_of
    from kpi.store.paths import walk
    from kpi.store.repository import read_kpis, read_plan

    places = {place.kpi: place for place in walk(frame.root).files}
    name, measure = known_place(places.values(), kpi)
    plan = read_plan(frame.root).plan
    (file,) = read_kpis(frame.root, [places[name]], plan.year_starts if plan else APRIL)
    if plan is None or file.kpi is None:
        raise UserError(
            f"{PLAN if plan is None else file.place.path} can't be used. Run kpi lint to see why."
        )
    if not file.whole:
        frame.say(f"kpi: {file.place.path} has errors, so only what is committed is told. Run kpi lint.")
    found = history_of(frame.root, file, plan.year_starts)
    measures = figure_history(found.versions)
    if measure:
        measures = (known_measure(name, {one.measure.id: one for one in measures}, measure),)
    past = Past(file.kpi, file.place.path, found, measures)
    frame.tell(history_text(past, plan) if form == "text" else history_json(past))
    return 0


def known_measure(kpi: str, measures: Mapping[str, _One], name: str) -> _One:
    """What there is of the measure that the user named, among those of a KPI.

    Raises:
        UserError: if the KPI has none of that name, with the nearest.
    """
    if name in measures:
        return measures[name]
    near = nearest(name, measures)
    told = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(measures)}."
    raise UserError(f"{quoted(kpi)} has no measure called {quoted(name)}. {told}")


def can_print(characters: str) -> bool:
    """Whether stdout has these characters: a terminal without Unicode has not, files and pipes always have."""
    try:
        characters.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True
