"""The front page: counts, priorities, targets not met, the largest moves, and folded the rest."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kpi.judge import state as states
from kpi.judge.benchmarks import FIRED, WORSE_THAN
from kpi.judge.changes import SinceEdition
from kpi.judge.judgement import Judgement
from kpi.model.period import parse_period, period_words, span_words
from kpi.model.text import counted, joined
from kpi.pages import links, lists, standing
from kpi.pages import markdown as md
from kpi.pages.about import ABOUT_TITLE, HOW_TO_READ, colour_legend, how_to_read, letters
from kpi.pages.charts.targets_picture import targets_words
from kpi.pages.figure_words import age_words, capitalised, dated, ended, value_words
from kpi.pages.standing import ShownMeasure
from kpi.pages.target_words import CIRCLES, no_figures_words, reference_value_words, state_words, status_cell
from kpi.pages.trend_words import trigger_result_words, trigger_words

MOST = 25  # targets not met on this page, those with the widest gaps; their own page has all

_COLOURS = {colour: f"{colour} {sign}" for colour, sign in CIRCLES.items()} | {"": "white ⚪"}
_CHANGES = (states.BETTER, states.WORSE, states.NO_CLEAR_CHANGE, "other")
_IN_FULL = f"{md.link('Targets not met', links.BREACHES)} has all of them"
_ON_THEIR_PAGES = "the pages of the priorities have the others"


def front_page(judgement: Judgement, since: SinceEdition | None = None) -> str:
    """The page as Markdown; `since` is what has changed since the last edition, where that is known."""
    moves = list(lists.moves_part(judgement))
    ways = [md.link("Targets not met, since when and who answers", links.BREACHES)]
    ways += [] if moves else [md.link(lists.CHANGES_TITLE, links.CHANGES)]  # the moves end with this link
    kpis = {shown.kpi.kpi.id: shown.kpi.kpi for shown in lists.off_target(judgement).unmet}
    texts = ((kpi.full_title, lists.latest_commentary(kpi)) for kpi in kpis.values())
    comments = [f"**{md.inline(title)}**: {md.inline(text)}" for title, text in texts if text]
    blocks = [
        md.heading(1, judgement.plan.scorecard_title),
        *summary(judgement, since),
        md.image(targets_words(judgement), links.TARGETS),
        *moves,
        beside(judgement),
        *((md.heading(2, "Commentary"), md.short_list(comments, _IN_FULL)) if comments else ()),
        *_folded(judgement),
        " · ".join((*ways, md.link(ABOUT_TITLE, links.ABOUT))),
    ]
    return md.page(blocks)


def summary(judgement: Judgement, since: SinceEdition | None, level: int = 2) -> Iterator[str]:
    """What a board sees first, under headings of a level; the paper has the legend in its annex."""
    plan, edition = judgement.plan, judgement.plan.edition
    day = period_words(parse_period(edition.date)) if edition.date else ""
    board = f"for the {edition.board}" if edition.board else ""
    parts = (md.paragraph(plan.organisation), md.inline(board), md.inline(day))
    opening = ended(", ".join(filter(None, parts)))
    judged_on = span_words(judgement.day, judgement.day)
    opening += f" Judged as of {md.inline(judged_on)}." if judged_on != day else ""
    newest = [figure for judged in judgement.once() if (figure := judged.latest.observation) is not None]
    if newest:
        ((usual, _),) = Counter(period_words(figure.period) for figure in newest).most_common(1)
        figure = next(figure for figure in newest if period_words(figure.period) == usual)
        opening += f" {md.inline(f'Most figures are for {usual}, {age_words(figure, judgement.day)} old.')}"
    yield opening
    yield f"**{md.inline(headline(judgement))}**"
    has_targets = any(judged.verdicts for judged in judgement.once())
    if since is not None:
        yield lists.since_edition(judgement, since)
    if plan.priorities:
        yield md.heading(level, "Where each priority stands")
        yield _priorities(judgement, colour_legend(plan) if has_targets and level == 2 else "")
    if has_targets:
        yield md.heading(level, lists.BREACHES_TITLE)
        yield from _targets(judgement, level)


def headline(judgement: Judgement) -> str:
    """How every measure stands, each counted once: by its target's state, and by how it has changed."""
    measures, words = judgement.once(), judgement.plan.status.words
    if not measures:
        return "There are no measures yet."
    targeted = [judged.state for judged in measures if judged.verdicts]
    line = "none has a target."
    if targeted:
        counts = _counts(targeted, {state: state_words(state, words) for state in states.STATES_WORST_FIRST})
        line = f"{len(targeted):,} {'has' if len(targeted) == 1 else 'have'} a target: {counts}."
    changes = _counts([judged.change for judged in measures], {name: name for name in states.CHANGE_CLASSES})
    return f"Of {counted(len(measures), 'measure')}, {line} All by their newest figures: {changes}."


def _counts(values: Sequence[str], words: Mapping[str, str], between: str = "; ") -> str:
    """How often each value occurs, in the order of their words; those that don't are left out."""
    return between.join(f"{values.count(value):,} {word}" for value, word in words.items() if value in values)


def _priorities(judgement: Judgement, legend: str) -> str:
    """A row a priority: its targets by colour, and its measures by change; below them the legend."""
    rows = []
    places: Counter[str] = Counter()
    for priority in judgement.plan.priorities:
        measures = {each.address: each for kpi in judgement.of(priority.kpis) for each in kpi.measures}
        places.update(measures.keys())
        colours = [each.rag.colour for each in measures.values() if each.verdicts]
        changes = [each.change if each.change in _CHANGES else "other" for each in measures.values()]
        targets = _counts(colours, _COLOURS, ", ") or "none"
        moves = _counts(changes, {name: name for name in _CHANGES}, ", ") or "no measures"
        rows.append((md.link(priority.title, links.priority_page(priority.id)), targets, moves))
    shared = sum(count > 1 for count in places.values())
    stand = counted(shared, "measure stands", "measures stand")
    more = f"{stand} under more than one priority." if shared else ""
    return md.with_notes(md.table(("Priority", "With a target", "Changes of all"), rows), legend, more)


def _targets(judgement: Judgement, level: int) -> Iterator[str]:
    off = lists.off_target(judgement)
    order = lists.order_words(judgement, off)
    yield letters(shown.measure.measure for shown in (*off.missed[:MOST], *off.near[:MOST]))
    yield _target_table(judgement, off.missed, _IN_FULL, order) if off.missed else order
    if off.near:
        yield md.heading(level + 1, lists.NEAR_TITLE)
        yield _target_table(judgement, off.near, _IN_FULL)
    if off.short:
        parts = []  # "256 of 450"
        for each in off.short[:MOST]:
            figure = standing.latest_pair(each.measure, of_target=True).now
            way = f"{value_words(figure, each.measure.measure)} of " if figure else ""
            way += standing.target_text(each.measure).removeprefix("at least ")
            parts.append(f"{standing.name_link(each, links.FRONT)} {md.inline(way)}")
        yield f"**{lists.PART_TITLE}**: {'; '.join(parts)}."


def _target_table(judgement: Judgement, shown: Sequence[ShownMeasure], where: str, order: str = "") -> str:
    """A row a target: what decided its colour, the judged figure, and the target."""
    figures = standing.FigureColumns((each.measure for each in shown[:MOST]), of_target=True)
    chosen, cells = judgement.plan.status.words, []
    for each in shown[:MOST]:
        judged = each.measure
        word = state_words(judged.state, chosen)
        status = word + status_cell(judged, chosen)[len(word) :]  # it goes on in a sentence
        if judged.state == states.NOT_MET and judged.rag.because:  # the table's title says the state
            status = " ".join(filter(None, (judged.rag.because, CIRCLES.get(judged.rag.colour))))
        name = standing.name_link(each, links.FRONT)
        target = md.inline(standing.target_text(judged, short=True))
        cells.append((f"{name}: {md.inline(status)}", figures.cells(judged)[0], target))
    made = md.table(("Measure", figures.headers[0], "Target"), cells, right=(1, 2))
    more = f"{len(shown) - MOST:,} more: {where}." if len(shown) > MOST else ""
    return md.with_notes(made, figures.footnotes(), order, more)


def beside(judgement: Judgement) -> str:
    """Benchmarks that are missed, and triggers that ask for action."""
    below, acts = [], []
    for shown in standing.shown_once(judgement):
        judged, newest = shown.measure, shown.measure.latest.observation
        name = standing.name_link(shown, links.FRONT)
        worse = (result.reference for result in judged.references if result.word == WORSE_THAN)
        missed = joined(reference_value_words(reference, judged.measure) for reference in worse)
        if missed and newest is not None:
            below.append(f"{name} {md.inline(f'{dated(newest, judged.measure)}, benchmark {missed}')}")
        for result in judged.triggers:
            if result.state == FIRED:
                words = md.inline(trigger_words(result.trigger, judged.measure))
                happened = md.inline(ended(trigger_result_words(result)))
                acts.append(f"**Time to act**: {name}, {words}: {happened}")
    return "\n\n".join([*([f"**Worse than a benchmark**: {'; '.join(below)}."] if below else []), *acts])


def _folded(judgement: Judgement) -> Iterator[str]:
    every = standing.shown_once(judgement)
    if met := [shown for shown in every if shown.measure.state in states.IS_MET]:
        yield md.folded_part(f"Targets met ({len(met):,})", _target_table(judgement, met, _ON_THEIR_PAGES))
    groups: dict[str, dict[str, list[str]]] = {}
    for why, kpi, name in _unjudged(judgement):
        groups.setdefault(why, {}).setdefault(kpi, []).append(name)
    lines = []
    for why, kpis in groups.items():
        named = (f"{kpi} ({len(ways):,} measures)" if ways[1:] else ways[0] for kpi, ways in kpis.items())
        lines.append(f"**{md.inline(why.removesuffix('.'))}**: {', '.join(named)}")
    unjudged = sum(len(ways) for kpis in groups.values() for ways in kpis.values())
    late = []
    for shown, (_, due, days_late) in standing.overdue(judgement):
        day, days = md.inline(span_words(due, due)), counted(days_late, "day")
        late.append(f"{standing.name_link(shown, links.FRONT)}: due on {day}, {days} late")
    for title, number, items in (
        ("What could not be judged", unjudged, lines),
        ("Overdue figures", len(late), late),
    ):
        if items:
            yield md.folded_part(f"{title} ({number:,})", md.short_list(items, _ON_THEIR_PAGES))
    yield md.folded_part(HOW_TO_READ, how_to_read(judgement))


def _unjudged(judgement: Judgement) -> Iterator[tuple[str, str, str]]:
    """What could not be judged: why, a link to its KPI, and its own name as a link."""
    plan = judgement.plan
    for kpi in (judged.kpi for judged in judgement.kpis):
        if kpi.no_figures is not None:
            way = md.link(kpi.full_title, links.kpi_page(kpi.id))
            yield no_figures_words(kpi.no_figures, plan), way, way
    for shown in standing.shown_once(judgement):
        judged, verdict, why = shown.measure, shown.measure.deciding, ""
        if judged.measure.no_figures is not None:
            why = no_figures_words(judged.measure.no_figures, plan)
        elif verdict is not None and judged.state in {states.NO_DATA, states.DUE}:
            why = f"{capitalised(state_words(judged.state, plan.status.words))}: {verdict.reason}"
        elif verdict is not None and judged.state == states.IN_WORDS:
            doubted = " (figure queried)" if judged.queried else ""
            why = f"The target is in words: {verdict.target.in_words.removesuffix('.')}{doubted}"
        elif judged.change == states.UNJUDGED:
            none = "Only an assessment" if judged.latest.observation else "No figures yet"
            why = capitalised(judged.directions[0].reason) if judged.directions else none
        if why:
            way = md.link(shown.kpi.kpi.full_title, links.kpi_page(shown.kpi.kpi.id))
            yield why, way, standing.name_link(shown, links.FRONT)
