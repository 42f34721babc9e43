"""What became of a measure's targets between two versions of its file: added, removed, looser, tighter.

Which of two bounds is the looser is told by what they let pass: it is the one that lets pass all that the other does, and more.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpi.judge.bound import resolve_bound
from kpi.judge.force import supersedes
from kpi.judge.latest import valued
from kpi.model.bound_kind import BOUND_KINDS, LESS, MORE
from kpi.model.kpi import CUMULATIVE, Bound, Measure, Target, Tolerance, identity

ADDED, REMOVED, ALTERED = "added", "removed", "altered"
LOOSER, TIGHTER, CHANGED, SAME = "looser", "tighter", "changed", "same"

_ENDLESS = Decimal("Infinity")


class TargetChange(NamedTuple):
    """One target that is not what it was.

    Attributes:
        what: `added`, `removed` or `altered`.
        way: `looser`, `tighter`, `changed` where that can't be told, or `same` where it judges as before.
        before: the target as it was; of an added one the target that it takes over from, if there is one.
        after: the target as it is; None where it was removed.
        parts: what is another, as it is named in the file (`at_least`, `by`, `source` …), or `order`: the first decides.
        number: its place among the targets as they are, from 0; for a removed one, as they were.
    """

    what: str
    way: str
    before: Target | None
    after: Target | None
    parts: tuple[str, ...]
    number: int


class PlanTolerance(NamedTuple):
    """The plan's tolerance for targets that have none of their own, as it was and as it is."""

    before: Tolerance | None = None
    after: Tolerance | None = None


_NO_LEEWAY = PlanTolerance()
_Pair = tuple[Target | None, Target]


def compare_targets(
    before: Measure, after: Measure, leeway: PlanTolerance = _NO_LEEWAY
) -> tuple[TargetChange, ...]:
    """What became of a measure's targets: those that there are first, in their order, then those that are gone."""
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
    """Each target as it is with what it was: the very same, else the one with its label and start, its label, or its start.

    Where there are as many as before, what is left is taken in order.
    """
    left = [target for target in before if target not in after]
    pairs: list[_Pair] = []
    for new in after:
        if new in before:
            pairs.append((new, new))
            continue
        by_label = [target for target in left if target.label == new.label]
        alike = (
            [target for target in by_label if _start(target) == _start(new)]
            or (by_label if new.label else [])
            or [target for target in left if _start(target) == _start(new)]
            or (left if len(before) == len(after) else [])
        )
        old = alike[0] if alike else None
        if old is not None:
            left.remove(old)
        pairs.append((old, new))
    return pairs


def _change(
    before: Measure, after: Measure, pair: _Pair, number: int, leeway: PlanTolerance
) -> TargetChange | None:
    old, new = pair
    if old is None:
        return _added(before, after, new, number)
    ways = dict(_ways(before, after, old, new, leeway))
    parts = (*ways, *(name for name in ("source", "label") if getattr(old, name) != getattr(new, name)))
    return TargetChange(ALTERED, _together(ways.values()), old, new, parts, number) if parts else None


def _added(before: Measure, after: Measure, new: Target, number: int) -> TargetChange:
    """A target that has come. Where it takes over from another from a day on, it is told which of the two is the looser."""
    earlier = [target for target in after.targets if target is not new and supersedes(new, target)]
    if not earlier:
        return TargetChange(ADDED, TIGHTER, None, new, (), number)
    last = max(earlier, key=lambda target: _start(target) or date.min)
    ways = dict(
        _ways(before, after, last, new._replace(start=last.start, by=last.by, until=last.until), _NO_LEEWAY)
    )
    return TargetChange(ADDED, _together(ways.values()), last, new, (), number)


def _ways(
    before: Measure, after: Measure, old: Target, new: Target, leeway: PlanTolerance
) -> Iterator[tuple[str, str]]:
    """Each part of a target that judges otherwise than it did, with its way."""
    bound = _bound_way(before, after, old, new)
    if bound != SAME:
        yield (new.bound.how if new.bound else "in_words"), bound
    if _by(old) != _by(new):
        yield "by", _by_way(after, old, new)
    if _start(old) != _start(new):
        later = (_start(new) or date.min) > (_start(old) or date.min)
        yield "from", LOOSER if later else TIGHTER
    if _until(old) != _until(new):
        yield "until", LOOSER if _until(new) < _until(old) else TIGHTER
    if old.over != new.over:
        yield "over", CHANGED
    if old.bound is None or new.bound is None:
        return
    tolerance = _tolerance_way(old.tolerance or leeway.before, new.tolerance or leeway.after)
    if tolerance != SAME:
        yield "tolerance", tolerance
    on_the_way = _trajectory_way(after, old, new)
    if on_the_way != SAME:
        yield "trajectory", on_the_way


def _together(ways: Iterable[str]) -> str:
    distinct = set(ways) - {SAME}
    if not distinct:
        return SAME
    return distinct.pop() if len(distinct) == 1 else CHANGED


def _start(target: Target) -> date | None:
    return target.start.start if target.start else None


def _by(target: Target) -> date | None:
    return target.by.end if target.by else None


def _until(target: Target) -> date:
    return target.until.end if target.until else date.max


def _bound_way(before: Measure, after: Measure, old: Target, new: Target) -> str:
    if old.bound is None or new.bound is None:
        if old.bound is not new.bound:
            return LOOSER if new.bound is None else TIGHTER  # words are decided by no figure
        return SAME if old.in_words.split() == new.in_words.split() else CHANGED
    if before.unit != after.unit:
        return CHANGED
    if _meaning(old.bound, after.kind) == _meaning(new.bound, after.kind):
        return SAME
    was, now = _worked_out(after, old.bound), _worked_out(after, new.bound)
    if was is None or now is None or was == now:
        return CHANGED
    return _plain_way(was, now)


def _meaning(bound: Bound, kind: str) -> tuple[object, ...]:
    """The bound with the days of its period in place of their spelling."""
    relative = bound.relative
    if relative is None or relative.period is None:
        return tuple(bound)
    return (bound.how, identity(relative.period, kind), relative.change, relative.in_percent)


def _worked_out(measure: Measure, bound: Bound) -> Bound | None:
    """The bound for the newest figure as a number; None where it has none."""
    if bound.relative is None:
        return bound
    newest = valued(measure)[-1:]
    return resolve_bound(measure, Target(bound), newest[0]).bound if newest else None


def _plain_way(old: Bound, new: Bound) -> str:
    """Whether what the new bound lets pass holds, or is held in, what the old one does."""
    (old_low, old_high), (new_low, new_high) = _lets_pass(old), _lets_pass(new)
    if new_low <= old_low and new_high >= old_high:
        return SAME if (new_low, new_high) == (old_low, old_high) else LOOSER
    return TIGHTER if new_low >= old_low and new_high <= old_high else CHANGED


def _lets_pass(bound: Bound) -> tuple[tuple[Decimal, int], tuple[Decimal, int]]:
    """The lowest and the highest value, each with whether the bound itself is beyond (1, or -1 at the top) or passes (0)."""
    value = bound.value
    assert value is not None
    kind = BOUND_KINDS[bound.how]
    if kind.asks == MORE:
        return (value, int(kind.strict)), (_ENDLESS, 0)
    if kind.asks == LESS:
        return (-_ENDLESS, 0), (value, -int(kind.strict))
    return (value, 0), (value if bound.upper is None else bound.upper, 0)


def _by_way(measure: Measure, old: Target, new: Target) -> str:
    """A later date is looser. Without one a gain that is short is never missed; anything else is due at once."""
    was, now = _by(old), _by(new)
    upwards = new.bound is not None and BOUND_KINDS[new.bound.how].asks != LESS
    none = date.max if measure.kind == CUMULATIVE and upwards else date.min
    return LOOSER if (now or none) > (was or none) else TIGHTER


def _tolerance_way(old: Tolerance | None, new: Tolerance | None) -> str:
    if old and new and old.in_percent != new.in_percent:
        return CHANGED
    was, now = (tolerance.value if tolerance else Decimal(0) for tolerance in (old, new))
    return SAME if was == now else LOOSER if now > was else TIGHTER


def _trajectory_way(measure: Measure, old: Target, new: Target) -> str:
    """More points on the way are tighter, because each is due by itself; of those in both, the levels are compared."""
    assert old.bound is not None
    assert new.bound is not None
    was, now = (
        {identity(period, measure.kind): value for period, value in target.trajectory}
        for target in (old, new)
    )
    ways = [
        _plain_way(Bound(old.bound.how, was[at]), Bound(new.bound.how, now[at])) for at in was if at in now
    ]
    ways += [TIGHTER for at in now if at not in was] + [LOOSER for at in was if at not in now]
    return _together(ways)
