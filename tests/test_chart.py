"""Charts: what is drawn, where it stands, and what is said of what is not drawn."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chart_cases import PLAN, cases, days, drawn, judged, measure_of
from kpi.model.kpi import Measure, Observation
from kpi.model.period import parse_period
from kpi.model.quantity import Unit
from kpi.pages.charts.chart import LIMIT, chart
from kpi.pages.charts.key import LINE, TARGET
from kpi.pages.charts.levels import baseline_level, target_levels
from kpi.pages.charts.scale import date_ticks, spread, tick_words, value_ticks
from kpi.pages.charts.svg import text_width, wrapped
from pictures import boxes, check, points
from small import scorecard

ROOT = Path(__file__).parent.parent
JUDGEMENT = scorecard(ROOT)[1]
MEASURES = {one.address: one for kpi in JUDGEMENT.kpis for one in kpi.measures}
CASES = cases()
PEER = "#7d4e96"


def with_figures() -> list[str]:
    return [
        name for name, one in MEASURES.items() if any(at.value is not None for at in one.measure.observations)
    ]


def strokes(text: str, colour: str, dash: str = "") -> list[list[tuple[float, float]]]:
    """The points of each line of a colour: dashed so, or drawn through."""
    ends = f' stroke-dasharray="{dash}"/>' if dash else '(?: stroke-linecap="round")?/>'
    found = re.findall(rf'd="([^"]+)" fill="none" stroke="{colour}" stroke-width="[0-9.]+"{ends}', text)
    return [points(f"M{one}") for steps in found for one in steps.split("M")[1:] if not {"h", "v"} & set(one)]


def named(text: str) -> list[str]:
    """The texts of a chart."""
    return [box.text for box in boxes(check(text))]


@pytest.mark.parametrize("name", with_figures())
def test_every_real_chart_is_small_inside_its_card_and_its_texts_stand_apart(name: str) -> None:
    text = chart(MEASURES[name], JUDGEMENT.plan, name, "Reading.")

    assert len(text.encode()) < LIMIT / 2
    check(text)


@pytest.mark.parametrize("name", CASES)
def test_the_hardest_charts_are_too(name: str) -> None:
    text = drawn(*CASES[name])

    assert len(text.encode()) <= LIMIT
    assert "href=" not in text.replace("href=&quot;", "").replace('href="http://a.example"', "")
    check(text)


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "a & b", "\"x\" 'y'", "</text>", "]]>"])
def test_a_hostile_title_comes_back_as_typed(title: str) -> None:
    root = check(drawn(title, CASES["gaps"][1]))

    assert root[0].text == title
    assert title in [box.text for box in boxes(root)]


def test_hidden_characters_are_shown_by_their_number() -> None:
    assert "‹U+202E›" in named(drawn("a\u202eb", CASES["gaps"][1]))[0]


def test_a_measure_without_figures_has_no_chart() -> None:
    assert not drawn("a", CASES["gaps"][1]._replace(observations=()))


def test_figures_are_as_long_as_their_periods_and_joined_only_to_what_follows_at_once() -> None:
    lines = strokes(drawn(*CASES["gaps"]), LINE)

    assert [len(line) for line in lines] == [4, 4, 6]  # two ends a figure
    (start, _), (end, _) = lines[0][0], lines[0][1]
    (later, _), (much_later, _) = lines[2][0], lines[2][1]
    assert end - start == pytest.approx(much_later - later, abs=0.3)  # a year each; one of them a leap year


def test_different_lengths_are_never_joined() -> None:
    lines = strokes(drawn(*CASES["lengths"]), LINE)

    assert [len(line) for line in lines] == [6, 4, 2]  # three years, two months, a month after a gap
    assert lines[0][-1][0] < lines[1][0][0] < lines[2][0][0]


def test_a_figure_that_is_missing_is_a_gap_also_between_dates() -> None:
    (steps,) = re.findall(
        rf'd="([^"]+)" fill="none" stroke="{LINE}" stroke-width="2"', drawn(*CASES["gap-in-dates"])
    )

    assert [run.count("L") + 1 for run in steps.split("M")[1:]] == [2, 3]


def test_a_break_is_a_gap_with_a_mark_and_ends_the_baseline() -> None:
    _, measure = CASES["break"]
    text = drawn("a", measure)
    lines, marks = strokes(text, LINE), strokes(text, "#57606a", "2 3")

    assert [len(line) for line in lines] == [4, 4, 4]
    assert [mark[0][0] for mark in marks[:2]] == [lines[1][0][0], lines[2][0][0]]
    assert "break" in named(text)
    assert baseline_level(measure) is None  # the series changed at once after it


def test_each_target_is_drawn_over_its_own_dates() -> None:
    _, measure = CASES["targets"]
    spans = {level.value: (level.start, level.stop) for level in target_levels(judged(measure))}
    found = {value: tuple(day and day.isoformat() for day in span) for value, span in spans.items()}

    assert found == {
        Decimal(70): (None, "2019-03-31"),
        Decimal(80): ("2019-04-01", "2022-03-31"),
        Decimal(95): ("2022-04-01", "2026-03-31"),
    }
    text = drawn("a", measure)
    lines = {line[0][1]: (line[0][0], line[1][0]) for line in strokes(text, TARGET, "8 4")}
    latest, oldest, middle = (
        lines[height] for height in sorted(lines, key=lambda at: (at != min(lines), -at))
    )
    assert oldest[1] == middle[0]
    assert middle[1] == latest[0]
    assert "way to target" in named(text)


def test_a_target_with_only_a_date_ahead_stretches_the_axis_to_it() -> None:
    (line,) = strokes(drawn(*CASES["by-only"]), TARGET, "8 4")
    _, measure = CASES["by-only"]
    (target,) = measure.targets
    far = measure._replace(targets=(target._replace(by=parse_period("2090")),))
    (cut,) = strokes(drawn("a", far), TARGET, "8 4")
    circle = re.search(r'cx="([0-9.]+)"', drawn("a", far))

    assert line[0][0] < line[1][0]
    assert circle is not None
    assert (
        float(circle[1]) == cut[1][0]
    )  # so far ahead that the figures would be lost: the axis ends with them


def test_a_relative_target_begins_behind_the_figure_it_is_taken_from() -> None:
    _, measure = CASES["relative"]
    found = {str(level.value.normalize()): str(level.start) for level in target_levels(judged(measure))}

    assert found == {"18237": "2020-04-01", "16413.3": "2021-04-01"}
    words = " ".join(named(drawn("a", measure)))
    assert "target at most 18,237 (Pledge); baseline 18,237 (2019/20)" in words


def test_a_target_taken_from_the_figure_before_is_drawn_for_the_newest_only() -> None:
    (level,) = target_levels(judged(CASES["previous"][1]))

    assert (str(level.value), str(level.start), str(level.stop)) == ("133", "2023-04-01", "2024-03-31")


def test_an_older_relative_target_is_worked_out_too() -> None:
    _, measure = CASES["relative"]
    plan, pledge = measure.targets
    older = pledge._replace(label="", start=None)
    newer = plan._replace(label="", start=parse_period("2022/23"))
    levels = target_levels(judged(measure._replace(targets=(older, newer))))

    assert [(level.now, str(level.stop)) for level in levels] == [(True, "None"), (False, "2022-03-31")]


def test_a_target_for_a_length_that_no_figure_has_is_not_drawn() -> None:
    _, measure = CASES["gaps"]
    monthly = CASES["by-only"][1].targets[0]._replace(over=1, by=None)

    assert target_levels(judged(measure._replace(targets=(monthly,)))) == []


def test_marks_are_told_apart_and_explained() -> None:
    text = drawn(*CASES["marks"])

    assert {"not final", "forecast", "queried"} <= set(named(text))
    assert len(strokes(text, LINE, "4 3")) == 1
    only = measure_of("long-names")[1]
    assert "provisional" in named(drawn("a", only))


def test_among_many_figures_those_that_differ_are_still_marked() -> None:
    title, measure = CASES["months-200"]
    doubted = measure.observations[70]._replace(marks=("queried",))
    some = measure._replace(observations=(*measure.observations[:70], doubted, *measure.observations[71:]))
    all_of_them = tuple(one._replace(marks=("provisional",)) for one in measure.observations)

    assert "queried" in named(drawn(title, some))
    assert "provisional" not in named(drawn(title, measure._replace(observations=all_of_them)))


def test_the_latest_figure_is_named_with_its_period() -> None:
    assert "95% (January 2024)" in named(drawn(*CASES["lengths"]))
    assert "490 [u] (2023/24)" in named(drawn(*CASES["marks"]))  # no forecast is the latest


def test_what_is_not_drawn_is_said() -> None:
    thousands, crowd = check(drawn(*CASES["days-5000"])), check(drawn(*CASES["crowded"]))

    assert re.fullmatch(
        r"Calls of a day, in words\. [0-9]+ of 5,000 figures are drawn\.", str(thousands[1].text)
    )
    assert str(crowd[1].text).endswith("5 more lines not drawn.")


def test_amounts_of_an_area_that_holds_ours_are_left_to_the_table() -> None:
    _, measure = CASES["peers"]
    counts = measure._replace(unit=Unit("count"), targets=())

    assert "The nation" in named(drawn("a", measure))
    assert "The nation" not in named(drawn("a", counts))
    assert "Hillside" in named(drawn("a", counts))


def test_the_order_in_which_figures_and_areas_are_given_changes_nothing() -> None:
    title, measure = CASES["peers"]
    turned = measure._replace(
        observations=tuple(reversed(measure.observations)),
        peers={area: tuple(reversed(found)) for area, found in reversed(list(measure.peers.items()))},
    )
    one = judged(measure)
    assert chart(one._replace(measure=turned), PLAN, title, f"{title}, in words.") == drawn(title, measure)


@pytest.mark.parametrize("many", ["targets", "peers", "texts", "breaks"])
def test_a_chart_of_everything_that_a_file_may_hold_is_small_too(many: str) -> None:
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
        measure = measure._replace(observations=tuple(one._replace(marks=("break",)) for one in figures))
    drawing = chart(judged(measure), PLAN, text if many == "texts" else "a", text)

    assert len(drawing.encode()) <= LIMIT
    check(drawing)


@pytest.mark.parametrize(
    ("values", "unit", "told"),
    [
        (["0"], "percent", ["0%", "0.5%", "1%"]),
        (["0.031"], "ratio", ["0", "0.02", "0.04", "0.06"]),
        (["90", "1068"], "duration", ["0s", "5m", "10m", "15m", "20m"]),
        (["-4", "6"], "percent", ["-5%", "0%", "5%", "10%"]),
        (["1500000", "5000000"], "count", ["0", "2m", "4m", "6m"]),
    ],
)
def test_ticks_are_round_and_enclose_the_values(values: list[str], unit: str, told: list[str]) -> None:
    numbers = [Decimal(value) for value in values]
    ticks = value_ticks(numbers, Unit(unit))

    assert ticks[0] <= min(numbers) <= max(numbers) <= ticks[-1]
    assert [tick_words(tick, Unit(unit)) for tick in ticks] == told


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2024-04-01", "2024-04-04", ["1 Apr 2024", "2 Apr 2024", "3 Apr 2024", "4 Apr 2024"]),
        (
            "2024-01-31",
            "2024-03-02",
            ["31 Jan 2024", "7 Feb 2024", "14 Feb 2024", "21 Feb 2024", "28 Feb 2024"],
        ),
        ("2023-09-30", "2024-09-29", ["Oct 2023", "Jan 2024", "Apr 2024", "Jul 2024"]),
        ("1999-06-01", "2024-03-31", ["2000", "2005", "2010", "2015", "2020"]),
        ("1000-01-01", "2999-12-31", ["1000", "1500", "2000", "2500"]),
    ],
)
def test_dates_are_evenly_apart_whatever_the_length_of_the_axis(
    first: str, last: str, told: list[str]
) -> None:
    found = date_ticks(date.fromisoformat(first), date.fromisoformat(last), 6)
    assert [words for _, words in found] == told


def test_labels_that_want_one_place_are_spread_within_the_room() -> None:
    assert spread([50, 50, 50], [10, 10, 10], 0, 60) == [35, 45, 55]
    assert spread([5, 5], [10, 30], 0, 60) == [5, 25]


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("target at least 90%, by 2023/24", 214.8),
        ("20,294 (2022/23)", 108.3),
        ("Residential burglary: a level", 182.4),
        ("MMMMMWWWWW", 120.3),
    ],
)
def test_texts_are_thought_at_least_as_wide_as_in_dejavu_sans(text: str, pixels: float) -> None:
    assert pixels <= text_width(text) <= pixels * 1.5


def test_long_texts_are_wrapped_between_words_and_end_in_dots() -> None:
    assert wrapped("one two three four", 70, 3) == ["one two", "three", "four"]
    assert wrapped("one two three four", 70, 2) == ["one two", "three f…"]
    assert all(text_width(line) <= 70 for line in wrapped("x" * 50, 70, 9))
    assert "".join(wrapped("x" * 50, 70, 9)) == "x" * 50


def test_a_series_of_one_day_has_an_axis_around_it() -> None:
    period = parse_period("2024-01-31")
    measure: Measure = CASES["one-value"][1]._replace(observations=(Observation(period, Decimal(5)),))

    assert {"Oct 2023", "Apr 2024"} <= set(named(drawn("a", measure)))
