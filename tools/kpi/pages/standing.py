"""How measures stand: in the cells of tables, and in a few sentences."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from kpi.judge import state as states
from kpi.judge.benchmarks import rank_among_peers
from kpi.judge.direction import NOTHING_EARLIER, QUERIED, Direction
from kpi.judge.judgement import AGAINST, AS_INTENDED, HELD, Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.series import Freshness
from kpi.model.kpi import Measure, Observation
from kpi.model.period import period_words
from kpi.model.plan import Plan
from kpi.model.text import joined
from kpi.pages import figure_words, links, target_words
from kpi.pages.figure_words import capitalised, dated, ended, value_words, when
from kpi.pages.markdown import heading, inline, link, page
from kpi.pages.trend_words import change_words, chart_words, trend_words, unlike_words, usual_range_words

_NUMERALS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class ShownMeasure(NamedTuple):
    """A measure where it is shown: under its own KPI, or under another that also shows it."""

    kpi: KpiJudgement
    measure: MeasureJudgement

    @property
    def owner(self) -> str:
        """The id of who answers for it; empty where nobody is named."""
        return self.measure.measure.owner or self.kpi.kpi.owner


def shown_everywhere(judgement: Judgement) -> list[ShownMeasure]:
    """Every measure wherever it is shown, in the plan's order."""
    return [ShownMeasure(kpi, judged) for kpi in judgement.kpis for judged in kpi.measures]


def shown_once(judgement: Judgement) -> list[ShownMeasure]:
    """Every measure once, in the plan's order: under its own KPI, where the plan has that."""
    every = shown_everywhere(judgement)
    homes = {shown.measure.address: shown for shown in reversed(every)}
    homes |= {shown.measure.address: shown for shown in every if shown.kpi.kpi.id == shown.measure.kpi}
    return [homes[address] for address in dict.fromkeys(shown.measure.address for shown in every)]


def overdue(judgement: Judgement) -> list[tuple[ShownMeasure, Freshness]]:
    """The measures whose next figure is late, and how late."""
    every = ((shown, shown.measure.freshness) for shown in shown_once(judgement))
    return [(shown, due) for shown, due in every if due is not None and due.days_late]


def list_name(shown: ShownMeasure) -> str:
    """What a measure is called among other KPIs': its short name, or the KPI's title with its own."""
    if shown.measure.measure.short or len(shown.kpi.measures) == 1:
        return shown.measure.measure.short or shown.kpi.kpi.full_title
    return f"{shown.kpi.kpi.full_title}: {figure_words.short_label(shown.measure.measure)}"


def name_link(shown: ShownMeasure, here: str) -> str:
    """The same, as a link to the KPI's page."""
    return link(list_name(shown), links.between(here, links.kpi_page(shown.kpi.kpi.id)))


def front_link(plan: Plan, here: str) -> str:
    """The way back to the front page."""
    return link(plan.scorecard_title, links.between(here, links.FRONT))


def titled_page(plan: Plan, here: str, title: str, blocks: Iterable[str]) -> str:
    """A page of the whole or of a priority: blocks below its title and the way back to the front page."""
    return page([heading(1, title), front_link(plan, here), *blocks])


class FigurePair(NamedTuple):
    """The figure that a row is about, the one before it, and how the measure has changed between them."""

    now: Observation | None
    before: Observation | None
    travel: Direction | None
    unlike: str = ""


def latest_pair(judged: MeasureJudgement, *, of_target: bool = False) -> FigurePair:
    """The newest figure and the one before, if need be of another length; or only the one that was judged."""
    now = judged.deciding.observation if of_target and judged.deciding else judged.latest.observation
    travel = next((each for each in judged.directions if each.later == now), None)
    before, unlike = travel.earlier if travel is not None and not of_target else None, ""
    alone = now is not None and not any(each.period.is_as_long_as(now.period) for each in judged.history)
    if before is None and now is not None and alone and not of_target:
        before = next((each for each in judged.current if each.period.end < now.period.end), None)
        unlike = unlike_words(now, before) if before is not None else ""
    return FigurePair(now, before, travel, unlike)


class FigureColumns:
    """A table's columns of figures: each names the period of most; others have a number and a footnote."""

    def __init__(self, measures: Iterable[MeasureJudgement], *, of_target: bool = False) -> None:
        rows = [(judged, latest_pair(judged, of_target=of_target)) for judged in measures]
        self._pairs = {judged.address: pair for judged, pair in rows}
        self._now = _usual(pair.now for _, pair in rows)
        self._before = _usual(pair.before for _, pair in rows)
        heads = (("Now", self._now), ("Before", self._before))
        self.headers = [inline(f"{name}: {usual}" if usual else name) for name, usual in heads]
        self._footmarks: dict[str, str] = {}

    def cells(self, judged: MeasureJudgement) -> tuple[str, str]:
        """The two figures of one of the measures, either empty where there is none."""
        measure, pair = judged.measure, self._pairs[judged.address]
        now = self._cell(pair.now, measure, self._now)
        return now, self._cell(pair.before, measure, self._before, pair.unlike)

    def _cell(self, figure: Observation | None, measure: Measure, usual: str, unlike: str = "") -> str:
        if figure is None:
            return ""
        text = inline(value_words(figure, measure))
        if period_words(figure.period) == usual and not unlike:
            return text
        words = ": ".join(filter(None, (capitalised(when(figure.period, measure)), unlike)))
        number = str(len(self._footmarks) + 1).translate(_NUMERALS)
        return f"{text}\u00a0{self._footmarks.setdefault(words, number)}"

    def footnotes(self) -> str:
        """The words of all footmarks, as Markdown; empty where there are none."""
        return " ".join(f"{number} {inline(f'{words}.')}" for words, number in self._footmarks.items())


def _usual(figures: Iterable[Observation | None]) -> str:
    """The period that most figures are for; empty where none is for two of them."""
    counts = Counter(period_words(figure.period) for figure in figures if figure is not None)
    (words, count), *_ = counts.most_common(1) or [("", 0)]
    return words if count > 1 or len(counts) == 1 else ""


def target_text(judged: MeasureJudgement, *, short: bool = False) -> str:
    """The targets in force, the deciding one first; `short` leaves out a bound's source, and words."""
    by_target = {verdict.target: verdict for verdict in judged.verdicts}
    shown = by_target or ({} if judged.ended else dict.fromkeys(judged.measure.targets))
    return "; ".join(
        target_words.judged_bound_words(verdict, judged.measure)
        if short and verdict and verdict.reference and not verdict.on_the_way and not target.label
        else target_words.target_words(target, judged.measure, verdict)
        for target, verdict in shown.items()
        if target.bound is not None or not short  # the state says that it is in words
    )


def status_text(judgement: Judgement, judged: MeasureJudgement, *, because: bool = True) -> str:
    """The status with its colour, what decided it (`because`), and why it is not told of the newest figure."""
    words, deciding = judgement.plan.status.words, judged.deciding
    text = target_words.status_cell(judged, words, because=because)
    if judged.ended is not None and judged.ended.until is not None:
        text += f" now (ended {period_words(judged.ended.until)})"
    says_why = states.STATES[judged.state].says_why and judged.state not in words
    return f"{text} ({deciding.reason})" if deciding and deciding.reason and not says_why else text


def class_text(judged: MeasureJudgement) -> str:
    """How the newest figure has changed, in a word: "Better"; empty without an earlier figure."""
    travel = judged.directions[0] if judged.directions else None
    if travel is None or (travel.usual is None and travel.reason == NOTHING_EARLIER):
        return ""  # there is no figure before it in the table
    if travel.usual is not None:
        return chart_words(travel, travel.usual, judged.measure)
    words = capitalised(states.CHANGE_CLASSES[travel.outcome].name)
    return f"{words}: {travel.reason}" if travel.outcome == states.UNJUDGED and travel.reason else words


def change_text(judged: MeasureJudgement, beside: str = "") -> str:
    """The same with its size and since when (unless `beside` says that): "Better: up 690 (4.6%) on 2021/22"."""
    travel = judged.directions[0] if judged.directions else None
    if travel is None or travel.earlier is None or travel.outcome == states.UNJUDGED:
        return class_text(judged)
    before, size = when(travel.earlier.period, judged.measure), change_words(travel, judged.measure)
    size += "" if capitalised(before) == beside else f" on {before}"
    if travel.usual is not None:
        return f"{class_text(judged)}; {size}"
    return "; ".join(filter(None, (f"{class_text(judged)}: {size}", travel.reason)))


def meaning(judgement: Judgement, judged: MeasureJudgement, *, full: bool = False, beside: str = "") -> str:
    """What the figures of a row mean: status, class of the change or all of it (`full`), aim, benchmark."""
    measure = judged.measure
    if measure.no_figures is not None:
        return target_words.no_figures_words(measure.no_figures, judgement.plan)
    is_hardly = judged.deciding is not None and judged.deciding.hardly
    parts = []
    if judged.verdicts or judged.ended:
        status = status_text(judgement, judged, because=not full and not is_hardly)
        older = target_words.older_words(judged, judgement.day)
        status += f"; judged on {older}" if older else ""
        parts.append(f"{status}, {target_words.HARDLY}" if is_hardly else status)
    if judged.latest.observation is None:
        return "; ".join([*parts, "no figures yet"])
    if full:
        parts.append(change_text(judged, beside))
    elif judged.state in states.UNMET and judged.rag.because:
        in_status = not is_hardly or (judged.queried and judged.rag.because == QUERIED)
        parts.append("" if in_status else judged.rag.because)
    elif not latest_pair(judged).unlike:
        parts.append(class_text(judged))
    if judged.aim is not None and judged.aim.word in {AS_INTENDED, AGAINST, HELD}:
        parts.append(judged.aim.word)
    for each in () if full else judged.references:
        level = target_words.reference_value_words(each.reference, measure)
        parts.append(f"{each.word} its benchmark ({level})")
    parts += [f"no figure yet for {when(late.period, measure)}" for late in judged.latest.without_value]
    compared = [figure for travel in judged.directions[:1] for figure in (travel.later, travel.earlier)]
    if not full and any(figure.note for figure in compared if figure is not None):
        parts.append("see the note")
    first, *others = [*filter(None, parts), ""]
    return "; ".join(filter(None, [capitalised(first), *(text[:1].lower() + text[1:] for text in others)]))


NamedMeasures = Sequence[tuple[str, MeasureJudgement]]  # with what they are called here
_AIMS = {AS_INTENDED: "{}, as intended", AGAINST: "{}, against the aim", HELD: "{}: held, as intended"}


def figure_and_target(judged: MeasureJudgement, day: date) -> str:
    """The judged figure, target and gap: "312 (January 2024), 27 days old; target: at least 464; gap 152"."""
    verdict, measure = judged.deciding, judged.measure
    figure = (verdict.observation if verdict else None) or judged.latest.observation
    parts = [figure_words.aged(figure, measure, day) if figure else "no figures yet"]
    parts.append(f"target: {target_text(judged)}")
    if verdict is not None and verdict.gap is not None:
        share = target_words.gap_share_words(verdict)
        parts.append(f"gap {figure_words.gap_words(verdict, measure)}{f' ({share})' if share else ''}")
    if verdict is not None and verdict.hardly:
        parts.append(target_words.HARDLY)
    return "; ".join(parts)


def in_full(judgement: Judgement, judged: MeasureJudgement) -> str:
    """One measure: status, figure and target, what happened to it, and how it compares with others."""
    plan, measure, newest = judgement.plan, judged.measure, judged.latest.observation
    if measure.no_figures is not None:
        return inline(ended(target_words.no_figures_words(measure.no_figures, plan)))
    if newest is None and not judged.verdicts:
        return "No figures yet."
    sentences, texts = [], []
    if judged.verdicts:
        status = inline(status_text(judgement, judged, because=False))
        sentences.append(f"**{status}**: {inline(ended(figure_and_target(judged, judgement.day)))}")
    else:
        sentences += [f"**{inline(status_text(judgement, judged))}**."] if judged.ended is not None else []
        texts += [figure_words.aged(newest, measure, judgement.day)] if newest else []
    if judged.latest.without_value and judged.state not in {states.NO_DATA, states.DUE}:
        late = ", ".join(dated(figure, measure) for figure in judged.latest.without_value)
        texts.append(f"no figure yet: {late}")
    aim = judged.aim.word if judged.aim is not None else ""
    texts.append(_AIMS.get(aim, "{}").format(trend_words(judged)))
    usual = usual_range_words(judged)
    texts.append(f"against the target: {usual}" if usual else "")
    rank = next(iter(rank_among_peers(measure, plan)), None)
    if rank is not None and rank.figure == newest:
        texts.append(f"{figure_words.place_words(rank)} areas")
    if newest is not None and newest.queried:
        texts.append("this figure is doubted")
    return " ".join([*sentences, *(inline(ended(capitalised(text))) for text in texts if text)])


def in_short(judgement: Judgement, measures: NamedMeasures, most: int = 6, *, only_open: bool = False) -> str:
    """Several measures, `most` a group: with a target by state and gap, then those that changed clearly."""
    left_out = states.IS_MET | {states.SHORT, states.IN_WORDS} if only_open else ()
    chosen, order = judgement.plan.status.words, states.STATES_WORST_FIRST
    targeted = [(name, each) for name, each in measures if each.verdicts and each.state not in left_out]
    targeted.sort(key=lambda named: (order.index(named[1].state), named[1].rag.colour == states.AMBER))
    groups: dict[str, list[str]] = {}
    for name, judged in targeted:
        verdict, rag = judged.verdicts[0], judged.rag
        heads = (target_words.group_words(judged, chosen), target_words.CIRCLES.get(rag.colour))
        gap = figure_words.gap_words(verdict, judged.measure) if verdict.gap else ""
        because = "" if target_words.says_why(judged) else rag.because
        more = ", ".join(filter(None, (target_words.gap_share_words(verdict) or gap, because)))
        groups.setdefault(" ".join(filter(None, heads)), []).append(f"{name} ({more})" if more else name)
    for outcome in (states.WORSE, states.BETTER):
        names = [name for name, judged in measures if not judged.verdicts and judged.change == outcome]
        if names:
            groups[states.CHANGE_CLASSES[outcome].head] = names
    for name, judged in measures if not groups else ():
        if judged.measure.no_figures is None:
            none = capitalised(NOTHING_EARLIER) if judged.latest.observation else "No figures yet"
            groups.setdefault(class_text(judged) or none, []).append(name)
    sentences = []
    for head, names in groups.items():
        rest = len(names) - most
        words = f"{', '.join(names[:most])} and {rest:,} more" if rest > 1 else joined(names)
        sentences.append(f"**{inline(head)}**: {inline(words)}.")
    return " ".join(sentences)
