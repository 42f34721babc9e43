"""Sheets as people keep them, imported: columns that are no figures, names and markers of their own, figures that look wrong."""

from pathlib import Path

import pytest

from guides import TODAY, example
from running import Done, Kpi

SHARE, WAIT = "first-visits,visited-in-time", "first-visits,median-wait"


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.cli.import.today", lambda: TODAY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return example(tmp_path)


def imported(kpi: Kpi, root: Path, *lines: str) -> Done:
    (root / "may.csv").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return kpi("import", root / "may.csv")


# Figures unlike those beside them.


def test_what_looks_wrong_is_warned_of_at_its_row_as_when_it_is_recorded(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,period,value", f"{WAIT},2024/25,61")
    sentence = "2024/25 jumps from 12 days to 61 days, five times that or more. Is it right?"

    assert (done.code, f"Warning: may.csv, row 2, column D: {sentence}" in done.out) == (0, True)
    (root / "may.csv").unlink()


def test_fractions_among_per_cents_are_refused_with_1_among_them(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,2017/18,2018/19,2023/24", f"{SHARE},0.91,0.93,1")

    assert done.code == 1
    assert [line.rpartition(": ")[2] for line in done.out.splitlines()] == [
        f"{one} looks like a fraction, because the other figures are per cents (86). Write {better}, or {one}% if it is right."
        for one, better in (("0.91", "91"), ("0.93", "93"), ("1", "100"))
    ]


def test_a_fraction_that_names_its_unit_is_told(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,period,value,unit", f"{SHARE},2024/25,0.91,percent")

    assert "0.91 looks like a fraction, because the other figures are per cents (86). Write 91." in done.out


def test_figures_that_were_copied_forward_are_counted_and_named(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,2024/25", f"{SHARE},86", f"{WAIT},12")

    assert (
        "2 of 2 new figures equal those of the year before, to the last digit: "
        "first-visits/visited-in-time, first-visits/median-wait. Were they copied forward?\n"
    ) in done.out


def test_one_figure_that_equals_the_one_before_is_nothing_to_ask_about(kpi: Kpi, root: Path) -> None:
    assert "copied" not in imported(kpi, root, "kpi,measure,2024/25", f"{SHARE},91", f"{WAIT},12").out


def test_all_that_is_wrong_is_told_at_once_whoever_finds_it(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,2024/25", f"{SHARE},191", f'{WAIT},"9,5"')

    assert done.code == 1
    assert "191 is more than 100 per cent" in done.out
    assert '"9,5" has a comma' in done.out
