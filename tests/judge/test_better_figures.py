"""A better figure is never told as worse: not for its measure, nor for its KPI, nor in what the pages count.

The newest figure of a measure is made better and everything is judged again. Where one way is better, so is any figure
further that way. Towards a range or an exact level a figure is better if it lies nearer on the same side, or within:
a tolerance in per cent is wider at the upper end, so the two sides have no common measure. Of two assessments the one
nearer to "met" is better. Both figures are typed with as many decimals: 5 beside 4.9 may be rounded, 5.0 is not.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import judged, kpi, plan, targets
from kpi.judge.benchmarks import BETTER_THAN, FIRED, NOT_FIRED, WORSE_THAN, rank_among_peers
from kpi.judge.breach import NEW
from kpi.judge.judgement import (
    AGAINST,
    AS_INTENDED,
    CANNOT_TELL,
    HELD,
    Judgement,
    KpiJudgement,
    MeasureJudgement,
    Rag,
    judge,
)
from kpi.judge.state import NO_CLEAR_CHANGE, STATES, STATES_WORST_FIRST, UNJUDGED
from kpi.model.plan import Plan
from kpi.pages.lists import off_target
from kpi.pages.standing import ShownMeasure
from trials import trials

COLOURS_WORST_FIRST = ("red", "amber", "", "green")
AIMS_WORST_FIRST = (AGAINST, NO_CLEAR_CHANGE, CANNOT_TELL, HELD, AS_INTENDED)
WAYS = {"higher": ("at_least", "more_than"), "lower": ("at_most", "less_than")}
ASSESSMENTS = ("missed", "near", "met")
Fields = dict[str, Any]
RULES = st.sampled_from([{}, {"amber": "near"}, {"tolerance": "5%"}, {"amber": "near", "tolerance": "5%"}])
NUMBERS = st.decimals(0, 40, places=1)
SIGNED = st.decimals(-40, 40, places=1)
UNITS: list[tuple[Any, st.SearchStrategy[Any]]] = [
    ("percent", NUMBERS),
    ("ratio", NUMBERS),
    ({"rate_per": 1000}, NUMBERS),
    ("days", NUMBERS),
    ({"name": "points"}, SIGNED),
    ({"percent": "any"}, SIGNED),
    ({"currency": "GBP"}, SIGNED),
    ("count", st.integers(0, 400)),
]
NEWEST = "2020/21"
OLDER = ("2016/17", "2017/18", "2018/19", "2019/20")
CALENDARS: dict[str, tuple[Sequence[str], Fields]] = {
    "years": ((*OLDER, NEWEST), {}),
    "months": (("2020-02", "2020-11", "2020-12", "2021-01", "2021-02"), {"compare": "previous"}),
    "the same month of each year": (("2017-02", "2018-02", "2019-02", "2020-02", "2021-02"), {}),
    "quarters with a frequency": (
        ("2019/20 Q4", "2020/21 Q1", "2020/21 Q2", "2020/21 Q3", "2020/21 Q4"),
        {"frequency": "quarterly"},
    ),
}
"""The periods of a measure, oldest first, and what it says of them."""


class Case(NamedTuple):
    """A measure's fields without its newest figure, and two values for that one: the second is better."""

    fields: Fields
    worse: Any
    better: Any
    newest: str = NEWEST

    def with_figure(self, newest: Any) -> Fields:
        return self.fields | {"observations": self.fields["observations"] | {self.newest: newest}}


def figures(value: Any, mark: str) -> Any:
    """A figure as a file has it, with a mark or without."""
    if not mark:
        return value
    return {"value": value, "marks": [mark], "note": "Odd."}


MARKS = st.sampled_from(["", "", "", "queried", "break", "provisional"])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A measure of any kind with targets of one kind, or with an aim alone."""
    form = draw(st.sampled_from(["one way", "range", "level", "in words", "aim"]))
    unit, numbers = draw(st.sampled_from(UNITS))
    (*before, newest), said = CALENDARS[draw(st.sampled_from(list(CALENDARS)))]
    older = {period: figures(draw(numbers), draw(MARKS)) for period in before[draw(st.integers(0, 4)) :]}
    fields: Fields = {
        "unit": unit,
        "kind": draw(st.sampled_from(["total", "average", "snapshot", "cumulative"])),
        "observations": older,
        **said,
        **draw(st.sampled_from([{}, {}, {"margin": 4}])),
    }
    if form == "in words":
        worse, better = sorted((draw(st.sampled_from(ASSESSMENTS)) for _ in range(2)), key=ASSESSMENTS.index)
        fields |= {"better": "higher", "targets": [{"in_words": "Good."}]}
        return Case(fields, {"assessment": worse}, {"assessment": better}, newest)
    if form in {"one way", "aim"}:
        way = draw(st.sampled_from(list(WAYS)))
        lower, upper = sorted((draw(numbers), draw(numbers)))
        values = (lower, upper) if way == "higher" else (upper, lower)
        fields["better"] = way
        fields |= draw(besides(numbers, way, newest, list(older)))
        if form == "aim":
            fields["aim"] = draw(st.sampled_from(["increase" if way == "higher" else "reduce", "maintain"]))
        else:
            bounds = [{draw(st.sampled_from(WAYS[way])): draw(levels(numbers, older))} for _ in range(2)]
            fields["targets"] = draw(stretched(bounds, newest, numbers))
    else:
        bound, fields["better"], values = draw(around(exact=form == "level", whole=unit == "count"))
        fields["targets"] = draw(stretched([bound], newest, numbers))
    mark = draw(MARKS)
    worse, better = (figures(value, mark) for value in values)
    return Case(fields, worse, better, newest)


@st.composite
def besides(
    draw: st.DrawFn, numbers: st.SearchStrategy[Any], way: str, newest: str, older: list[str]
) -> Fields:
    """What a figure is held beside where one way is better: other areas, references, a baseline, a trigger on the worse way."""
    peers = {f"area-{number}": {newest: draw(numbers)} for number in range(draw(st.integers(0, 3)))}
    how = draw(st.sampled_from(["value", *WAYS["higher"], *WAYS["lower"], "between"]))
    level = sorted((draw(numbers), draw(numbers))) if how == "between" else draw(numbers)
    trigger = {"when": "increase" if way == "lower" else "decrease"}
    return {
        "peers": peers,
        "references": [{"label": "Benchmark", how: level}],
        "triggers": [
            trigger | draw(st.sampled_from([{}, {"level": 0.05}, {"minimum": "10%"}, {"minimum": 3}]))
        ],
        **({"baseline": draw(st.sampled_from(older))} if older else {}),
    }


def levels(numbers: st.SearchStrategy[Any], older: Fields) -> st.SearchStrategy[Any]:
    """What a bound may be: a number, or taken from an earlier figure."""
    back = st.builds(
        lambda period, change: {"period": period, **change},
        st.sampled_from(["previous", *older]),
        st.sampled_from([{}, {"change": "-10%"}, {"change": 3}]),
    )
    return numbers | back if older else numbers


@st.composite
def around(draw: st.DrawFn, *, exact: bool, whole: bool) -> tuple[Fields, Any, tuple[Any, Any]]:
    """A range or an exact level, what is better there, and two values on one side of it of which the second is nearer."""
    places = 0 if whole else 1
    gaps = st.decimals(0, 20, places=places)
    low = draw(st.decimals(20, 40, places=places))
    high = low if exact else low + draw(gaps)
    far, near = sorted((draw(gaps), draw(gaps)), reverse=True)
    below = draw(st.booleans())
    worse, better = (low - gap if below else high + gap for gap in (far, near))
    if draw(st.booleans()):
        better = high if below else low
    middle = draw(st.sampled_from([low, high, (low + high) / 2]))
    if better != worse and abs(better - middle) > abs(worse - middle):
        middle = better
    ways = ["neither", {"near": middle}]
    if exact:
        ways.append("higher" if below else "lower")
    return (
        {"equals": low} if exact else {"between": [low, high]},
        draw(st.sampled_from(ways)),
        (worse, better),
    )


@st.composite
def stretched(
    draw: st.DrawFn, bounds: list[Fields], newest: str, numbers: st.SearchStrategy[Any]
) -> list[Fields]:
    """One target or two of these bounds, with what may stand beside a bound."""
    result = [
        bound
        | draw(st.sampled_from([{}, {"tolerance": 2}, {"tolerance": "10%"}]))
        | draw(st.sampled_from([{}, {"by": newest}, {"by": "2130/31"}]))
        | draw(st.sampled_from([{}, {"start": "2018/19"}]))
        | ({"over": "12 months"} if newest == NEWEST and draw(st.booleans()) else {})
        | draw(trajectories(bound, newest, numbers))
        for bound in bounds[: draw(st.integers(1, len(bounds)))]
    ]
    for number, written in enumerate(result[1:], 1):
        written["label"] = f"stretch {number}"
    return targets(*(change | {"label": change.get("label", "first")} for change in result))


def trajectories(bound: Fields, newest: str, numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Fields]:
    """A level on the way for the newest period, where the bound is one number; an exact level stays what it is."""
    ((how, value),) = bound.items()
    if not isinstance(value, Decimal | int):
        return st.just({})
    level = st.just(value) if how == "equals" else numbers
    return st.just({}) | level.map(lambda level: {"trajectory": {newest: level}})


def state_rank(state: str) -> int:
    return STATES_WORST_FIRST.index(state)


def colour_rank(colour: Rag) -> int:
    return COLOURS_WORST_FIRST.index(colour.colour)


ALONE = Plan("Example", "Plan", "here")
BESIDE_MEANING = {WORSE_THAN: 0, BETTER_THAN: 2}
NEARER = {"worse": 0, "higher": 1, "lower": 1, "no clear change": 1, "the same": 1, "better": 2}
"""Where nearer to a value is better, higher and lower are about as far from it."""
MEANING = {"worse": 0, "no clear change": 1, "the same": 1, "better": 2}


@trials(400)
@given(cases(), RULES)
def test_a_better_figure_never_worsens_a_status(case: Case, rules: Fields) -> None:
    before, after = (judged(status=rules, **case.with_figure(value)) for value in (case.worse, case.better))

    assert [verdict.target for verdict in before.verdicts] == [verdict.target for verdict in after.verdicts]
    for verdict, other in zip(before.verdicts, after.verdicts, strict=True):
        assert state_rank(verdict.state) <= state_rank(other.state)
        assert (other.gap or 0) <= (verdict.gap or 0)
    assert colour_rank(before.rag) <= colour_rank(after.rag)
    for travel, later in zip(before.directions, after.directions, strict=True):
        assert MEANING.get(travel.outcome, 0) <= MEANING.get(later.outcome, 2)
    if before.aim and after.aim:
        assert AIMS_WORST_FIRST.index(before.aim.word) <= AIMS_WORST_FIRST.index(after.aim.word)
    assert_stands_no_worse(before, after)


def assert_stands_no_worse(before: MeasureJudgement, after: MeasureJudgement) -> None:
    """A better figure stands no worse beside references, the baseline and other areas, and calls for no more action."""
    for reference, later in zip(before.references, after.references, strict=True):
        assert BESIDE_MEANING.get(reference.word, 1) <= BESIDE_MEANING.get(later.word, 1)
    if before.baseline and after.baseline:
        assert MEANING.get(before.baseline.outcome, 0) <= MEANING.get(after.baseline.outcome, 2)
    for trigger, later_trigger in zip(before.triggers, after.triggers, strict=True):
        assert (trigger.state, later_trigger.state) != (NOT_FIRED, FIRED)
    for rank, later_rank in zip(
        *(rank_among_peers(each.measure, ALONE) for each in (before, after)), strict=True
    ):
        assert (later_rank.position, later_rank.last) <= (rank.position, rank.last)
        assert later_rank.last <= rank.last


@trials(200)
@given(cases(), RULES, st.sampled_from(["not-available", "suppressed", "forecast"]))
def test_a_figure_that_is_kept_back_never_turns_a_status_green(case: Case, rules: Fields, mark: str) -> None:
    kept_back = {"marks": [mark], **({"value": 1} if mark == "forecast" else {})}
    result = judged(status=rules, **case.with_figure(kept_back))

    assert not any(STATES[verdict.state].stands for verdict in result.verdicts)
    assert result.rag.colour == ""


@trials(200)
@given(cases(), RULES)
def test_a_doubt_never_betters_a_status(case: Case, rules: Fields) -> None:
    plain = case.better if isinstance(case.better, dict) else {"value": case.better}
    marks = [mark for mark in plain.get("marks", []) if mark != "queried"]
    sure, doubted = (
        judged(status=rules, **case.with_figure(plain | {"marks": given, "note": "Odd."}))
        for given in (marks or ["revised"], [*marks, "queried"])
    )

    assert [verdict.state for verdict in sure.verdicts] == [verdict.state for verdict in doubted.verdicts]
    assert doubted.rag.colour != "green"
    assert doubted.rag.because != "improving"
    assert doubted.change == UNJUDGED or "value" not in plain


WHOLE = st.integers(0, 4000)
TENTHS = st.decimals(0, 100, places=1)
EITHER_WAY = st.decimals(-100, 100, places=1)
PAIRS: dict[str, tuple[Fields, st.SearchStrategy[Any], str]] = {
    "counts over a period": ({"unit": "count", "kind": "total"}, WHOLE, ""),
    "counts at a date": ({"unit": "count", "kind": "snapshot"}, WHOLE, ""),
    "gains": ({"unit": "count", "kind": "cumulative"}, WHOLE, ""),
    "averages of counts": ({"unit": "count", "kind": "average"}, WHOLE, ""),
    "per cents": ({"unit": "percent"}, TENTHS, ""),
    "per cents of any": ({"unit": {"percent": "any"}}, EITHER_WAY, ""),
    "per cents of few": ({"unit": "percent"}, TENTHS, "denominator: 150"),
    "per cents of many": ({"unit": "percent"}, TENTHS, "denominator: 90000"),
    "money": ({"unit": {"currency": "GBP"}, "kind": "total"}, EITHER_WAY, ""),
    "days": ({"unit": "days", "kind": "average"}, TENTHS, ""),
    "durations": ({"unit": "duration", "kind": "average"}, WHOLE.map("{}s".format), ""),
    "ratios": ({"unit": "ratio"}, TENTHS, ""),
    "rates": ({"unit": {"rate_per": 1000}}, TENTHS, ""),
    "scores with a margin": ({"unit": {"name": "points"}, "margin": 4}, TENTHS, ""),
}
"""Every kind of pair that has a rule of its own: the fields, what figures are, and what stands beside a figure."""


def beside(value: Any, more: str) -> Any:
    """A figure with its denominator, where it has one."""
    return (
        {"value": value, "denominator": int(more.partition(": ")[2])}
        if more.startswith("denominator")
        else value
    )


def size(value: Any) -> Decimal:
    return Decimal(str(value).removesuffix("s"))


@pytest.mark.parametrize("name", PAIRS)
@trials(200)
@given(st.data())
def test_a_better_figure_never_worsens_a_pair_of_any_kind(name: str, data: st.DataObject) -> None:
    fields, values, more = PAIRS[name]
    earlier, *pair = (data.draw(values) for _ in range(3))
    way = data.draw(st.sampled_from(list(WAYS)))
    worse, better = sorted(pair, key=size, reverse=way == "lower")
    before, after = (
        judged(
            **fields, better=way, observations={"2019/20": beside(earlier, more), NEWEST: beside(item, more)}
        )
        for item in (worse, better)
    )

    assert MEANING.get(before.change, 0) <= MEANING.get(after.change, 2)


@pytest.mark.parametrize("name", [name for name in PAIRS if name != "durations"])
@trials(200)
@given(st.data())
def test_a_figure_nearer_to_the_best_value_never_worsens_a_pair_of_any_kind(
    name: str, data: st.DataObject
) -> None:
    fields, values, more = PAIRS[name]
    earlier, *sides = (data.draw(values) for _ in range(4))
    far, near, middle = sorted(sides, reverse=data.draw(st.booleans()))  # both on one side of the best
    before, after = (
        judged(
            **fields,
            better={"near": middle},
            observations={"2019/20": beside(earlier, more), NEWEST: beside(newest, more)},
        )
        for newest in (far, near)
    )

    assert NEARER.get(before.change, 0) <= NEARER.get(after.change, 2)


@trials(400)
@given(
    cases(),
    st.lists(cases(), max_size=2),
    st.lists(st.tuples(st.lists(cases(), min_size=1, max_size=2), st.booleans()), max_size=2),
    RULES,
)
def test_a_better_figure_never_worsens_a_kpi_nor_what_the_pages_count(
    changed: Case, beside: list[Case], others: list[tuple[list[Case], bool]], rules: Fields
) -> None:
    before, after = (
        whole(changed.with_figure(value), beside, others, rules) for value in (changed.worse, changed.better)
    )

    for was, now in zip(before.kpis, after.kpis, strict=True):
        assert_no_worse(was, now)
    for status in STATES_WORST_FIRST[: STATES_WORST_FIRST.index("met")]:
        worse_than = STATES_WORST_FIRST[: STATES_WORST_FIRST.index(status) + 1]
        assert sum(kpi.status in worse_than for kpi in after.kpis) <= sum(
            kpi.status in worse_than for kpi in before.kpis
        )
    was_off, now_off = off_target(before), off_target(after)
    assert addresses(now_off.missed) <= addresses(was_off.missed)
    assert addresses(newly(now_off.missed)) <= addresses(newly(was_off.missed))
    assert addresses([*now_off.missed, *now_off.short]) <= addresses([*was_off.missed, *was_off.short])
    assert addresses(now_off.recovered) >= addresses(was_off.recovered)


def whole(
    changed: Fields, beside: list[Case], others: list[tuple[list[Case], bool]], rules: Fields
) -> Judgement:
    """A framework whose first KPI has the changed measure and those beside it; others may show the changed one too."""
    kpis = [
        kpi(
            "first", measures=measures([changed, *(measure.with_figure(measure.worse) for measure in beside)])
        )
    ]
    for number, (changes, shows) in enumerate(others):
        fields = measures([change.with_figure(change.worse) for change in changes])
        kpis.append(kpi(f"other{number}", measures=fields, also_shows=["first/m0"] if shows else []))
    return judge(plan([kpi.id for kpi in kpis], **rules), kpis)


def measures(fields: list[Fields]) -> dict[str, Fields]:
    return {f"m{number}": {"title": f"Measure {number}"} | entry for number, entry in enumerate(fields)}


def assert_no_worse(before: KpiJudgement, after: KpiJudgement) -> None:
    if before.targeted:
        assert state_rank(before.status) <= state_rank(after.status)
    else:
        assert before.status == after.status
    assert colour_rank(before.rag) <= colour_rank(after.rag)
    assert before.met <= after.met
    assert before.targeted == after.targeted


def newly(rows: list[ShownMeasure]) -> list[ShownMeasure]:
    """Those whose figure before met the target."""
    return [row for row in rows if row.measure.breach and row.measure.breach.state == NEW]


def addresses(shown: list[Any]) -> set[tuple[str, str]]:
    """Where measures are listed: the KPI and the measure's own address."""
    return {(measure.kpi.kpi.id, measure.measure.address) for measure in shown}


# Where a chart decides, the newest figure moves its own limits, so a better one may have a lesser class. These are the kinds.

EXCEPTIONS = {
    "it widens the limits that it was outside of": (
        [49, 55, 52, 49, 54, 54, 50, 47, 50, 47, 50, 50], (44, "better"), (43, "no clear change"),
    ),
    "it makes a run of figures above the mean": (
        [45, 46, 48, 49, 48, 48, 53, 53, 51, 53, 54, 50], (52, "no clear change"), (51, "worse"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_with_a_chart_a_better_figure_may_have_a_lesser_class_and_never_a_worse_state(name: str) -> None:
    earlier, *pair = EXCEPTIONS[name]
    fields: Fields = {"unit": "days", "better": "lower", "kind": "average", "targets": [{"at_most": 50}]}
    figures_by_year = {str(2000 + number): value for number, value in enumerate(earlier)}
    judgements = [judged(**fields, observations=figures_by_year | {"2012": value}) for value, _ in pair]

    assert [change.change for change in judgements] == [word for _, word in pair]
    assert state_rank(judgements[0].state) <= state_rank(judgements[1].state)
