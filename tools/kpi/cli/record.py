"""`kpi record`: put one figure in its place."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from kpi.cli.clock import today
from kpi.cli.completion import kpi_ids
from kpi.cli.context import Context
from kpi.cli.lookup import not_found, typed
from kpi.cli.options import WithNumbers, command, one_line
from kpi.model.errors import ToolError, UserError
from kpi.model.finding import Finding
from kpi.model.mark import MARKS, WITHOUT_VALUE
from kpi.model.text import display, quoted

if TYPE_CHECKING:
    from kpi.lint.trial import Trial
    from kpi.store.add_figures import Outcome, WithFigures
    from kpi.store.intake import Intake, Wanted
    from kpi.store.reader import Content
    from kpi.store.repository import KpiFile, Repository

_MARKS = click.Choice(list(MARKS))
_TRIES = 50  # each is lost to somebody who has written meanwhile
_NOT_YET = "future-period"
_FORECAST = " If the figure is expected rather than counted, add --mark forecast."


class Options(NamedTuple):
    """The options of `kpi record`, each under its own name."""

    mark: tuple[str, ...]
    unmark: tuple[str, ...]
    note: str | None
    area: str
    replace: bool
    dry_run: bool


@command("record", cls=WithNumbers)
@click.argument("kpi", metavar="KPI[/MEASURE]", shell_complete=kpi_ids)
@click.argument("period")
@click.argument("value", default="")
@click.option("--mark", multiple=True, type=_MARKS, metavar="MARK", help="Add a mark, such as provisional.")
@click.option("--unmark", multiple=True, type=_MARKS, metavar="MARK", help="Remove a mark.")
@click.option("--note", metavar="TEXT", help="A sentence to print with it; an empty one removes it.")
@click.option("--area", default="", metavar="AREA", help="The figure is another area's: its id in the plan.")
@click.option("--replace", is_flag=True, help="Replace the figure that is there.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
def command_line(context: Context, kpi: str, period: str, value: str, **options: Any) -> int:
    """Record one figure in the KPI's file, and show its effect on the status.

    PERIOD and VALUE may be written as people write them: "Jan 24", 67%, 1,234. What is written to the file is shown.
    VALUE may be left out where a mark says why there is none: --mark not-available. Where a KPI has one measure, its id
    may be left out too.
    """
    from kpi.store.edit import ChangedMeanwhileError
    from kpi.store.repository import load

    chosen = Options(**options)
    if not value and not WITHOUT_VALUE & {*chosen.mark}:
        raise UserError("Write the figure after the period, or --mark not-available where there is none.")
    note = None if chosen.note is None else one_line(chosen.note, "--note")
    words = {
        "kpi": kpi,
        "period": period,
        "value": value,
        "area": chosen.area,
        "marks": ";".join(chosen.mark),
    }
    for tried in range(_TRIES):
        repository = load(context.root, context.progress)
        taken = understood(repository, words)
        for text, read in {**taken.names, **taken.periods, **taken.values}.items() if not tried else ():
            context.say(f"kpi: {quoted(text)} was read as {read}.")
        wanted = taken.wanted[0]
        entry = wanted.entry._replace(with_marks=chosen.mark, without_marks=chosen.unmark, note=note)
        try:
            return _recorded(context, repository, wanted._replace(entry=entry), chosen)
        except ChangedMeanwhileError as error:
            last = error
    raise ToolError(str(last))


def understood(repository: "Repository", words: Mapping[str, str]) -> "Intake":
    """What the user's words mean: an import of one row.

    Args:
        repository: the repository.
        words: the words, by field.

    Raises:
        UserError: if they mean no figure, or could mean two.
        ToolError: if there is no such KPI, and a folder can't be opened.
    """
    from kpi.store.intake import intake

    taken = intake([typed(words)], repository)
    if taken.bad:
        raise not_found(taken.bad[0], repository)
    return taken


def _recorded(context: Context, repository: "Repository", figure: "Wanted", chosen: Options) -> int:
    """Write the figure and print what changes; return the exit code."""
    from kpi.cli.file_changes import lines_changed
    from kpi.lint.trial import lint_trial
    from kpi.store.add_figures import UNCHANGED
    from kpi.store.edit import replace_file
    from kpi.store.repository import kpi_from

    path = figure.file.place.path
    before, after = _with_figure(repository, figure, chosen)
    (outcome,) = after.outcomes
    if outcome.kind == UNCHANGED:
        context.tell(f"{outcome.key} is there already as {outcome.before}. Nothing was written.\n")
        return 0
    day = context.as_of or today()
    trial = lint_trial(repository.root, day, {path: after.data}, context.progress, {path: before})
    if trial.errors:
        for error in trial.errors:
            context.warn(f"kpi: {_sentences(error)}")
        early = any(error.rule == _NOT_YET for error in trial.errors)
        context.warn(f"kpi: Nothing was written.{_FORECAST if early else ''}")
        return 1
    file = kpi_from(after.data, figure.file.place, repository.year_starts)
    effects = _effects(context, repository, figure, file)
    if not chosen.dry_run:
        replace_file(repository.root, path, before, after.data)
    context.tell(lines_changed(path, before, after.data) + effects)
    for sentence in filter(None, _remarks(trial, outcome, file, chosen)):
        context.say(f"kpi: {sentence}")
    return 0


def _with_figure(
    repository: "Repository", figure: "Wanted", chosen: Options
) -> "tuple[Content, WithFigures]":
    """The file as it is, and with the figure in it.

    Raises:
        UserError: if it can't be put there, or if another figure is there that may not be replaced.
    """
    from kpi.store.add_figures import REFUSED, add_figures
    from kpi.store.files import UnreadableError
    from kpi.store.repository import content_now
    from kpi.store.rewrite import UnplacedError

    try:
        before = content_now(repository.root, figure.file)
        after = add_figures(before, [figure.entry], repository.year_starts, replace=chosen.replace)
    except (UnreadableError, UnplacedError) as error:
        raise UserError(f"{figure.file.place.path}: {error}") from None
    (outcome,) = after.outcomes
    if outcome.kind == REFUSED:
        raise UserError(
            f"{outcome.key} is there already as {outcome.before}. To write over it add --replace."
        )
    return before, after


def _effects(context: Context, repository: "Repository", figure: "Wanted", after: "KpiFile") -> str:
    """What the figure does to the statuses, a line each."""
    from kpi.lint.trial import judged
    from kpi.pages.changes.effects import effects

    both = judged(repository, [after], context.as_of)
    if both is None:
        return "What it does to the status is not known, because kpis/plan.yaml can't be used.\n"
    own = () if figure.entry.area else (f"{figure.file.place.kpi}/{figure.measure.id}",)
    lines = effects(both.before, both.after, own)
    return "".join(f"{display(line, 2000)}\n" for line in lines)


def _remarks(trial: "Trial", outcome: "Outcome", file: "KpiFile", chosen: Options) -> Iterator[str]:
    """What is worth a second look, and what was not checked.

    Args:
        trial: what lint says of the file with the figure.
        outcome: what happened to the figure.
        file: the file with the figure.
        chosen: the options that were chosen.
    """
    yield from map(_sentences, trial.warnings)
    if not file.whole:
        path = file.place.path
        yield f"Gaps and jumps were not checked, because of other errors in {path}. Run kpi lint."
    if outcome.revises and "forecast" in chosen.mark:
        yield "If the old figure was published, it can't become a forecast: a check of the change calls that an error."
    elif outcome.revises and not ("revised" in chosen.mark and chosen.note):
        yield "If the old figure was published, add --mark revised, and a --note that says why it changed."
    if chosen.dry_run:
        yield "Nothing was written, because of --dry-run."


def _sentences(finding: Finding) -> str:
    sentences = " ".join(filter(None, (finding.message, finding.help)))
    return display(f"{finding.path}:{finding.line}: {sentences} ({finding.rule})", 2000)
