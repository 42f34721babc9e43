"""The pictures of KPIs: what is drawn, where it stands, and what is said of it."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest

from chart_cases import PLAN, cases, days, drawn, judged, kpi_of, measure_of, months
from kpi.model.kpi import Measure, Observation
from kpi.model.period import parse_period
from kpi.model.plan import Area
from kpi.model.quantity import Unit
from kpi.pages.charts.chart import LIMIT, kpi_chart, kpi_chart_words
from kpi.pages.charts.layout import line_ticks, spread, tick_words
from kpi.pages.charts.panel import NOW, OLDER, target_levels
from kpi.pages.charts.svg import text_width, wrapped
from pictures import Box, bars, boxes, check, dashed, points
from small import both_contents

KPIS = {kpi.kpi.id: (kpi, judgement.plan) for judgement in both_contents() for kpi in judgement.kpis}
CASES = cases()


def texts(picture: str) -> list[str]:
    return [box.text for box in boxes(check(picture))]


def box_of(picture: str, text: str) -> Box:
    return [box for box in boxes(check(picture)) if box.text == text][-1]


def test_every_real_picture_is_small_inside_its_card_and_its_texts_stand_apart() -> None:
    for name, (kpi, plan) in KPIS.items():
        picture = kpi_chart(kpi, plan)
        if not picture:
            assert kpi_chart_words(kpi, plan) == "", name
            continue
        assert len(picture.encode()) <= LIMIT, name
        check(picture)
        assert not re.search("[*_`|\\[\\]<>]", kpi_chart_words(kpi, plan)), name


@pytest.mark.parametrize("name", CASES)
def test_the_hardest_pictures_are_too(name: str) -> None:
    picture = drawn(*CASES[name])

    assert len(picture.encode()) <= LIMIT
    if picture:
        check(picture)


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "a & b", "\"x\" 'y'", "</text>", "]]>"])
def test_a_hostile_title_comes_back_as_typed(title: str) -> None:
    assert f"{title}. Number, Council, 2015/16 to 2023/24" in " ".join(texts(drawn(title, CASES["gaps"][1])))


def test_hidden_characters_are_shown_by_their_number() -> None:
    assert "‹U+202E›" in " ".join(texts(drawn("a\u202eb", CASES["gaps"][1])))


@pytest.mark.parametrize("figures", [0, 1])
def test_less_than_two_figures_have_no_picture(figures: int) -> None:
    measure = CASES["gaps"][1]
    few = measure._replace(observations=measure.observations[:figures])

    assert drawn("a", few) == kpi_chart_words(kpi_of("a", few), PLAN) == ""


def test_the_title_is_the_finding_and_the_line_below_says_what_where_and_when() -> None:
    reported = texts(drawn(*CASES["durations"]))

    assert reported[0] == "Met: 2m18.5s (2023/24)"
    assert " ".join(reported[1:3]) == "Answering the telephone. Time, Council, 2021/22 to 2023/24"


def test_a_share_is_of_what_is_counted_and_is_no_number_of_it() -> None:
    kpi, plan = KPIS["positive-outcomes"]

    assert "stalking. Per cent of offences, West Midlands Police" in " ".join(texts(kpi_chart(kpi, plan)))


def test_bars_begin_at_zero_and_are_as_long_as_their_figures() -> None:
    actual = bars(drawn(*CASES["previous"]))

    assert len({item.bottom for item in actual}) == 1
    lengths = [item.bottom - item.top for item in actual]
    figures = [120, 140, 133, 151]
    assert [length / lengths[0] for length in lengths] == pytest.approx(
        [figure / 120 for figure in figures], abs=0.01
    )
    assert [item.colour for item in actual] == ["old", "old", "old", "green"]


def test_negative_figures_hang_below_zero() -> None:
    actual = bars(drawn(*CASES["negative"]))
    zero = actual[-1].bottom

    assert [item.top == zero for item in actual] == [True, True, False, True, False]
    assert [item.bottom == zero for item in actual] == [False, False, True, False, True]


def test_each_bar_has_its_number_on_top_and_its_own_period_below() -> None:
    picture = drawn(*CASES["relative"])
    for bar, number, period in zip(
        bars(picture),
        ("19,100", "18,237", "14,990", "15,682", "16,911"),
        ("2018/19", "2019/20", "2020/21", "2021/22", "2022/23"),
        strict=True,
    ):
        above, below = box_of(picture, number), box_of(picture, period)
        assert above.bottom <= bar.top + 1
        assert below.top >= bar.bottom
        assert above.left < bar.middle < above.right
        assert below.left < bar.middle < below.right


def test_a_missing_period_is_a_gap_that_says_so() -> None:
    picture = drawn(*CASES["gaps"])
    actual = bars(picture)
    steps = [round(b.left - a.left) for a, b in pairwise(actual)]

    assert steps == [37, 75, 37, 75, 37, 37]
    assert texts(picture).count("no") == texts(picture).count("figure") == 2


def test_a_break_is_a_gap_with_its_word() -> None:
    picture = drawn(*CASES["break"])

    assert texts(picture).count("break") == 2
    assert len(re.findall('"none quiet-line dash" d="M[0-9.]+ [0-9.]+V', picture)) == 2


def test_months_after_years_stand_apart_by_a_gap() -> None:
    actual = bars(drawn(*CASES["lengths"]))
    gaps = [b.left - a.right for a, b in pairwise(actual)]

    assert gaps[2] > gaps[0] * 1.5
    assert gaps[0] == pytest.approx(gaps[1], abs=0.2)


def test_a_months_total_is_not_drawn_beside_years() -> None:
    _, lengths = CASES["lengths"]
    totals = lengths._replace(
        kind="total", observations=(*lengths.observations[:3], lengths.observations[-1])
    )

    picture = drawn("a", totals)

    assert len(bars(picture)) == 3
    assert "another length of time, not drawn: 95% (January 2024)" in " ".join(texts(picture))


def test_from_eight_figures_on_they_are_a_line() -> None:
    base = CASES["months-200"][1]
    seven, eight = (base._replace(observations=tuple(months(many))) for many in (7, 8))

    assert len(bars(drawn("a", seven))) == 7
    assert bars(drawn("a", eight)) == []
    (line,) = re.findall('"none new-line thick" d="([^"]+)"', drawn("a", eight))
    assert len(points(line)) == 8


def test_a_target_is_a_dashed_line_over_its_own_dates_and_is_said_in_words() -> None:
    levels = list(target_levels(judged(CASES["targets"][1])))
    shown = {
        level.value: (str(level.start), str(level.stop), level.sort)
        for level in levels
        if level.sort in {NOW, OLDER}
    }

    assert shown == {
        Decimal(95): ("2022-04-01", "2026-03-31", NOW),
        Decimal(70): ("0001-01-01", "2019-03-31", OLDER),
        Decimal(80): ("2019-04-01", "2022-03-31", OLDER),
    }
    picture = drawn(*CASES["targets"])
    older = sorted(dashed(picture, "quiet"))[-2:]
    assert {
        "target at least 95%, by 2025/26",
        "earlier target at least 70%, by 2018/19",
        "way to the target",
    } <= set(texts(picture))
    assert older[0][1] == pytest.approx(older[1][0], abs=0.5)


def test_a_target_taken_from_an_earlier_figure_is_drawn_behind_it() -> None:
    picture = drawn(*CASES["relative"])
    actual = bars(picture)
    at_most, less = sorted(line for line in dashed(picture) if line[1] > 300)

    assert actual[1].middle < at_most[0] <= actual[2].left
    assert actual[2].middle < less[0] <= actual[3].left
    assert {"target less than 16,413 (Plan)", "target at most 18,237 (Pledge)"} <= set(texts(picture))


def test_a_target_for_a_length_that_no_figure_has_is_not_drawn() -> None:
    _, measure = CASES["gaps"]
    monthly = CASES["by-only"][1].targets[0]._replace(over=1, by=None)

    assert list(target_levels(judged(measure._replace(targets=(monthly,))))) == []


def test_what_is_not_final_is_an_outline_and_is_explained() -> None:
    _, measure = CASES["marks"]
    picture = drawn("a", measure._replace(observations=measure.observations[:5]))

    assert "queried, estimated, provisional" in texts(picture)
    assert len(re.findall('class="card (old|new)-line thick"', picture)) == 4  # three bars and the key


def test_a_forecast_is_never_the_latest_figure_of_a_line() -> None:
    picture = drawn(*CASES["marks"])

    assert texts(picture)[0] == "No clear change: 490 (2023/24)"
    assert box_of(picture, "490").right < 340  # above its own point, which isn't the last


def test_unusual_figures_have_another_shape() -> None:
    steady = tuple(
        Observation(at.period, Decimal(400 + place * 7 % 5)) for place, at in enumerate(months(30))
    )
    base = CASES["months-200"][1]._replace(compare="previous")
    last = steady[-1]._replace(value=Decimal(900))
    usual, unusual = (
        drawn("a", base._replace(observations=figures)) for figures in (steady, (*steady[:-1], last))
    )

    assert "unusual" not in texts(usual)
    assert "unusual" in texts(unusual)
    assert re.search('class="new" d="M[0-9]+ [0-9]+h10v10h-10z"', unusual)


def test_other_areas_are_dots_with_names_at_both_ends() -> None:
    picture = drawn(*CASES["peers"])

    assert box_of(picture, "Hillside 46%").right < box_of(picture, "Hillside 46.3%").left
    assert {"Council 41%", "Council 46%", "Seaside 38%", "The nation 44.6%"} <= set(texts(picture))


def test_amounts_of_an_area_that_holds_ours_are_left_to_the_table() -> None:
    _, measure = CASES["peers"]
    text = " ".join(texts(drawn("a", measure._replace(unit=Unit("count"), targets=()))))

    assert "The nation" not in text
    assert "Hillside" in text


def test_of_many_areas_the_ends_and_the_own_one_are_named() -> None:
    _, measure = CASES["peers"]
    peers = {f"n{at}": (Observation(parse_period("2023/24"), Decimal(20 + at)),) for at in range(30)}
    text = " ".join(texts(drawn("a", measure._replace(peers=peers))))

    assert all(name in text for name in ("n0 20%", "n29 49%", "Council 46%"))
    assert "n15 " not in text


def test_several_measures_are_one_picture_with_a_name_and_a_finding_each() -> None:
    each, other = (CASES[name][1]._replace(id=name, title=name) for name in ("zeros", "previous"))
    picture = drawn("Both", each, other)

    assert texts(picture)[0] == "2 of 2 targets met"
    assert {"zeros", "previous", "Met"} <= set(texts(picture))
    assert kpi_chart_words(kpi_of("Both", each, other), PLAN) == "Chart, 2019 to 2023/24: 2 of 2 targets met"


def test_what_there_is_no_room_for_is_said_where_all_can_see_it() -> None:
    measures = [CASES["zeros"][1]._replace(id=f"m{at}", title=f"Measure {at}") for at in range(9)]
    picture = drawn("Many", *measures)

    assert "4 more measures not drawn." in texts(picture)
    assert "highest and lowest" in str(check(drawn(*CASES["days-5000"]))[1].text)


def test_the_order_in_which_figures_and_areas_are_given_changes_nothing() -> None:
    title, measure = CASES["peers"]
    turned = measure._replace(
        observations=tuple(reversed(measure.observations)),
        peers={area: tuple(reversed(actual)) for area, actual in reversed(list(measure.peers.items()))},
    )
    kpi = kpi_of(title, measure)
    mixed = kpi._replace(measures=(kpi.measures[0]._replace(measure=turned),))

    assert kpi_chart(mixed, PLAN) == drawn(title, measure)


@pytest.mark.parametrize("many", ["targets", "peers", "texts", "breaks"])
def test_a_picture_of_everything_that_a_file_may_hold_is_small_too(many: str) -> None:
    _, base = CASES["peers"]
    figures = tuple(days(5000))
    text = "&" * 5000
    measure = base._replace(
        observations=figures, peers={}, unit=Unit("named", text if many == "texts" else "x")
    )
    if many == "targets":
        targets = [base.targets[0]._replace(label=f"{n} {text}", by=None) for n in range(100)]
        measure = measure._replace(targets=tuple(targets))
    elif many == "peers":
        measure = measure._replace(peers={f"area-{n}": tuple(days(200)) for n in range(24)})
    elif many == "breaks":
        measure = measure._replace(
            observations=tuple(figure._replace(marks=("break",)) for figure in figures)
        )
    picture = drawn(text if many == "texts" else "a", measure)

    assert len(picture.encode()) <= LIMIT
    check(picture)


@pytest.mark.parametrize(
    ("values", "usual", "unit", "reported"),
    [
        (["0.031"], None, "ratio", ["0", "0.02", "0.04"]),
        (["90", "1068"], None, "duration", ["0s", "10m", "20m"]),
        (["-4", "6"], None, "percent", ["-5%", "0%", "5%", "10%"]),
        (["1500000", "5000000"], None, "count", ["0", "2m", "4m", "6m"]),
        (["95", "97"], None, "percent", ["0%", "50%", "100%"]),
        (["900", "1000"], ("940", "960"), "count", ["900", "950", "1,000"]),
        (["900", "1000"], ("800", "1100"), "count", ["500", "1,000", "1,500"]),
        (["5", "15"], ("4", "16"), "count", ["0", "5", "10", "15"]),
    ],
)
def test_a_line_begins_at_zero_unless_its_usual_range_is_a_third_of_the_height_at_most(
    values: list[str], usual: tuple[str, str] | None, unit: str, reported: list[str]
) -> None:
    numbers = [Decimal(value) for value in values]
    ends = (Decimal(usual[0]), Decimal(usual[1])) if usual else None
    ticks = line_ticks(numbers, ends, Unit(unit))

    assert [tick_words(tick, Unit(unit)) for tick in ticks] == reported
    assert ticks[0] <= min(numbers) <= max(numbers) <= ticks[-1]


def test_names_that_want_one_place_are_spread_within_the_room() -> None:
    assert spread([50, 50, 50], 10, 0, 60) == [35, 45, 55]
    assert spread([5, 5], 10, 0, 60) == [5, 15]


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("target at least 90%, by 2023/24", 181.8),
        ("20,294 (2022/23)", 91.6),
        ("Residential burglary: a level", 154.3),
        ("MMMMMWWWWW", 101.8),
    ],
)
def test_texts_are_thought_at_least_as_wide_as_in_dejavu_sans(text: str, pixels: float) -> None:
    assert pixels <= text_width(text) <= pixels * 1.5


def test_long_texts_are_wrapped_between_words_and_end_in_dots() -> None:
    assert wrapped("one two three four", 60, 3) == ["one two", "three", "four"]
    assert wrapped("one two three four", 60, 2) == ["one two", "three f…"]
    assert all(text_width(line) <= 60 for line in wrapped("x" * 50, 60, 9))
    assert "".join(wrapped("x" * 50, 60, 9)) == "x" * 50


def test_names_of_areas_can_be_short() -> None:
    measure: Measure = measure_of("long-names")[1]
    short = {**PLAN.areas, "far": Area("far", PLAN.areas["far"].name, "Far districts")}

    assert "Far districts 68.5" in texts(kpi_chart(kpi_of("a", measure), PLAN._replace(areas=short)))
