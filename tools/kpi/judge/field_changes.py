"""What is changed in the fields of a KPI, a measure and the plan, as short texts, and in a measure's targets."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from kpi.judge.bound import resolve_bound, supersedes
from kpi.judge.series import valued
from kpi.model import kpi as records
from kpi.model.kpi import Bound, Kpi, Measure, NoFigures, Polarity, Target, Tolerance
from kpi.model.period import Period
from kpi.model.plan import Area, Licence, Plan, Source
from kpi.model.quantity import Unit, plain, unit_text
from kpi.model.vocabulary import BOUND_KINDS, LESS, MORE

DEFINING = frozenset({"definition", "unit", "kind", "derived", "since", "area"})
"""The fields that say what is counted: after a change figures may not be comparable."""

GOALPOSTS = frozenset({"compare", "margin", "step"})
"""The fields that change what may be said of published figures, as a mark does."""


class FieldChange(NamedTuple):
    """A changed field. `field` is its name in the file; both texts may be empty. `lost` are the items gone from a list."""

    field: str
    before: str
    after: str
    lost: tuple[str, ...] = ()


_Description = Mapping[str, tuple[str, ...]]
"""Texts by field name: one of each item of a list, in an order of their own; none for an empty field."""


def compare_fields(before: Kpi | Measure | Plan, after: Kpi | Measure | Plan) -> tuple[FieldChange, ...]:
    """The changed fields of a KPI, a measure or the plan, apart from what is compared by itself, with defaults filled in."""
    old, new = (
        _describe_plan(record) if isinstance(record, Plan) else _describe(record)
        for record in (before, after)
    )
    both = {field: (old.get(field, ()), new.get(field, ())) for field in {**old, **new}}
    return tuple(
        FieldChange(field, ", ".join(was), ", ".join(now), tuple(item for item in was if item not in now))
        for field, (was, now) in both.items()
        if was != now
    )


_ELSEWHERE = frozenset({"id", "priority", "measures", "observations", "peers", "targets", "commentary"})
"""The fields that are compared by themselves, or are described one by one."""


def _describe(record: Kpi | Measure) -> _Description:
    names = {"dimensions": "is", "steps": "step"} if isinstance(record, Measure) else {}
    values = record._asdict()
    described = {
        names.get(name, name): _texts(value) for name, value in values.items() if name not in _ELSEWHERE
    }
    if isinstance(record, Kpi):
        return described | {f"commentary of {day}": _texts(text) for day, text in record.commentary}
    return described | {"step": _texts("; ".join(f"{_text(at)}: {_text(why)}" for at, why in record.steps))}


def _describe_plan(plan: Plan) -> _Description:
    """The fields that readers see, or that decide how figures are judged and checked."""
    status = plan.status
    headings = {priority.id: _stated(priority.title, priority.note) for priority in plan.priorities}
    for priority in plan.priorities:  # their KPIs are compared as KPIs
        for number, objective in enumerate(priority.objectives, 1):
            if objective.title:
                headings[f"{priority.id}.objectives.{number}"] = _stated(objective.title, objective.note)
    same_names = ("organisation", "title", "publisher", "licence", "area", "year_starts", "year_names")
    single = {name: getattr(plan, name) for name in same_names} | {
        "compare": status.compare,
        **{f"edition.{name}": text for name, text in plan.edition._asdict().items()},
        "status.amber": status.amber,
        "status.tolerance": status.tolerance,
    }
    several = {"status.words": status.words, "lint": plan.lint, "priorities": headings}
    several |= {name: getattr(plan, name) for name in ("sources", "owners", "bodies", "areas")}
    return {name: _texts(value) for name, value in single.items()} | {
        f"{field}.{name}": _texts(value)
        for field, values in several.items()
        for name, value in values.items()
    }


def _texts(value: object) -> tuple[str, ...]:
    items = value if type(value) is tuple else (value,)
    return tuple(sorted(filter(None, map(_text, items))))


def _text(value: object) -> str:
    """A value as one short text. White space, the order of a list and the spelling of a period don't count."""
    words = "" if value is None else value
    match value:
        case Decimal():
            words = plain(value)
        case Unit():
            words = unit_text(value)
        case Tolerance(number, in_percent):
            words = f"{plain(number)}{'%' * in_percent}"
        case Licence() | Polarity():
            words = " ".join(map(_text, value))
        case Period():
            words = " to ".join(dict.fromkeys(map(str, value.interval)))
        case Area(_, name, short, whole):
            words = f"{name}{f' ({short})' if short else ''}{' (whole)' * whole}"
        case Source():
            words = _stated(*value[1:])
        case NoFigures():
            words = _stated(*value)
        case Mapping():
            words = _set(
                f"{name}: {of}" if isinstance(of, str) else f"{name} ({_set(of.values())})"
                for name, of in value.items()
            )
        case tuple():
            words = _text_of_measure(value)
    return " ".join(str(words).split())


def _text_of_measure(value: tuple[object, ...]) -> str:
    """What a measure or its KPI has of several parts."""
    words = ""
    match value:
        case records.Derived(how, first, second):
            between = {records.SHARE: "of", records.DIFFERENCE: "less"}.get(how, "divided by")
            sign = ", " if how == records.SHARE else " + "
            words = f"{sign.join(sorted(first))} {between} {sign.join(sorted(second))}"
        case records.Check(kind, whole, parts, number, limit):
            within = f" within {_text(limit)}" if limit is not None else ""
            words = f"{kind} {whole or _text(number)}: {' + '.join(sorted(parts))}{within}"
        case records.Trigger(when, level, minimum, in_percent):
            words = f"{when}, level {_text(level)}" if level is not None else when
            words += f", minimum {_text(minimum)}" if minimum is not None else ""
            words += "%" * in_percent
        case records.Reference(label, number, bound):
            words = f"{label}: {_text(number if bound is None else bound)}"
        case Bound(how, _, _, records.Relative(period, change, in_percent)):
            words = f"{how} {_text(period)} {_text(change)}{'%' * in_percent}"
        case Bound(how, level, upper):
            words = f"{how} {_text(level)}{'' if upper is None else f' and {_text(upper)}'}"
        case _:
            words = _set(map(_text, value))
    return words


def _set(items: Iterable[str]) -> str:
    """Several texts whose order has no meaning."""
    return ", ".join(sorted(items))


def _stated(*texts: object) -> str:
    """Several texts, without those that are empty."""
    return "; ".join(filter(None, map(_text, texts)))


# The targets of a measure

ADDED, REMOVED, ALTERED = "added", "removed", "altered"
LOOSER, TIGHTER, CHANGED, SAME = "looser", "tighter", "changed", "same"

_ENDLESS = Decimal("Infinity")
_Level = TypeVar("_Level", date, Decimal, tuple[Decimal, int])


class TargetChange(NamedTuple):
    """A changed target."""

    what: str  # `added`, `removed` or `altered`
    way: str  # `looser`, `tighter`, `changed` if that can't be told, or `same` if it judges as before
    before: Target | None  # the target as it was; for an added one its predecessor, if it has one
    after: Target | None  # the target as it is; None if it was removed
    parts: tuple[str, ...]  # the changed fields as files name them, or `order`, because the first decides
    number: int  # its index among the new targets; for a removed one among the old


Leeway = tuple[Tolerance | None, Tolerance | None]
"""The plan's tolerance before and after, for targets without their own."""

_Pair = tuple[Target | None, Target]


def compare_targets(
    before: Measure, after: Measure, leeway: Leeway = (None, None)
) -> tuple[TargetChange, ...]:
    """Compare a measure's targets: the present ones first, in their order, then those removed."""
    pairs = _pairs(before.targets, after.targets)
    changes = [_change(before, after, pair, number, leeway) for number, pair in enumerate(pairs)]
    kept = [old for old, _ in pairs if old is not None]
    moved = [old for old in before.targets if old in kept] != kept
    if moved and changes[0] is None:
        changes[0] = TargetChange(ALTERED, CHANGED, *pairs[0], ("order",), 0)
    for number, old in enumerate(before.targets):
        if old not in kept:
            changes.append(TargetChange(REMOVED, LOOSER, old, None, (), number))
    return tuple(filter(None, changes))


def _pairs(before: tuple[Target, ...], after: tuple[Target, ...]) -> list[_Pair]:
    """Each new target with the old one that is equal, or has its label and start, its label, its start, or its place."""
    left = [target for target in before if target not in after]
    pairs: list[_Pair] = []
    for new in after:
        by_label = [target for target in left if target.label == new.label]
        by_start = [target for target in left if target.first_day == new.first_day]
        both = [target for target in by_label if target in by_start]
        rest = left if len(before) == len(after) else []
        likely = [new] if new in before else both + (by_label if new.label else []) + by_start + rest
        if likely[:1] and likely[0] in left:
            left.remove(likely[0])
        pairs.append((likely[0] if likely else None, new))
    return pairs


def _change(before: Measure, after: Measure, pair: _Pair, number: int, leeway: Leeway) -> TargetChange | None:
    """The change to a target, or None. If a new one succeeds another, it also says which is looser."""
    old, new = pair
    if old is not None:
        ways = _ways(before, after, old, new, leeway)
        parts = (*ways, *(name for name in ("source", "label") if getattr(old, name) != getattr(new, name)))
        return TargetChange(ALTERED, _overall(ways.values()), old, new, parts, number) if parts else None
    earlier = [target for target in after.targets if target is not new and supersedes(new, target)]
    if not earlier:
        return TargetChange(ADDED, TIGHTER, None, new, (), number)
    last = max(earlier, key=lambda target: target.first_day)
    same_time = new._replace(start=last.start, by=last.by, until=last.until)
    way = _overall(_ways(before, after, last, same_time, (None, None)).values())
    return TargetChange(ADDED, way, last, new, (), number)


def _ways(before: Measure, after: Measure, old: Target, new: Target, leeway: Leeway) -> dict[str, str]:
    ways = {
        new.bound.how if new.bound else "in_words": _bound_way(before, after, old, new),
        "by": _looser_if_more(_due(after, old, new), _due(after, new, new)),
        "from": _looser_if_more(old.first_day, new.first_day),
        "until": _looser_if_more(new.last_day, old.last_day),
        "over": SAME if old.over == new.over else CHANGED,
    }
    if old.bound is not None and new.bound is not None:
        was, now = old.tolerance or leeway[0], new.tolerance or leeway[1]
        same_kind = not was or not now or was.in_percent == now.in_percent
        values = (tolerance.value if tolerance else Decimal(0) for tolerance in (was, now))
        ways["tolerance"] = _looser_if_more(*values) if same_kind else CHANGED
        ways["trajectory"] = _trajectory_way(after, old, new)
    return {field: way for field, way in ways.items() if way != SAME}


def _looser_if_more(old: _Level, new: _Level) -> str:
    return SAME if old == new else LOOSER if new > old else TIGHTER


def _overall(ways: Iterable[str]) -> str:
    distinct = set(ways) - {SAME} or {SAME}
    return distinct.pop() if len(distinct) == 1 else CHANGED


def _due(measure: Measure, target: Target, new: Target) -> date:
    """The day that a target is due. Without one a gain is never missed, and anything else is due at once."""
    if target.by is not None:
        return target.by.end
    is_upwards = new.bound is not None and BOUND_KINDS[new.bound.how].asks != LESS
    return date.max if measure.kind == records.CUMULATIVE and is_upwards else date.min


def _bound_way(before: Measure, after: Measure, old: Target, new: Target) -> str:
    if old.bound is None or new.bound is None:
        if old.bound is not new.bound:
            return LOOSER if new.bound is None else TIGHTER  # words are decided by no figure
        return SAME if old.in_words.split() == new.in_words.split() else CHANGED
    if before.unit != after.unit:
        return CHANGED
    if _meaning(old.bound, after.kind) == _meaning(new.bound, after.kind):
        return SAME
    was, now = (_resolved(after, bound) for bound in (old.bound, new.bound))
    return CHANGED if was is None or now is None or was == now else _plain_way(was, now)


def _meaning(bound: Bound, kind: str) -> tuple[object, ...]:
    relative = bound.relative
    if relative is None or relative.period is None:
        return tuple(bound)
    return (bound.how, records.identity(relative.period, kind), relative.change, relative.in_percent)


def _resolved(measure: Measure, bound: Bound) -> Bound | None:
    if bound.relative is None:
        return bound
    newest = valued(measure)[-1:]
    return resolve_bound(measure, Target(bound), newest[0]).bound if newest else None


def _plain_way(old: Bound, new: Bound) -> str:
    (old_low, old_high), (new_low, new_high) = _accepted(old), _accepted(new)
    return _overall([_looser_if_more(new_low, old_low), _looser_if_more(old_high, new_high)])


def _accepted(bound: Bound) -> tuple[tuple[Decimal, int], tuple[Decimal, int]]:
    """The lowest and highest accepted values, each with 0 if the level itself is accepted, else 1 (-1 at the top)."""
    value, kind = bound.level, BOUND_KINDS[bound.how]
    if kind.asks == MORE:
        return (value, int(kind.strict)), (_ENDLESS, 0)
    if kind.asks == LESS:
        return (-_ENDLESS, 0), (value, -int(kind.strict))
    return (value, 0), (value if bound.upper is None else bound.upper, 0)


def _trajectory_way(measure: Measure, old: Target, new: Target) -> str:
    """More way points are tighter, because each is due by itself; shared ones are compared by level."""
    was, now = (
        {
            records.identity(period, measure.kind): Bound(each.bound.how, value)
            for period, value in each.trajectory
        }
        for each in (old, new)
        if each.bound is not None
    )
    ways = [_plain_way(was[at], now[at]) for at in was.keys() & now.keys()]
    only = {TIGHTER: now.keys() - was.keys(), LOOSER: was.keys() - now.keys()}
    return _overall([*ways, *(way for way, periods in only.items() if periods)])
