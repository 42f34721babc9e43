"""Family 3xx: identity, the plan, and the plan's own words for statuses."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from operator import itemgetter

from kpi.judge.state import IS_MET, NEAR, NO_TARGET, NOT_DUE, SHORT, STATES, UNMET
from kpi.model.finding import ERROR, WARNING, FieldPath, Problem
from kpi.model.kpi import Kpi, folded_code
from kpi.model.plan import Plan
from kpi.model.text import Guesses, nearest, quoted
from kpi.pages.links import is_taken
from kpi.rules.rule import SAFE, Context, Framework, about_all, about_plan, problem_at, repeats

_OWN_TITLE = "Give each a title of its own."


@about_all("KPI302", "duplicate-id", ERROR, required=True)
def duplicate_id(framework: Framework) -> Iterator[tuple[str, Problem]]:
    """Two files have one name, in different folders.
    A file's name is the KPI's id, so links and pages couldn't tell the two apart.
    Rename one of the two files, and its line in `kpis/plan.yaml`."""
    for first, entry in repeats(framework.entries, lambda entry: entry.kpi):
        message = f'The id "{entry.kpi}" is also used by {first.path}. Each id can be used once.'
        yield entry.path, problem_at((), message, "Rename one of the two files, here and in kpis/plan.yaml.")


@about_all("KPI309", "duplicate-code", ERROR)
def duplicate_code(framework: Framework) -> Iterator[tuple[str, Problem]]:
    """Two KPIs have one code, or the code of one is the id of another.
    Commands and imports take the code for the KPI, and readers know it by that: nobody could say which is meant.
    Correct one of the two, or take it out."""
    ids = [(entry.kpi, entry) for entry in framework.entries]
    codes = [(folded_code(entry.code), entry) for entry in framework.entries]
    for (_, first), (code, entry) in repeats([*ids, *codes], itemgetter(0)):
        if first.path != entry.path and code == folded_code(entry.code):
            message = f'The code "{entry.code}" also stands for {first.path}.'
            yield entry.path, problem_at(("code",), message, "Correct one of the two, or take the code out.")


def _listed(plan: Plan) -> Iterator[tuple[FieldPath, str, str]]:
    for number, priority in enumerate(plan.priorities):
        for nth, objective in enumerate(priority.objectives):
            inside: FieldPath = ("objectives", nth) if objective.title else ()
            for position, name in enumerate(objective.kpis):
                yield ("priorities", number, *inside, "kpis", position), priority.id, name


def _listed_twice(plan: Plan) -> Iterator[Problem]:
    for (_, home, _), (where, under, name) in repeats(_listed(plan), lambda line: line[2]):
        both = f', under "{home}" and "{under}"' if home != under else ""
        keep = "the line under the folder that its file is in" if both else "one of the two lines"
        yield problem_at(where, f'"{name}" is listed twice in the plan{both}.', f"Keep {keep}.")
    for _, (number, priority) in repeats(enumerate(plan.priorities), lambda numbered: numbered[1].id):
        message = f'Two priorities have the id "{priority.id}".'
        yield problem_at(("priorities", number, "id"), message, "Rename one of them.")


@about_all("KPI303", "not-in-plan", ERROR, required=True, fix=SAFE, about_plan=_listed_twice)
def not_in_plan(framework: Framework) -> Iterator[tuple[str, Problem]]:
    """A KPI file and the plan don't agree: each file is listed there once, under its folder's priority.
    The plan is the scorecard's table of contents, and what it doesn't list is shown nowhere.
    Add the line that the message shows to `kpis/plan.yaml`. Or move the file, or take the line out."""
    plan, path = framework.plan, framework.plan_path
    listed_under = {name: priority.id for priority, _, name in plan.listed()}
    there = {entry.kpi for entry in framework.entries}
    unlisted = there - listed_under.keys()
    guesses = Guesses()
    lost = [name for name in listed_under if name not in there]
    tried = (name for name in lost if unlisted and guesses.another(len(unlisted)))
    meant = {name: nearest(name, unlisted) for name in tried}
    yield from _unlisted(framework, listed_under, meant.values())
    for where, priority, name in _listed(plan):
        if name not in there and name not in framework.misnamed:
            near = meant.get(name) or (nearest(name, there) if guesses.another(len(there)) else None)
            start = f'Did you mean "{near}"? Otherwise write' if near else "Write"
            help_ = f"{start} kpis/{priority}/{name}.yaml, or take this line out."
            yield path, problem_at(where, f'There is no file for "{name}".', help_)


def _unlisted(
    framework: Framework, listed_under: Mapping[str, str], files_meant: Collection[str | None]
) -> Iterator[tuple[str, Problem]]:
    """Files that aren't listed under their folder's priority; `files_meant` are those that a listed name may mean."""
    path = framework.plan_path
    objectives = {priority.id: len(priority.objectives) for priority in framework.plan.priorities}
    rightly = {entry.kpi for entry in framework.entries if listed_under.get(entry.kpi) == entry.priority}
    strange: set[str] = set()
    for entry in framework.entries:
        home, line = entry.priority, None
        is_meant = entry.kpi in files_meant and home in objectives  # the line in the plan is reported
        if entry.kpi in rightly or home in strange or is_meant:  # duplicate-id reports a second file
            continue
        if home not in objectives:
            strange.add(home)
            near = nearest(home, objectives)
            message = f'The folder "{home}" is not a priority of the plan.'
            help_ = f"Add a priority with id: {home} to {path}."
            if near:
                help_ = f'Did you mean "{near}"? Rename the folder, or the id of the priority in {path}.'
        elif entry.kpi in listed_under:
            other = listed_under[entry.kpi]
            message = f'The plan lists "{entry.kpi}" under "{other}", but the file is in "{home}".'
            help_ = f"Move the file to kpis/{other}/, or the line in {path}."
        else:
            message = f'"{entry.kpi}" is not in {path}, so no page would show it.'
            help_ = f"Add this line under the priority {home}: - {entry.kpi}"
            line = f"- {entry.kpi}" if objectives[home] == 1 else None  # else nobody knows which objective
        yield entry.path, problem_at((), message, help_, line)


def _one_title(kpi: Kpi, _: Context) -> Iterator[Problem]:
    for first, measure in repeats(kpi.measures, lambda measure: measure.title.casefold()):
        message = f"{quoted(measure.title)} is also the title of {quoted(first.id)}."
        yield problem_at(("measures", measure.id, "title"), message, _OWN_TITLE)


@about_all("KPI305", "same-measure-twice", WARNING, about_kpi=_one_title)
def same_measure_twice(framework: Framework) -> Iterator[tuple[str, Problem]]:
    """Two measures in different KPIs have the same figures, or two measures of one KPI, or two KPIs, have one title.
    Typed twice, figures can drift apart; shown once, they can't. Series of fewer than four digits aren't compared,
      because they may be equal by chance. With one title readers can't tell two things apart.
    Keep the figures in one KPI, and show them in the other with `also_shows`. Give each a title of its own."""
    for first, entry in repeats(framework.entries, lambda entry: entry.title.casefold()):
        if first.kpi != entry.kpi:  # duplicate-id tells the others
            message = f"{quoted(entry.title)} is also the title of {first.path}."
            yield entry.path, problem_at(("title",), message, _OWN_TITLE)
    series = ((entry, name) for entry in framework.entries for name in entry.series)
    for (first, first_name), (entry, name) in repeats(series, lambda pair: pair[0].series[pair[1]]):
        if first.kpi != entry.kpi:
            home = f"{first.kpi}/{first_name}"
            help_ = f"Show them from there, so that they can't drift apart: also_shows: [{home}]"
            place = ("measures", name)
            yield entry.path, problem_at(place, f'These figures are also in "{home}".', help_, on_key=True)


@about_plan("KPI307", "reserved-id", ERROR, required=True)
def reserved_id(plan: Plan) -> Iterator[Problem]:
    """A priority is called `readme` or `breaches`, like a page of the scorecard.
    A priority's page has its id for a name, so one page would overwrite the other.
    Choose another id, and give the folder under `kpis/` the same name."""
    for number, priority in enumerate(plan.priorities):
        if is_taken(priority.id):
            message = f'"{priority.id}" is the name of a page of the scorecard, so it can\'t be the id of a priority.'
            help_ = "Choose another id, and give the folder under kpis/ the same name."
            yield problem_at(("priorities", number, "id"), message, help_)


@about_plan("KPI311", "last-edition", ERROR)
def last_edition(plan: Plan) -> Iterator[Problem]:
    """The last edition has a date that isn't before this edition's.
    The front page says what has changed since then. Nothing can have changed since a day that is still to come.
    Write the date of the edition before this one, or its tag."""
    edition = plan.edition
    if edition.date and edition.last_day is not None and edition.last >= edition.date:
        message = f"The last edition is dated {edition.last}, and this one {edition.date}."
        help_ = "Write the date of the edition before this one, or its tag."
        yield problem_at(("edition", "last"), message, help_)


_UNMET = UNMET | {NEAR, SHORT, NOT_DUE}
_SYMBOLS = frozenset("🟢🟠🟡🔴✅❌✔✖✓✗")
_HEDGES = frozenset({"broadly", "mostly", "largely"})


_phrases = partial(str.split, sep=", ")

_FILLERS = _HEDGES.union(
    _phrases(
        "the, a, target, targets, goal, is, are, was, we, it, now, currently, still, fully, well, just, all"
    )
)
_GOOD = _phrases(
    "met, achieved, attained, reached, hit, pass, passed, success, successful, succeeded, green, good, fine, ok, okay, compliant, "
    "yes, done, complete, completed, delivered, satisfied, exceeded, on, within, not missed, not failed"
)
_ON_TRACK = _phrases("on track, on course, on plan, on schedule, as planned, in line")
_BAD = _phrases(
    "missed, fail, failed, failing, failure, red, bad, poor, breach, breached, in breach, non compliant, no"
)
_OFF = _phrases("unmet, off, off track, off course, off plan, below, under, behind, behind schedule")
_NOT = [f"not {phrase}" for phrase in (*_GOOD, *_ON_TRACK)]
_CLOSE = _phrases("near, nearly, nearly met, almost, almost met, close, amber, within tolerance, borderline")
_ON_ITS_WAY = _phrases(
    "in progress, under way, underway, ongoing, not yet, not yet due, on its way, to come, pending"
)
_UNKNOWN = _phrases(
    "unknown, not known, no figure, no figures, not available, not judged, not measured, not applicable, n a, na"
)
_SENSES: tuple[tuple[str, frozenset[str], list[str]], ...] = (
    ("the target is met", IS_MET, _GOOD),
    ("all goes as planned", IS_MET | {NOT_DUE}, _ON_TRACK),
    ("the target is missed", UNMET, _BAD),
    ("the target is not met", _UNMET, _OFF + _NOT),
    ("the target is nearly met", frozenset({NEAR}), _CLOSE),
    ("it is not certain yet", frozenset({NEAR, NOT_DUE, SHORT}), _phrases("at risk, in danger")),
    ("there is still time", frozenset(STATES) - IS_MET - UNMET - {NEAR}, _ON_ITS_WAY),
    ("nothing is known", frozenset(STATES) - _UNMET - IS_MET, _UNKNOWN),
    ("no level is set", frozenset({NO_TARGET}), _phrases("no set, none set, not set, none")),
    ("the trend is good", frozenset(), _phrases("improving, better, getting better, improved, rising")),
)
"""What phrases say, and the states that they may stand for."""


@about_plan("KPI308", "status-words", ERROR)
def status_words(plan: Plan) -> Iterator[Problem]:
    """A word for a status means another status, or two statuses have one word.
    A board reads the word and not the file: with `missed: On track` every miss would read as a success.
    Write a word that means the same as the status, or remove the line. The pages add the symbols."""
    seen: dict[str, str] = {}
    for state, word in plan.status.words.items():
        plain = _plain(word)
        twin = seen.setdefault(plain, state)
        otherwise = _says_otherwise(state, plain)
        if not plain or _SYMBOLS & set(word):
            wrong = "holds a symbol or no letters, but every status has a symbol beside its word already."
        elif otherwise:
            wrong = f"{otherwise}, and here it stands for {quoted(state)}."
        elif twin != state:
            wrong = f"stands for {quoted(twin)} and for {quoted(state)}. Nobody could tell them apart."
        else:
            continue
        help_ = f"Write a word that means the same as {quoted(STATES[state].word)}, or take the line out."
        yield problem_at(("status", "words", state), f"{quoted(word)} {wrong}", help_)


def _says_otherwise(state: str, plain: str) -> str:
    words = plain.split()
    short = " ".join(word for word in words if word not in _FILLERS)
    if state in {_CALLED.get(plain), _CALLED.get(short)} or (state == NEAR and not _HEDGES.isdisjoint(words)):
        return ""  # what is mostly met is near
    if plain in _CALLED:
        return f"is what {quoted(_CALLED[plain])} is called"
    senses = (sense for sense, states, phrases in _SENSES if short in phrases and state not in states)
    return next((f"says that {sense}" for sense in senses), "")


def _plain(word: str) -> str:
    """The letters and digits of a word, small, with single spaces between them."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in word.casefold()).split())


_CALLED = {_plain(text): state for state in STATES for text in (state, STATES[state].word)}
