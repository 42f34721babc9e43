"""Charts: well-formed, small, inside their card, and with every text as typed."""

import itertools
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kpi.judge.judgement import MeasureJudgement
from kpi.model.plan import Plan
from kpi.model.quantity import Unit
from kpi.pages.chart import HEIGHT, WIDTH, chart
from kpi.pages.scale import spread, tick_words, value_ticks
from small import scorecard

ROOT = Path(__file__).parent.parent
ALLOWED = {"svg", "title", "desc", "rect", "text", "path", "circle"}
JUDGEMENT = scorecard(ROOT)[1]
MEASURES = {one.address: one for kpi in JUDGEMENT.kpis for one in kpi.measures}


def drawn(one: MeasureJudgement, title: str = "Title", plan: Plan = JUDGEMENT.plan) -> ET.Element:
    return ET.fromstring(chart(one, plan, title, "Reading."))


def with_figures() -> list[str]:
    return [
        name for name, one in MEASURES.items() if any(at.value is not None for at in one.measure.observations)
    ]


@pytest.mark.parametrize("name", with_figures())
def test_a_chart_is_small_well_formed_and_inside_its_card(name: str) -> None:
    text = chart(MEASURES[name], JUDGEMENT.plan, name, "Reading.")
    root = ET.fromstring(text)

    assert len(text.encode()) < 8192
    assert {found.tag.rpartition("}")[2] for found in root.iter()} <= ALLOWED
    assert "href" not in text
    for found in root.iter():
        assert 0 <= float(found.get("x", found.get("cx", 0))) <= WIDTH
        assert 0 <= float(found.get("y", found.get("cy", 0))) <= HEIGHT


@pytest.mark.parametrize("name", with_figures())
def test_the_labels_at_the_right_edge_stand_apart(name: str) -> None:
    texts = [found for found in drawn(MEASURES[name]).iter() if found.tag.endswith("text")]
    heights = sorted(float(found.attrib["y"]) for found in texts if float(found.attrib["x"]) == 560)

    assert heights
    assert all(after - before > 11 for before, after in itertools.pairwise(heights))


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "a & b", "\"x\" 'y'", "</text>", "]]>"])
def test_a_hostile_title_comes_back_as_typed(title: str) -> None:
    root = drawn(MEASURES[with_figures()[0]], title)

    assert root[0].text == title
    assert title in [found.text for found in root.iter() if found.tag.endswith("text")]


def test_a_measure_without_figures_has_no_chart() -> None:
    one = MEASURES[with_figures()[0]]

    assert not chart(one._replace(measure=one.measure._replace(observations=())), JUDGEMENT.plan, "a", "b")


def test_a_break_is_a_gap_in_the_line() -> None:
    text = chart(MEASURES["asb-incidents/asb-incidents"], JUDGEMENT.plan, "a", "b")

    (line,) = re.findall(r'd="([^"]+)" fill="none" stroke="#0b62c4"', text)
    assert (line.count("M"), line.count("L")) == (2, 1)


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


def test_labels_that_want_one_place_are_spread_within_the_room() -> None:
    assert spread([50, 50, 50], 10, 0, 60) == [40, 50, 60]
