"""A measure in sentences, what would count as better, chance and action in words, and the grid of crossed measures."""

import re
from typing import Any

import pytest

from judge.examples import judged, judged_all, kpi
from kpi.judge.benchmarks import Rank
from kpi.pages.figure_words import place_words, when
from kpi.pages.figures_table import crossed, figures_table, grid, grid_lines, is_bare, side_by_side
from kpi.pages.kpi_page import kpi_page
from kpi.pages.standing import in_full, in_short
from kpi.pages.target_words import gap_share_words
from kpi.pages.trend_words import chance_words, trend_words, trigger_result_words, trigger_words

OLD = "75% (2022/23), 2 months old"
ALONE = "2022/23: no earlier figure."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"targets": [{"at_least": 70}], "observations": {"2021/22": 60, "2022/23": 75}},
         f"**Met 🟢**: {OLD}; target: at least 70%. Better ▲ up 15 percentage points (2022/23 against 2021/22)."),
        ({"targets": [{"at_least": 80}], "observations": {"2022/23": 75}},
         f"**Not met 🔴**: {OLD}; target: at least 80%; gap 5 percentage points (6.3% short). {ALONE}"),
        ({"targets": [{"at_least": 80, "tolerance": 5}], "observations": {"2022/23": 75}},
         (f"**Near 🟠**: {OLD}; target: at least 80%, tolerance 5 percentage points; "
          f"gap 5 percentage points (6.3% short). {ALONE}")),
        ({"targets": [{"at_least": 80, "by": "2124/25"}], "observations": {"2022/23": 75}},
         (f"**Not due (due by 2124/25)**: {OLD}; target: at least 80%, by 2124/25; "
          f"gap 5 percentage points (6.3% short). {ALONE}")),
        ({"targets": [{"in_words": "Most."}], "observations": {"2022/23": 75}}, f"**In words**: {OLD}; target: Most. {ALONE}"),
        ({"targets": [{"more_than": {"period": "2022/23"}}], "observations": {"2022/23": 75}},
         f"**No data (no figure after 2022/23 yet)**: {OLD}; target: more than the figure for 2022/23. {ALONE}"),
        ({"unit": "count", "kind": "cumulative", "since": "2022-04-01", "targets": [{"at_least": 80}],
          "observations": {"2022/23": 75}},
         ("**Part of the way**: 75 (end of 2022/23), 2 months old; target: at least 80; gap 5 (6.3% short). "
          "End of 2022/23: no earlier figure.")),
        ({"aim": "reduce", "better": "lower", "observations": {"2021/22": 60, "2022/23": 75}},
         f"{OLD}. Worse ▲ up 15 percentage points (2022/23 against 2021/22), against the aim."),
        ({"aim": "increase", "observations": {"2021/22": 75, "2022/23": 75}}, f"{OLD}. The same (2022/23 against 2021/22)."),
        ({"aim": "maintain", "observations": {"2021/22": 75, "2022/23": 75}},
         f"{OLD}. The same (2022/23 against 2021/22): held, as intended."),
        ({"aim": "maintain", "observations": {"2022/23": 75}}, f"{OLD}. {ALONE}"),
        ({"observations": {"2022/23": {"value": 75, "marks": ["queried"], "note": "Odd."}}},
         f"75% \\[q\\] (2022/23), 2 months old. {ALONE} This figure is doubted."),
        ({"observations": {"2022/23": 75}, "peers": {"a": {"2022/23": 80}, "b": {"2022/23": 70}}},
         f"{OLD}. {ALONE} 2nd highest of 3 areas."),
        ({"observations": {"2022/23": {"marks": ["not-available"]}}}, "No figures yet."),
        ({"observations": {"2022/23": {"assessment": "near"}}},
         "Assessed as near (2022/23), 2 months old."),
        ({"no_figures": {"because": "awaiting-data"}}, "Awaiting data."),
    ],
)  # fmt: skip
def test_a_measure_is_read_in_sentences(fields: dict[str, Any], expected: str) -> None:
    judgement = judged_all(kpi(unit="percent", better="higher", measures={"m": fields}), day="2023-05-31")

    assert in_full(judgement, judgement.kpis[0].measures[0]) == expected


def test_what_figures_mean_stands_behind_the_newest_two_so_that_a_telephone_shows_it() -> None:
    three = {"observations": {"2019/20": 60, "2021/22": 70, "2022/23": 75}}
    measures = {name: {"title": name, **three} for name in "AB"}
    judgement = judged_all(kpi(unit="percent", better="higher", measures=measures))

    header, _, row, _ = figures_table(judgement, judgement.kpis[0]).splitlines()

    assert header == "| Measure | 2022/23 | 2021/22 | Meaning | 2019/20 |"
    assert re.fullmatch(r"\| A \| 75% \| 70% \| No clear change: [^|]+ \| 60% \|", row)


def test_a_figure_alone_with_nothing_to_stand_beside_it_has_no_table() -> None:
    months: dict[str, Any] = {f"2023-0{month}": 50 for month in range(1, 6)}
    months["2023-06"] = {"value": 75, "marks": ["break"], "note": "Counted anew."}
    judgement = judged_all(kpi(unit="percent", better="higher", measures={"m": {"observations": months}}))

    assert figures_table(judgement, judgement.kpis[0]) == ""


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"better": "lower", "targets": [{"at_most": 60}], "observations": {"2021/22": 90, "2022/23": 75}},
         {"better": "lower", "targets": [{"at_most": 60}], "observations": {"2021/22": 60, "2022/23": 75}},
         "**Not met 🔴**: B (25% above, clearly worse). **Not met, improving 🟠**: A (25% above)."),
        ({"targets": [{"at_least": 80}], "observations": {"2022/23": 75}},
         {"targets": [{"at_least": 70}], "observations": {"2022/23": 75}},
         "**Not met 🔴**: A (6.3% short, nothing to compare). **Met 🟢**: B."),
    ],
)  # fmt: skip
def test_several_measures_are_told_by_their_state_and_amber_ones_apart_with_the_reason(
    first: dict[str, Any], second: dict[str, Any], expected: str
) -> None:
    judgement = judged_all(kpi(unit="percent", better="higher", measures={"a": first, "b": second}))
    item, other = judgement.kpis[0].measures

    assert in_short(judgement, [("A", item), ("B", other)]) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"observations": {"2022/23": 75}}, "Higher is better."),
        ({"better": "lower", "targets": [{"at_most": 70}], "observations": {"2022/23": 75}}, "Lower is better."),
        ({"unit": "ratio", "better": {"near": 1}, "observations": {"2022/23": 1.5}}, "Nearer to 1 is better."),
        ({"better": "neither", "observations": {"2022/23": 75}}, "Neither way is better."),
    ],
)  # fmt: skip
def test_which_way_is_better_is_said_in_words(fields: dict[str, Any], expected: str) -> None:
    judgement = judged_all(kpi(unit="percent", better="higher", measures={"m": fields}))

    assert expected in kpi_page(judgement, judgement.kpis[0]).split("\n")[-2]


SHARES = {
    "2021/22": {"value": 50, "numerator": 50, "denominator": 100},
    "2022/23": {"value": 65, "numerator": 65, "denominator": 100},
}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"unit": "count", "observations": {"2021/22": 53, "2022/23": 65}},
         ("p = 0.31, exact test of two counts (2022/23 against 2021/22). "
         "95% confidence interval for 2022/23: 50 to 83")),
        ({"unit": "count", "observations": {"2022/23": 5}}, "95% confidence interval for 2022/23: 2 to 12"),
        ({"unit": "count", "observations": {"2021/22": 80, "2022/23": 50}},
         "p = 0.011, exact test of two counts (2022/23 against 2021/22). 95% confidence interval for 2022/23: 37 to 66"),
        ({"unit": "count", "observations": {"2021/22": 480, "2022/23": 400}}, "95% confidence interval for 2022/23: 362 to 441"),
        ({"unit": "count", "observations": {"2021/22": 300, "2022/23": 401}}, ""),
        ({"unit": "count", "observations": {"2021/22": 9000, "2022/23": 9100}}, ""),
        ({"observations": SHARES},
         "p = 0.032, test of two proportions (2022/23 against 2021/22). 95% confidence interval for 2022/23: 55.3% to 73.6%"),
        ({"observations": {"2021/22": 50, "2022/23": 65}}, ""),
        ({"unit": "count", "kind": "snapshot", "observations": {"2021/22": 50, "2022/23": 65}},
         ""),
        ({"unit": "duration", "better": "lower", "observations": {"2021/22": "5s", "2022/23": "6s"}},
         ""),
        ({"observations": {"2022/23": 65}}, ""),
    ],
)  # fmt: skip
def test_small_counts_and_shares_have_their_test_and_interval_and_nothing_else_has(
    fields: dict[str, Any], expected: str
) -> None:
    """The intervals are the oracles of the public health agencies' package: Byar 65, exact 5, Wilson 65 of 100."""
    assert chance_words(judged(**fields)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"unit": "count", "observations": {"2021/22": 53, "2022/23": 40}},
            "counts of this size often differ by that much",
        ),
        (
            {"unit": "count", "observations": {"2021/22": 440, "2022/23": 313}},
            "Worse ▼ down 127 (28.9%) (2022/23 against 2021/22)",
        ),
        (
            {"unit": "count", "observations": {"2021/22": 94400, "2022/23": 95900}},
            "less than 5%",
        ),
        (
            {"observations": {"2021/22": 45, "2022/23": 40}},
            "5 points or less, and the numbers behind it aren't given",
        ),
        ({"observations": {"2021/22": 40, "2022/23": 40}}, "The same (2022/23 against 2021/22)"),
    ],
)
def test_a_trend_says_why_a_change_is_not_clear_and_nothing_more_where_it_is(
    fields: dict[str, Any], expected: str
) -> None:
    assert trend_words(judged(**fields)).rpartition("; ")[2] == expected


@pytest.mark.parametrize(
    ("trigger", "requested", "answer"),
    [
        ({"when": "increase"}, "when it rises", "it has"),
        ({"when": "decrease"}, "when it falls", "no such fall"),
        ({"when": "change", "minimum": 20}, "when it changes by 20 or more", "it has"),
        ({"when": "increase", "minimum": "40%"}, "when it rises by 40% or more", "no such rise: smaller than the minimum"),
        ({"when": "increase", "level": 0.05}, "when it rises significantly", "it has (p = 0.027; level 0.05)"),
        ({"when": "increase", "level": 0.01, "minimum": "5%"}, "when it rises significantly and by 5% or more",
         "no such rise (p = 0.027; level 0.01)"),
    ],
)  # fmt: skip
def test_when_to_act_is_said_in_plain_words(trigger: dict[str, Any], requested: str, answer: str) -> None:
    judgement = judged(
        unit="count", better="neither", triggers=[trigger], observations={"2021/22": 89, "2022/23": 122}
    )
    (actual,) = judgement.triggers

    assert trigger_words(actual.trigger, judgement.measure) == requested
    assert trigger_result_words(actual) == answer


def test_what_to_act_on_says_why_it_cannot_be_told() -> None:
    judgement = judged(
        triggers=[{"when": "increase", "level": 0.05}], observations={"2021/22": 50, "2022/23": 60}
    )

    assert (
        trigger_result_words(judgement.triggers[0])
        == "can't be told: the numbers behind the shares are not given"
    )


@pytest.mark.parametrize(
    ("kind", "period", "expected"),
    [
        ("average", "2022/23", "2022/23"),
        ("snapshot", "2022/23", "end of 2022/23"),
        ("cumulative", "2022", "end of 2022"),
        ("snapshot", "2024-01", "January 2024"),
        ("snapshot", "2024-01-31", "31 January 2024"),
        ("snapshot", "2022/23 Q1", "end of 2022/23 Q1, April to June 2022"),
        ("snapshot", "12 months to 2023-03", "31 March 2023"),
        ("average", "2022/23 Q1", "2022/23 Q1, April to June 2022"),
    ],
)
def test_a_figure_at_a_date_says_that_it_is_for_the_end(kind: str, period: str, expected: str) -> None:
    judgement = judged(kind=kind, observations={period: 5})

    assert when(judgement.measure.observations[0].period, judgement.measure) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"at_least": 80}, "6.3% short"),
        ({"at_least": 100}, "25% short"),
        ({"at_least": 70}, ""),
        ({"at_most": 0}, ""),
    ],
)
def test_a_gap_is_told_as_a_part_of_its_target(target: dict[str, Any], expected: str) -> None:
    judgement = judged(targets=[target], observations={"2022/23": 75})
    assert judgement.deciding is not None

    assert gap_share_words(judgement.deciding) == expected


@pytest.mark.parametrize(
    ("place", "areas", "joint", "expected"),
    [
        (1, 4, False, "highest of 4"),
        (1, 4, True, "joint highest of 4"),
        (2, 7, False, "2nd highest of 7"),
        (3, 7, True, "joint 3rd highest of 7"),
        (11, 43, False, "11th highest of 43"),
        (22, 43, False, "22nd highest of 43"),
        (43, 43, False, "lowest of 43"),
    ],
)
def test_a_place_is_told_with_the_number_of_areas(place: int, areas: int, joint: bool, expected: str) -> None:
    figure = judged(observations={"2022/23": 5}).measure.observations[0]

    assert place_words(Rank(figure, place, areas, joint, place, "higher")) == expected


# Crossed measures


def crossing(**changes: dict[str, Any]) -> Any:
    """A KPI of two by two measures with one figure each; `changes` replaces fields of single ones."""
    dimensions = {
        "light": {"day": "Daylight", "dark": "Darkness"},
        "place": {"home": "At home", "bus": "On the bus"},
    }
    measures = {}
    for number, (light, place) in enumerate(
        [("day", "home"), ("day", "bus"), ("dark", "home"), ("dark", "bus")]
    ):
        name = f"{light}-{place}"
        fields = {"is": {"light": light, "place": place}, "observations": {"2022/23": 60 + number}}
        measures[name] = fields | changes.get(name.replace("-", "_"), {})
    return judged_all(kpi(unit="percent", better="higher", dimensions=dimensions, measures=measures))  # fmt: skip


def test_crossed_measures_with_one_figure_each_are_one_table_and_no_parts() -> None:
    actual = crossing()
    page = kpi_page(actual, actual.kpis[0])

    assert (
        "| Light | At home | On the bus |\n| --- | ---: | ---: |\n| Daylight | 60% | 61% |\n| Darkness | 62% | 63% |"
        in page
    )
    assert "The latest figures side by side, 2022/23. They run from 60% to 63%." in page
    assert page.count("| --- |") == 1
    assert grid_lines(actual.kpis[0]).keys() == {"Daylight", "Darkness"}
    assert (
        side_by_side(actual.kpis[0], grid_lines(actual.kpis[0])["Daylight"])
        == "At home 60%; On the bus 61% (2022/23)"
    )


def test_a_crossed_measure_with_more_to_say_has_all_its_figures_folded() -> None:
    actual = crossing(
        day_bus={"targets": [{"at_least": 70}]}, dark_bus={"observations": {"2021/22": 1, "2022/23": 2}}
    )
    (item,) = actual.kpis
    page = kpi_page(actual, item)

    assert "**Darkness, On the bus**:\n\n| Period | Figure |" in page
    assert "**Not met 🔴**: Daylight, On the bus (13% short, nothing to compare)." in page
    assert "| Daylight | 60% | 61%, not met |" in page
    assert grid_lines(item) == {}
    assert sum(is_bare(measure) for measure in crossed(item).values()) == 2


def test_different_periods_stand_in_the_cells() -> None:
    actual = crossing(day_bus={"observations": {"2021/22": 61}})

    assert "| Daylight | 60% (2022/23) | 61% (2021/22) |" in grid(actual.kpis[0], {})


def test_two_measures_in_one_place_make_no_grid() -> None:
    actual = crossing(day_bus={"is": {"light": "day", "place": "home"}, "title": "Another"})

    assert grid(actual.kpis[0], {}) == ""


def test_single_figures_and_series_stand_in_one_table() -> None:
    measures: dict[str, Any] = {
        "a": {"title": "Retired", "observations": {"2022/23": 41}},
        "b": {"title": "Resigned", "observations": {"2022": 35}},
        "c": {"title": "All", "observations": {"2021/22": 1, "2022/23": 2}},
    }
    judgement = judged_all(kpi(unit="percent", better="neither", measures=measures))
    page = kpi_page(judgement, judgement.kpis[0])

    assert re.search(
        r"\| Retired \| 41% \|  \|  \|  \|\n\| Resigned \|  \| 35% \|  \|  \|\n\| All \| 2% \|  \| [^|]+ \| 1% \|\n",
        page,
    )
