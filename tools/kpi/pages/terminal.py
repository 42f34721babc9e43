"""What `kpi list` and `kpi show` print: plain text, safe to print; of overdue figures and history JSON, too."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from textwrap import TextWrapper

from kpi.judge.figure_changes import MARKED, Event, History, MeasureHistory, Version
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.series import Freshness
from kpi.model.kpi import Kpi, identity
from kpi.model.period import span_words
from kpi.model.plan import Plan
from kpi.model.text import counted
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE
from kpi.pages import figure_words, target_words
from kpi.pages.about import overdue_sentence
from kpi.pages.charts.layout import ASCII, BLOCKS, sparkline_text
from kpi.pages.figure_words import capitalised, dated, measure_label, measure_title, value_words, when
from kpi.pages.formats import document, pick
from kpi.pages.markdown import heading, inline, page, shown, table
from kpi.pages.standing import ShownMeasure, overdue
from kpi.pages.trend_words import direction_words


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most a width, if its words allow it; further lines are indented by two columns."""
    wrapper = TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    lines = []
    for line in text.split("\n"):
        wrapper.subsequent_indent = " " * (len(line) - len(line.lstrip(" ")) + 2)
        lines += wrapper.wrap(line) if len(line) > width else [line]
    return "\n".join(lines)


def columns(rows: Iterable[Sequence[str]], align: Sequence[str] | None = None) -> list[str]:
    """The rows as lines, with aligned columns."""
    from tabulate import tabulate

    cells = [[shown(cell) for cell in row] for row in rows]
    aligned = tabulate(cells, tablefmt="plain", disable_numparse=True, colalign=align) if cells else ""
    return [line.rstrip() for line in aligned.splitlines()]


_COLOURS = {"red": "\x1b[31m", "amber": "\x1b[33m", "green": "\x1b[32m"}


def kpi_list(judgement: Judgement) -> str:
    """A line for each KPI by priority: id, status, newest figure of the measure that decides it, title."""
    blocks = []
    for priority in judgement.plan.priorities:
        rows = []
        for judged in judgement.of(priority.kpis):
            measures = sorted(judged.measures, key=lambda measure: measure.state != judged.status)
            title, newest = judged.kpi.full_title, measures[0].latest.observation if measures else None
            if len(measures) > 1:
                title += f": {measure_label(measures[0].measure)}, and {len(measures) - 1} more"
            status = capitalised(target_words.state_words(judged.status, judgement.plan.status.words))
            figure = dated(newest, measures[0].measure) if newest else ""
            rows.append((judged.kpi.id, status, figure, title))
        blocks.append("\n".join([shown(priority.title), *columns(rows)]))
    return "\n\n".join(blocks) + "\n"


def kpi_text(
    judgement: Judgement, judged: KpiJudgement, *, coloured: bool = False, blocks: bool = True
) -> str:
    """One KPI: status, definition, and each measure with its latest figure, target, trend and figures.

    Colours, and the block characters of a sparkline, are extras beside the words, for terminals that have them.
    """
    kpi, words = judged.kpi, judgement.plan.status.words

    def paint(state: str, colour: str) -> str:
        word = shown(capitalised(target_words.state_words(state, words)))
        return f"{_COLOURS[colour]}{word}\x1b[0m" if coloured and colour in _COLOURS else word

    status = paint(judged.status, judged.rag.colour)
    if judged.targeted > 1:
        status += f" ({judged.met} of {judged.targeted} met)"
    head = f"{shown(kpi.full_title)}\n{status}, as of {span_words(judgement.day, judgement.day)}"
    statement = f'"{shown(kpi.statement)}"' if kpi.statement else ""
    why = target_words.no_figures_words(kpi.no_figures, judgement.plan) if kpi.no_figures is not None else ""
    parts = [head, statement, *map(shown, (kpi.definition, kpi.note, why))]
    for each in judged.measures:
        measure, newest = each.measure, each.latest.observation
        status = paint(each.state, each.rag.colour)
        reasons = (each.rag.colour, each.rag.because, "figure queried" if each.queried else "")
        because = shown(", ".join(filter(None, reasons)))
        lines = [f"Status: {status} ({because})" if because else f"Status: {status}"]
        if newest is not None:
            drawn = sparkline_text(measure, BLOCKS if blocks else ASCII)
            lines.append(f"Latest: {shown(dated(newest, measure))}  {drawn}".rstrip())
        lines += map(shown, _facts(each, judgement))
        rows = []
        for figure in reversed(measure.observations):
            marks = ", ".join(MARKS[mark].words for mark in figure.marks if mark not in WITHOUT_VALUE)
            beside = ". ".join(filter(None, (marks, figure.note)))
            rows.append((capitalised(when(figure.period, measure)), value_words(figure, measure), beside))
        lines += columns(rows, align=("left", "right", "left"))
        title = shown(f"{measure_label(measure)} [{each.address}]")
        parts.append("\n".join([title, *(f"  {line}" for line in lines)]))
    return "\n\n".join(filter(None, parts)) + "\n"


def _facts(judged: MeasureJudgement, judgement: Judgement) -> Iterator[str]:
    measure = judged.measure
    for verdict in judged.verdicts:
        words = target_words.state_words(verdict.state, judgement.plan.status.words)
        words += f" ({verdict.reason})" if verdict.reason else ""
        if verdict is judged.deciding and (older := target_words.older_words(judged, judgement.day)):
            words += f", judged on {older}"
        if verdict.gap is not None:
            words += f"; gap {figure_words.gap_words(verdict, measure)}"
        yield f"Target: {target_words.target_words(verdict.target, measure, verdict).removesuffix('.')}: {words}"
    for travel in judged.directions:
        yield f"Trend: {direction_words(travel, measure)}"
    if measure.references:
        yield f"To compare: {target_words.references_words(judged)}"
    if measure.no_figures is not None:
        yield target_words.no_figures_words(measure.no_figures, judgement.plan)


# What is overdue

_MOST_ROWS = 500  # rows of a summary; what is more is counted


def _latest_first(judgement: Judgement) -> list[tuple[ShownMeasure, Freshness]]:
    return sorted(overdue(judgement), key=lambda late: -late[1].days_late)


def overdue_text(judgement: Judgement) -> str:
    """For the terminal: a line a measure."""
    late = _latest_first(judgement)
    rows = [(shown.measure.address, *_cells(shown, due, judgement)[1:]) for shown, due in late]
    parts = columns([("Measure", *_HEADERS[1:]), *rows]) if rows else []
    return "\n".join([overdue_sentence(judgement), *parts]) + "\n"


def overdue_page(judgement: Judgement) -> str:
    """As Markdown, for the summary of a workflow."""
    late = _latest_first(judgement)
    rows = [tuple(map(inline, _cells(shown, due, judgement))) for shown, due in late[:_MOST_ROWS]]
    made = table(_HEADERS, rows) if rows else ""
    more = f"{counted(len(late) - _MOST_ROWS, 'more is', 'more are')} not shown." if late[_MOST_ROWS:] else ""
    return page([heading(2, "Overdue figures"), inline(overdue_sentence(judgement)), made, more])


def overdue_json(judgement: Judgement) -> str:
    """What is overdue as JSON, the latest first; and the newest figure of every measure."""
    return document(
        as_of=judgement.day,
        overdue=[
            {
                **pick(shown.kpi.kpi, "kpi: id, kpi_title: title!, priority"),
                "measure": shown.measure.measure.id,
                "measure_title": measure_title(shown.kpi.kpi, shown.measure.measure),
                **pick(due, "next_end: following.end, due, days_late"),
                **pick(shown, "owner+", judgement.plan),
            }
            for shown, due in _latest_first(judgement)
        ],
        newest=[  # late or not: by it one that was late is known to have come
            pick(judged, "kpi, measure: measure.id, end: latest.observation.period.end")
            | {"figure": (newest := judged.latest.observation) and dated(newest, judged.measure)}
            for judged in judgement.once()
        ],
    )


_HEADERS = ("KPI", "Newest figure", "Next was due", "Late by", "Owner")


def _cells(shown: ShownMeasure, due: Freshness, judgement: Judgement) -> tuple[str, ...]:
    """What a row has: the newest figure is that of the period reported last, with or without a value."""
    kpi, measure = shown.kpi.kpi, shown.measure.measure
    reported = [figure.period for figure in measure.observations if not figure.forecast]
    newest = max(reported, key=lambda period: period.end, default=None)
    return (
        f"{kpi.full_title}: {figure_words.short_label(measure)}" if len(kpi.measures) > 1 else kpi.full_title,
        capitalised(when(newest, measure)) if newest else "none yet",
        span_words(due.due, due.due),
        counted(due.days_late, "day"),
        judgement.plan.owners.get(shown.owner, shown.owner) or "nobody is named",
    )


# The history of a KPI

WORDS = {"new": "published", "corrected": "corrected", "withdrawn": "withdrawn", "marked": "marked"}
_DIGITS = 12  # of a commit's name: enough to be the only one, and short enough for a column
_OF_A_FIGURE = "value, assessment, marks, note"
Measures = Sequence[MeasureHistory]


def history_text(kpi: Kpi, path: str, history: History, measures: Measures, plan: Plan) -> str:
    """A table a measure: the newest period first, and what happened to its figure from first to last."""
    head, (versions, unusable, moves, is_shallow) = [kpi.full_title], history
    days = [f"{older.day}" for older in versions if older.commit]
    if days:
        span = " to ".join(dict.fromkeys((days[0], days[-1])))
        head.append(f"History of {path}: {counted(len(days), 'commit')}, {span}. Days are in UTC.")
    else:
        head.append(f"No commit has {path} yet.")
    head += (f"The file was {before} before {_commit(older)} of {older.day}." for older, before in moves)
    why = "because its file can't be used."
    head += (f"Passed over: {_commit(version)} of {version.day}, {why}" for version in unusable)
    if is_shallow:
        head.append("This clone lacks older commits, so a figure may be older than its first line says.")
        head.append("Get the whole history: git fetch --unshallow, or fetch-depth: 0 in a workflow.")
    blocks = ["\n".join(map(shown, head))]
    for past in measures:
        measure = past.measure
        title = f"{measure_label(measure)} [{kpi.id}/{measure.id}]{', no longer there' if past.gone else ''}"
        rows = list(_rows(past, plan))
        why = "computed from other measures" if measure.derived is not None else "no figures so far"
        parts = columns(rows) if rows else [why]
        blocks.append("\n".join([shown(title), *(f"  {row}" for row in parts)]))
    return "\n\n".join(blocks) + "\n"


def _rows(history: MeasureHistory, plan: Plan) -> Iterator[tuple[str, ...]]:
    """A row an event: period, event, figure, day, commit, author, subject. The period is in its first row only."""
    above = ""
    for event in _by_figure(history):
        version, area = event.version, event.change.area
        period = capitalised(when(event.change.newest.period, event.after))
        name = plan.area_name(area) or area
        first = f"{name}: {period}" if name else period
        yield (
            "" if first == above else first,
            WORDS[event.change.what],
            _figure(event),
            f"{version.day or ''}{' or before' if version.edge else ''}",
            _commit(version),
            shown(version.author, 30),
            shown(version.subject, 60),
        )
        above = first


def _by_figure(history: MeasureHistory) -> list[Event]:
    """The events as they are: the own figures first, then area by area, and of each the newest period first."""
    areas = list(dict.fromkeys(("", *(event.change.area for event in history.events))))

    def order(event: Event) -> tuple[int, int, int]:
        start, end = identity(event.change.newest.period, event.after.kind)
        return areas.index(event.change.area), -end.toordinal(), -(start or date.min).toordinal()

    return sorted(history.events, key=order)


def _figure(event: Event) -> str:
    """The figure before and after with its unit and the names of its marks: "95% (provisional) → 94%"."""
    change = event.change
    was, now = figure_words.unrounded_if_alike(change.before, event.before, change.after, event.after)
    texts = []
    for figure, measure in ((change.before, was), (change.after, now)):
        if figure is not None:
            marks = ", ".join(mark for mark in figure.marks if mark not in WITHOUT_VALUE)
            bare = figure._replace(marks=tuple(mark for mark in figure.marks if mark in WITHOUT_VALUE))
            texts.append(f"{value_words(bare, measure)} ({marks})" if marks else value_words(bare, measure))
    if change.what == MARKED and len({*texts}) < len(texts):
        return f"{texts[0]}, with another note"
    return " → ".join(dict.fromkeys(texts))


def _commit(version: Version) -> str:
    return version.commit[:_DIGITS] or "not committed"


def history_json(kpi: Kpi, path: str, history: History, measures: Measures, plan: Plan) -> str:
    """The same as JSON: an item an event, in the order of the table."""
    return document(
        **pick(kpi, "kpi: id, title!"),
        path=path,
        **pick(history, "shallow"),
        renamed=[{"from": before, "commit": version.commit} for version, before in history.moves],
        passed_over=[version.commit for version in history.unusable],
        events=[
            {
                "measure": past.measure.id,
                "measure_title": measure_title(kpi, past.measure),
                **pick(event.change, "area+, period: newest.period", plan),
                "event": WORDS[event.change.what],
                "before": event.change.before and pick(event.change.before, _OF_A_FIGURE),
                "after": event.change.after and pick(event.change.after, _OF_A_FIGURE),
                **pick(event.version, "commit, date: day, or_before: edge, author, subject"),
            }
            for past in measures
            for event in _by_figure(past)
        ],
    )
