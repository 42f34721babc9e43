"""Statuses in words: how a measure and a KPI stand, and why there are no figures."""

from collections.abc import Mapping

from kpi.judge.direction import QUERIED
from kpi.judge.judgement import Rag
from kpi.judge.state import AMBER, STATES, UNMET, WITHOUT_FIGURES
from kpi.model.kpi import NoFigures
from kpi.model.period import period_words
from kpi.model.plan import Plan
from kpi.pages.words.figure_words import capitalised

CIRCLES = {"red": "🔴", "amber": "🟠", "green": "🟢"}
"""A symbol beside the word, never instead of it."""


def state_words(state: str, chosen: Mapping[str, str]) -> str:
    """A state for readers: the plan's own word for it or for the state that it is a kind of, or ours."""
    return chosen.get(state) or chosen.get(STATES[state].like) or STATES[state].word


def status_cell(state: str, rag: Rag, chosen: Mapping[str, str], *, queried: bool = False) -> str:
    """The status of a measure: a word, the colour's symbol, what decided. "Missed 🔴 getting worse"."""
    parts = [capitalised(state_words(state, chosen))]
    if rag.colour:
        parts.append(CIRCLES[rag.colour])
    if rag.because:
        parts.append(rag.because)
    words = " ".join(parts)
    return f"{words} (figure queried)" if queried and rag.because != QUERIED else words


def group_words(state: str, rag: Rag, chosen: Mapping[str, str]) -> str:
    """What measures that stand alike are headed by: "Not met", or "Not met, improving" where that is why it is amber."""
    word = capitalised(state_words(state, chosen))
    return f"{word}, {rag.because}" if says_why(state, rag) else word


def says_why(state: str, rag: Rag) -> bool:
    """Whether the head of those that stand alike says what decided their colour."""
    return state in UNMET and rag.colour == AMBER and bool(rag.because)


def no_figures_words(reason: NoFigures, plan: Plan) -> str:
    """Why there are no figures, with the body or the text: "Monitored elsewhere: Disproportionality Committee"."""
    words = capitalised(state_words(WITHOUT_FIGURES[reason.because], {}))
    detail = "; ".join(filter(None, (plan.bodies.get(reason.body, reason.body), reason.text)))
    if detail:
        words += f": {detail}"
    if reason.as_of is None:
        return words
    return f"{words.rstrip('.') if detail else words} ({period_words(reason.as_of)})"
