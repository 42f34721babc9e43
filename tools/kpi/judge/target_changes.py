"""The changes to a measure's targets: added, removed, tighter, or looser, which is to accept all that was accepted, and more."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from kpi.judge.bound import resolve_bound, supersedes
from kpi.judge.series import valued
from kpi.model.kpi import CUMULATIVE, Bound, Measure, Target, Tolerance, identity
from kpi.model.vocabulary import BOUND_KINDS, LESS, MORE

ADDED, REMOVED, ALTERED = "added", "removed", "altered"
LOOSER, TIGHTER, CHANGED, SAME = "looser", "tighter", "changed", "same"

_ENDLESS = Decimal("Infinity")
_Level = TypeVar("_Level", date, Decimal)


class TargetChange(NamedTuple):
    """A changed target."""

    what: str  # `added`, `removed` or `altered`
    way: str  # `looser`, `tighter`, `changed` if that can't be told, or `same` if it judges as before
    before: Target | None  # the target as it was; for an added one its predecessor, if it has one
    after: Target | None  # the target as it is; None if it was removed
    # the changed fields by their name in the file (`at_least`, `by`, `source` …), or `order`, because the
    # first decides
    parts: tuple[str, ...]
    number: int  # its index among the new targets; for a removed one among the old


Leeway = tuple[Tolerance | None, Tolerance | None]
"""The plan's tolerance before and after, for targets without their own."""

_NO_LEEWAY: Leeway = (None, None)
_Pair = tuple[Target | None, Target]


def compare_targets(before: Measure, after: Measure, leeway: Leeway = _NO_LEEWAY) -> tuple[TargetChange, ...]:
    """Compare a measure's targets: the present ones first, in their order, then those removed."""
    pairs = _pairs(before.targets, after.targets)
    altered = [_change(before, after, pair, number, leeway) for number, pair in enumerate(pairs)]
    kept = [old for old, _ in pairs if old is not None]
    moved = [old for old in before.targets if old in kept] != kept
    if moved and altered[0] is None:
        altered[0] = TargetChange(ALTERED, CHANGED, pairs[0][0], pairs[0][1], ("order",), 0)
    gone = (
        TargetChange(REMOVED, LOOSER, old, None, (), number)
        for number, old in enumerate(before.targets)
        if old not in kept
    )
    return (*(change for change in altered if change is not None), *gone)


def _pairs(before: tuple[Target, ...], after: tuple[Target, ...]) -> list[_Pair]:
    """Each new target with the old one that is equal, or has its label and start, its label, its start, or its place."""
    left = [target for target in before if target not in after]
    pairs: list[_Pair] = []
    for new in after:
        if new in before:
            pairs.append((new, new))
            continue
        by_label = [target for target in left if target.label == new.label]
        by_start = [target for target in left if target.first_day == new.first_day]
        both = [target for target in by_label if target in by_start]
        rest = left if len(before) == len(after) else []
        old = next(iter((*both, *(by_label if new.label else ()), *by_start, *rest)), None)
        if old is not None:
            left.remove(old)
        pairs.append((old, new))
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
    way = _overall(_ways(before, after, last, same_time, _NO_LEEWAY).values())
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
    distinct = set(ways) - {SAME}
    if not distinct:
        return SAME
    return distinct.pop() if len(distinct) == 1 else CHANGED


def _due(measure: Measure, target: Target, new: Target) -> date:
    """The day that a target is due. Without one a gain is never missed, and anything else is due at once."""
    upwards = new.bound is not None and BOUND_KINDS[new.bound.how].asks != LESS
    never = measure.kind == CUMULATIVE and upwards
    return target.by.end if target.by else date.max if never else date.min


def _bound_way(before: Measure, after: Measure, old: Target, new: Target) -> str:
    if old.bound is None or new.bound is None:
        if old.bound is not new.bound:
            return LOOSER if new.bound is None else TIGHTER  # words are decided by no figure
        return SAME if old.in_words.split() == new.in_words.split() else CHANGED
    if before.unit != after.unit:
        return CHANGED
    if _meaning(old.bound, after.kind) == _meaning(new.bound, after.kind):
        return SAME
    was, now = _resolved(after, old.bound), _resolved(after, new.bound)
    return CHANGED if was is None or now is None or was == now else _plain_way(was, now)


def _meaning(bound: Bound, kind: str) -> tuple[object, ...]:
    relative = bound.relative
    if relative is None or relative.period is None:
        return tuple(bound)
    return (bound.how, identity(relative.period, kind), relative.change, relative.in_percent)


def _resolved(measure: Measure, bound: Bound) -> Bound | None:
    if bound.relative is None:
        return bound
    newest = valued(measure)[-1:]
    return resolve_bound(measure, Target(bound), newest[0]).bound if newest else None


def _plain_way(old: Bound, new: Bound) -> str:
    (old_low, old_high), (new_low, new_high) = _accepted(old), _accepted(new)
    if new_low <= old_low and new_high >= old_high:
        return SAME if (new_low, new_high) == (old_low, old_high) else LOOSER
    return TIGHTER if new_low >= old_low and new_high <= old_high else CHANGED


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
    assert old.bound
    assert new.bound
    points = (old.trajectory, new.trajectory)
    was, now = ({identity(period, measure.kind): value for period, value in each} for each in points)
    hows = (old.bound.how, new.bound.how)
    ways = {_plain_way(*map(Bound, hows, (was[at], now[at]))) for at in was.keys() & now.keys()}
    if now.keys() - was.keys():
        ways.add(TIGHTER)
    if was.keys() - now.keys():
        ways.add(LOOSER)
    return _overall(ways)
