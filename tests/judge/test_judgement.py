"""Measures put together: the status of a KPI, and laws that hold for whole judgements."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import judged, judged_all, judged_kpi, kpi, plan, target, targets
from kpi.judge.judgement import MeasureJudgement, judge
from kpi.judge.state import STATES_WORST_FIRST

YEARS = {"2022/23": 60, "2023/24": 95}

MADE_OF: dict[str, dict[str, Any]] = {
    "missed": {"targets": target(at_least=90, by="2022/23"), "observations": {"2022/23": 60}},
    "not met": {"targets": target(at_least=90), "observations": {"2022/23": 60}},
    "near": {"targets": target(at_least=90, tolerance=2), "observations": {"2022/23": 89}},
    "short": {"targets": target(at_least=90), "kind": "cumulative", "observations": {"2022/23": 60}},
    "no data": {"targets": target(at_least=90), "observations": {"2022/23": {"marks": ["not-available"]}}},
    "not due": {"targets": target(at_least=90, by="2130/31"), "observations": {"2022/23": 60}},
    "behind": {
        "targets": target(at_least=90, by="2130/31", trajectory={"2022/23": 70}),
        "observations": {"2022/23": 60},
    },
    "due": {"targets": target(at_least=90, by="2024/25"), "observations": {"2022/23": 60}},
    "met late": {"targets": target(at_least=90, by="2022/23"), "observations": YEARS},
    "met": {"targets": target(at_least=90), "observations": {"2022/23": 95}},
    "in words": {"targets": target(in_words="Good."), "observations": {"2022/23": 60}},
    "no target": {"observations": {"2022/23": 60}},
}
"""Fields of a measure in each state."""


def in_state(*states: str) -> dict[str, Any]:
    """The measures of a KPI, one in each of these states."""
    return {
        f"m{number}": {"unit": "percent", "better": "higher"} | MADE_OF[state]
        for number, state in enumerate(states)
    }


# The status of a KPI


@pytest.mark.parametrize("state", MADE_OF)
def test_each_state_is_what_it_is_called(state: str) -> None:
    assert judged(**MADE_OF[state]).state == state


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("missed", "not met"),
        ("not met", "behind"),
        ("behind", "near"),
        ("near", "due"),
        ("due", "short"),
        ("short", "no data"),
        ("no data", "not due"),
        ("not due", "met late"),
        ("met late", "met"),
        ("met", "in words"),
    ],
    ids=lambda state: state.replace(" ", "-"),
)
def test_a_kpi_takes_the_worst_of_its_targeted_measures(worse: str, better: str) -> None:
    assert judged_kpi(measures=in_state(better, worse, better)).status == worse


def test_the_worst_comes_with_the_count_of_targeted_measures_that_are_met() -> None:
    judgement = judged_kpi(measures=in_state("met", "not met", "not due", "short", "no target"))
    assert (judgement.status, judgement.met, judgement.targeted) == ("not met", 1, 4)


def test_measures_without_a_target_do_not_count() -> None:
    judgement = judged_kpi(measures=in_state("no target", "met", "no target"))
    assert (judgement.status, judgement.met, judgement.targeted) == ("met", 1, 1)


def test_without_a_targeted_measure_there_is_no_target() -> None:
    judgement = judged_kpi(measures=in_state("no target", "no target"))
    assert (judgement.status, judgement.rag.colour, judgement.targeted) == ("no target", "", 0)


@pytest.mark.parametrize(
    ("no_figures", "word"),
    [
        ({"because": "awaiting-data"}, "awaiting data"),
        ({"because": "in-development"}, "in development"),
        ({"because": "monitored-elsewhere", "body": "board"}, "elsewhere"),
        ({"because": "in-words", "text": "Six areas rose."}, "in words"),
        ({"because": "withdrawn"}, "withdrawn"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_kpi_without_figures_has_the_word_of_its_reason(no_figures: dict[str, str], word: str) -> None:
    assert judged_kpi(no_figures=no_figures).status == word
    assert judged_kpi(measures={"m": {"no_figures": no_figures}}).status == word
    assert word in STATES_WORST_FIRST


def test_a_kpi_with_one_measure_without_figures_and_others_with_has_no_target() -> None:
    measures = in_state("no target") | {"m9": {"no_figures": {"because": "awaiting-data"}}}
    assert judged_kpi(measures=measures).status == "no target"


def test_the_order_of_the_measures_does_not_matter_for_that() -> None:
    measures = {"m9": {"no_figures": {"because": "awaiting-data"}}} | in_state("no target")
    assert judged_kpi(measures=measures).status == "no target"


def test_a_targeted_measure_that_is_monitored_elsewhere_does_not_hide_a_met_one() -> None:
    elsewhere = {"no_figures": {"because": "monitored-elsewhere", "body": "b"}, "targets": target(at_least=1)}
    judgement = judged_kpi(measures=in_state("met") | {"m9": elsewhere})
    assert (judgement.status, judgement.met, judgement.targeted) == ("met", 1, 2)
    assert judged_kpi(measures={"m9": elsewhere}).status == "elsewhere"


def test_every_status_is_listed_once() -> None:
    assert sorted(STATES_WORST_FIRST) == sorted(
        {*MADE_OF, "elsewhere", "awaiting data", "in development", "withdrawn"}
    )


def test_the_colour_of_a_kpi_is_the_worst_of_the_measures_that_give_its_status() -> None:
    improving = {
        "unit": "percent",
        "targets": target(at_least=90),
        "observations": {"2021/22": 60, "2022/23": 70},
    }
    amber = judged_kpi(better="higher", measures=in_state("met") | {"a": improving})
    assert (amber.status, amber.rag.colour) == ("not met", "amber")
    red = judged_kpi(better="higher", measures=in_state("not met") | {"a": improving})
    assert (red.status, red.rag.colour) == ("not met", "red")


# Shown measures


def test_a_shown_measure_counts_in_both_kpis() -> None:
    home = kpi("home", measures=in_state("not met", "met"))
    guest = kpi("guest", also_shows=["home/m0"], measures=in_state("met"))
    result = judged_all(home, guest).by_id()
    assert (result["home"].status, result["home"].met, result["home"].targeted) == ("not met", 1, 2)
    assert (result["guest"].status, result["guest"].met, result["guest"].targeted) == ("not met", 1, 2)
    assert result["guest"].measures[1] == result["home"].measures[0]
    assert result["guest"].measures[1].address == "home/m0"


def test_a_kpi_may_consist_of_shown_measures_only() -> None:
    home = kpi("home", measures=in_state("met"))
    assert judged_kpi(home, also_shows=["home/m0"]).status == "met"


def test_a_shown_measure_that_does_not_exist_is_left_out() -> None:
    assert judged_kpi(also_shows=["nowhere/m0"], measures=in_state("met")).targeted == 1


def test_a_kpi_that_only_shows_what_does_not_exist_has_no_target() -> None:
    assert judged_kpi(also_shows=["nowhere/m0"]).status == "no target"


def test_a_kpi_that_shows_its_own_measure_counts_it_once() -> None:
    assert judged_kpi(also_shows=["calls/m0"], measures=in_state("met")).targeted == 1


def test_a_measure_without_a_target_is_queried_if_its_newest_figure_is() -> None:
    doubted = {"value": 60, "marks": ["queried"], "note": "Odd."}
    assert judged(observations={"2021/22": 60, "2022/23": doubted}).queried
    assert not judged(observations={"2021/22": doubted, "2022/23": 60}).queried
    assert not judged(observations={"2022/23": {"marks": ["not-available"]}}).queried


# The whole framework


def test_kpis_come_in_the_plans_order_and_only_if_it_lists_them() -> None:
    kpis = [kpi(name, measures=in_state("met")) for name in ("c", "a", "b", "unlisted")]
    assert [kpi.kpi.id for kpi in judge(plan(["b", "a", "missing", "c"]), kpis).kpis] == ["b", "a", "c"]


def test_the_order_of_the_kpis_changes_nothing() -> None:
    home = kpi("home", measures=in_state("not met", "met"))
    guest = kpi("guest", also_shows=["home/m0"], measures=in_state("met"))
    third = kpi("third", measures=in_state("no target"))
    listed = plan(["guest", "third", "home"], edition="2024-02-27")
    first, *others = (judge(listed, order) for order in permutations([home, guest, third]))
    assert others == [first] * 5
    assert first.plan == listed


def test_without_a_day_it_is_the_pages_own_day() -> None:
    met = kpi(measures=in_state("met"))
    assert judge(plan(edition="2022-01-01"), [met]).day == date(2023, 3, 31)
    assert judge(plan(edition="2024-02-27"), [met]).day == date(2024, 2, 27)
    assert judge(plan(), [met], date(2023, 1, 1)).kpis[0].status == "no data"


# Laws

SERIES = st.dictionaries(
    st.sampled_from(
        [
            "2019/20",
            "2020/21",
            "2021/22",
            "2022/23",
            "2021",
            "2022-12",
            "2023-01",
            "2023-03",
            "2023-04",
            "2024-01",
        ]
    ),
    st.one_of(
        st.integers(0, 100),
        st.builds(
            lambda value, mark: {"value": value, "marks": [mark], "note": "Odd."},
            st.integers(0, 100),
            st.sampled_from(["break", "queried", "provisional", "forecast"]),
        ),
        st.just({"marks": ["not-available"]}),
    ),
    min_size=1,
)
TARGETS = st.sampled_from(
    [
        target(at_least=50),
        target(at_least=50, tolerance=10),
        target(at_least=50, by="2022/23"),
        target(at_least={"period": "2020/21"}),
        target(at_least={"period": "previous"}),
        target(at_least=50, over="12 months"),
        targets({"at_least": 40}, {"at_least": 60, "start": "2022/23"}),
    ]
)
KINDS = st.sampled_from(["total", "average", "snapshot", "cumulative"])


def standing(judgement: MeasureJudgement) -> tuple[int, int]:
    """A judgement as a number that grows as things get better: its state, then its colour."""
    return STATES_WORST_FIRST.index(judgement.state), ["red", "amber", "", "green"].index(
        judgement.rag.colour
    )


@given(series=SERIES, aims=TARGETS, kind=KINDS, data=st.data())
def test_the_order_of_the_figures_in_the_file_changes_nothing(
    series: dict[str, Any], aims: list[Any], kind: str, data: st.DataObject
) -> None:
    if kind in {"snapshot", "cumulative"}:
        series.pop("2023-03", None)  # at a date it is the same as 2022/23
    turned = dict(data.draw(st.permutations(list(series.items()))))
    fields: dict[str, Any] = {
        "unit": "percent",
        "kind": kind,
        "targets": aims,
        "triggers": [{"when": "change"}],
    }
    assert judged(observations=series, **fields) == judged(observations=turned, **fields)


@given(series=SERIES, aims=TARGETS, kind=KINDS, day=st.dates(date(2020, 1, 1), date(2024, 3, 1)))
def test_judging_on_a_day_is_judging_without_the_figures_after_it(
    series: dict[str, Any], aims: list[Any], kind: str, day: date
) -> None:
    fields: dict[str, Any] = {"unit": "percent", "kind": kind, "targets": aims}
    judgement = judged(day=day.isoformat(), observations=series, **fields)
    known = {figure.key for figure in judgement.measure.observations}
    assert all(figure.period.end <= day or figure.forecast for figure in judgement.measure.observations)
    shortened = {key: value for key, value in series.items() if key in known}
    assert judgement == judged(day=day.isoformat(), observations=shortened, **fields)


@given(
    before=st.lists(st.integers(0, 100), max_size=4),
    latest=st.integers(0, 100),
    more=st.integers(0, 50),
    aims=TARGETS,
    kind=KINDS,
)
def test_a_better_latest_value_never_worsens_the_standing(
    before: list[int], latest: int, more: int, aims: list[Any], kind: str
) -> None:
    years = [f"{year}/{year % 100 + 1}" for year in range(2022 - len(before), 2023)]
    fields: dict[str, Any] = {"unit": "percent", "kind": kind, "targets": aims}
    worse = judged(observations=dict(zip(years, [*before, latest], strict=True)), **fields)
    better = judged(observations=dict(zip(years, [*before, latest + more], strict=True)), **fields)
    assert standing(better) >= standing(worse)


@given(before=st.lists(st.integers(0, 100), max_size=4), latest=st.integers(0, 100), aims=TARGETS, kind=KINDS)
def test_lower_is_better_mirrors_higher_is_better(
    before: list[int], latest: int, aims: list[Any], kind: str
) -> None:
    if kind == "cumulative":
        kind = "snapshot"  # a gain is short below its bound and missed above one, so it has no mirror
    years = [f"{year}/{year % 100 + 1}" for year in range(2022 - len(before), 2023)]
    upright = dict(zip(years, [*before, latest], strict=True))
    mirrored = {year: -value for year, value in upright.items()}
    fields: dict[str, Any] = {"unit": {"name": "points"}, "kind": kind}
    judgement = judged(observations=upright, targets=aims, **fields)
    mirror = judged(observations=mirrored, targets=[_mirrored(aim) for aim in aims], better="lower", **fields)
    assert standing(mirror) == standing(judgement)
    assert [direction.outcome for direction in mirror.directions] == [
        direction.outcome for direction in judgement.directions
    ]


def _mirrored(fields: dict[str, Any]) -> dict[str, Any]:
    bound = fields["at_least"]
    others = {name: value for name, value in fields.items() if name != "at_least"}
    return {"at_most": bound if isinstance(bound, dict) else -bound, **others}
