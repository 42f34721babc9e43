"""What a KPI, a measure and the plan say of themselves, field by field: each is told by its own name, with both texts."""

from typing import Any

import pytest

from judge.examples import as_read, kpi
from kpi.assemble.build import build_plan
from kpi.judge.field_changes import compare_fields
from kpi.model.kpi import Check, Kpi, Measure
from kpi.model.plan import Plan

SERIES = {"2020/21": 81, "2021/22": 84}
OTHERS = {
    "a": {"title": "A", "unit": "percent", "better": "higher", "observations": SERIES},
    "b": {"title": "B", "unit": "percent", "better": "higher", "observations": SERIES},
}
YEAR = "2020-04-01 to 2021-03-31"


def compared(was: Kpi | Measure | Plan, now: Kpi | Measure | Plan) -> list[tuple[str, ...]]:
    """The fields that differ, each with both texts."""
    return [(change.field, change.before, change.after) for change in compare_fields(was, now)]


def of_kpi(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, ...]]:
    """What a KPI says otherwise when it gets these fields in place of those."""
    was, now = (kpi(**{"measures": OTHERS} | side) for side in (before, after))
    return compared(was, now)


def of_measure(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, ...]]:
    """The same of a measure among others, which has figures unless it says why not."""
    said = []
    for side in (before, after):
        own = {"title": "M", "unit": "percent", "better": "higher", "observations": SERIES} | side
        if "derived" in side or "no_figures" in side:
            del own["observations"]
        whole = kpi(measures=OTHERS | {"m": own}, dimensions={"light": {"day": "Daylight", "dark": "Dark"}})
        made = whole.measure("m")
        assert made is not None
        said.append(made)
    return compared(*said)


NO_FIGURES = {"because": "monitored-elsewhere", "body": "board", "text": "See\n there.", "as_of": "2020/21"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"title": " Calls\n  answered "}, ("title", "Calls", "Calls answered")),
        ({}, {"definition": "Calls \n answered."}, ("definition", "Calls.", "Calls answered.")),
        ({}, {"aim": "maintain"}, ("aim", "monitor", "maintain")),
        ({}, {"owner": "head"}, ("owner", "", "head")),
        ({"frequency": "annual"}, {"frequency": "monthly"}, ("frequency", "annual", "monthly")),
        ({}, {"lag": "6 weeks"}, ("lag", "", "6 weeks")),
        ({"sources": ["b", "a"]}, {"sources": ["c"]}, ("sources", "a, b", "c")),
        ({"also_shows": ["x/b", "x/a"]}, {}, ("also_shows", "x/a, x/b", "")),
        ({}, {"note": "Of\n late."}, ("note", "", "Of late.")),
        ({}, {"commentary": {"2024-02-27": "Being\n mended."}}, ("commentary of 2024-02-27", "", "Being mended.")),
        ({}, {"checks": [{"total": "a", "parts": ["b"]}]}, ("checks", "", "total a: b")),
        ({"checks": [{"total": 100, "parts": ["b", "a"]}]}, {}, ("checks", "total 100: a + b", "")),
        ({}, {"checks": [{"whole": "a", "parts": ["b"]}, {"total": 0, "parts": ["a", "b"]}]}, ("checks", "", "total 0: a + b, whole a: b")),
        ({}, {"checks": [{"median": "a", "share_within": "b", "limit": 60}]}, ("checks", "", "median a: b within 60")),
        ({}, {"dimensions": {"light": {"day": "Daylight", "dark": "Dark"}, "age": {"old": "Old"}}}, ("dimensions", "", "age (Old), light (Dark, Daylight)")),
        ({"measures": {}, "no_figures": NO_FIGURES}, {"measures": {}, "no_figures": {"because": "withdrawn"}}, ("no_figures", f"monitored-elsewhere; board; See there.; {YEAR}", "withdrawn")),
    ],
    ids=lambda case: case[0].replace(" ", "-") if isinstance(case, tuple) else "",
)  # fmt: skip
def test_each_field_of_a_kpi_is_told_by_its_name(
    before: dict[str, Any], after: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert of_kpi(before, after) == [expected]
    assert of_kpi(after, before) == [(expected[0], expected[2], expected[1])]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"title": "Of \n late"}, ("title", "M", "Of late")),
        ({}, {"unit": "ratio"}, ("unit", "percent", "ratio")),
        ({}, {"kind": "snapshot"}, ("kind", "average", "snapshot")),
        ({}, {"better": "lower"}, ("better", "higher", "lower")),
        ({}, {"better": {"near": 50}}, ("better", "higher", "near 50")),
        ({}, {"noun": "adults"}, ("noun", "", "adults")),
        ({"area": "hill"}, {}, ("area", "hill", "")),
        ({}, {"since": "2020-04-01"}, ("since", "", "2020-04-01")),
        ({}, {"baseline": "2020/21"}, ("baseline", "", YEAR)),
        ({}, {"aim": "increase"}, ("aim", "monitor", "increase")),
        ({}, {"owner": "head"}, ("owner", "", "head")),
        ({}, {"frequency": "annual"}, ("frequency", "", "annual")),
        ({}, {"lag": "6 weeks"}, ("lag", "", "6 weeks")),
        ({"sources": ["b", "a"]}, {}, ("sources", "a, b", "")),
        ({}, {"triggers": [{"when": "increase", "level": 0.05}]}, ("triggers", "", "increase, level 0.05")),
        ({}, {"triggers": [{"when": "change", "minimum": 5}]}, ("triggers", "", "change, minimum 5")),
        ({}, {"triggers": [{"when": "increase", "minimum": "10%"}]}, ("triggers", "", "increase, minimum 10%")),
        ({}, {"references": [{"label": "Then", "value": 5}, {"label": "Now", "value": 6}]}, ("references", "", "Now: 6, Then: 5")),
        ({}, {"references": [{"label": "Then", "at_least": 5}]}, ("references", "", "Then: at_least 5")),
        ({}, {"references": [{"label": "Then", "between": [5, 6]}]}, ("references", "", "Then: between 5 and 6")),
        ({}, {"references": [{"label": "Then", "at_most": {"period": "2020/21", "change": "-10%"}}]}, ("references", "", f"Then: at_most {YEAR} -10%")),
        ({}, {"references": [{"label": "Then", "at_most": {"period": "2020/21", "change": 3}}]}, ("references", "", f"Then: at_most {YEAR} 3")),
        ({}, {"references": [{"label": "Then", "at_most": {"period": "2020/21"}}]}, ("references", "", f"Then: at_most {YEAR}")),
        ({}, {"is": {"light": "day"}}, ("is", "", "light: day")),
        ({}, {"decimals": 0}, ("decimals", "", "0")),
        ({"decimals": 1}, {"derived": {"share": "a", "of": ["a", "b"]}}, ("derived", "", "a of a, b")),
        ({}, {"no_figures": {"because": "withdrawn"}}, ("no_figures", "", "withdrawn")),
        ({}, {"note": "Of\n late."}, ("note", "", "Of late.")),
        ({"derived": {"share": "a", "of": ["b", "a"]}}, {"derived": {"share": "b", "of": ["b", "a"]}}, ("derived", "a of a, b", "b of a, b")),
        ({"no_figures": NO_FIGURES}, {"no_figures": {"because": "withdrawn"}}, ("no_figures", f"monitored-elsewhere; board; See there.; {YEAR}", "withdrawn")),
    ],
    ids=lambda case: case[0] if isinstance(case, tuple) else "",
)  # fmt: skip
def test_each_field_of_a_measure_is_told_by_its_name(
    before: dict[str, Any], after: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert of_measure(before, after) == [expected]
    assert of_measure(after, before) == [(expected[0], expected[2], expected[1])]


def the_plan(**fields: Any) -> Plan:
    values = {
        "organisation": "Example",
        "title": "Plan",
        "area": "here",
        "areas": {"here": "Here"},
        "priorities": [{"id": "service", "title": "Service", "kpis": []}],
    }
    return build_plan(as_read(values | fields))[0]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"organisation": "Other"}, [("organisation", "Example", "Other")]),
        ({"title": "Other"}, [("title", "Plan", "Other")]),
        ({"area": "there"}, [("area", "here", "there")]),
        ({"year_starts": 1}, [("year_starts", "4", "1")]),
        ({"edition": {"board": "The\n board", "purpose": "To note"}}, [("edition.board", "", "The board"), ("edition.purpose", "", "To note")]),
        ({"status": {"amber": "near"}}, [("status.amber", "improving", "near")]),
        ({"status": {"tolerance": 2}}, [("status.tolerance", "", "2")]),
        ({"status": {"tolerance": "5%"}}, [("status.tolerance", "", "5%")]),
        ({"status": {"words": {"met": "on track"}}}, [("status.words.met", "", "on track")]),
        ({"lint": {"stale": "off"}}, [("lint.stale", "", "off")]),
        ({"priorities": [{"id": "service", "title": "Good\n service", "kpis": []}]}, [("priorities.service", "Service", "Good service")]),
        ({"sources": {"a": {"title": "A\n return", "url": "https://a", "note": "In\n May"}}}, [("sources.a", "", "A return; https://a; In May")]),
        ({"owners": {"head": "The\n head"}}, [("owners.head", "", "The head")]),
        ({"bodies": {"board": "The\n board"}}, [("bodies.board", "", "The board")]),
        ({"areas": {"here": {"name": "Here", "whole": True}}}, [("areas.here", "Here", "Here (whole)")]),
        ({"areas": {"here": "Here", "there": "There"}}, [("areas.there", "", "There")]),
    ],
    ids=lambda case: case[0][0] if isinstance(case, list) else "",
)  # fmt: skip
def test_each_field_of_the_plan_is_told_by_its_name(
    fields: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    was, now = the_plan(), the_plan(**fields)

    assert compared(was, now) == expected
    assert compared(now, was) == [(field, after, before) for field, before, after in expected]


def test_an_empty_field_is_one_that_is_not_there() -> None:
    assert of_kpi({}, {"note": ""}) == of_kpi({"note": ""}, {}) == []


def test_an_item_of_a_list_is_lost_as_a_whole_even_with_a_comma_in_it() -> None:
    checks = Check("total", "a, b", ("c",)), Check("whole", "a", ("b",))
    was, now = (kpi(measures=OTHERS)._replace(checks=those) for those in (checks, checks[1:]))
    (change,) = compare_fields(was, now)

    assert change.before == "total a, b: c, whole a: b"
    assert change.lost == ("total a, b: c",)
    assert [change.lost for change in compare_fields(now, was)] == [()]
