"""`kpi show`: one KPI in the terminal."""

import sys
from shutil import get_terminal_size

import click

from kpi.cli.context import Context
from kpi.cli.main import kpi_ids
from kpi.cli.options import Choice, command
from kpi.cli.repository import find_kpi, find_measure, judge_readable
from kpi.lint.checker import broken_files
from kpi.model.errors import UserError
from kpi.model.plan import with_year_names
from kpi.pages.charts.sparkline import BLOCKS
from kpi.pages.terminal import Terminal, kpi_text, wrapped
from kpi.store.paths import PLAN
from kpi.store.repository import load


@command("show")
@click.argument("kpi", shell_complete=kpi_ids)
@click.option("--history", is_flag=True, help="When each figure was published and changed, from git.")
@click.option(
    "--format", "form", type=Choice(["text", "json"]), help="Format of the history.  [default: text]"
)
def command_line(context: Context, kpi: str, *, history: bool, form: str | None) -> int:
    """Show one KPI: its status, its measures and their figures.

    KPI is its id, or its code where it has one. With a slash and a measure's id after it, that measure is shown alone.
    """
    if history:
        return _tell_history(context, kpi, form or "text")
    if form:
        raise UserError("--format goes with --history. kpi export has the figures as JSON.")

    repository = load(context.root, context.progress)
    judgement = judge_readable(repository, context.as_of)
    file, measure = find_kpi(repository, kpi)
    name, path = file.place.kpi, file.place.path
    if name not in judgement.by_id():
        raise UserError(f"{path} can't be used. Run kpi lint to see why.")
    if path in broken_files(repository):
        context.say(f"kpi: {path} has errors; not all of it is shown. Run kpi lint.")
    judged = judgement.by_id()[name]
    if measure:
        judged = judged._replace(
            measures=(
                find_measure(name, {standing.measure.id: standing for standing in judged.measures}, measure),
            )
        )
    text = kpi_text(judgement, judged, Terminal(context.coloured, context.can_print(BLOCKS)))
    context.tell(wrapped(text, get_terminal_size().columns) if sys.stdout.isatty() else text)
    return 0


def _tell_history(context: Context, kpi: str, form: str) -> int:
    """Print the history of the figures of one KPI, or of one of its measures."""
    from kpi.judge.figure_changes import trace_figures
    from kpi.pages.history_report import KpiHistory, history_json, history_text
    from kpi.store.file_history import history_of

    repository = load(context.root, context.progress)
    plan = repository.plan.plan
    file, measure = find_kpi(repository, kpi)
    name = file.place.kpi
    if plan is None or file.kpi is None:
        raise UserError(
            f"{PLAN if plan is None else file.place.path} can't be used. Run kpi lint to see why."
        )
    if not file.whole:
        context.say(f"kpi: {file.place.path} has errors, so only committed versions are shown. Run kpi lint.")
    history = history_of(context.root, file, plan.year_starts)
    measures = with_year_names(trace_figures(history.versions), plan.year_names)
    if measure:
        measures = (find_measure(name, {row.measure.id: row for row in measures}, measure),)
    past = KpiHistory(file.kpi, file.place.path, history, measures)
    context.tell(history_text(past, plan) if form == "text" else history_json(past, plan))
    return 0
