"""A measure in a few sentences: what its page opens with, and what is said to those who can't see its chart."""

from datetime import date

from kpi.judge.aim import AGAINST, AS_INTENDED, CANNOT_TELL, HELD
from kpi.judge.change_class import NO_CLEAR_CHANGE
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.peers import rank_among_peers
from kpi.judge.state import STATES
from kpi.judge.target import Verdict
from kpi.model.plan import Plan
from kpi.pages.words.figures import (
    age_words,
    capitalised,
    dated,
    ended,
    measure_label,
    place_words,
    value_words,
    when,
)
from kpi.pages.words.statuses import no_figures_words
from kpi.pages.words.targets import HARDLY, ended_words, gap_words, target_words
from kpi.pages.words.trends import trend_words

_AIMS = {
    AS_INTENDED: "as intended: the aim is to {} it",
    HELD: "held, as the aim is",
    NO_CLEAR_CHANGE: "the aim is to {} it",
    AGAINST: "against the aim, which is to {} it",
    CANNOT_TELL: "the aim is to {} it; whether it does can't be told",
}


def reading(judged: MeasureJudgement, plan: Plan, day: date | None = None, *, labelled: bool = True) -> str:
    """The latest figure, how it stands to its target or aim, and what became of it, in sentences.

    Args:
        judged: the measure.
        plan: names bodies.
        day: the day of the page, for the figure's age; without it no age is told.
        labelled: begin with what the measure is called.
    """
    measure, newest = judged.measure, judged.latest.observation
    label = f"{measure_label(measure)}: " if labelled else ""
    if measure.no_figures is not None:
        return ended(f"{label}{no_figures_words(measure.no_figures, plan)}")
    if newest is None:
        return " ".join([f"{label}no figures yet.", *_target(judged)])
    age = f", {age_words(newest, day)} old" if day is not None else ""
    latest = f"{label}{dated(newest, measure)}{age}"  # as it is: a label can begin with a unit, such as kg
    parts = _target(judged, day)
    parts += [_without_arrows(trend_words(judged))] if judged.directions else []
    parts += [
        f"{place_words(one)} areas" for one in rank_among_peers(measure, plan)[:1] if one.figure == newest
    ]
    if judged.aim is not None:
        parts.append(_AIMS[judged.aim.word].format(measure.aim))
    if newest.queried:
        parts.append("This figure is doubted")
    return " ".join(ended(part) for part in [latest, *map(capitalised, filter(None, parts))])


def _target(judged: MeasureJudgement, day: date | None = None) -> list[str]:
    """How the deciding target stands; nothing where there was none. With a day, an older figure is told with its age."""
    verdict, measure = judged.deciding, judged.measure
    if verdict is None:
        return [f"No target now (ended {ended_words(judged)})"] if judged.ended else []
    state = STATES[verdict.state]
    sentence = state.sentence if verdict.gap or not state.without_gap else state.without_gap
    words = {
        "bound": target_words(verdict.target, measure, verdict),
        "gap": gap_words(verdict, measure),
        "reason": verdict.reason,
        "on": _judged_on(judged, verdict, day),
    }
    hardly = f", {HARDLY}" if verdict.hardly else ""
    return [ended(f"{sentence.format(**words)}{hardly}")]


def _judged_on(judged: MeasureJudgement, verdict: Verdict, day: date | None) -> str:
    """Which figure was judged, where it is not the latest."""
    figure_judged = verdict.observation
    if figure_judged is None or figure_judged == judged.latest.observation:
        return ""
    age = f", {age_words(figure_judged, day)} old" if day is not None else ""
    return f" with {value_words(figure_judged, judged.measure)} in {when(figure_judged.period, judged.measure)}{age}"


def _without_arrows(text: str) -> str:
    """The words alone, for those who hear them."""
    return text.replace(" ▲", ":").replace(" ▼", ":")
