"""What became of a series' figures between two versions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings import quick
from judge.examples import kpi, measure
from kpi.judge.figure_changes import FigureChange, compare_figures, twins_among, twins_of

PROVISIONAL = {"value": 86, "marks": ["provisional"]}
NOT_AVAILABLE = {"marks": ["not-available"]}


def changed(before: dict[str, Any], after: dict[str, Any], **fields: Any) -> list[FigureChange]:
    old, new = (measure(observations=series, **fields) for series in (before, after))
    return list(compare_figures(old, new))


@pytest.mark.parametrize(
    ("before", "after", "what", "revised"),
    [
        pytest.param(None, 86, "new", False, id="a-new-figure"),
        pytest.param(NOT_AVAILABLE, 86, "new", False, id="a-figure-where-there-was-none"),
        pytest.param({"value": 90, "marks": ["forecast"]}, 86, "new", False, id="a-forecast-came-true"),
        pytest.param({"value": 90, "marks": ["forecast"]}, 90, "new", False, id="a-forecast-came-true-to-the-digit"),
        pytest.param(90, {"value": 90, "marks": ["forecast"]}, "withdrawn", True, id="a-figure-is-a-forecast-now"),
        pytest.param(
            {"value": 90, "marks": ["provisional"]},
            {"value": 91, "marks": ["forecast"]},
            "withdrawn",
            True,
            id="a-provisional-figure-is-a-forecast-now",
        ),
        pytest.param(None, {"assessment": "met"}, "new", False, id="a-new-assessment"),
        pytest.param(86, 87, "corrected", True, id="another-value"),
        pytest.param(86, {"value": 87, "marks": ["revised"], "note": "Late."}, "corrected", True, id="marked-is-revised-all-the-same"),
        pytest.param(PROVISIONAL, 87, "corrected", False, id="a-provisional-figure-was-announced"),
        pytest.param({"value": 86, "marks": ["estimated"]}, 87, "corrected", False, id="an-estimate-was-announced"),
        pytest.param({"assessment": "met"}, {"assessment": "missed"}, "corrected", True, id="another-assessment"),
        pytest.param(86, None, "withdrawn", True, id="a-line-that-is-gone"),
        pytest.param(86, NOT_AVAILABLE, "withdrawn", True, id="a-figure-called-not-available"),
        pytest.param(PROVISIONAL, NOT_AVAILABLE, "withdrawn", False, id="a-provisional-one-taken-back"),
        pytest.param(PROVISIONAL, 86, "marked", False, id="firmed-up-as-it-was"),
        pytest.param(86, {"value": 86, "note": "By hand."}, "marked", False, id="another-note"),
        pytest.param(None, NOT_AVAILABLE, "marked", False, id="told-to-have-none"),
        pytest.param(NOT_AVAILABLE, None, "marked", False, id="told-no-longer-to-have-none"),
        pytest.param({"value": 50, "numerator": 1, "denominator": 2}, {"value": 50, "numerator": 2, "denominator": 4}, "marked", False, id="other-numbers-behind-it"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_figure(before: Any, after: Any, what: str, revised: bool) -> None:
    rest = {"2021/22": 80}
    was, now = ({**rest, "2022/23": side} if side is not None else rest for side in (before, after))
    (changes,) = changed(was, now)

    assert (changes.what, changes.newest.key, changes.revised) == (what, "2022/23", revised)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"2022/23": 86}, {"2022-04 to 2023-03": 86}, id="another-spelling-of-the-period"),
        pytest.param({"2022/23": 86}, {"12 months to 2023-03": 86}, id="a-rolling-year"),
        pytest.param({"2021/22": 80, "2022/23": 86}, {"2022/23": 86, "2021/22": 80}, id="another-order"),
        pytest.param({"2022/23": 86}, {"2022/23": {"value": 86}}, id="another-form"),
        pytest.param({"2022/23": 86.0}, {"2022/23": 86}, id="a-nought-after-the-point"),
        pytest.param(
            {"2022/23": {"value": 86, "marks": ["break", "provisional"], "note": "A  b."}},
            {"2022/23": {"value": 86, "marks": ["provisional", "break"], "note": "A\nb."}},
            id="another-order-of-marks-and-white-space",
        ),
    ],
)
def test_what_means_the_same_is_no_change(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert changed(before, after) == []


def test_figures_at_a_date_are_the_same_if_they_end_together() -> None:
    assert changed({"2023-03": 86}, {"2023-03-31": 86}, kind="snapshot") == []
    assert [change.what for change in changed({"2023-03": 86}, {"2023-03-31": 86})] == ["withdrawn", "new"]


def test_the_peers_figures_at_a_date_likewise() -> None:
    old, new = (
        measure(observations={"2022/23": 1}, peers={"hillside": {at: 86}}, kind="snapshot")
        for at in ("2023-03", "2023-03-31")
    )

    assert list(compare_figures(old, new)) == []


def test_of_periods_of_different_lengths_the_one_that_ends_first_is_told_first() -> None:
    changes = changed({"2021/22": 1}, {"2021/22": 1, "2022/23": 80, "2023-01": 70})

    assert [change.newest.key for change in changes] == ["2023-01", "2022/23"]


def test_a_series_that_is_computed_from_now_on_has_lost_no_figure() -> None:
    counts = {"unit": "count", "better": "higher", "observations": {"2022/23": 5}}
    share: dict[str, Any] = {"title": "Share", "unit": "percent", "better": "higher"}
    before = kpi(measures={"a": counts, "b": counts, "m": share | {"observations": {"2022/23": 40}}})
    after = kpi(
        measures={"a": counts, "b": counts, "m": share | {"derived": {"share": "a", "of": ["a", "b"]}}}
    )
    typed, computed = before.measure("m"), after.measure("m")

    assert typed is not None
    assert computed is not None
    assert computed.observations
    assert list(compare_figures(typed, computed)) == []
    assert list(compare_figures(computed, typed)) == []


def test_changes_are_told_from_the_oldest_period_on() -> None:
    changes = changed({"2022/23": 86, "2020/21": 70}, {"2021/22": 80, "2022/23": 87})

    assert [(change.newest.key, change.what) for change in changes] == [
        ("2020/21", "withdrawn"),
        ("2021/22", "new"),
        ("2022/23", "corrected"),
    ]


def test_peers_have_their_changes_too() -> None:
    series = {"2022/23": 86}
    old = measure(observations=series, peers={"hillside": {"2022/23": 80}, "gone": {"2022/23": 1}})
    new = measure(observations=series, peers={"hillside": {"2022/23": 81}})

    assert [(change.area, change.what) for change in compare_figures(old, new)] == [
        ("hillside", "corrected"),
        ("gone", "withdrawn"),
    ]


def test_computed_shares_follow_from_others_and_are_not_told() -> None:
    def share(part: int) -> Any:
        count = {"unit": "count", "better": "higher"}
        measures = {
            "part": count | {"observations": {"2022/23": part}},
            "rest": count | {"observations": {"2022/23": 50}},
            "share": {"derived": {"share": "part", "of": ["part", "rest"]}, "better": "higher"},
        }
        return kpi(measures=measures).measure("share")

    assert share(50) != share(60)
    assert list(compare_figures(share(50), share(60))) == []


# A law.

series = st.dictionaries(st.sampled_from(["2019/20", "2020/21", "2021/22", "2022/23"]), st.integers(0, 3))


@quick
@given(series, series)
def test_the_changes_make_of_the_earlier_series_the_later_one(
    before: dict[str, int], after: dict[str, int]
) -> None:
    made: dict[str, Any] = dict(before)
    for change in changed(before, after):
        if change.after is None:
            del made[change.newest.key]
        else:
            made[change.newest.key] = change.after.value

    assert made == after


@pytest.mark.parametrize(
    ("own", "other", "kind", "expected"),
    [
        ("2024-02", "2024-02", "flow", ["visits/made"]),
        ("2024-02", "2024-01", "flow", ["visits/made"]),
        ("2024-02", "2023-12", "flow", []),
        ("2024-02", "2024-03", "flow", []),
        ("2024-01", "2023-Q4", "flow", []),
        ("2024-02", "2024-02-29", "snapshot", ["visits/made"]),
        ("2024-02", "2024-02-28", "snapshot", []),
    ],
)
def test_a_new_figure_is_compared_with_others_for_its_period_and_the_one_before(
    own: str, other: str, kind: str, expected: list[str]
) -> None:
    fields = {"unit": "count", "better": "higher", "kind": kind}
    calls = kpi("calls", measures={"taken": fields | {"observations": {own: 12345}}})
    visits = kpi("visits", measures={"made": fields | {"observations": {other: 12345}}})
    taken = calls.measures[0]
    (change,) = compare_figures(taken._replace(observations=()), taken)
    twins = twins_of([calls, visits])

    assert [address for address, _ in twins_among(twins, change, taken, "calls/taken")] == expected


def test_a_corrected_figure_and_one_that_is_withdrawn_are_compared_with_no_others() -> None:
    fields = {"unit": "count", "better": "higher"}
    before, after = (
        kpi("calls", measures={"taken": fields | {"observations": {"2024-02": value}}})
        for value in (11111, 12345)
    )
    visits = kpi("visits", measures={"made": fields | {"observations": {"2024-02": 12345}}})
    (change,) = compare_figures(before.measures[0], after.measures[0])

    assert list(twins_among(twins_of([after, visits]), change, after.measures[0], "calls/taken")) == []
