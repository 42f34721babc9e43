"""The awkward rows of the first content. What each should say was worked out by hand from the paper's figures."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from content.edition import edition
from kpi.judge.direction import QUERIED
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement, judge
from kpi.model.kpi import Measure

ROOT = Path(__file__).resolve().parents[2]


def kpi(name: str) -> KpiJudgement:
    """The judgement of one KPI."""
    return edition().by_id()[name]


def measure(address: str) -> MeasureJudgement:
    """The judgement of one measure at its home."""
    home, _, name = address.partition("/")
    return next(measure for measure in kpi(home).measures if measure.measure.id == name)


class Expected(NamedTuple):
    """What a targeted measure should say. `breach` is its state, since and number of figures."""

    state: str
    figure: str | None
    gap: str | None
    colour: str
    breach: tuple[str, str, int] | None = None
    last_met: str | None = None


MEASURES = {
    # Row 1: a gain of 1,376 where 1,200 were wanted.
    "officer-uplift/new-officers": Expected("met", "2023-03", None, "green"),
    # Row 2: over 8,000 wanted; 8,067 in March 2023, 7,901 in January 2024.
    "officer-strength/officers": Expected(
        "not met", "2024-01", "99", "red", ("alone", "2024-01", 1), "2023-03"
    ),
    # Row 4: 256 gained of 450, and no date.
    "neighbourhood-officers/neighbourhood-officers-added": Expected("short", "2024-01", "194", ""),
    # Row 6: 464 kept in April 2021, 312 in January 2024.
    "pcsos/pcsos": Expected("not met", "2024-01", "152", "red", ("alone", "2024-01", 1), "2021-04"),
    # Row 21: more than 6, 8 and 5 wanted; all missed, all rising.
    "positive-outcomes/da-positive-outcome": Expected(
        "not met", "2022/23", "1", "red", ("continuing", "2021/22", 2)
    ),
    "positive-outcomes/sh-positive-outcome": Expected(
        "not met", "2022/23", "5", "red", ("continuing", "2021/22", 2)
    ),
    "positive-outcomes/rape-positive-outcome": Expected(
        "not met", "2022/23", "1", "red", ("continuing", "2021/22", 2)
    ),
    # Row 29: each below its own 2019/20. The baseline year itself was neither met nor missed.
    "neighbourhood-crime/burglary-residential": Expected("met", "2022/23", None, "green"),
    "neighbourhood-crime/robbery-personal": Expected(
        "not met", "2022/23", "249", "red", ("new", "2022/23", 1), "2021/22"
    ),
    "neighbourhood-crime/vehicle-theft": Expected(
        "not met", "2022/23", "5254", "red", ("continuing", "2021/22", 2)
    ),
    "neighbourhood-crime/theft-from-person": Expected(
        "not met", "2022/23", "1455", "red", ("continuing", "2021/22", 2)
    ),
    # Row 35: 458 gained of 1,000, and no date.
    "ethnic-minority-officers/bame-officers-added": Expected("short", "2023-03", "542", ""),
    # Row 42: at least half wanted; 27 then 30 per cent.
    "stop-search-outcomes/stop-search-positive-outcome": Expected(
        "not met", "2022/23", "20", "red", ("continuing", "2021/22", 2)
    ),
    # Row 44: the same level or higher: 95 to 97, 82 to 83.
    "body-worn-video/bwv-stop-search": Expected("met", "2022/23", None, "green"),
    "body-worn-video/bwv-use-of-force": Expected("met", "2022/23", None, "green"),
    # Row 52: at least 90; judged on one month, which has no earlier month beside it.
    # 999 was missed over three years: a month that meets it is no recovery.
    "call-answering/calls-999-within-10s": Expected("met", "2024-01", None, "green"),
    "call-answering/calls-101-within-3m": Expected("not met", "2024-01", "6", "red", ("alone", "2024-01", 1)),
    # Row 53: the Charter's times, but no share of incidents to reach in them.
    "attendance-times/p1-within-15m": Expected("in words", "2024-01", None, ""),
    "attendance-times/p2-within-60m": Expected("in words", "2024-01", None, ""),
    # Row 67: below 2019/20 (3,424); 4,515 then 4,045.
    "knife-crime-and-robbery/knife-crime": Expected(
        "not met", "2022/23", "621", "amber", ("continuing", "2021/22", 2)
    ),
}


@pytest.mark.parametrize("address", MEASURES)
def test_a_targeted_measure_says_what_was_worked_out_by_hand(address: str) -> None:
    result, expected = measure(address), MEASURES[address]
    verdict, breach = result.deciding, result.breach
    assert verdict is not None
    assert (result.state, result.rag.colour) == (expected.state, expected.colour)
    assert (verdict.observation.key if verdict.observation else None) == expected.figure
    assert verdict.gap == (Decimal(expected.gap) if expected.gap else None)
    assert (breach and (breach.state, breach.since.key, breach.periods)) == expected.breach
    assert (breach.last_met.key if breach and breach.last_met else None) == expected.last_met


def test_no_other_measure_is_judged_by_a_target() -> None:
    states = {
        measure.address: measure.state
        for each in edition().kpis
        for measure in each.measures
        if measure.verdicts
    }
    # Measures that came later have no data yet on this day.
    assert {address for address, state in states.items() if state != "no data"} == set(MEASURES)


KPIS = {
    "officer-uplift": ("met", "green", 1, 1),
    "officer-strength": ("not met", "red", 0, 1),
    "neighbourhood-officers": ("short", "", 0, 1),
    "pcsos": ("not met", "red", 0, 1),
    "positive-outcomes": ("not met", "red", 0, 3),
    "neighbourhood-crime": ("not met", "red", 1, 4),
    "ethnic-minority-officers": ("short", "", 0, 1),
    "stop-search-outcomes": ("not met", "red", 0, 1),
    "body-worn-video": ("met", "green", 2, 2),
    "call-answering": ("not met", "red", 1, 2),
    "attendance-times": ("in words", "", 0, 2),
    "knife-crime-and-robbery": ("not met", "red", 0, 2),  # with robbery, shown from row 29
}


@pytest.mark.parametrize("name", KPIS)
def test_a_kpi_takes_its_worst_measure_with_the_count(name: str) -> None:
    whole = kpi(name)
    assert (whole.status, whole.rag.colour, whole.met, whole.targeted) == KPIS[name]


def test_no_other_kpi_has_a_status_of_its_own_figures() -> None:
    others = {kpi.status for kpi in edition().kpis if kpi.kpi.id not in KPIS}
    assert others <= {"no target", "no data", "awaiting data", "in development", "elsewhere", "in words"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("officer-strength/officers", [("2024-01", "2023-03", "no clear change", "-166", "-2.1")]),
        ("pcsos/pcsos", [("2024-01", "2021-04", "worse", "-152", "-32.8")]),
        (
            "neighbourhood-crime/burglary-residential",
            [("2022/23", "2021/22", "no clear change", "690", "4.6")],
        ),
        ("neighbourhood-crime/vehicle-theft", [("2022/23", "2021/22", "worse", "2928", "24.0")]),
        (
            "stop-search-outcomes/stop-search-positive-outcome",
            [("2022/23", "2021/22", "no clear change", "3", None)],
        ),
        (
            "call-answering/calls-999-within-10s",
            [("2024-01", None, "can't be told", None, None), ("2022/23", "2021/22", "worse", "-8", None)],
        ),
        (
            "attendance-times/p2-median",
            [("2024-01", None, "can't be told", None, None), ("2022/23", "2021/22", "worse", "1255", None)],
        ),
        ("knife-crime-and-robbery/knife-crime", [("2022/23", "2021/22", "better", "-470", "-10.4")]),
        ("drug-deaths/drug-deaths", [("2019 to 2021", "2015 to 2017", "can't be told", "107", "31.9")]),
        ("drug-deaths/drug-death-rate", [("2019 to 2021", "2015 to 2017", "can't be told", "1.3", None)]),
        (
            "sharp-object-admissions/*",
            [("12 months to 2022-12", "12 months to 2019-06", "no clear change", "-26", "-12.1")],
        ),
        (
            "reflective-practice/*",
            [("2023-01 to 2023-08", "2022-01 to 2022-08", "no clear change", "11", "12.8")],
        ),
        ("estate-emissions/*", [("2023-04 to 2023-06", "2020-04 to 2020-06", "better", "-4.01", None)]),
        (
            "disproportionate-use-of-powers/ss-disprop-asian",
            [("2022/23", "2021/22", "no clear change", "-0.1", None)],
        ),
        (
            "disproportionate-use-of-powers/uof-disprop-asian",
            [("2022/23", "2021/22", "the same", "0.0", None)],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_direction_names_both_periods(
    address: str, expected: list[tuple[str, str | None, str, str | None, str | None]]
) -> None:
    whole = kpi(address[:-2]).measures[0] if address.endswith("/*") else measure(address)
    result = [
        (
            direction.later.key,
            direction.earlier.key if direction.earlier else None,
            direction.outcome,
            None if direction.change is None else str(direction.change),
            None if direction.per_cent is None else str(direction.per_cent),
        )
        for direction in whole.directions
    ]
    assert result == expected


def test_the_windows_of_drug_deaths_overlap_and_the_trigger_can_not_tell() -> None:
    deaths = measure("drug-deaths/drug-deaths")
    (travel,) = deaths.directions
    assert travel.overlapping is not None
    assert travel.overlapping.key == "2018 to 2020"
    assert [trigger.state for trigger in deaths.triggers] == ["cannot tell"]


def test_fewer_assaults_on_retail_workers_fire_no_trigger() -> None:
    assert [trigger.state for trigger in measure("retail-assaults/retail-assaults").triggers] == ["not fired"]


def test_the_doubted_attendance_figures_are_judged_with_that_word() -> None:
    assert measure("attendance-times/p2-within-60m").queried
    assert not measure("attendance-times/p1-within-15m").queried


AIMS = {
    "special-constables": [
        "against the aim",
        "no clear change",
    ],  # 329 to 214 in number; 49.5 to 53.3 per cent
    "call-answering": ["cannot tell"] * 2,  # one month beside years
    "attendance-times": ["cannot tell"] * 2,
    "disproportionate-use-of-powers": ["no clear change"] * 4,
    "estate-emissions": ["as intended"],
    "fleet-emissions": ["cannot tell"],  # a quarter against a year
}


@pytest.mark.parametrize("name", AIMS)
def test_an_aim_without_a_target_is_judged_measure_by_measure(name: str) -> None:
    assert [judged.aim.word for judged in kpi(name).measures if judged.aim is not None] == AIMS[name]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("officer-strength/officers", ["better than"]),  # 7,901 beside 6,691
        ("attendance-times/p1-median", ["inside"]),  # 12m27s beside at most 15m
        ("occupational-health-wait/occupational-health-wait", ["worse than"]),  # 6 weeks beside 2 to 3
        ("staff-survey/survey-completion", ["worse than"]),  # 34 beside 44 per cent
        ("body-worn-video/bwv-use-of-force", ["about"]),  # 83 beside 78 to 80 per cent
    ],
)
def test_a_reference_is_compared_in_words(address: str, words: list[str]) -> None:
    assert [reference.word for reference in measure(address).references] == words


def test_the_share_of_special_constables_is_worked_out_at_each_date() -> None:
    share = measure("special-constables/specials-share").measure
    assert share.kind == "snapshot"
    assert [(figure.key, str(figure.value)) for figure in share.observations] == [
        ("2021/22", "53.8"),
        ("2022/23", "49.5"),
        ("2024-01", "53.3"),
    ]


def test_break_in_antisocial_behaviour_is_not_compared() -> None:
    (travel,) = kpi("asb-incidents").measures[0].directions
    assert (travel.later.key, travel.earlier, travel.reason) == ("2022/23", None, "not comparable (break)")


ON_A_DAY: list[tuple[str, str, Callable[[MeasureJudgement], object], object]] = [
    ("2023-03-31", "call-answering/calls-999-within-10s", lambda case: case.state, "not met"),
    ("2024-01-30", "officer-strength/officers", lambda case: case.state, "met"),
    ("2021-04-30", "pcsos/pcsos", lambda case: case.state, "met"),
    ("2020-12-31", "neighbourhood-crime/vehicle-theft", lambda case: case.state, "no data"),
]


@pytest.mark.parametrize(("day", "address", "ask", "expected"), ON_A_DAY, ids=[case[0] for case in ON_A_DAY])
def test_on_an_earlier_day_later_figures_are_not_known(
    day: str, address: str, ask: Callable[[MeasureJudgement], object], expected: object
) -> None:
    judgement = edition(date.fromisoformat(day))
    home, _, name = address.partition("/")
    (actual,) = [item for item in judgement.by_id()[home].measures if item.measure.id == name]
    assert ask(actual) == expected


# All 149 measures by what became of their newest figure, before and with the marks of doubt (docs/decisions.md has both rows).

DOUBTED = {
    "da-repeat/da-repeat-suspects": "better",
    "workforce-representation/workforce-female": "better",
    "drug-disruptions/county-lines-disruptions": "better",
    "victim-satisfaction/victim-understanding": "worse",
    "victim-satisfaction/victim-helped": "worse",
    "fraud-outcomes/fraud-judicial-outcomes": "lower",
    "fraud-outcomes/fraud-nfa": "lower",
    "workforce-representation/workforce-ethnic-minority": "no clear change",
}
BEFORE = {
    "better": 17,
    "worse": 21,
    "higher": 4,
    "lower": 7,
    "no clear change": 50,
    "the same": 2,
    "can't be told": 48,
}


def undoubted() -> Judgement:
    """The edition without the word `queried` on the figures whose comparison is doubted."""
    addresses = {name.partition("/")[2] for name in DOUBTED}
    kpis = [
        item.kpi._replace(
            measures=tuple(
                _without_doubt(each) if each.id in addresses else each for each in item.kpi.measures
            )
        )
        for item in edition().kpis
    ]
    return judge(edition().plan, kpis, edition().day)


def _without_doubt(measure: Measure) -> Measure:
    plain = (
        observation._replace(marks=tuple(mark for mark in observation.marks if mark != "queried"))
        for observation in measure.observations
    )
    return measure._replace(observations=tuple(plain))


def test_without_the_marks_of_doubt_the_classes_are_those_of_the_rules_alone() -> None:
    actual = undoubted()

    assert Counter(item.change for item in actual.once()) == BEFORE
    assert {item.address: item.change for item in actual.once() if item.address in DOUBTED} == DOUBTED


def test_the_marks_of_doubt_take_these_eight_out_and_no_other() -> None:
    classes = Counter(item.change for item in edition().once())

    assert classes == {
        **Counter(BEFORE) - Counter(DOUBTED.values()),
        "can't be told": BEFORE["can't be told"] + len(DOUBTED),
    }
    assert {
        item.address for item in edition().once() if item.directions and item.directions[0].reason == QUERIED
    } >= set(DOUBTED)


def test_the_twenty_targets_stand_as_the_rules_say() -> None:
    targeted = [item for item in edition().once() if item.verdicts]

    assert Counter(item.state for item in targeted) == {"met": 5, "short": 2, "in words": 2, "not met": 11}
    assert Counter(item.rag.colour for item in targeted if item.state == "not met") == {"red": 10, "amber": 1}
