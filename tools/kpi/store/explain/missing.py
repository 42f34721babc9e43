"""Problems of fields that a block lacks, that hold nothing, or of which it has too many."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kpi.model.finding import FieldPath, Problem
from kpi.model.text import joined
from kpi.store.explain.fault import About, Fault
from kpi.store.explain.fields import has_loose_figures
from kpi.store.explain.words import example, field, node_at, resolved, thing

_FIGURE = ("value", "assessment", "marks")
_SHOWS = ("measures", "also_shows", "no_figures")
_REASON = "no_figures: {because: awaiting-data}"


def missing(fault: Fault, about: About) -> Iterator[Problem]:
    """Required fields that aren't there; one that stands there under a wrong name isn't missing."""
    needed = fault.wanted
    if fault.keyword == "dependencies":
        needed = [name for given, names in needed.items() if given in fault.value for name in names]
    for name in dict.fromkeys(needed):
        twins = _FIGURE if name == "marks" else (name,)
        if name not in fault.value and not about.misspelt(fault.where, twins):
            yield _missing(name, fault, about)


def _missing(name: str, fault: Fault, about: About) -> Problem:
    where = fault.where
    on_key = bool(where) and isinstance(where[-1], str)  # told at the block's name, where it has one
    if name == "marks":
        return _no_figure(where)
    if name == "note":
        message = 'The figure is marked "queried", but nothing says what is in doubt.'
        return Problem("missing-field", where, message, 'Add "note:" with a sentence.', on_key=on_key)
    like = example(about.schema, (*where, name))
    advice = (
        f"Add a line, for example: {like}"
        if like.startswith(name)
        else f'Add "{name}:", and below it lines such as: {like}'
    )
    if name in {"body", "text"}:
        message = f'"{fault.value["because"]}" needs "{name}:" to say more.'
        return Problem("nothing-to-show", where, message, advice, on_key=on_key)
    inside = f" in {thing(about.schema, where)}" if where else ""
    return Problem("missing-field", where, f'"{name}" is missing{inside}.', advice, on_key=on_key)


def no_value(fault: Fault, about: About) -> Iterator[Problem]:
    """A field with nothing behind its name."""
    where = fault.where
    if not where or isinstance(where[-1], int):
        message = f"One of the lines of {field(where)} is empty."
        yield Problem("missing-field", where, message, 'Write something after the "-", or delete the line.')
        return
    parent = resolved(about.schema, node_at(about.schema, where[:-1]))
    is_figure = "marks" in resolved(about.schema, node_at(about.schema, where)).get("properties", {})
    if is_figure:
        yield _no_figure(where)
        return
    like = example(about.schema, where)
    needed = where[-1] in parent.get("required", ())
    if not like:
        advice = "Write it after the colon." if needed else "Write it after the colon, or delete the line."
    elif not needed:
        advice = f"Delete the line, or fill it in, for example: {like}"
    else:
        place = "after the colon" if like.startswith(str(where[-1])) else "below, further in"
        advice = f"Write it {place}, for example: {like}"
    yield Problem("missing-field", where, f"{field(where)} has no value.", advice, on_key=True)


def _no_figure(where: FieldPath) -> Problem:
    advice = "Write it after the colon, or {marks: [not-available]} where there is none."
    return Problem("missing-field", where, f"{field(where)} has no figure.", advice, on_key=True)


def no_figure_nor_reason(fault: Fault, about: About) -> Iterator[Problem]:
    """Marks without a value, none of which says why; unknown marks are told as what they are."""
    figure = resolved(about.schema, node_at(about.schema, fault.where[:-1]))
    known = figure["properties"]["marks"]["items"]["enum"]
    if about.misspelt(fault.where[:-1], _FIGURE):
        return
    if fault.value and all(mark in known for mark in fault.value):
        yield _no_figure(fault.where[:-1])


# Of some fields a block has exactly one.


class _Choice(NamedTuple):
    """What to say where a block has none of the fields that exclude each other, or several."""

    rule: str
    none: str
    add: str
    several: str = "wrong-value-form"


_CHOICES = {
    "at_least": _Choice(
        "target-bound",
        "This target has no bound, so no figure can be judged by it.",
        "Add one of these: at_least, more_than, at_most, less_than, between, equals or in_words.",
        "target-bound",
    ),
    "value": _Choice(
        "target-bound",
        "This reference has no value.",
        'Add "value:", or a bound such as at_most.',
        "target-bound",
    ),
    "observations": _Choice(
        "nothing-to-show",
        "The measure {name} has no figures and doesn't say why.",
        f'Add "observations:", or: {_REASON}',
        "nothing-to-show",
    ),
    "kpis": _Choice(
        "missing-field", "This priority has no KPIs.", 'Add "kpis:", or "objectives:" that hold them.'
    ),
    "share": _Choice(
        "missing-field",
        "This measure doesn't say how it is computed.",
        "Write share and of, numerator and denominator, or add and subtract.",
    ),
    "total": _Choice(
        "missing-field",
        "This check doesn't say what it compares.",
        "Start it with total, whole or median, for example: {total: 100, parts: [east, west]}",
    ),
}


def exactly_one(fault: Fault, about: About) -> Iterator[Problem]:
    """None, or more than one, of the fields that exclude each other; a value without fields is told as that."""
    if not isinstance(fault.value, Mapping):
        return
    names: list[str] = [option["required"][0] for option in fault.wanted]
    choice = _CHOICES[names[0]]
    given = [name for name in names if name in fault.value]
    if given:
        yield _several(given, choice.several, fault, about)
    elif not about.misspelt(fault.where, names) and not (
        "observations" in names and has_loose_figures(fault, about)
    ):
        on_key = bool(fault.where) and isinstance(fault.where[-1], str)
        message = choice.none.format(name=field(fault.where))
        yield Problem(choice.rule, fault.where, message, choice.add, on_key=on_key)


def _several(given: Sequence[str], rule: str, fault: Fault, about: About) -> Problem:
    inside = thing(about.schema, fault.where)
    fields = joined(f'"{name}"' for name in given)
    message = f"{inside[0].upper()}{inside[1:]} has {fields}, of which only one can stand."
    advice = "Delete all but one."
    if {"at_least", "at_most"} <= set(given):
        advice = "Keep one. Where neither way is better, write between: [lowest, highest]."
    elif rule == "target-bound":
        advice = "Keep one. A second bound needs a target of its own, with a label."
    return Problem(rule, (*fault.where, given[1]), message, advice, on_key=True)


def nothing_shown(fault: Fault, about: About) -> Iterator[Problem]:
    """A KPI with nothing to show and no reason why."""
    if not about.misspelt(fault.where, _SHOWS) and not has_loose_figures(fault, about):
        message = "This KPI has no figures and doesn't say why."
        yield Problem("nothing-to-show", fault.where, message, f'Add "measures:", or: {_REASON}')


def both_shown_and_not(fault: Fault, _: About) -> Iterator[Problem]:
    """Measures, and a reason why there are no figures."""
    message = 'This KPI has "measures" and also "no_figures". Only one of them can stand.'
    advice = 'Delete "no_figures:", or move it into the measure that has no figures.'
    yield Problem("nothing-to-show", (*fault.where, "no_figures"), message, advice, on_key=True)
