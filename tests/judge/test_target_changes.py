"""What became of a measure's targets: looser, tighter, or not to be told."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings import quick
from judge.examples import measure, targets
from kpi.judge.bound import gap_to
from kpi.judge.field_changes import TargetChange, compare_targets
from kpi.model.kpi import Bound, Target, Tolerance

SERIES = {"2019/20": 80, "2021/22": 84, "2022/23": 88}


def changed(before: Any, after: Any, **fields: Any) -> tuple[TargetChange, ...]:
    """The changes between two targets, or two lists of them; None is no target."""

    def with_targets(bounds: Any) -> Any:
        several = bounds if isinstance(bounds, list) else [bounds] if bounds else []
        return measure(**{"observations": SERIES, "targets": targets(*several)} | fields)

    return compare_targets(with_targets(before), with_targets(after))


LOOSER, TIGHTER, CHANGED, SAME = "looser", "tighter", "changed", "same"


def made(bound: Any, **fields: Any) -> Target:
    """The target that is written so."""
    (written,) = measure(observations=SERIES, targets=targets(bound), **fields).targets
    return written


@pytest.mark.parametrize(
    ("before", "after", "way", "parts"),
    [
        pytest.param({"at_least": 90}, {"at_least": 85}, LOOSER, ("at_least",), id="less-where-more-is-better"),
        pytest.param({"at_least": 85}, {"at_least": 90}, TIGHTER, ("at_least",), id="more-where-more-is-better"),
        pytest.param({"at_most": 10}, {"at_most": 12}, LOOSER, ("at_most",), id="more-where-less-is-better"),
        pytest.param({"more_than": 90}, {"at_least": 90}, LOOSER, ("at_least",), id="the-bound-itself-passes-now"),
        pytest.param({"at_most": 10}, {"less_than": 10}, TIGHTER, ("less_than",), id="the-bound-itself-passes-no-more"),
        pytest.param({"at_least": 90}, {"at_most": 90}, CHANGED, ("at_most",), id="turned-round"),
        pytest.param({"between": [2, 4]}, {"between": [1, 5]}, LOOSER, ("between",), id="a-wider-range"),
        pytest.param({"between": [2, 4]}, {"between": [2, 3]}, TIGHTER, ("between",), id="a-narrower-range"),
        pytest.param({"between": [2, 4]}, {"between": [3, 5]}, CHANGED, ("between",), id="a-range-that-moved"),
        pytest.param({"equals": 0}, {"at_most": 5}, LOOSER, ("at_most",), id="exactly-becomes-at-most"),
        pytest.param({"equals": 0}, {"equals": 1}, CHANGED, ("equals",), id="exactly-something-else"),
        pytest.param({"at_least": 90}, {"in_words": "As many as can be."}, LOOSER, ("in_words",), id="words-are-decided-by-no-figure"),
        pytest.param({"in_words": "Many."}, {"at_least": 90}, TIGHTER, ("at_least",), id="words-become-a-number"),
        pytest.param({"in_words": "Many."}, {"in_words": "Most."}, CHANGED, ("in_words",), id="other-words"),
        pytest.param({"at_least": 90, "by": "2022/23"}, {"at_least": 90, "by": "2024/25"}, LOOSER, ("by",), id="a-later-date"),
        pytest.param({"at_least": 90, "by": "2024/25"}, {"at_least": 90, "by": "2022/23"}, TIGHTER, ("by",), id="an-earlier-date"),
        pytest.param({"at_least": 90}, {"at_least": 90, "by": "2024/25"}, LOOSER, ("by",), id="no-longer-due-at-once"),
        pytest.param({"at_least": 90, "by": "2024/25"}, {"at_least": 90}, TIGHTER, ("by",), id="due-at-once"),
        pytest.param({"at_least": 90}, {"at_least": 90, "start": "2024/25"}, LOOSER, ("from",), id="in-force-later"),
        pytest.param({"at_least": 90, "start": "2024/25"}, {"at_least": 90, "start": "2021/22"}, TIGHTER, ("from",), id="in-force-earlier"),
        pytest.param({"at_least": 90}, {"at_least": 90, "until": "2024/25"}, LOOSER, ("until",), id="ends"),
        pytest.param({"at_least": 90, "until": "2024/25"}, {"at_least": 90}, TIGHTER, ("until",), id="no-longer-ends"),
        pytest.param({"at_least": 90, "until": "2024/25"}, {"at_least": 90, "until": "2022/23"}, LOOSER, ("until",), id="ends-earlier"),
        pytest.param({"at_least": 90}, {"at_least": 90, "tolerance": 2}, LOOSER, ("tolerance",), id="a-tolerance"),
        pytest.param({"at_least": 90, "tolerance": "5%"}, {"at_least": 90, "tolerance": "2%"}, TIGHTER, ("tolerance",), id="a-smaller-tolerance"),
        pytest.param({"at_least": 90, "tolerance": "5%"}, {"at_least": 90, "tolerance": 5}, CHANGED, ("tolerance",), id="another-kind-of-tolerance"),
        pytest.param({"at_least": 90}, {"at_least": 90, "over": "12 months"}, CHANGED, ("over",), id="for-another-length"),
        pytest.param({"at_least": 90}, {"at_least": 80, "by": "2020/21"}, LOOSER, ("at_least", "by"), id="lower-and-with-a-date"),
        pytest.param({"at_least": 90, "by": "2023/24"}, {"at_least": 85, "by": "2022/23"}, CHANGED, ("at_least", "by"), id="lower-but-sooner"),
        pytest.param({"at_least": 90, "by": "2023/24"}, {"at_least": 85, "by": "2024/25"}, LOOSER, ("at_least", "by"), id="lower-and-later"),
        pytest.param({"at_least": 90, "by": "2024/25", "trajectory": {"2022/23": 80}}, {"at_least": 90, "by": "2024/25", "trajectory": {"2022/23": 70}}, LOOSER, ("trajectory",), id="lower-on-the-way"),
        pytest.param({"at_least": 90, "by": "2024/25", "trajectory": {"2022/23": 70}}, {"at_least": 90, "by": "2024/25", "trajectory": {"2022/23": 80}}, TIGHTER, ("trajectory",), id="higher-on-the-way"),
        pytest.param({"in_words": "Many.", "by": "2024/25"}, {"in_words": "Many.", "by": "2022/23"}, TIGHTER, ("by",), id="words-with-an-earlier-date"),
        pytest.param({"at_least": 90, "by": "2024/25"}, {"at_least": 90, "by": "2024/25", "trajectory": {"2022/23": 70}}, TIGHTER, ("trajectory",), id="a-point-on-the-way"),
        pytest.param({"at_least": 90, "by": "2024/25", "trajectory": {"2022/23": 70}}, {"at_least": 90, "by": "2024/25"}, LOOSER, ("trajectory",), id="no-point-on-the-way"),
        pytest.param({"at_least": {"period": "2019/20"}}, {"at_least": {"period": "2019/20", "change": -5}}, LOOSER, ("at_least",), id="less-than-an-earlier-figure"),
        pytest.param({"at_least": {"period": "2019/20"}}, {"at_least": {"period": "2021/22"}}, TIGHTER, ("at_least",), id="relative-to-a-higher-figure"),
        pytest.param({"at_least": {"period": "2019/20"}}, {"at_least": 75}, LOOSER, ("at_least",), id="a-number-in-place-of-a-higher-figure"),
        pytest.param({"at_least": {"period": "2019/20"}}, {"at_least": 80}, CHANGED, ("at_least",), id="the-number-in-place-of-its-figure"),
        pytest.param({"at_least": {"period": "2019/20"}}, {"at_least": {"period": "2010/11"}}, CHANGED, ("at_least",), id="relative-to-a-figure-that-is-not-there"),
        pytest.param({"at_least": 90, "source": "a"}, {"at_least": 90, "source": "b"}, SAME, ("source",), id="another-source"),
        pytest.param({"at_least": 90}, {"at_least": 90, "label": "Goal"}, SAME, ("label",), id="a-label"),
    ],
)  # fmt: skip
def test_which_way_a_target_went(before: Any, after: Any, way: str, parts: tuple[str, ...]) -> None:
    better = "neither" if "between" in before else "lower" if "at_most" in before else "higher"
    (changes,) = changed(before, after, better=better)

    assert changes == ("altered", way, made(before, better=better), made(after, better=better), parts, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"at_least": 90}, {"at_least": 90.0}, id="a-nought-after-the-point"),
        pytest.param({"at_least": 90, "by": "2022/23"}, {"at_least": 90, "by": "2023-03-31"}, id="a-date-that-ends-the-same-day"),
        pytest.param({"at_least": 90, "start": "2022/23"}, {"at_least": 90, "start": "2022-04-01"}, id="a-start-on-the-same-day"),
        pytest.param({"at_least": {"period": "2019/20"}}, {"at_least": {"period": "2019-04 to 2020-03"}}, id="another-spelling"),
        pytest.param({"in_words": "As  many"}, {"in_words": "As many"}, id="white-space"),
        pytest.param({"at_least": 90, "tolerance": 0}, {"at_least": 90}, id="no-tolerance-is-none"),
    ],
)  # fmt: skip
def test_what_means_the_same_is_no_change(before: Any, after: Any) -> None:
    assert changed(before, after) == ()


def test_a_range_from_a_level_to_itself_is_that_level() -> None:
    assert changed({"equals": 5}, {"between": [5, 5]}, better="neither") == ()


def test_at_a_date_only_the_end_of_a_period_counts() -> None:
    dates = {"2022-03": 80, "2023-03": 88}
    for before, after in (
        ({"at_least": {"period": "2022-03"}}, {"at_least": {"period": "2022-03-31"}}),
        (
            {"at_least": 90, "by": "2024-03", "trajectory": {"2023-03": 85}},
            {"at_least": 90, "by": "2024-03", "trajectory": {"2023-03-31": 85}},
        ),
    ):
        assert changed(before, after, kind="snapshot", observations=dates) == ()
        assert len(changed(before, after, observations=dates)) == 1


def test_where_there_is_no_figure_yet_two_earlier_figures_can_t_be_compared() -> None:
    before, after = ({"at_least": {"period": period}} for period in ("2019/20", "2021/22"))
    (changes,) = changed(before, after, observations={"2022/23": {"marks": ["not-available"]}})

    assert changes.way == CHANGED


@pytest.mark.parametrize("how", ["at_most", "less_than"])
def test_a_gain_that_may_not_grow_too_much_is_due_at_once_without_a_date(how: str) -> None:
    bound = {how: 90}
    (changes,) = changed(bound, bound | {"by": "2024/25"}, kind="cumulative", unit="count", better="lower")

    assert (changes.way, changes.parts) == (LOOSER, ("by",))


@pytest.mark.parametrize(("before", "after", "way"), [(None, "2024/25", TIGHTER), ("2024/25", None, LOOSER)])
def test_a_gain_without_a_date_is_never_missed_so_a_date_is_tighter(
    before: str | None, after: str | None, way: str
) -> None:
    was, now = ({"at_least": 90} | ({"by": by} if by else {}) for by in (before, after))
    (changes,) = changed(was, now, kind="cumulative", unit="count")

    assert (changes.way, changes.parts) == (way, ("by",))


def test_the_first_target_is_new_and_the_last_that_goes_is_looser() -> None:
    (new,) = changed(None, {"at_least": 90})
    (gone,) = changed({"at_least": 90}, None)

    assert new == ("added", TIGHTER, None, made({"at_least": 90}), (), 0)
    assert gone == ("removed", LOOSER, made({"at_least": 90}), None, (), 0)


@pytest.mark.parametrize(("level", "way"), [(85, LOOSER), (95, TIGHTER), (90, SAME)])
def test_a_target_that_takes_over_is_held_against_the_one_before(level: int, way: str) -> None:
    old = {"at_least": 90, "by": "2022/23"}
    (changes,) = changed(old, [old, {"at_least": level, "start": "2023/24", "by": "2025/26"}])

    new = made({"at_least": level, "start": "2023/24", "by": "2025/26"})
    assert changes == ("added", way, made(old), new, (), 1)


@pytest.mark.parametrize(("level", "way"), [(55, LOOSER), (65, TIGHTER)])
def test_of_several_that_it_could_take_over_from_it_is_the_latest(level: int, way: str) -> None:
    old = [{"at_least": 80}, {"at_least": 60, "start": "2021/22"}]
    (changes,) = changed(old, [{"at_least": level, "start": "2022/23"}, *old])

    assert (changes.what, changes.way, changes.before) == ("added", way, made(old[1]))


def test_a_target_with_a_label_of_its_own_takes_over_from_none() -> None:
    floor = {"at_least": 80, "label": "Floor"}
    goal = {"at_least": 75, "label": "Goal", "start": "2022/23"}
    (changes,) = changed(floor, [floor, goal])

    assert changes == ("added", TIGHTER, None, made(goal), (), 1)


def test_each_target_is_compared_with_the_one_of_its_label() -> None:
    floor, goal = {"at_least": 80, "label": "Floor"}, {"at_least": 95, "label": "Goal"}
    (changes,) = changed([floor, goal], [{**floor, "at_least": 70}, goal])

    assert (changes.way, changes.number) == (LOOSER, 0)


def pairs(changes: tuple[TargetChange, ...]) -> list[tuple[Target | None, Target | None]]:
    """What each was and is."""
    return [(change.before, change.after) for change in changes]


FLOOR, GOAL = {"at_least": 80, "label": "Floor"}, {"at_least": 95, "label": "Goal"}
EARLY, LATE = {"at_least": 60, "label": "Goal", "start": "2019/20"}, {"at_least": 90, "label": "Goal", "start": "2022/23"}  # fmt: skip
FIRST, THEN = {"at_least": 60}, {"at_least": 90, "start": "2021/22"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([FLOOR, GOAL], [GOAL | {"at_least": 96}, FLOOR | {"at_least": 70}], [(1, 0), (0, 1)], id="by-their-labels"),
        pytest.param([EARLY, LATE], [LATE | {"at_least": 91}, EARLY | {"at_least": 61}], [(1, 0), (0, 1)], id="by-their-labels-and-starts"),
        pytest.param([FLOOR, LATE], [LATE | {"start": "2023/24"}], [(1, 0), (0, None)], id="by-a-label-though-the-start-is-another"),
        pytest.param([FIRST, THEN], [THEN | {"at_least": 91}], [(1, 0), (0, None)], id="by-a-start"),
        pytest.param([FIRST, THEN], [{"at_least": 70, "start": "2022/23"}], [(None, 0), (0, None), (1, None)], id="by-nothing"),
        pytest.param([FIRST], [{"at_least": 70, "start": "2022/23"}], [(0, 0)], id="by-there-being-as-many"),
        pytest.param([FLOOR, THEN], [GOAL | {"start": "2021/22"}, {"at_least": 70, "start": "2023/24"}], [(1, 0), (0, 1)], id="by-a-start-though-it-has-a-label-now"),
    ],
)  # fmt: skip
def test_it_is_known_which_target_was_which(
    before: list[Any], after: list[Any], expected: list[tuple[int | None, int | None]]
) -> None:
    old, new = [made(target) for target in before], [made(target) for target in after]

    assert pairs(changed(before, after)) == [
        (None if pair is None else old[pair], None if other is None else new[other])
        for pair, other in expected
    ]


def test_what_is_told_of_the_first_target_tells_its_new_place_too() -> None:
    (changes,) = changed([GOAL, FLOOR], [FLOOR | {"at_least": 70}, GOAL])

    assert (changes.way, changes.parts) == (LOOSER, ("at_least",))


def test_another_order_is_told_beside_what_has_become_of_the_second() -> None:
    changes = changed([GOAL, FLOOR], [FLOOR, GOAL | {"at_least": 96}])

    assert [(change.way, change.parts, change.number) for change in changes] == [
        (CHANGED, ("order",), 0),
        (TIGHTER, ("at_least",), 1),
    ]


def test_the_order_of_targets_decides_which_speaks_and_is_told() -> None:
    floor, same = ({"at_least": 80, "label": "Floor", "by": day} for day in ("2022/23", "2023-03-31"))
    (changes,) = changed([GOAL, floor], [same, GOAL])

    assert changes == ("altered", CHANGED, made(floor), made(same), ("order",), 0)


def test_a_target_in_another_unit_can_t_be_told() -> None:
    old = measure(unit="count", kind="average", targets=targets({"at_least": 90}), observations=SERIES)
    new = measure(unit="percent", targets=targets({"at_least": 80}), observations=SERIES)

    assert [change.way for change in compare_targets(old, new)] == [CHANGED]


def test_the_plan_s_tolerance_counts_where_a_target_has_none() -> None:
    figure = measure(targets=targets({"at_least": 90}), observations=SERIES)
    wider = (None, Tolerance(Decimal(5), in_percent=False))

    assert [(change.way, change.parts) for change in compare_targets(figure, figure, wider)] == [
        (LOOSER, ("tolerance",))
    ]


# A law.


values = st.integers(-3, 3).map(Decimal)
bounds = st.one_of(
    st.tuples(st.sampled_from(["at_least", "more_than", "at_most", "less_than", "equals"]), values).map(
        lambda case: Bound(*case)
    ),
    st.tuples(values, values).map(lambda two: Bound("between", min(two), max(two))),
)


@quick
@given(bounds, bounds)
def test_the_looser_of_two_lets_pass_all_that_the_other_does_and_more(old: Bound, new: Bound) -> None:
    before, after = (
        measure(observations=SERIES)._replace(targets=(Target(target),)) for target in (old, new)
    )
    ways = [change.way for change in compare_targets(before, after)]
    back = [change.way for change in compare_targets(after, before)]
    passing = [
        {value for value in map(Decimal, range(-8, 9)) if gap_to(target, value / 2) is None}
        for target in (old, new)
    ]

    if LOOSER in ways:
        assert passing[0] < passing[1]
        assert back == [TIGHTER]
    elif TIGHTER in ways:
        assert passing[1] < passing[0]
    elif ways:
        assert not passing[0] <= passing[1]
        assert not passing[1] <= passing[0]
    else:
        assert passing[0] == passing[1]
