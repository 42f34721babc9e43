"""`kpi show`: one KPI in the terminal."""

import sys

import click

from kpi.cli.completion import kpi_ids
from kpi.cli.frame import Frame, broken_files, command, known_kpi
from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.model.errors import UserError
from kpi.model.text import listed, nearest, quoted


@command("show")
@click.argument("kpi", shell_complete=kpi_ids)
def command_line(frame: Frame, kpi: str) -> int:
    """Show one KPI: its status, its measures and their figures.

    KPI is its id. With a slash and a measure's id after it, that measure is shown alone.
    """
    from kpi.pages.sparkline import BLOCKS
    from kpi.pages.terminal import Look, kpi_text
    from kpi.store.repository import load

    repository = load(frame.root)
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
        judged = judged._replace(measures=(known_measure(judged, measure),))
    frame.tell(kpi_text(judgement, judged, Look(frame.coloured, can_print(BLOCKS))))
    return 0


def known_measure(judged: KpiJudgement, name: str) -> MeasureJudgement:
    """The measure of a KPI that the user named.

    Raises:
        UserError: if the KPI has none of that name, with the nearest.
    """
    found = {one.measure.id: one for one in judged.measures}
    if name in found:
        return found[name]
    near = nearest(name, found)
    told = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(found)}."
    raise UserError(f"{quoted(judged.kpi.id)} has no measure called {quoted(name)}. {told}")


def can_print(characters: str) -> bool:
    """Whether stdout has these characters: a terminal without Unicode has not, files and pipes always have."""
    try:
        characters.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True
