"""The picture of every target with a number: what its rows are, where they stand, and what is said of the rest."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_cases import DAY, PLAN
from kpi.judge.judgement import Judgement, judge
from kpi.model.kpi import Bound, Kpi, Measure, Observation, Polarity, Target
from kpi.model.period import parse_period
from kpi.model.plan import Objective, Priority
from kpi.model.quantity import Unit
from kpi.pages.charts.targets_picture import BARS_AT, LIMIT, LINE_AT, targets_picture, targets_words
from pictures import bars, boxes, check
from small import both_contents
from test_chart_laws import TEXTS, WIDE
from trials import trials

REAL = both_contents()
BEFORE, NOW = parse_period("2022/23"), parse_period("2023/24")


def target_of(
    bound: Bound, now: str, before: str = "", unit: str = "count", title: str = "", better: str = "higher"
) -> Measure:
    figures = [
        Observation(period, Decimal(value)) for period, value in ((BEFORE, before), (NOW, now)) if value
    ]
    return Measure(
        "m", title, Unit(unit), Polarity(better), "average", tuple(figures), targets=(Target(bound),)
    )


def judgement_of(*measures: Measure) -> Judgement:
    """A framework with a KPI a measure."""
    kpis = [
        Kpi(f"k{at}", "p", each.title or f"KPI {at}", "", (each._replace(title=""),))
        for at, each in enumerate(measures)
    ]
    names = tuple(kpi.id for kpi in kpis)
    return judge(PLAN._replace(priorities=(Priority("p", "P", (Objective("", names),)),)), kpis, DAY)


def at_least(value: str) -> Bound:
    return Bound("at_least", Decimal(value))


def texts(picture: str) -> list[str]:
    return [box.text for box in boxes(check(picture))]


@pytest.mark.parametrize("judgement", REAL, ids=["police", "hospital"])
def test_the_real_pictures_have_each_target_once_and_say_it_in_words(judgement: Judgement) -> None:
    picture, reported = targets_picture(judgement), targets_words(judgement)
    with_number = [
        item for item in judgement.once() if item.verdicts and item.verdicts[0].target.bound is not None
    ]

    assert len(picture.encode()) <= LIMIT
    check(picture)
    assert reported.startswith(f"{len(with_number)} targets with a number: ")
    assert sum(int(many) for many in re.findall("(?:: |; )([0-9]+) ", reported)) == len(with_number)
    assert not re.search("[*_`|\\[\\]<>]", reported)


def test_a_bar_is_the_figure_as_a_part_of_its_target_and_the_ring_the_figure_before() -> None:
    picture = targets_picture(judgement_of(target_of(at_least("80"), "60", "40")))
    (bar,) = bars(picture)

    assert (bar.right - BARS_AT) / (LINE_AT - BARS_AT) == pytest.approx(60 / 80, abs=0.002)
    assert f"M{LINE_AT} " in picture
    (ring,) = re.findall('class="card ink-line thick" d="M([0-9.]+) [0-9.]+a3.5', picture)
    assert (float(ring) + 3.5 - BARS_AT) / (LINE_AT - BARS_AT) == pytest.approx(40 / 80, abs=0.002)
    assert not any("60" in text or "80" in text for text in texts(picture))


def test_what_goes_far_beyond_its_target_ends_in_a_point_and_has_no_ring_there() -> None:
    picture = targets_picture(judgement_of(target_of(at_least("80"), "900", "800")))

    assert re.search(f'class="green" d="M{BARS_AT} [0-9.]+H[0-9.]+l6 4-6 4H{BARS_AT}z"', picture)
    assert "a3.5" not in picture


@pytest.mark.parametrize(
    ("bound", "now", "numbers"),
    [
        (Bound("at_most", Decimal(0)), "3", "3, at most 0"),
        (Bound("between", Decimal(40), upper=Decimal(80)), "38", "38, between 40 and 80"),
        (Bound("at_least", Decimal(-5)), "-9", "-9, at least -5"),
    ],
)
def test_targets_that_no_figure_is_a_part_of_are_rows_of_text(bound: Bound, now: str, numbers: str) -> None:
    picture = targets_picture(judgement_of(target_of(bound, now)))

    assert bars(picture) == []
    assert numbers in texts(picture)


def test_shares_of_nearly_all_are_drawn_by_what_is_left() -> None:
    picture = targets_picture(judgement_of(target_of(at_least("95"), "97", "90", "percent")))
    (bar,) = bars(picture)

    assert (bar.right - BARS_AT) / (LINE_AT - BARS_AT) == pytest.approx(3 / 5, abs=0.002)
    assert {"KPI 0*", "* Drawn by what is left to 100%."} <= set(texts(picture))


def test_a_long_name_keeps_its_mark() -> None:
    long = "The share of all people whose first visit was within ten days of the day on which they asked for help"
    reported = texts(targets_picture(judgement_of(target_of(at_least("95"), "97", "90", "percent", long))))

    assert [text for text in reported if text.endswith("…*")]


def test_a_row_has_the_name_that_the_measure_has_in_the_table_beside_it() -> None:
    judgement = judgement_of(target_of(at_least("80"), "60", title="Visits"))
    (kpi,) = judgement.kpis
    coded = judgement._replace(kpis=(kpi._replace(kpi=kpi.kpi._replace(code="CS02a")),))

    assert "CS02a Visits" in texts(targets_picture(coded))


def test_states_stand_under_their_word_the_worst_first() -> None:
    judgement = judgement_of(
        target_of(at_least("80"), "90", title="Good"),
        target_of(at_least("80"), "70", "20", title="Climbing"),
        target_of(at_least("80"), "20", "70", title="Falling"),
        target_of(at_least("80"), "60", "70", title="Falling less"),
    )
    reported = texts(targets_picture(judgement))

    order = ["Not met: 2", "Falling", "Falling less", "Not met, improving: 1", "Climbing", "Met: 1", "Good"]
    assert [text for text in reported if text in order] == order
    assert reported[0] == "1 of 4 targets met"
    assert targets_words(judgement) == "4 targets with a number: 2 not met; 1 not met, improving; 1 met"


def test_forty_are_drawn_and_the_others_counted() -> None:
    picture = targets_picture(judgement_of(*[target_of(at_least("80"), "60", "40")] * 53))

    assert len(bars(picture)) == 40
    assert "13 more targets not drawn." in texts(picture)
    assert len(picture.encode()) <= LIMIT


def test_without_a_target_there_is_no_picture() -> None:
    judgement = judgement_of(target_of(at_least("80"), "60")._replace(targets=()))

    assert targets_picture(judgement) == targets_words(judgement) == ""


BOUNDS = st.one_of(
    st.tuples(st.sampled_from(["at_least", "at_most", "more_than", "less_than", "equals"]), WIDE).map(
        lambda at: Bound(*at)
    ),
    st.just(Bound("between", Decimal(2), upper=Decimal(9))),
)


@trials(160)
@given(
    st.lists(
        st.builds(
            target_of,
            BOUNDS,
            WIDE.map(str),
            WIDE.map(str),
            st.sampled_from(["count", "percent", "duration", "ratio"]),
            TEXTS,
            st.sampled_from(["higher", "lower", "neither"]),
        ),
        min_size=1,
        max_size=50,
    )
)
def test_the_picture_is_well_formed_small_and_apart_whatever_the_targets(measures: list[Measure]) -> None:
    picture = targets_picture(judgement_of(*measures))

    assert len(picture.encode()) <= LIMIT
    check(picture)
