"""Family 3xx: the plan's own words for statuses."""

from collections.abc import Iterator
from typing import NamedTuple

from kpi.judge.state import IS_MET, MET, MISSED, NEAR, NO_TARGET, NOT_DUE, SHORT, STATES, UNMET
from kpi.model.finding import ERROR, Problem
from kpi.model.plan import Plan
from kpi.model.text import quoted
from kpi.rules.rule import about_plan, problem_at

_UNMET = UNMET | {NEAR, SHORT, NOT_DUE}
_JUDGED = _UNMET | IS_MET
_SYMBOLS = frozenset("🟢🟠🟡🔴✅❌✔✖✓✗")
_HEDGES = frozenset({"broadly", "mostly", "largely"})


class _Sense(NamedTuple):
    """What some phrases say, and the states that they may stand for."""

    says: str
    states: frozenset[str]
    phrases: frozenset[str]


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.split(","))


_FILLERS = _HEDGES | _phrases(
    "the, a, target, targets, goal, is, are, was, we, it, now, currently, still, fully, well, just, all"
)
_GOOD = _phrases(
    "achieved, attained, reached, hit, pass, passed, success, successful, succeeded, green, good, fine, ok, okay, compliant, yes, "
    "done, complete, completed, delivered, satisfied, exceeded, on, within, not missed, not failed"
)
_ON_TRACK = _phrases("on track, on course, on plan, on schedule, as planned, in line")
_NOT = frozenset(f"not {phrase}" for phrase in (*_GOOD, *_ON_TRACK, MET) if not phrase.startswith("not "))
_SENSES = (
    _Sense("the target is met", IS_MET, _GOOD),
    _Sense("all goes as planned", IS_MET | {NOT_DUE}, _ON_TRACK),
    _Sense(
        "the target is missed",
        UNMET,
        _phrases(
            "fail, failed, failing, failure, red, bad, poor, breach, breached, in breach, non compliant, no"
        ),
    ),
    _Sense(
        "the target is not met",
        _UNMET,
        _NOT | _phrases("unmet, off, off track, off course, off plan, below, under, behind, behind schedule"),
    ),
    _Sense(
        "the target is nearly met",
        frozenset({NEAR}),
        _phrases("nearly, nearly met, almost, almost met, close, amber, within tolerance, borderline"),
    ),
    _Sense("it is not certain yet", frozenset({NEAR, NOT_DUE, SHORT}), _phrases("at risk, in danger")),
    _Sense(
        "there is still time",
        frozenset(STATES) - IS_MET - UNMET - {NEAR},
        _phrases(
            "in progress, under way, underway, ongoing, not yet, not yet due, on its way, to come, pending"
        ),
    ),
    _Sense(
        "nothing is known",
        frozenset(STATES) - _JUDGED,
        _phrases(
            "unknown, not known, no figure, no figures, not available, not judged, not measured, not applicable, n a, na"
        ),
    ),
    _Sense("no level is set", frozenset({NO_TARGET}), _phrases("no set, none set, not set, none")),
    _Sense("the trend is good", frozenset(), _phrases("improving, better, getting better, improved, rising")),
)


@about_plan("KPI308", "status-words", ERROR)
def status_words(plan: Plan) -> Iterator[Problem]:
    """A word for a status means another status, or two statuses have one word.

    A board reads the word and not the file: with `missed: On track` every miss would read as a success.

    Write a word that means the same as the status, or remove the line. The pages add the symbols.
    """
    seen: dict[str, str] = {}
    for state, word in plan.status.words.items():
        plain = _plain(word)
        twin = seen.setdefault(plain, state)
        meant = _other_status(state, plain)
        says = _says_otherwise(state, plain)
        if not plain or _SYMBOLS & set(word):
            wrong = "holds a symbol or no letters, but every status has a symbol beside its word already."
        elif meant:
            wrong = f"is what {quoted(meant)} is called, and here it stands for {quoted(state)}."
        elif says:
            wrong = f"says that {says}, and here it stands for {quoted(state)}."
        elif twin != state:
            wrong = f"stands for {quoted(twin)} and for {quoted(state)}. Nobody could tell them apart."
        else:
            continue
        help_ = f"Write a word that means the same as {quoted(STATES[state].word)}, or take the line out."
        yield problem_at(("status", "words", state), f"{quoted(word)} {wrong}", help_)


def _other_status(state: str, plain: str) -> str:
    """The other status whose own word this is; empty if there is none."""
    others = (
        other for other in STATES if other != state and plain in {_plain(other), _plain(STATES[other].word)}
    )
    return next(others, "") if plain not in {_plain(state), _plain(STATES[state].word)} else ""


def _says_otherwise(state: str, plain: str) -> str:
    """What the phrase says, if that is not what the status means."""
    own = {_plain(state), _plain(STATES[state].word)}
    if plain in own:
        return ""
    words = plain.split()
    short = " ".join(word for word in words if word not in _FILLERS)
    if state == NEAR and not _HEDGES.isdisjoint(words):
        return ""  # what is mostly met is near
    if not short or short in own:
        return ""
    if short in {MET, MISSED, NEAR}:
        return {MET: "the target is met", MISSED: "the target is missed", NEAR: "the target is nearly met"}[
            short
        ]
    return next((sense.says for sense in _SENSES if short in sense.phrases and state not in sense.states), "")


def _plain(word: str) -> str:
    """The letters and digits of a word, small, with single spaces between them."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in word.casefold()).split())
