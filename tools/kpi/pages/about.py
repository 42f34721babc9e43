"""How to read the scorecard: its words, symbols and letters; and the page about it, with edition and sources."""

from collections.abc import Iterable, Iterator

from kpi.judge.judgement import Judgement
from kpi.judge.state import NEAR, STATES, STATES_WORST_FIRST
from kpi.model.kpi import Kpi, Measure
from kpi.model.period import parse_period, period_words, span_words
from kpi.model.plan import Plan
from kpi.model.quantity import COUNT, Unit
from kpi.model.text import counted
from kpi.model.vocabulary import MARKS
from kpi.pages.figure_words import capitalised, ended, names_its_end
from kpi.pages.markdown import bullets, heading, inline, link, paragraph
from kpi.pages.standing import overdue
from kpi.pages.target_words import state_words, tolerance_words

ABOUT_TITLE, SOURCES = "About this scorecard", "Sources"
_RULES = "Statuses and changes are worked out from the figures, by rules that are the same for every KPI."


def about(judgement: Judgement, level: int = 2) -> Iterator[str]:
    """The edition's facts, and the sources under their heading of this level."""
    plan, edition = judgement.plan, judgement.plan.edition
    rows = {
        "Plan": plan.title,
        "Organisation": plan.organisation,
        "Board": edition.board,
        "Date": period_words(parse_period(edition.date)) if edition.date else "",
        "Last edition": edition.last,
        "Presented by": edition.presented_by,
        "Purpose": edition.purpose,
        "Published by": plan.publisher,
        "Judged as of": span_words(judgement.day, judgement.day),
        "Overdue": overdue_sentence(judgement),
        "Rules": _RULES,
    }
    facts = [f"**{name}**: {inline(text)}" for name, text in rows.items() if text]
    yield bullets([*facts, f"**Licence**: {linked(*plan.licence)}"] if plan.licence else facts)
    if plan.sources:
        yield heading(level, SOURCES)
    if usual := usual_source(plan, (kpi.kpi for kpi in judgement.kpis)):
        yield inline(f"Where no other source is named, figures come from: {ended(plan.sources[usual].title)}")
    sources = ((ended(each.title) if each.note else each.title, each) for each in plan.sources.values())
    yield bullets(f"{linked(title, each.url)} {inline(each.note)}".rstrip() for title, each in sources)


def overdue_sentence(judgement: Judgement) -> str:
    """How many figures are late, or why none is."""
    late, day = len(overdue(judgement)), span_words(judgement.day, judgement.day)
    if late:
        return f"{counted(late, 'figure is', 'figures are')} overdue on {day}."
    if any(judged.freshness for judged in judgement.once()):
        return f"No figure is overdue on {day}."
    return "No figure can be overdue: no measure says how often its figures come."


def usual_source(plan: Plan, kpis: Iterable[Kpi]) -> str:
    """The source that more than half of the KPIs name, which is named once, not on every page; else ""."""
    named = [set(kpi.sources) for kpi in kpis]
    counts = {name: sum(name in names for names in named) for name in plan.sources}
    name = max(counts, key=lambda name: counts[name], default="")
    return name if name and 2 * counts[name] > len(named) > 1 else ""


def source_words(plan: Plan, names: Iterable[str]) -> str:
    """The sources with these ids, each once, as Markdown on one line; empty where none is named."""
    sources = [plan.sources[name] for name in dict.fromkeys(names) if name in plan.sources]
    return "; ".join(linked(source.title, source.url) for source in sources)


def linked(title: str, url: str) -> str:
    """A title as Markdown, as a link where its address is one."""
    return link(title, url) if url.startswith("https://") else paragraph(title)


HOW_TO_READ = "How to read this"

_TRENDS = (
    "**Two figures are not a trend**: a change between them that is clear may still be followed by one the other way.",
    "**Better** and **worse**, and **higher** and **lower** where neither is better, are said of clear changes only, between two periods of equal length and season, or two dates.",
    "**No clear change**: figures of this kind often differ by that much. A KPI's page has the reason.",
    "**Other**, among the changes of a priority: higher, lower, the same, or it can't be told.",
    "**Against the aim**: an aim without a target, and the latest figure is clearly worse. It has no colour.",
    "▲ is a rise and ▼ a fall, whichever is better.",
)
_DATED = (
    "**End of** a year: numbers of people and the like are counted on one day, the last of the period named."
)


def how_to_read(judgement: Judgement) -> str:
    """What readers need to know: the statuses that occur, what is near, and the words for changes."""
    measures = [judged.measure for judged in judgement.once()]
    there = {judged.state for judged in judgement.once()} | {kpi.status for kpi in judgement.kpis}
    near, words = near_words(judgement.plan, measures), judgement.plan.status.words
    shown = [state for state in STATES_WORST_FIRST if state in there and not (state == NEAR and near)]
    meanings = ((capitalised(state_words(each, words)), STATES[each].meaning) for each in shown)
    statuses = (f"**{inline(word)}**: {meaning}" for word, meaning in meanings)
    dated = any(names_its_end(each.period, measure) for measure in measures for each in measure.observations)
    return bullets(filter(None, [*_TRENDS, near, *statuses, _DATED if dated else ""]))


def near_words(plan: Plan, measures: Iterable[Measure]) -> str:
    """What near means here, with the tolerance that is allowed; empty where no target of these has one."""
    own = {each.tolerance for measure in measures for each in measure.targets if each.bound is not None}
    of_plan, has_own = plan.status.tolerance if None in own else None, bool(own - {None})
    if of_plan is None and not has_own:
        return ""
    allowed = "the tolerance beside the target"
    if of_plan is not None:
        allowed = f"the plan's tolerance, {tolerance_words(of_plan, Unit(COUNT))}"
        allowed += ", or the target's own, which is printed beside it" if has_own else ""
    near = inline(capitalised(state_words(NEAR, plan.status.words)))
    return f"**{near}**: the figure does not reach its target, but by no more than {allowed}."


def letters(measures: Iterable[Measure]) -> str:
    """What the mark letters mean that occur in some measures; empty if none do."""
    series = (each for measure in measures for each in (measure.observations, *measure.peers.values()))
    marks = {mark for figures in series for figure in figures for mark in figure.marks}
    meanings = [f"**[{mark.letter}]** {mark.words}" for mark in MARKS.values() if mark.name in marks]
    return f"After a figure: {'; '.join(meanings)}." if meanings else ""


def colour_legend(plan: Plan) -> str:
    """What red, amber, green and white stand for in this plan."""
    more = "" if plan.status.amber == "near" else ", behind on the way, or not met but clearly better"
    return f"Green: met. Amber: near{more}. Red: not met otherwise. White: part of the way, or not to be judged yet."
