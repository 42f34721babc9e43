"""What a page may say of figures: each case goes from the file through the whole program to the page's words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi.judge.state import CHANGE_CLASSES
from one_measure import fact, kpi_page_of, one_measure, pages_of
from running import Kpi

COUNT = "unit: count\nbetter: lower\n"
GAIN = "unit: count\nbetter: higher\nkind: cumulative\nsince: 2020-04-01\n"


def measured(observations: str, *, head: str = COUNT, more: str = "") -> str:
    """A measure's fields with its figures, which semicolons keep apart."""
    return f"{head}{more}observations:\n  " + observations.replace("; ", "\n  ") + "\n"


def trend(root: Path, fields: str) -> str:
    return fact(kpi_page_of(one_measure(root, fields)), "Trend")


def status(root: Path, fields: str, date: str = "2024-09-30") -> str:
    return fact(kpi_page_of(one_measure(root, fields, date=date)), "Status")


# With what a figure is compared, and why with none.


@pytest.mark.parametrize(
    ("earlier", "later", "reported"),
    [
        (
            "2023-03-06 to 2023-03-12",
            "2024-03-04 to 2024-03-10",
            "4 to 10 March 2024 against 6 to 12 March 2023",
        ),
        (
            "2023-02-27 to 2023-03-26",
            "2024-02-26 to 2024-03-24",
            "26 February to 24 March 2024 against 27 Feb",
        ),
        ("2023-05-17", "2024-05-15", "15 May 2024 against 17 May 2023"),
        (
            "2023-02-15 to 2023-03-14",
            "2024-02-14 to 2024-03-12",
            "14 February to 12 March 2024 against 15 Feb",
        ),
    ],
    ids=["weeks", "28 days", "single days", "four weeks that are a month too"],
)
def test_weeks_and_days_compare_with_those_364_days_before(
    tmp_path: Path, earlier: str, later: str, reported: str
) -> None:
    assert reported in trend(tmp_path, measured(f"{earlier}: 100; {later}: 200"))


@pytest.mark.parametrize(
    ("observations", "reported"),
    [
        ("2023-02: 51; 2022/23: 600; 2024-01: 57", "February 2023 is another time of year"),
        (
            "2023-02-06 to 2023-02-12: 5; 2024-01-01 to 2024-01-07: 7",
            "6 to 12 February 2023 is another time of year",
        ),
        (
            "2022/23: 600; 2024-01: 57",
            "57 in January 2024; 600 in the year 2022/23 (a month and a year: no like-for-like trend)",
        ),
    ],
    ids=["a month", "a week", "only another length"],
)
def test_why_nothing_is_comparable_is_told_of_figures_of_the_same_length(
    tmp_path: Path, observations: str, reported: str
) -> None:
    assert reported in trend(tmp_path, measured(observations))


# What a target is called by its date.


@pytest.mark.parametrize(
    ("target", "observations", "date", "reported"),
    [
        ("at_most: 50", "2022/23: 60", "2024-09-30", "Not met 🔴"),
        ("at_most: 50, by: 2025/26", "2022/23: 60", "2024-09-30", "Not due"),
        ("at_most: 50, by: 2025/26, trajectory: {2023/24: 55}", "2023/24: 60", "2024-09-30", "Behind 🟠"),
        ("at_most: 50, by: 2022/23", "2022/23: 60", "2024-09-30", "Missed 🔴"),
        ("at_most: 50, by: 2022/23", "2022/23: 40", "2024-09-30", "Met 🟢"),
        ("at_most: 50, by: 2022/23", "2022/23: 60; 2023/24: 40", "2024-09-30", "Met late 🟢"),
        ("at_most: 50, by: 2022/23", "2022/23: 40; 2023/24: 60", "2024-09-30", "Not met 🔴"),
        ("at_most: 50, by: 2023/24", "2022/23: 40", "2024-03-31", "Met 🟢"),
        ("at_most: 50, by: 2023/24", "2022/23: 40", "2024-04-01", "Due, no figure"),
    ],
)  # fmt: skip
def test_a_target_is_called_by_its_date(
    tmp_path: Path, target: str, observations: str, date: str, reported: str
) -> None:
    fields = measured(observations, more=f"targets:\n  - {{{target}, source: plan}}\n")
    assert status(tmp_path, fields, date).startswith(reported)


def test_a_gain_without_a_date_is_part_of_the_way(tmp_path: Path) -> None:
    fields = measured("2022-03: 458", head=GAIN, more="targets:\n  - {at_least: 1000, source: plan}\n")
    assert status(tmp_path, fields) == "Part of the way"


# New, in a row, recovered.


def test_figures_at_a_date_are_new_only_by_a_frequency(tmp_path: Path) -> None:
    fields = "unit: count\nbetter: higher\nkind: snapshot\n{}targets:\n  - {{at_least: 464, source: plan}}\nobservations:\n  {}\n"
    alone = pages_of(one_measure(tmp_path / "a", fields.format("", "2021-04: 464\n  2024-01: 312")))
    assert "the last figure (April 2021) met it" in alone["breaches.md"]
    assert "new in" not in alone["breaches.md"]

    monthly = fields.format("frequency: monthly\nlag: 12 months\n", "2023-12: 464\n  2024-01: 312")
    assert "new in January 2024" in pages_of(one_measure(tmp_path / "b", monthly))["breaches.md"]


# When a change is clear.


@pytest.mark.parametrize(
    ("fields", "reported"),
    [
        (measured("2021/22: 53; 2022/23: 40"), "No clear change: down 13 (24.5%) (2022/23 against 2021/22); counts of this size often differ by that much"),
        (measured("2021/22: 13956; 2022/23: 13881"), "No clear change: down 75 (0.5%) (2022/23 against 2021/22); less than 5%"),
        (measured("2021/22: 440; 2022/23: 313"), "Better ▼ down 127 (28.9%) (2022/23 against 2021/22)"),
        (measured("2021/22: 440; 2022/23: 440"), "The same (2022/23 against 2021/22)"),
        (measured("2021/22: 4; 2022/23: 5", head="unit: percent\nbetter: higher\n"), "no more than one in the last digit, which may be rounding"),
        (measured("2021/22: 40; 2022/23: 50", head="unit: percent\nbetter: neither\n"), "Higher ▲ up 10 percentage points (2022/23 against 2021/22)"),
        (measured("2021/22: 40; 2022/23: 50", head="unit: percent\nbetter: higher\nmargin: 7\n"), "within the margin of error"),
        (measured("2022-03: 400; 2023-03: 458", head=GAIN), "Can't be told: up 58 (14.5%) (March 2023 against March 2022); a gain can only grow"),
        (measured("2022-03: 458; 2023-03: 400", head=GAIN), "Worse ▼ down 58 (12.7%) (March 2023 against March 2022)"),
        (measured("2015 to 2017: 335; 2018 to 2020: 455; 2019 to 2021: 442"), "442 in 2019 to 2021, 335 in 2015 to 2017 (up 107, 31.9%). 2018 to 2020 (455) shares two years with the newest, so whether it still rises can't be told"),
        (measured("2021/22: 440; 2022/23: {value: 313, marks: [queried], note: Odd.}"), "Can't be told: down 127 (28.9%) (2022/23 against 2021/22); figure queried"),
    ],
)  # fmt: skip
def test_a_change_is_told_with_its_class_and_the_reason(tmp_path: Path, fields: str, reported: str) -> None:
    assert trend(tmp_path, fields).endswith(reported)


SPENT = """
title: Calls
definition: Calls that came in.
sources: [plan]
measures:
  spent: {{title: Spent, unit: {unit}, better: neither, observations: {{2021/22: 30000, 2022/23: 31000}}}}
  planned: {{title: Planned, unit: {unit}, better: neither, observations: {{2021/22: 100000, 2022/23: 100000}}}}
  calls: {{title: Share, better: higher, derived: {{share: spent, of: [planned]}}}}
"""


def test_only_whole_cases_are_tested_and_pounds_are_none(tmp_path: Path) -> None:
    for unit, reported in (
        ("{currency: GBP}", "the numbers behind it aren't given"),
        ("count", "less than 3 points"),
    ):
        root = one_measure(tmp_path / unit.strip("{}").replace(": ", "-"), measured("2022/23: 1"))
        (root / "kpis/service/calls.yaml").write_text(SPENT.format(unit=unit).lstrip())
        page = kpi_page_of(root).partition("\nShare\n")[2]
        assert reported in page
        assert ("Variation and tests" in page) == (unit == "count")


# Charts.


def months(values: list[int], first: int = 2020) -> str:
    return "; ".join(
        f"{first + number // 12}-{number % 12 + 1:02}: {value}" for number, value in enumerate(values)
    )


USUAL = [50, 52] * 6


def test_a_series_of_13_is_told_by_its_usual_range_and_one_of_12_by_its_pair(tmp_path: Path) -> None:
    head = "unit: days\nbetter: lower\ncompare: previous\n"
    outside = trend(tmp_path / "a", measured(months([*USUAL, 60]), head=head))
    assert (
        outside
        == "Worse than usual: above its usual range (45 to 58 days); up 8 days (January 2021 against December 2020)"
    )
    usual = trend(tmp_path / "b", measured(months([*USUAL, 50]), head=head))
    assert usual.startswith("No clear change: within its usual range (46 to 56 days)")
    pair = trend(tmp_path / "c", measured(months([*USUAL[:10], 52, 60]), head=head))
    assert pair.startswith("Worse ▲ up 8 days (December 2020 against November 2020)")


def test_the_signal_decides_whatever_the_last_two_figures_did(tmp_path: Path) -> None:
    head = "unit: days\nbetter: lower\ncompare: previous\n"
    words = trend(tmp_path, measured(months([*USUAL, 80, 70]), head=head))
    assert words.startswith("Worse than usual since January 2021: above its usual range")
    assert words.endswith("down 10 days (February 2021 against January 2021)")


def test_a_break_and_a_step_begin_a_chart_anew(tmp_path: Path) -> None:
    head = "unit: days\nbetter: lower\ncompare: previous\n"
    step = "step: {2020-12: A new process.}\n"
    words = trend(tmp_path, measured(months([*USUAL, 60]), head=head, more=step))
    assert words.startswith("Worse ▲ up 8 days (January 2021 against December 2020)")


def test_seven_figures_each_below_the_one_before_are_clear(tmp_path: Path) -> None:
    words = trend(tmp_path / "a", measured("; ".join(f"{2016 + n}/{17 + n}: {100 - n}" for n in range(7))))
    assert words == "Better ▼ down 1 (1.1%) (2022/23 against 2021/22)"
    words = trend(tmp_path / "b", measured("; ".join(f"{2017 + n}/{18 + n}: {100 - n}" for n in range(6))))
    assert words.startswith("No clear change: down 1 (1.0%)")


@pytest.mark.parametrize(
    ("target", "values", "reported"),
    [
        ("at_most: 60", [*USUAL, 50], "At its usual range (46 to 56 days) it is met"),
        ("at_most: 40", [*USUAL, 50], "At its usual range (46 to 56 days) it isn't met"),
        ("at_most: 51", [*USUAL, 50], "At its usual range (46 to 56 days) it is met in some months"),
        ("at_most: 51", [*USUAL, 60], "Met in 5 of the last 12 months"),
        ("at_most: 51", [*range(60, 47, -1)], "Has been moving; no one usual range"),
    ],
)
def test_the_usual_range_is_set_against_the_target(
    tmp_path: Path, target: str, values: list[int], reported: str
) -> None:
    head = f"unit: days\nbetter: lower\ncompare: previous\ntargets:\n  - {{{target}, source: plan}}\n"
    page = kpi_page_of(one_measure(tmp_path, measured(months(values), head=head)))
    assert fact(page, "Against the target").capitalize() == reported


def test_a_bound_from_an_earlier_figure_says_where_it_is_hardly_met(tmp_path: Path) -> None:
    head = "unit: percent\nbetter: higher\ntargets:\n  - {at_least: {period: previous}, source: plan}\n"
    page = kpi_page_of(one_measure(tmp_path / "a", measured("2021/22: 95; 2022/23: 97", head=head)))
    assert "at least 95%, the earlier figure (2021/22); by less than a clear change." in page
    page = kpi_page_of(one_measure(tmp_path / "b", measured("2021/22: 65; 2022/23: 97", head=head)))
    assert "clear change" not in page.partition("Figures")[0]


def test_a_bound_hardly_missed_is_not_mixed_up_with_a_change_that_is_clear(tmp_path: Path) -> None:
    head = "unit: count\nbetter: lower\ntargets:\n  - {less_than: {period: 2019/20}, source: plan}\n"
    page = pages_of(
        one_measure(tmp_path, measured("2019/20: 7215; 2021/22: 7001; 2022/23: 7464", head=head))
    )["service.md"]
    assert "Not met 🔴, by less than a clear change; clearly worse" in page


def test_the_limits_are_for_programs_too(tmp_path: Path, kpi: Kpi) -> None:
    fields = measured(months([*USUAL, 60]), head="unit: days\nbetter: lower\ncompare: previous\n")
    one_measure(tmp_path, fields)
    reported = json.loads(kpi("export", "--format", "json").out)["kpis"][0]["measures"][0]["judgement"]
    chart = reported["directions"][0]["chart"]
    assert (chart["signal"], chart["side"], chart["since"], chart["points"]) == (
        "outside",
        "above",
        "2021-01",
        13,
    )
    assert [round(chart[name], 4) for name in ("mean", "lower", "upper")] == [51.6923, 45.0423, 58.3423]


# What stands beside a status: references, commentary, names.


def test_a_reference_stands_beside_the_status_where_the_difference_is_clear(tmp_path: Path) -> None:
    fields = "unit: percent\nbetter: higher\nreferences: [{label: Elsewhere, value: 44}]\nobservations: {2022/23: %d}\n"
    for name, figure, word in (("a", 34, "worse than"), ("b", 42, "about")):
        pages = pages_of(one_measure(tmp_path / name, fields % figure))
        assert f"{word} its benchmark (44%)" in pages["service.md"].lower()
        assert f"2022/23 is {word} it" in fact(pages["kpis/calls.md"], "To compare")


def test_a_commentary_from_after_the_edition_is_shown_with_its_date(tmp_path: Path) -> None:
    root = one_measure(tmp_path, measured("2022/23: 60", more="targets:\n  - {at_most: 50, source: plan}\n"))
    file = root / "kpis/service/calls.yaml"
    file.write_text(
        file.read_text().replace("measures:\n", "commentary:\n  2024-10-05: Two more lines.\nmeasures:\n")
    )
    pages = pages_of(root)
    assert "2024-10-05: Two more lines." in pages["kpis/calls.md"]
    assert "Two more lines. (2024-10-05)" in pages["breaches.md"]


def test_a_measure_without_a_name_has_its_kpi_s_and_a_target_needs_no_line_for_the_aim(
    tmp_path: Path,
) -> None:
    fields = "unit: percent\nbetter: higher\ntargets:\n  - {at_least: 50, source: plan}\nobservations: {2022/23: 60}\n"
    page = kpi_page_of(one_measure(tmp_path, fields))
    assert "Calls\nPlan › Service\nMet 🟢: 60% (2022/23)" in page
    assert "\nPer cent\n" not in page
    assert "Aim:" not in page


# The words of the classes stand in one table, and shifting, scaling and shuffling change none.


@pytest.mark.parametrize(
    "change", [lambda value: value + 700, lambda value: value * 10], ids=["shifted", "scaled"]
)
@pytest.mark.parametrize("last", [50, 60, 40])
def test_shifting_and_scaling_a_series_changes_no_word(
    tmp_path: Path, last: int, change: Callable[[int], int]
) -> None:
    head = "unit: {name: points}\nbetter: lower\nkind: average\ncompare: previous\n"
    words = trend(tmp_path / "a", measured(months([*USUAL, last]), head=head))
    moved = trend(tmp_path / "b", measured(months([change(item) for item in (*USUAL, last)]), head=head))
    assert words.partition(":")[0] == moved.partition(":")[0]


def test_the_order_of_lines_changes_no_word(tmp_path: Path) -> None:
    head = "unit: days\nbetter: lower\ncompare: previous\n"
    lines = months([*USUAL, 60]).split("; ")
    words = trend(tmp_path / "a", measured("; ".join(lines), head=head))
    assert words == trend(tmp_path / "b", measured("; ".join(reversed(lines)), head=head))


def test_every_class_has_a_word_of_its_own() -> None:
    assert len({item.head for item in CHANGE_CLASSES.values()}) == len(CHANGE_CLASSES) == 7


@pytest.mark.parametrize(
    "figures", ["{2022/23: {assessment: met}}", "{2021/22: 5, 2022/23: {assessment: met}}", "{2022/23: 5}"]
)
def test_a_measure_with_a_figure_never_has_no_figures_yet(tmp_path: Path, figures: str) -> None:
    fields = "unit: count\nbetter: higher\nobservations: " + figures
    assert not any("No figures yet" in page for page in pages_of(one_measure(tmp_path, fields)).values())


def test_a_single_figure_beside_a_benchmark_lacks_an_earlier_one_and_not_all_comparison(
    tmp_path: Path,
) -> None:
    fields = (
        "unit: count\nbetter: higher\nreferences: [{label: Benchmark, value: 8}]\nobservations: {2022/23: 5}"
    )
    pages = pages_of(one_measure(tmp_path, fields))
    assert "No earlier figure: Calls." in pages["service.md"]
    assert "Benchmark: 8" in pages["kpis/calls.md"]
    assert not any("nothing to compare" in page.casefold() for page in pages.values())


def test_a_row_whose_newest_figure_is_only_assessed_says_nothing_of_older_ones(tmp_path: Path) -> None:
    figures = "{2020/21: 1000, 2021/22: 2000, 2022/23: {assessment: missed}}"
    pages = pages_of(one_measure(tmp_path, "unit: count\nbetter: higher\nobservations: " + figures))
    assert "assessed as missed" in pages["service.md"]
    assert "better" not in pages["service.md"].casefold()
    assert "Better ▲ up 1,000 (100.0%) (2021/22 against 2020/21)" in pages["kpis/calls.md"]
