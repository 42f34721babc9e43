"""Problems of a block's fields: unknown, misplaced, missing, empty, or too many of them."""

from collections.abc import Iterator, Mapping, Sequence

from kpi.judge.state import AWAITING_DATA
from kpi.model.finding import FieldPath, Problem
from kpi.model.text import joined, listed, nearest
from kpi.store.explain.depth import is_like_a_period, slipped
from kpi.store.explain.fault import Fault, field, in_yaml, shown, strangers, write
from kpi.store.explain.value_problems import items_meant, wrong_date

# What other programs and other people call our fields. The first that a block has is the one that is meant.
_SYNONYMS = {
    "above": ("more_than",), "actual": ("value", "observations"), "below": ("less_than",), "benchmark": ("references",),
    "comment": ("note",), "comments": ("commentary", "note"), "comparators": ("peers",), "data": ("observations",),
    "deadline": ("by",), "department": ("owner",), "description": ("definition", "note"), "direction": ("better",),
    "due": ("by",), "figures": ("observations",), "flag": ("marks",), "flags": ("marks",), "goals": ("priorities",), "heading": ("title",),
    "link": ("url",), "max": ("at_most",), "maximum": ("at_most",), "meeting": ("board",),
    "min": ("at_least", "minimum"), "minimum": ("at_least",), "name": ("title",), "polarity": ("better",),
    "reason": ("because",), "remark": ("note",), "start": ("from", "since"), "team": ("owner",), "title": ("name",),
    "type": ("kind",), "until": ("by",), "values": ("observations",),
}  # fmt: skip
_BOUND_WORDS = {"value", "level", "goal", "bound", "target"}  # they don't say which way a target is meant

_MOST_COMPARED = 50  # unknown fields of one block; whoever has more has not misspelt them
_NEWEST = 20  # of the names beside a period so many say what form the series has

_ELSEWHERE = {
    "id": "The id is the file's name.",
    "objective": "kpis/plan.yaml says which objective a KPI belongs to.",
    "priority": "The priority is the folder's name.",
    "rag": "The colour is worked out from the figures and the target.",
    "status": "The status is worked out from the figures and the target.",
    "trend": "The trend is worked out from the figures.",
}  # what people look for in a KPI file, and where the answer is instead


def meant(fault: Fault) -> Mapping[str, str | None]:
    """The unknown fields of a block, each with the field that it was probably meant to be."""
    unknown = strangers(fault.value, fault.shape)
    return dict.fromkeys(unknown) | {key: _meant(key, fault) for key in unknown[:_MOST_COMPARED]}


def _meant(key: str, fault: Fault) -> str | None:
    options = fault.shape["properties"]
    if _is_bound_word(key, fault):
        return "at_least"
    for word in (*_SYNONYMS.get(key.lower(), ()), f"{key}s", key.removesuffix("s")):
        if word in options:
            return word
    if _elsewhere(key, fault) or _homes(key, fault) or _is_loose_figure(key, fault):
        return None
    return nearest(key, [name for name in options if name not in fault.value]) or nearest(key, options)


def _elsewhere(key: str, fault: Fault) -> str:
    return _ELSEWHERE.get(key.lower(), "") if fault.file.is_of_kpi else ""


def _is_bound_word(key: str, fault: Fault) -> bool:
    return key.lower() in _BOUND_WORDS and "in_words" in fault.shape["properties"]


def _is_loose_figure(key: str, fault: Fault) -> bool:
    holds_figures = not {"observations", "measures"}.isdisjoint(fault.shape["properties"])
    return holds_figures and bool(is_like_a_period(key))


_A_MEASURE = ("measures", "x")
_ONLY_OF_MEASURES = ("observations", "derived", "targets", "no_figures")


def _homes(key: str, fault: Fault) -> list[str]:
    """The blocks that have a field of this name, such as "a measure"."""
    file = fault.file
    homes = ["a KPI"] if file.is_of_kpi and key in file.schema["properties"] else []
    for name, block in file.schema["definitions"].items():
        if key in block.get("properties", ()) and "title" in block:
            # Blocks that are fields go by their name in the file, the others by what they are.
            article = "an" if name[0] in "aeio" else "a"
            homes.append(f'"{name}"' if name in file.fields(_A_MEASURE) else f"{article} {name}")
    return homes


def unknown(fault: Fault) -> Iterator[Problem]:
    """The names that a block doesn't have: fields, or dates and periods in another form."""
    yield from (_unknown_fields if fault.has_unknown_fields else _unknown_dates)(fault)


def _unknown_fields(fault: Fault) -> Iterator[Problem]:
    beside, has_loose = slipped(fault), False
    for key in strangers(fault.value, fault.shape):
        if key in beside:
            message = f"{shown(key)} is beside {shown(f'{beside[key]}:')}, so it is not read as part of it."
            is_block = isinstance(fault.value[key], Mapping | list)
            lines = "its line, and those that belong to it," if is_block else "the line"
            advice, instead = f"Start {lines} with 2 more spaces.", None if is_block else f"  {key}"
            yield fault.problem("unknown-field", message, advice, instead, name=key)
        elif not _is_loose_figure(key, fault):
            yield _unknown(key, fault)
        elif not has_loose:
            has_loose = True
            inside = fault.file.thing(fault.where)
            message = f"{shown(key)} is beside the fields of {inside}, so it is not read as a figure."
            advice = 'Put the figures under "observations:" in a measure, further in.'
            yield fault.problem("unknown-field", message, advice, name=key)


def _unknown(key: str, fault: Fault) -> Problem:
    message = f"Unknown field {shown(key)} in {fault.file.thing(fault.where)}."
    suggestion, value, instead = fault.file.meant[fault.where][key], fault.value[key], None
    of_measure = fault.file.fields(_A_MEASURE) if fault.where else _ONLY_OF_MEASURES
    is_measure = isinstance(value, Mapping) and not value.keys().isdisjoint(of_measure)
    name, _, rest = key.partition(" ")
    if rest and name in fault.shape["properties"] and value is None:
        message = f"There is no colon after {shown(name)} in {shown(key)}."
        instead = f"{name}: {rest}"
        advice = write(instead)
    elif value is None and "note" in fault.value and "value" in fault.shape["properties"]:
        message = f"The note ends before {shown(key)}, because a comma separates the parts in {{ }}."
        advice = "Put the whole note in quotes."
    elif fault.where[:-1] in ((), ("measures",)) and is_measure:
        message = f'{shown(key)} looks like a measure, but it is not directly below "measures:".'
        advice = "Start its line with 2 spaces, and the lines that belong to it with 4."
    elif suggestion in fault.value:
        advice = f'"{suggestion}" is there already. Delete one of the two.'
    elif _is_bound_word(key, fault):
        advice = "Say which way it is meant: at_least or at_most."
    elif suggestion is not None:
        message = f'{message} Did you mean "{suggestion}"?'
        advice, instead = f"Write: {suggestion}", suggestion
        if parts := items_meant(suggestion, fault, value):
            advice = f"Write: {suggestion}: {in_yaml(parts)}"
    else:
        advice = _where_else(key, fault)
    return fault.problem("unknown-field", message, advice, instead, name=key)


def _where_else(key: str, fault: Fault) -> str:
    if elsewhere := _elsewhere(key, fault):
        return f"{elsewhere} Delete this line."
    if homes := _homes(key, fault):
        return f"It belongs in {joined(homes[:3], 'or')}. Move it there, or delete it."
    several = f"{key.lower()}s"
    if _homes(several, fault):
        like = fault.file.example((*_A_MEASURE, several)) if fault.file.is_of_kpi else ""
        below = f", and below it lines such as: {like}" if like else ""
        return f'Write "{several}:" in a measure{below}.'
    if fault.value[key] is None and len(fault.where) == 2 and isinstance(fault.where[1], str):
        return f"If it is another name in {field(fault.where[:1])}, start its line with 2 spaces; if not, delete it."
    return f"Delete it, or use one of these: {listed(fault.shape['properties'])}."


def _unknown_dates(fault: Fault) -> Iterator[Problem]:
    around = fault.where[:-1]
    newest = list(fault.value)[-_NEWEST:]
    for key in strangers(fault.value, fault.shape):
        if homes := _homes(key, fault):
            message = f"{shown(key)} is among the lines of {field(fault.where)}, which all start with a date."
            advice = f"It belongs in {joined(homes[:3], 'or')}. Move it there."
            if key in fault.file.fields(around):
                advice = f"Move it to the left, to the other fields of {fault.file.thing(around)}."
            yield fault.problem("unknown-field", message, advice, name=key)
        else:
            (pattern,) = fault.shape["patternProperties"]
            shape = {"pattern": pattern}
            name = fault._replace(where=(*fault.where, key), value=key, shape=shape, on_key=True)
            yield wrong_date(name, [other for other in newest if other != key])


_FIGURE = ("value", "assessment", "marks")
_REASON = f"no_figures: {{because: {AWAITING_DATA}}}"


def missing(fault: Fault) -> Iterator[Problem]:
    """Required fields that aren't there; one that is there under a wrong name isn't missing."""
    needed = fault.wanted
    if fault.keyword == "dependencies":
        needed = [name for given, names in needed.items() if given in fault.value for name in names]
    for name in dict.fromkeys(needed):
        twins = _FIGURE if name == "marks" else (name,)
        if name not in fault.value and not fault.file.misspelt(fault.where, twins):
            yield _missing(name, fault)


def _missing(name: str, fault: Fault) -> Problem:
    where = fault.where
    if name == "marks":
        return _no_figure(where)
    like = fault.file.example((*where, name))
    advice = f"Add a line, for example: {like}"
    if not like.startswith(name):
        advice = f'Add "{name}:", and below it lines such as: {like}'
    inside = f" in {fault.file.thing(where)}" if where else ""
    rule, message = "missing-field", f'"{name}" is missing{inside}.'
    if name == "note":
        message = 'The figure is marked "queried", but nothing says what is in doubt.'
        advice = 'Add "note:" with a sentence.'
    elif name in {"body", "text"}:
        rule, message = "nothing-to-show", f'"{fault.value["because"]}" needs "{name}:" to say more.'
    return fault.at_name(rule, message, advice)


def no_value(fault: Fault) -> Iterator[Problem]:
    """A field with nothing behind its name."""
    where = fault.where
    if not where or isinstance(where[-1], int):
        message = f"One of the lines of {field(where)} is empty."
        yield Problem("missing-field", where, message, 'Write something after the "-", or delete the line.')
        return
    if where in fault.file.emptied:
        return  # what belongs below it is reported
    if "marks" in fault.file.fields(where):
        yield _no_figure(where)
        return
    like = fault.file.example(where)
    needed = where[-1] in fault.file.shape(where[:-1]).get("required", ())
    if not like:
        advice = "Write it after the colon." if needed else "Write it after the colon, or delete it."
    elif where == ("measures",):
        advice = "Put the measures below it, each 2 spaces further in."
    elif where[-1] in fault.file.fields(()) and where[-1] not in fault.file.fields(where[:-1]):
        advice = f"It is a field of {fault.file.thing(())}. Start its line at the left edge."
    elif not needed:
        advice = f"Delete it, or fill it in, for example: {like}"
    else:
        place = "after the colon" if like.startswith(str(where[-1])) else "below, further in"
        advice = f"Write it {place}, for example: {like}"
    yield Problem("missing-field", where, f"{field(where)} has no value.", advice, on_key=True)


def _no_figure(where: FieldPath) -> Problem:
    advice = "Write it after the colon, or {marks: [not-available]} where there is none."
    return Problem("missing-field", where, f"{field(where)} has no figure.", advice, on_key=True)


def no_figure_nor_reason(fault: Fault) -> Iterator[Problem]:
    """Marks without a value, none of which says why; unknown marks are reported as what they are."""
    known = fault.file.fields(fault.where[:-1])["marks"]["items"]["enum"]
    is_misspelt = fault.file.misspelt(fault.where[:-1], _FIGURE)
    if fault.value and not is_misspelt and all(mark in known for mark in fault.value):
        yield _no_figure(fault.where[:-1])


_SILENT = "has no figures and doesn't say why."
_CHOICES = {
    "measures": ("nothing-to-show", f"This KPI {_SILENT}", f'Add "measures:", or: {_REASON}'),
    "observations": (
        "nothing-to-show",
        f"The measure {{name}} {_SILENT}",
        f'Add "observations:", or: {_REASON}',
    ),
    "value": ("target-bound", "This reference has no value.", 'Add "value:", or a bound such as at_most.'),
    "at_least": (
        "target-bound",
        "This target has no bound, so no figure can be judged by it.",
        "Add one of these: at_least, more_than, at_most, less_than, between, equals or in_words.",
    ),
}
"""By the first of the fields: the rule, and what to say and to add where a block has none of them."""


def exactly_one(fault: Fault) -> Iterator[Problem]:
    """None, or more than one, of the fields that exclude each other; a value without fields is reported as that."""
    if not isinstance(fault.value, Mapping):
        return
    names: list[str] = [option["required"][0] for option in fault.wanted]
    none = f"{_start(fault)} has none of these: {listed(names)}."
    rule, message, advice = _CHOICES.get(names[0], ("missing-field", none, "Add one of them."))
    given = [name for name in names if name in fault.value]
    # Figures that stand a level or two too high are only misplaced.
    others = [key for key, name in fault.file.meant.get(fault.where, {}).items() if name is None]
    has_figures = any(key in fault.file.fields(_A_MEASURE) or is_like_a_period(key) for key in others)
    if given:
        yield only_one(fault, given, "wrong-value-form" if rule == "missing-field" else rule)
    elif not fault.file.misspelt(fault.where, names) and not (has_figures and rule == "nothing-to-show"):
        yield fault.at_name(rule, message.format(name=field(fault.where)), advice)


def _start(fault: Fault) -> str:
    return fault.file.thing(fault.where).replace("this", "This", 1)


def only_one(fault: Fault, given: Sequence[str], rule: str) -> Problem:
    """More than one of the fields that exclude each other."""
    advice = "Delete all but one."
    if {"at_least", "at_most"} <= set(given):
        advice = "Keep one. Where neither way is better, write between: [lowest, highest]."
    elif rule == "target-bound":
        advice = "Keep one. A second bound needs a target of its own, with a label."
    fields = joined(f'"{name}"' for name in given)
    message = f"{_start(fault)} has {fields}, but only one of them is allowed."
    return fault.problem(rule, message, advice, name=given[1])
