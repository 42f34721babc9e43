"""What a page may say, where it depends on a change, an end or a unit: rows A15, A21, A22 and A29, from the file to the words."""

from pathlib import Path

import pytest

from one_measure import kpi_page_of, one_measure, pages_of
from repositories import committed
from running import Kpi

# A15: what takes a published figure out of a comparison is explained, and told beside moved goalposts with what it ends.

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
    newest, told = MARKED[name]
    committed(one_measure(tmp_path, PLAIN))

    one_measure(tmp_path, CALLS.format(more="", newest=newest % ""))
    done = kpi("lint", "--changed-since", "HEAD")
    rule = "missing-field" if name == "queried" else "mark-without-note"  # nobody may doubt without a word
    assert (done.code, f"error {rule}" in done.out) == (1, True)

    one_measure(tmp_path, CALLS.format(more="", newest=newest % ", note: Counted by the day now."))
    assert kpi("lint", "--changed-since", "HEAD").code == 0
    assert told in kpi("diff").out.partition("Moved goalposts\n")[2]


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
    told = kpi("diff").out
    assert "A new process." in told.partition("Moved goalposts\n")[2]
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

    told = kpi("lint").out
    assert told.count("warning outlier-jump\n") == 1
    assert "second" in told.partition("warning outlier-jump\n")[2].lower()
    assert "third" not in told.lower()


# A21: a target that was withdrawn.


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


# A22: per cents that may pass 100 or fall below 0.


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


# A29: a forecast for a period that is over.

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
    told = kpi("diff").out

    assert "error forecast-on-published" in kpi("lint", "--changed-since", "HEAD").out
    assert "1 published figure revised" in told
    assert "recovered" not in told.lower()


def test_a_forecast_before_a_real_figure_is_an_error(kpi: Kpi, tmp_path: Path) -> None:
    fields = CALLS.format(more="", newest=640).replace(
        "2022/23: 313", "2022/23: {value: 313, marks: [forecast]}"
    )
    one_measure(tmp_path, fields)

    assert (kpi("lint").code, "2022/23" in kpi("lint").out) == (1, True)
