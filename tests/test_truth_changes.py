"""What a page may say, where it depends on a change, an end or a unit: from the file to the words."""

from pathlib import Path

import pytest

from one_measure import kpi_page_of, one_measure, pages_of
from repositories import committed
from running import Kpi

# What takes a published figure out of a comparison is explained, and told beside moved goalposts with what it ends.

CALLS = """\
unit: count
better: lower
{more}targets:
  - {{at_most: 300, source: plan}}
observations:
  2021/22: 440
  2022/23: 313
  2023/24: {newest}
"""
PLAIN = CALLS.format(more="", newest=640)
WORSE = "Worse ▲ up 327 (104.5%) (2023/24 against 2022/23)"
MARKED = {
    "break": ("{value: 640, marks: [break]%s}", f"{WORSE} → not comparable (break)"),
    "queried": ("{value: 640, marks: [queried]%s}", f"{WORSE} → can't be told: figure queried"),
    "margin": ("{value: 640, margin: 300%s}", f"{WORSE} → no clear change: within the margin of error"),
    "provisional": ("{value: 640, marks: [provisional]%s}", "2023/24: now provisional"),
    "estimated": ("{value: 640, marks: [estimated]%s}", "2023/24: now estimated"),
}


@pytest.mark.parametrize("name", MARKED)
def test_a_mark_on_a_published_figure_needs_a_note_and_stands_beside_the_goalposts(
    kpi: Kpi, tmp_path: Path, name: str
) -> None:
    newest, reported = MARKED[name]
    committed(one_measure(tmp_path, PLAIN))

    one_measure(tmp_path, CALLS.format(more="", newest=newest % ""))
    done = kpi("lint", "--changed-since", "HEAD")
    rule = "missing-field" if name == "queried" else "mark-without-note"  # nobody may doubt without a word
    assert (done.code, f"error {rule}" in done.out) == (1, True)

    one_measure(tmp_path, CALLS.format(more="", newest=newest % ", note: Counted by the day now."))
    assert kpi("lint", "--changed-since", "HEAD").code == 0
    assert reported in kpi("diff").out.partition("Moved goalposts\n")[2]


def test_a_margin_of_all_figures_needs_a_note_too(kpi: Kpi, tmp_path: Path) -> None:
    committed(one_measure(tmp_path, PLAIN))
    one_measure(tmp_path, CALLS.format(more="margin: 300\n", newest=640))

    assert "error mark-without-note" in kpi("lint", "--changed-since", "HEAD").out
    goalposts = kpi("diff").out.partition("Moved goalposts\n")[2]
    assert "margin: none → 300" in goalposts
    assert f"{WORSE} → no clear change: within the margin of error" in goalposts


def test_a_step_carries_its_reason_and_ends_a_signal(kpi: Kpi, tmp_path: Path) -> None:
    years = "".join(f"  {2010 + number}/{11 + number}: {50 + number % 2 * 2}\n" for number in range(12))
    fields = (
        "unit: days\nbetter: lower\nkind: average\n{}observations:\n"
        + years
        + "  2022/23: 53\n  2023/24: 60\n"
    )
    committed(one_measure(tmp_path, fields.format("")))
    assert "Worse than usual" in kpi_page_of(tmp_path)

    one_measure(tmp_path, fields.format("step: {2022/23: A new process.}\n"))
    output = kpi("diff").out
    assert "A new process." in output.partition("Moved goalposts\n")[2]
    assert "Worse than usual" not in kpi_page_of(tmp_path)


def test_measures_of_one_kpi_that_jump_together_are_named_together(kpi: Kpi, tmp_path: Path) -> None:
    root = one_measure(tmp_path, PLAIN)
    figures = ", ".join(f"{2014 + number}/{15 + number}: {100 + number}" for number in range(9))
    measures = "".join(
        f"  {name}:\n    {{title: {name.title()}, unit: count, better: lower, observations: {{{figures}, 2023/24: {newest}}}}}\n"
        for name, newest in (("first", 900), ("second", 950), ("third", 112))
    )
    file = root / "kpis/service/calls.yaml"
    file.write_text(f"title: Calls\ndefinition: Calls that came in.\nsources: [plan]\nmeasures:\n{measures}")

    output = kpi("lint").out
    assert output.count("warning outlier-jump\n") == 1
    assert "second" in output.partition("warning outlier-jump\n")[2].lower()
    assert "third" not in output.lower()


# A target that was withdrawn.


def test_after_its_last_period_there_is_no_target_now_and_that_is_said(kpi: Kpi, tmp_path: Path) -> None:
    fields = "unit: count\nbetter: lower\ntargets:\n  - {{at_most: 300, until: 2022/23, source: plan}}\nobservations:\n  2022/23: 313\n{}"
    held = pages_of(one_measure(tmp_path, fields.format("")))
    assert "Not met 🔴" in held["kpis/calls.md"]
    assert "1 not met" in held["README.md"]

    over = pages_of(one_measure(tmp_path, fields.format("  2023/24: 640\n")))
    assert "No target now (ended 2022/23)" in over["kpis/calls.md"]
    assert "🔴" not in over["kpis/calls.md"].partition("Figures")[0]
    assert "not met;" not in over["README.md"]
    assert kpi("breaches", "--fail-on", "red").code == 0


# Per cents that may pass 100 or fall below 0.


def test_a_per_cent_without_bounds_moves_in_points_and_is_neither_refused_nor_tested(
    kpi: Kpi, tmp_path: Path
) -> None:
    fields = """\
unit: {percent: any}
better: {near: 100}
kind: average
observations:
  2021/22: -4.5
  2022/23: {value: 112, numerator: 112, denominator: 100}
"""
    page = kpi_page_of(one_measure(tmp_path, fields))

    assert kpi("lint").code == 0
    assert "112% (2022/23)" in page
    assert "up 116.5 percentage points (2022/23 against 2021/22)" in page
    assert "up 116.5 per cent" not in page
    assert "Variation and tests" not in page


# A forecast for a period that is over.

FORECAST = "{value: 250, marks: [forecast], note: Expected.}"


def test_a_forecast_for_a_period_that_is_over_hides_no_miss(kpi: Kpi, tmp_path: Path) -> None:
    one_measure(tmp_path, CALLS.format(more="frequency: annual\nlag: 3 months\n", newest=FORECAST))
    done = kpi("lint")
    pages = pages_of(tmp_path)

    assert "warning forecast-over" in done.out
    assert "No data" in pages["kpis/calls.md"]
    assert "250" not in pages["breaches.md"]
    assert "Met 🟢" not in pages["kpis/calls.md"]
    assert "late" in pages["README.md"]
    assert "2023/24" in pages["README.md"]


def test_a_published_figure_that_becomes_a_forecast_is_an_error_and_nothing_recovers(
    kpi: Kpi, tmp_path: Path
) -> None:
    committed(one_measure(tmp_path, PLAIN))
    one_measure(tmp_path, CALLS.format(more="", newest=FORECAST))
    output = kpi("diff").out

    assert "error forecast-on-published" in kpi("lint", "--changed-since", "HEAD").out
    assert "1 published figure revised" in output
    assert "recovered" not in output.lower()


def test_a_forecast_before_a_real_figure_is_an_error(kpi: Kpi, tmp_path: Path) -> None:
    fields = CALLS.format(more="", newest=640).replace(
        "2022/23: 313", "2022/23: {value: 313, marks: [forecast]}"
    )
    one_measure(tmp_path, fields)

    assert (kpi("lint").code, "2022/23" in kpi("lint").out) == (1, True)


# B (d): the denominator of a per cent is enough, and the numerator follows.

ASKED = "unit: percent\nbetter: higher\nkind: average\nobservations:\n  2021/22: {value: 40%s}\n  2022/23: {value: 44%s}\n"


@pytest.mark.parametrize(
    ("earlier", "later", "reported"),
    [
        ("", "", "No clear change: up 4 percentage points (2022/23 against 2021/22); 5 points or less, and the numbers"),
        (", denominator: 20000", ", denominator: 21000", "Better ▲ up 4 percentage points (2022/23 against 2021/22)"),
        (", denominator: 200", ", denominator: 210", "shares of so few often differ by that much"),
        (", numerator: 8000, denominator: 20000", ", denominator: 21000", "Better ▲ up 4 percentage points"),
        (", denominator: 20000", "", "5 points or less, and the numbers behind it aren't given"),
    ],
    ids=["none", "many", "few", "one with both", "one alone"],
)  # fmt: skip
def test_a_per_cent_needs_its_denominator_only(
    kpi: Kpi, tmp_path: Path, earlier: str, later: str, reported: str
) -> None:
    page = kpi_page_of(one_measure(tmp_path, ASKED % (earlier, later)))

    assert reported in page
    assert kpi("lint").code == 0


def test_a_numerator_that_follows_decides_as_one_that_is_typed(tmp_path: Path) -> None:
    typed = (", numerator: 80, denominator: 200", ", numerator: 92, denominator: 210")
    pages = [
        kpi_page_of(one_measure(tmp_path, ASKED % pair))
        for pair in (typed, (", denominator: 200", ", denominator: 210"))
    ]

    assert pages[0].replace("80 of 200", "of 200").replace("92 of 210", "of 210") == pages[1]
    assert "Variation and tests" in pages[1]


def test_what_is_no_share_needs_both_numbers(kpi: Kpi, tmp_path: Path) -> None:
    one_measure(
        tmp_path,
        "unit: {rate_per: 1000}\nbetter: lower\nobservations: {2022/23: {value: 4, denominator: 2000}}\n",
    )
    assert "There is a denominator without a numerator, but the unit is per 1000." in kpi("lint").out

    one_measure(tmp_path, ASKED % (", denominator: 0", ""))
    assert "A share of 0 is no share." in kpi("lint").out


def test_a_denominator_alone_goes_out_and_comes_back(kpi: Kpi, tmp_path: Path) -> None:
    root = one_measure(tmp_path, ASKED % (", denominator: 20000", ", denominator: 21000"))
    file = root / "kpis/service/calls.yaml"
    before = file.read_text()
    (root / "figures.csv").write_text(kpi("export").out)
    assert (
        "1 figure: 1 unchanged" in kpi("import", "figures.csv").out
        or "2 unchanged" in kpi("import", "figures.csv").out
    )

    file.write_text(before.replace("  2022/23: {value: 44, denominator: 21000}\n", ""))
    assert kpi("import", "figures.csv").code == 0
    assert "{value: 44, denominator: 21000}" in file.read_text()


# Figures of the year so far, as councils have them.

SO_FAR = """\
unit: count
better: higher
targets:
  - {at_least: 400, by: 2023/24, over: 12 months, source: plan, trajectory: {2023-04 to 2023-09: 180, 2023-04 to 2023-12: 290}}
observations:
  2022-04 to 2022-12: 240
  2022/23: 380
  2023-04 to 2023-09: 185
  2023-04 to 2023-12: 250
"""


def test_the_year_so_far_is_held_against_its_way_point_and_the_same_part_of_the_year_before(
    kpi: Kpi, tmp_path: Path
) -> None:
    one_measure(tmp_path, SO_FAR, date="2024-02-14")
    reported, page = kpi("breaches").out, kpi_page_of(tmp_path)

    assert kpi("lint", "--as-of", "2024-02-14").code == 0
    assert "at least 290 by April to December 2023, on the way to 400 over 12 months by 2023/24" in reported
    assert "no earlier figure of its length" not in reported
    assert "April to December 2023 is the first figure held against it" in reported
    assert "up 10 (4.2%) (April to December 2023 against April to December 2022)" in page


def test_the_terminal_calls_states_as_the_pages_do(kpi: Kpi, tmp_path: Path) -> None:
    gained = "unit: count\nbetter: higher\nkind: cumulative\nsince: 2020-04-01\ntargets: [{at_least: 1000, source: plan}]\nobservations: {2022-03: 458}\n"
    one_measure(tmp_path, gained)
    assert "at least 1,000: part of the way (no date set)" in kpi("show", "calls").out

    worded = "unit: count\nbetter: higher\ntargets: [{in_words: Rated good., source: plan}]\nobservations: {2022/23: {assessment: met}}\n"
    one_measure(tmp_path, worded)
    assert "Target: Rated good: met" in kpi("show", "calls").out
