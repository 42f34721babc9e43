"""What a change means: two versions of a framework, compared and judged on one day."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from judge.examples import kpi, plan, target
from kpi.judge.changes import Changes, FrameworkVersion, MeasureChange, compare_versions
from kpi.model.kpi import Kpi
from kpi.model.plan import Plan
from kpi.store.repository import load

ROOT = Path(__file__).parent.parent.parent
SERIES = {"2020/21": 81, "2021/22": 84, "2022/23": 92}


def calls(kpi_id: str = "calls", series: Mapping[str, Any] = SERIES, **fields: Any) -> Kpi:
    """A KPI with one measure in per cent; fields that a measure has are the measure's."""
    own = {"title", "definition", "frequency", "lag", "owner", "priority"}
    measure = {name: value for name, value in fields.items() if name not in own}
    made = {"unit": "percent", "better": "higher", "observations": series} | measure
    whole = {name: value for name, value in fields.items() if name in own}
    return kpi(kpi_id, measures={"answered": made}, **whole)


def compared(before: Kpi | list[Kpi], after: Kpi | list[Kpi], *plans: Plan, **sides: Any) -> Changes:
    """The changes between two versions, with one plan for both unless two are given."""
    old, new = (tuple(side) if isinstance(side, list) else (side,) for side in (before, after))
    both = plans or (plan([kpi.id for kpi in (*old, *new)]),)
    return compare_versions(
        FrameworkVersion(both[0], old, sides.get("unusable_before", {})),
        FrameworkVersion(both[-1], new, sides.get("unusable_after", {})),
        sides.get("day"),
    )


def the_measure(changes: Changes) -> MeasureChange:
    (kpi_change,) = changes.kpis
    (measure,) = kpi_change.measures
    return measure


# Nothing.


def test_a_framework_compared_with_itself_has_no_change() -> None:
    repository = load(ROOT)
    side = FrameworkVersion(repository.plan.plan, repository.kpis)
    again = load(ROOT)
    other = FrameworkVersion(again.plan.plan, tuple(reversed(again.kpis)))

    assert repository.kpis
    assert compare_versions(side, other)[2:6] == ((), (), (), ())


@pytest.mark.parametrize(
    "after",
    [
        calls(series={"2020/21": 81, "2022-04 to 2023-03": 92, "2021/22": 84.0}),
        calls(definition="Calls.  "),
        calls(sources=[]),
        calls(better="higher", kind="average"),
    ],
    ids=["spelling-and-order", "white-space", "an-empty-list", "a-default-written-out"],
)
def test_another_way_to_write_the_same_is_no_change(after: Kpi) -> None:
    assert compared(calls(), after).kpis == ()


# Statuses.


def test_a_new_figure_that_misses_the_target_is_newly_missed() -> None:
    before, after = (
        calls(series=series, targets=target(at_least=90)) for series in (SERIES, {**SERIES, "2023/24": 88})
    )
    change = the_measure(compared(before, after))

    assert change.states == ("met", "not met")
    assert (change.newly_missed, change.recovered, change.by_target) == (True, False, False)
    assert [figure.what for figure in change.figures] == ["new"]
    assert (change.targets, change.old_state) == ((), "")


def test_a_figure_that_meets_it_again_recovers() -> None:
    before, after = (
        calls(series=series, targets=target(at_least=95)) for series in (SERIES, {**SERIES, "2023/24": 96})
    )
    change = the_measure(compared(before, after))

    assert (change.newly_missed, change.recovered) == (False, True)


def test_a_loosened_target_is_no_recovery() -> None:
    before, after = calls(targets=target(at_least=95)), calls(targets=target(at_least=90))
    change = the_measure(compared(before, after))

    assert change.states == ("not met", "met")
    assert (change.old_state, change.by_target, change.recovered) == ("not met", True, False)
    assert [target.way for target in change.targets] == ["looser"]


def test_a_loosened_target_that_hides_a_miss_is_told_though_the_status_stays() -> None:
    before = calls(targets=target(at_least=90))
    after = calls(series={**SERIES, "2023/24": 88}, targets=target(at_least=85))
    change = the_measure(compared(before, after))

    assert change.states == ("met", "met")
    assert (change.old_state, change.by_target) == ("not met", True)


def test_both_versions_are_judged_on_the_later_day_so_the_calendar_changes_nothing() -> None:
    late: dict[str, Any] = {"frequency": "annual", "lag": "1 months"}
    before = [calls(**late), calls("other")]
    after = [calls(**late), calls("other", {**SERIES, "2025/26": 90})]
    changes = compared(before, after)

    assert changes.day == date(2026, 3, 31)
    assert [kpi.newest.id for kpi in changes.kpis] == ["other"]


def test_a_figure_that_is_expected_now_and_late_is_newly_overdue() -> None:
    day = date(2026, 1, 1)
    change = the_measure(compared(calls(), calls(frequency="annual"), day=day))

    assert change.newly_overdue


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"kpis": (calls(series={**SERIES, "2029/30": 9}),)}, {}, id="a-figure-of-the-earlier"),
        pytest.param({}, {"kpis": (calls(series={**SERIES, "2029/30": 9}),)}, id="a-figure-of-the-later"),
        pytest.param({"newest": date(2030, 3, 31)}, {}, id="a-figure-that-the-earlier-left-out"),
        pytest.param({}, {"newest": date(2030, 3, 31)}, id="a-figure-that-the-later-left-out"),
    ],
)
def test_the_day_is_that_of_the_newest_figure_on_either_side(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    was, now = (FrameworkVersion(**{"plan": plan(), "kpis": (calls(),)} | side) for side in (before, after))

    assert compare_versions(was, now).day == date(2030, 3, 31)


def test_a_figure_is_late_from_the_first_day_after_it_was_due() -> None:
    yearly = calls(frequency="annual")  # due by the end of March 2024

    assert compared(calls(), yearly, day=date(2024, 3, 31)).kpis[0].measures == ()
    assert the_measure(compared(calls(), yearly, day=date(2024, 4, 1))).newly_overdue


def test_where_the_unit_has_changed_too_nothing_is_said_of_the_old_target() -> None:
    before = calls(targets=target(at_least=95), unit={"name": "points"})
    change = the_measure(compared(before, calls(targets=target(at_least=90))))

    assert change.states == ("not met", "met")
    assert (change.old_state, change.by_target, change.recovered) == ("", False, True)


def test_the_plan_s_own_tolerance_counts_as_the_target_s() -> None:
    """Somebody writes into the target what the plan has said so far, or what it says from now on."""
    bare, own = calls(targets=target(at_least=95)), calls(targets=target(at_least=95, tolerance="5%"))

    assert compared(bare, own, plan(tolerance="5%")).kpis == ()
    assert compared(own, bare, plan(tolerance="5%")).kpis == ()
    assert compared(own, bare, plan(), plan(tolerance="5%")).kpis == ()
    assert compared(bare, own, plan(tolerance="5%"), plan()).kpis == ()
    (change,) = the_measure(compared(bare, own)).targets
    assert (change.way, change.parts) == ("looser", ("tolerance",))


def test_both_judgements_know_where_the_measure_lives() -> None:
    change = the_measure(compared(calls(), calls("answering", {**SERIES, "2022/23": 91})))
    new = the_measure(compared([], calls("answering")))

    assert [judgement.address for judgement in (change.before, change.after, new.after) if judgement] == [
        "answering/answered"
    ] * 3


def test_a_wider_tolerance_of_the_plan_changes_statuses_of_files_that_are_the_same() -> None:
    same = calls(targets=target(at_least=95))
    changes = compared(same, same, plan(), plan(tolerance="5%"))

    assert the_measure(changes).states == ("not met", "near")
    assert [(field.field, field.after) for field in changes.fields] == [("status.tolerance", "5%")]


# Fields.


@pytest.mark.parametrize(
    ("fields", "field", "before", "after"),
    [
        ({"definition": "Calls answered."}, "definition", "Calls.", "Calls answered."),
        ({"title": "Answered"}, "title", "Calls", "Answered"),
        ({"owner": "head"}, "owner", "", "head"),
        ({"unit": "ratio"}, "unit", "percent", "ratio"),
        ({"better": "lower"}, "better", "higher", "lower"),
        ({"better": {"near": 50}}, "better", "higher", "near 50"),
        ({"kind": "snapshot"}, "kind", "average", "snapshot"),
        ({"decimals": 1}, "decimals", "", "1"),
        ({"triggers": [{"when": "increase", "minimum": "10%"}]}, "triggers", "", "increase, minimum 10%"),
        ({"references": [{"label": "Then", "at_least": 5}]}, "references", "", "Then: at_least 5"),
        ({"baseline": "2020/21"}, "baseline", "", "2020-04-01 to 2021-03-31"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_field_that_says_something_else_is_told_once(
    fields: dict[str, Any], field: str, before: str, after: str
) -> None:
    changes = compared(calls(), calls(**fields))
    result = [(field.field, field.before, field.after) for kpi in changes.kpis for field in kpi.fields]
    result += [
        (field.field, field.before, field.after)
        for kpi in changes.kpis
        for measure in kpi.measures
        for field in measure.fields
    ]

    assert result == [(field, before, after)]


def test_what_all_measures_say_otherwise_is_told_once_of_their_kpi() -> None:
    measures = {name: {"observations": {"2020/21": number}} for number, name in enumerate("ab")}
    before, after = (kpi(measures=measures, unit=unit, better="higher") for unit in ("count", "percent"))
    (kpi_change,) = compared(before, after).kpis

    assert [(field.field, field.after) for field in kpi_change.fields] == [
        ("unit", "percent"),
        ("kind", "average"),
    ]
    assert kpi_change.measures == ()


def test_what_the_kpi_and_what_all_its_measures_say_otherwise_stand_side_by_side() -> None:
    measures = {name: {"observations": {"2020/21": number}} for number, name in enumerate("ab")}
    before = kpi(measures=measures, unit="days", better="higher")
    after = kpi(measures=measures, unit="weeks", better="higher", note="Mended.")
    (kpi_change,) = compared(before, after).kpis

    assert [field.field for field in kpi_change.fields] == ["note", "unit"]
    assert (kpi_change.before, kpi_change.after, kpi_change.measures) == (before, after, ())


def test_what_the_only_measure_says_otherwise_is_told_of_the_measure() -> None:
    (kpi_change,) = compared(calls(), calls(unit="ratio")).kpis

    assert kpi_change.fields == ()
    assert [field.field for field in kpi_change.measures[0].fields] == ["unit"]


def test_what_the_plan_says_is_compared() -> None:
    changes = compared(
        calls(), calls(), plan(edition="2024-02-27"), plan(edition="2024-05-28", words={"met": "on track"})
    )

    assert [(field.field, field.before, field.after) for field in changes.fields] == [
        ("edition.date", "2024-02-27", "2024-05-28"),
        ("status.words.met", "", "on track"),
    ]


# What comes, goes, and is renamed.


def kinds(changes: Changes) -> list[tuple[str, str]]:
    return [(kpi.newest.id, kpi.what) for kpi in changes.kpis]


OTHER = {"2020/21": 11, "2021/22": 12, "2022/23": 13}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(calls("answering"), [("answering", "renamed")], id="same-title-and-figures"),
        pytest.param(calls("answering", OTHER), [("answering", "renamed")], id="same-title"),
        pytest.param(calls("answering", {**SERIES, "2023/24": 93}, title="Answered"), [("answering", "renamed")], id="same-oldest-figures"),
        pytest.param(calls("answering", OTHER, title="Answered"), [("answering", "added"), ("calls", "removed")], id="nothing-in-common"),
        pytest.param(calls(priority="people"), [("calls", "moved")], id="another-priority"),
    ],
)  # fmt: skip
def test_a_kpi_is_known_by_its_id_its_title_or_its_figures(
    after: Kpi, expected: list[tuple[str, str]]
) -> None:
    assert kinds(compared(calls(), after)) == expected


def test_of_two_that_could_be_the_old_one_the_first_is() -> None:
    after = [calls("by-figures", title="Answered"), calls("by-title", OTHER)]

    assert kinds(compared(calls(), after)) == [("by-figures", "renamed"), ("by-title", "added")]


@pytest.mark.parametrize(
    ("oldest", "what"), [({"2020/21": 1234}, ["renamed"]), ({"2020/21": 123}, ["added", "removed"])]
)
def test_four_digits_are_enough_to_know_a_series_by(oldest: dict[str, int], what: list[str]) -> None:
    changes = compared(calls(series=oldest), calls("answering", oldest, title="Answered"))

    assert [kind for _, kind in kinds(changes)] == what


def test_a_title_that_two_share_tells_nothing() -> None:
    before = [calls("one"), calls("two", OTHER)]
    after = [calls("three", {"2020/21": 55}), calls("four", {"2020/21": 66})]

    assert sorted(kinds(compared(before, after))) == [
        ("four", "added"),
        ("one", "removed"),
        ("three", "added"),
        ("two", "removed"),
    ]


def test_a_renamed_kpi_keeps_its_history() -> None:
    after = calls("answering", {**SERIES, "2022/23": 91})
    (kpi_change,) = compared(calls(), after).kpis

    assert [figure.what for measure in kpi_change.measures for figure in measure.figures] == ["corrected"]


def test_a_new_kpi_that_misses_its_target_is_newly_missed() -> None:
    (kpi_change,) = compared([], calls(targets=target(at_least=95))).kpis

    assert kpi_change.what == "added"
    assert [measure.newly_missed for measure in kpi_change.measures] == [True]


def test_measures_come_go_and_are_renamed_within_their_kpi() -> None:
    unit = {"unit": "percent", "better": "higher"}
    kept, gone, new = ({"observations": series} | unit for series in (SERIES, OTHER, {"2020/21": 5}))
    before = kpi(measures={"old-name": kept, "gone": gone})
    after = kpi(measures={"new-name": kept, "new": new})
    (kpi_change,) = compared(before, after).kpis

    assert [(measure.newest.measure.id, measure.what) for measure in kpi_change.measures] == [
        ("new-name", "renamed"),
        ("new", "added"),
        ("gone", "removed"),
    ]


# What can't be read.


def test_of_a_file_that_can_t_be_read_nothing_is_said_but_its_name() -> None:
    changes = compared(calls(), [], unusable_after={"calls": "kpis/service/calls.yaml"})

    assert changes.kpis == ()
    assert changes.unusable == (("kpis/service/calls.yaml", False),)


@pytest.mark.parametrize("broken_before", [True, False])
def test_what_is_on_one_side_only_may_be_the_file_that_can_t_be_read(broken_before: bool) -> None:
    broken = {"other": "kpis/service/other.yaml"}
    if broken_before:
        changes = compared([], calls(), unusable_before=broken)
    else:
        changes = compared(calls(), [], unusable_after=broken)

    assert (changes.kpis, changes.unsure) == ((), ("calls",))


def test_a_file_that_was_broken_and_is_mended_is_not_called_new() -> None:
    changes = compared([], calls(), unusable_before={"calls": "kpis/service/calls.yaml"})

    assert (changes.kpis, changes.unsure) == ((), ())


def test_a_file_that_could_not_be_read_before_is_named_as_the_earlier_one() -> None:
    changes = compared([], calls(), unusable_before={"calls": "kpis/service/calls.yaml"})

    assert changes.unusable == (("kpis/service/calls.yaml", True),)


def test_where_there_was_no_plan_the_new_one_stands_for_both() -> None:
    now = plan(edition="2024-02-27")
    changes = compare_versions(FrameworkVersion(None, ()), FrameworkVersion(now, (calls(),)))

    assert (changes.plan, changes.day, changes.fields) == (now, date(2024, 2, 27), ())
    assert kinds(changes) == [("calls", "added")]


def test_a_plan_that_can_t_be_used_lends_the_other_s_rules() -> None:
    broken = FrameworkVersion(None, (calls(),), unusable_plan="kpis/plan.yaml")
    changes = compare_versions(
        FrameworkVersion(plan(edition="2024-02-27"), (calls(series={"2020/21": 81}),)), broken
    )

    assert changes.fields == ()
    assert changes.unusable == (("kpis/plan.yaml", False),)
    assert [len(measure.figures) for kpi_change in changes.kpis for measure in kpi_change.measures] == [2]


def test_without_any_plan_nothing_can_be_compared() -> None:
    with pytest.raises(ValueError, match=r"^neither version has a plan$"):
        compare_versions(FrameworkVersion(None, ()), FrameworkVersion(None, ()))


def test_kpis_come_in_the_plan_s_order_and_those_that_are_gone_last() -> None:
    before = [calls("a"), calls("b", OTHER, title="B"), calls("z", {"2020/21": 1}, title="Z")]
    after = [calls("a", OTHER), calls("b", SERIES, title="B")]
    changes = compared(before, after, plan(["z", "b", "a"]))

    assert [kpi.newest.id for kpi in changes.kpis] == ["b", "a", "z"]


def test_a_kpi_that_the_plan_does_not_list_comes_between_the_two() -> None:
    before = [calls("a"), calls("z", {"2020/21": 1}, title="Z")]
    after = [calls("unlisted", {"2020/21": 2}, title="U"), calls("a", OTHER)]
    changes = compared(before, after, plan(["a"]))

    assert [kpi.newest.id for kpi in changes.kpis] == ["a", "unlisted", "z"]
