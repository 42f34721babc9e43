"""What single places of the pages say: the order of the missed targets, the words for a breach, peers, references, aims."""

from typing import Any

import pytest

from judge.examples import judged, judged_all, kpi, plan
from kpi.model.plan import Area, Source
from kpi.pages.about import usual_source
from kpi.pages.figure_words import ended, value_words
from kpi.pages.kpi_page import kpi_page
from kpi.pages.lists import off_target, sentence, since_words
from kpi.pages.target_words import references_words, target_words
from kpi.pages.trend_words import direction_words

YEARS = ("2018/19", "2019/20", "2020/21", "2021/22", "2022/23")


def missing(name: str, *values: float, bound: float = 100) -> Any:
    """A KPI whose share is to be at least `bound`, with these values in the last years."""
    observations = dict(zip(YEARS[-len(values) :], values, strict=True))
    fields = {
        "unit": "count",
        "better": "higher",
        "targets": [{"at_least": bound}],
        "observations": observations,
    }
    return kpi(name, title=name, measures={"m": fields})


def test_missed_targets_come_with_the_widest_gap_for_its_bound_first_then_the_longest_run() -> None:
    judgement = judged_all(
        missing("amber-wide", 10, 20),
        missing("red-small", 95, 90),
        missing("red-wide-new", 100, 50),
        missing("red-wide-long", 60, 55, 50),
        missing("red-wide-of-a-small-bound", 5, 4, bound=10),
        missing("met", 100, 101),
    )

    assert [item.kpi.kpi.id for item in off_target(judgement).missed] == [
        "amber-wide",
        "red-wide-of-a-small-bound",
        "red-wide-long",
        "red-wide-new",
        "red-small",
    ]


@pytest.mark.parametrize(
    ("kpis", "expected"),
    [
        ([missing("a", 90)], "1 of 1 KPI with a target does not meet at least one: 1 of 1 measure."),
        ([missing("a", 90), missing("b", 100)], "1 of 2 KPIs with a target does not meet at least one: 1 of 2 measures."),
        ([missing("a", 90), missing("b", 90)], "2 of 2 KPIs with a target do not meet at least one: 2 of 2 measures."),
        ([missing("a", 100)], "0 of 1 KPI with a target do not meet at least one: 0 of 1 measure."),
        ([kpi("a", unit="count", better="higher", measures={"m": {"observations": {"2023": 1}}})],
         "No measure has a target."),
    ],
)  # fmt: skip
def test_the_sentence_counts_kpis_and_measures(kpis: list[Any], expected: str) -> None:
    judgement = judged_all(*kpis)

    assert sentence(judgement) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((90,), "no earlier figure of its length before 2022/23"),
        ((100, 90), "new in 2022/23, last met 2021/22"),
        ((100, 90, 80), "since 2021/22 (2 figures in a row), last met 2020/21"),
        ((90, 80, 100), "met again after 2 figures not met, from 2020/21"),
        ((90, 100), "met again after 1 figure not met, from 2021/22"),
        ((100, 100), ""),
    ],
)
def test_a_breach_says_since_when_and_for_how_many_figures(values: tuple[float, ...], expected: str) -> None:
    (each,) = judged_all(missing("a", *values)).kpis

    assert since_words(each.measures[0]) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"at_least": 90}, "at least 90%"),
        ({"more_than": 90.5}, "more than 90.5%"),
        ({"at_most": 5}, "at most 5%"),
        ({"less_than": 5}, "less than 5%"),
        ({"equals": 100}, "exactly 100%"),
        ({"between": [40, 60]}, "between 40% and 60%"),
        ({"in_words": "To be set."}, "To be set."),
        ({"at_least": 90, "by": "2025-03"}, "at least 90%, by March 2025"),
        ({"at_least": 90, "from": "2023/24", "by": "2024/25"}, "at least 90%, from 2023/24, by 2024/25"),
        ({"at_least": 90, "over": "12 months"}, "at least 90% over 12 months"),
        ({"at_least": 90, "over": "1 months"}, "at least 90% over 1 month"),
        ({"at_least": 90, "label": "Charter"}, "Charter: at least 90%"),
        ({"more_than": {"period": "2019/20"}}, "more than the figure for 2019/20"),
        ({"more_than": {"period": "previous"}}, "more than the figure for the comparable earlier period"),
        ({"at_least": {"period": "2019/20", "change": "-10%"}}, "at least the figure for 2019/20 less 10%"),
        ({"at_least": {"period": "2019/20", "change": 5}}, "at least the figure for 2019/20 plus 5"),
    ],
)
def test_a_target_is_told_in_words(target: dict[str, Any], expected: str) -> None:
    better = "neither" if "between" in target else "higher"
    judgement = judged(better=better, targets=[target], observations={"2022/23": 75})

    assert target_words(judgement.measure.targets[0], judgement.measure) == expected


def test_a_relative_target_is_told_with_its_value_and_where_that_is_from() -> None:
    judgement = judged(
        targets=[{"more_than": {"period": "2019/20", "change": "10%"}}],
        observations={"2019/20": 50, "2022/23": 60},
    )

    assert judgement.deciding is not None
    assert target_words(judgement.measure.targets[0], judgement.measure, judgement.deciding) == (
        "more than 55%, the figure for 2019/20 plus 10%"
    )


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (75, "75%"),
        ({"value": 75, "marks": ["provisional"]}, "75% [p]"),
        ({"value": 75, "marks": ["break", "queried"], "note": "x"}, "75% [b][q]"),
        ({"marks": ["not-available"]}, "not available [x]"),
        ({"marks": ["suppressed"]}, "suppressed to protect people's privacy [c]"),
        ({"marks": ["not-applicable", "provisional"]}, "not applicable [z] [p]"),
        ({"assessment": "near"}, "assessed as near"),
    ],
)
def test_a_figure_carries_the_letters_of_its_marks(observation: Any, expected: str) -> None:
    judgement = judged(observations={"2022/23": observation})

    assert value_words(judgement.measure.observations[0], judgement.measure) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"better": "higher", "observations": {"2021/22": 70, "2022/23": 76}}, "Better ▲ up 6 percentage points (2022/23 against 2021/22)"),
        ({"better": "lower", "observations": {"2021/22": 70, "2022/23": 76}}, "Worse ▲ up 6 percentage points (2022/23 against 2021/22)"),
        ({"better": "neither", "observations": {"2021/22": 70, "2022/23": 64}}, "Lower ▼ down 6 percentage points (2022/23 against 2021/22)"),
        ({"better": "higher", "observations": {"2021/22": 70, "2022/23": 70}}, "The same (2022/23 against 2021/22)"),
        ({"unit": "count", "observations": {"2021/22": 200, "2022/23": 100}}, "Worse ▼ down 100 (50.0%) (2022/23 against 2021/22)"),
        ({"unit": "count", "observations": {"2021/22": 0, "2022/23": 13}}, "Better ▲ up 13 (2022/23 against 2021/22)"),
        ({"observations": {"2022/23": 70}}, "2022/23: no earlier figure"),
        ({"observations": {"2021/22": 70, "2022/23": {"value": 75, "marks": ["break"]}}}, "2022/23: not comparable (break)"),
    ],
)  # fmt: skip
def test_a_trend_names_its_two_periods_or_why_there_is_none(fields: dict[str, Any], expected: str) -> None:
    judgement = judged(**fields)

    assert direction_words(judgement.directions[0], judgement.measure) == expected


def test_peers_are_set_beside_the_figure_of_the_same_day_however_it_is_written() -> None:
    done = kpi(
        unit="count",
        better="higher",
        kind="snapshot",
        measures={"m": {"observations": {"2024-03-31": 5}, "peers": {"there": {"2024-03": 7, "2024-02": 6}}}},
    )
    judgement = judged_all(done)
    (measure,) = judgement.kpis[0].measures

    assert measure.measure.peers
    assert "| 31 March 2024 | 5 | 7 |" in kpi_page(judgement, judgement.kpis[0])


def test_two_areas_of_one_name_are_two_lines() -> None:
    series = {"2022/23": 7}
    done = kpi(
        unit="count", better="higher", measures={"m": {"observations": series, "peers": {"a": series, "b": {"2022/23": 9}}}}
    )  # fmt: skip
    judgement = judged_all(done)
    areas = {name: Area(name, "Same") for name in ("here", "a", "b")}
    page = kpi_page(judgement._replace(plan=judgement.plan._replace(areas=areas)), judgement.kpis[0])

    assert "| Area | 2022/23 |\n| --- | ---: |\n| Same | 7 |\n| Same | 7 |\n| Same | 9 |" in page


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ({"label": "Last plan", "value": 60}, "Last plan: 60% (2022/23 is better than it)"),
        ({"label": "Last plan", "value": 90}, "Last plan: 90% (2022/23 is worse than it)"),
        ({"label": "Last plan", "value": 75}, "Last plan: 75% (2022/23 is the same as it)"),
        ({"label": "Range", "between": [70, 80]}, "Range: between 70% and 80% (2022/23 is inside it)"),
        ({"label": "Floor", "at_least": 80}, "Floor: at least 80% (2022/23 is about it)"),
    ],
)
def test_a_reference_says_how_the_newest_figure_stands_to_it(
    reference: dict[str, Any], expected: str
) -> None:
    assert references_words(judged(references=[reference], observations={"2022/23": 75})) == expected


AIMED: dict[str, Any] = {"unit": "count", "observations": {"2021/22": 20, "2022/23": 50}}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"aim": "increase", "measures": {"a": AIMED}}, "Better ▲ up 30 (150.0%) (2022/23 against 2021/22), as intended."),
        ({"aim": "reduce", "measures": {"a": AIMED}}, "Worse ▲ up 30 (150.0%) (2022/23 against 2021/22), against the aim."),
        ({"aim": "increase", "measures": {"a": AIMED | {"title": "A"}, "b": AIMED | {"title": "B", "aim": "reduce", "better": "lower"}}},
         "| B | 50 | 20 | Worse: up 30 (150.0%); against the aim |"),
        ({"better": "higher", "measures": {"a": AIMED}}, "Better ▲ up 30 (150.0%) (2022/23 against 2021/22)."),
    ],
)  # fmt: skip
def test_the_change_says_how_it_stands_to_the_aim(fields: dict[str, Any], expected: str) -> None:
    judgement = judged_all(kpi(**fields))

    assert expected in kpi_page(judgement, judgement.kpis[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("A", "A."), ("A.", "A."), ("A!", "A!"), ("A?", "A?"), ("A…", "A…"), ("A\n", "A."), ("(A)", "(A).")],
)
def test_a_text_becomes_a_sentence_with_one_end(text: str, expected: str) -> None:
    assert ended(text) == expected


@pytest.mark.parametrize("sources", [("survey", "return"), ("return", "survey")])
def test_of_two_sources_that_all_kpis_name_the_plan_s_first_is_the_usual_one(
    sources: tuple[str, ...],
) -> None:
    with_sources = plan(["calls", "visits"])._replace(sources={name: Source(name, name) for name in sources})
    kpis = [kpi(name, sources=["return", "survey"]) for name in ("calls", "visits")]

    assert usual_source(with_sources, kpis) == sources[0]
