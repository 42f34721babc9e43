"""No field is forgotten: with another value, pages, exports and the comparison of two versions say something else."""

import copy
import io
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from kpi.judge.changes import FrameworkVersion, compare_versions
from kpi.judge.judgement import Judgement
from kpi.lint.engine import lint
from kpi.pages.change_report import NOTHING, changes_text
from kpi.pages.export_json import framework_json
from kpi.store import schema
from small import scorecard, written

PLAN = "kpis/plan.yaml"
LOANS = "kpis/reading/loans.yaml"
CARDS = "kpis/reading/cards.yaml"
VISITS = "kpis/reading/visits.yaml"
PUPILS = "kpis/reading/pupils.yaml"

BASE: dict[str, Any] = {
    PLAN: {
        "organisation": "Riverside Libraries",
        "title": "Library plan",
        "area": "riverside",
        "year_starts": 4,
        "year_names": "2023/24",
        "compare": "season",
        "publisher": "The council",
        "licence": {"title": "Our terms", "url": "https://example.org/terms"},
        "edition": {
            "board": "Library Board",
            "date": "2024-05-15",
            "title": "Library scorecard",
            "presented_by": "The Librarian",
            "purpose": "To be noted.",
            "last": "edition-2023-11-28",
        },
        "priorities": [
            {
                "id": "reading",
                "title": "More reading",
                "note": "The first promise.",
                "objectives": [
                    {"title": "Loans", "note": "In all branches.", "kpis": ["loans", "cards"]},
                    {"title": "Schools", "kpis": ["pupils", "visits"]},
                ],
            }
        ],
        "areas": {
            "riverside": "Riverside",
            "hillside": {"name": "Hillside", "short": "Hill", "whole": False},
            "valley": {"name": "The valley", "whole": True},
        },
        "sources": {
            "return": {"title": "Annual return", "url": "https://example.org/return", "note": "Out in May."},
            "plan": {"title": "The plan"},
            "survey": {"title": "The survey"},
        },
        "bodies": {"schools-board": "Schools Board", "council": "The council"},
        "owners": {"head": "Head of Libraries", "deputy": "Deputy Head"},
        "status": {"amber": "improving", "tolerance": "1%", "words": {"missed": "off target"}},
        "lint": {"stale": "error"},
    },
    LOANS: {
        "title": "Loans",
        "code": "RL1",
        "statement": "We will lend more.",
        "definition": "Items lent.",
        "note": "Games are left out.",
        "aim": "increase",
        "unit": "count",
        "better": "higher",
        "kind": "total",
        "frequency": "annual",
        "lag": "3 months",
        "owner": "head",
        "sources": ["return"],
        "dimensions": {"age": {"young": "Under 25", "middle": "25 to 65", "old": "Over 65"}},
        "commentary": {"2024-04-30": "Two branches were closed."},
        "also_shows": ["cards/members"],
        "checks": [
            {"total": "all", "parts": ["books", "other"]},
            {"whole": "all", "parts": ["books"]},
            {"median": "wait", "share_within": "in-time", "limit": "2m"},
        ],
        "measures": {
            "all": {
                "title": "All items",
                "short": "All",
                "noun": "items",
                "note": "Renewals count.",
                "aim": "increase",
                "unit": "count",
                "better": "higher",
                "kind": "total",
                "frequency": "annual",
                "lag": "3 months",
                "owner": "head",
                "sources": ["return"],
                "decimals": 0,
                "margin": 50,
                "step": {"2022/23": "A new branch."},
                "baseline": "2021/22",
                "targets": [
                    {
                        "at_least": 5000,
                        "from": "2021/22",
                        "by": "2022/23",
                        "until": "2025/26",
                        "source": "plan",
                        "label": "Plan",
                        "tolerance": "2%",
                        "over": "12 months",
                        "trajectory": {"2022/23": 4950},
                    }
                ],
                "triggers": [{"when": "decrease", "level": 0.05, "minimum": "10%"}],
                "references": [{"label": "Last plan", "value": 4500}],
                "observations": {
                    "2021/22": 5200,
                    "2022/23": 4900,
                    "2023/24": {"value": 4800, "marks": ["provisional"], "note": "One month is missing."},
                },
                "peers": {
                    "hillside": {"2023/24": 3100},
                    "valley": {"2023/24": {"value": 90000, "note": "Without schools."}},
                },
            },
            "books": {"title": "Books", "observations": {"2022/23": 4000, "2023/24": 3900}},
            "other": {"title": "Other items", "observations": {"2022/23": 900, "2023/24": 900}},
            "share": {
                "title": "Share of books",
                "better": "neither",
                "aim": "monitor",
                "derived": {"share": "books", "of": ["books", "other"]},
            },
            "ratio": {
                "title": "Books for each other item",
                "better": "neither",
                "derived": {"numerator": ["books"], "denominator": ["other"]},
            },
            "more": {
                "title": "Books less other items",
                "better": "neither",
                "derived": {"add": ["books"], "subtract": ["other"]},
            },
            "wait": {
                "title": "Median wait",
                "unit": "duration",
                "kind": "average",
                "better": "lower",
                "aim": "reduce",
                "observations": {"2023/24": "1m50s"},
            },
            "in-time": {
                "unit": "percent",
                "kind": "average",
                "is": {"age": "young"},
                "observations": {"2022/23": 40, "2023/24": {"value": 50, "numerator": 20, "denominator": 40, "margin": 3}},
            },
            "in-time-of-old": {
                "unit": "percent",
                "kind": "average",
                "is": {"age": "old"},
                "observations": {"2022/23": 45, "2023/24": 55},
            },
        },
    },
    CARDS: {
        "title": "Cards",
        "definition": "Cards in use.",
        "compare": "season",
        "sources": ["return"],
        "measures": {
            "members": {
                "title": "Members",
                "unit": "count",
                "kind": "cumulative",
                "better": "higher",
                "since": "2020-04-01",
                "targets": [{"more_than": {"period": "2022-12", "change": -5}, "source": "plan"}],
                "references": [{"label": "A good year", "between": [100, 200]}],
                "observations": {"2022-12": 90, "2023-12": 95, "2024-03": 99},
            },
            "happy": {
                "title": "Happy members",
                "unit": "percent",
                "better": "higher",
                "targets": [{"in_words": "Most are happy.", "source": "plan"}],
                "observations": {"2023/24": {"assessment": "near"}},
            },
            "worth": {"title": "Worth", "unit": {"currency": "GBP"}, "scale": "million", "better": "neither", "observations": {"2023/24": 10}},
            "rate": {"title": "Rate", "unit": {"rate_per": 1000}, "better": {"near": 3}, "observations": {"2022/23": 1, "2023/24": 4}},
            "joined": {
                "title": "Joined",
                "unit": "count",
                "better": "higher",
                "observations": {"2023-01": 50, "2023-12": 90, "2024-01": 99},
            },
            "hours": {
                "title": "Hours",
                "unit": {"name": "hours"},
                "better": "higher",
                "observations": {"2023/24": 30},
            },
            "spent": {
                "title": "Budget spent",
                "unit": {"percent": "any"},
                "better": "neither",
                "observations": {"2023/24": 98},
            },
            "size": {
                "title": "Size",
                "unit": {"name": "sheets"},
                "better": "neither",
                "no_figures": {"because": "in-words", "text": "They are large."},
            },
        },
    },
    VISITS: {
        "title": "Visits",
        "definition": "People who came in.",
        "sources": ["return"],
        "measures": {
            "visits": {"noun": "people", "unit": "count", "better": "higher", "observations": {"2022/23": 7, "2023/24": 8, "2024-03": 1, "2024-04": 2}}
        },
    },
    PUPILS: {
        "title": "Pupils",
        "definition": "Pupils who come.",
        "no_figures": {"because": "monitored-elsewhere", "body": "schools-board", "text": "Each term.", "as_of": "2024-03"},
    },
}  # fmt: skip
"""A framework in which every field has a value."""

Place = tuple[str | int, ...]


class Field(NamedTuple):
    """Another value for a field, at a place of a file; a value of DELETED takes it out."""

    file: str
    place: Place
    value: Any


_ALL: Place = ("measures", "all")
_TARGET: Place = (*_ALL, "targets", 0)
_BOUND: Place = ("measures", "members", "targets", 0)
_REFERENCE: Place = (*_ALL, "references", 0)
_FIGURE: Place = (*_ALL, "observations", "2023/24")
_SHARE: Place = ("measures", "in-time", "observations", "2023/24")
TEXT = "Zebra crossing"

FIELDS = {
    "kpi.title": Field(LOANS, ("title",), TEXT),
    "kpi.definition": Field(LOANS, ("definition",), TEXT),
    "kpi.code": Field(LOANS, ("code",), "RL2"),
    "kpi.statement": Field(LOANS, ("statement",), TEXT),
    "kpi.note": Field(LOANS, ("note",), TEXT),
    "kpi.aim": Field(LOANS, ("aim",), "maintain"),
    "kpi.unit": Field(LOANS, ("unit",), {"name": TEXT}),
    "kpi.better": Field(LOANS, ("better",), "lower"),
    "kpi.kind": Field(LOANS, ("kind",), "average"),
    "kpi.compare": Field(CARDS, ("compare",), "previous"),
    "kpi.frequency": Field(LOANS, ("frequency",), "irregular"),
    "kpi.lag": Field(LOANS, ("lag",), "9 months"),
    "kpi.owner": Field(LOANS, ("owner",), "deputy"),
    "kpi.sources": Field(LOANS, ("sources",), ["return", "survey"]),
    "kpi.dimensions": Field(LOANS, ("dimensions", "age", "young"), TEXT),
    "kpi.commentary": Field(LOANS, ("commentary", "2024-04-30"), TEXT),
    "kpi.also_shows": Field(LOANS, ("also_shows",), ["cards/happy"]),
    "kpi.checks": Field(LOANS, ("checks", 1), {"whole": "all", "parts": ["other"]}),
    "kpi.measures": Field(LOANS, ("measures", "other", "title"), TEXT),
    "kpi.no_figures": Field(PUPILS, ("no_figures",), {"because": "withdrawn"}),
    "measure.title": Field(LOANS, (*_ALL, "title"), TEXT),
    "measure.short": Field(LOANS, (*_ALL, "short"), TEXT),
    "measure.noun": Field(VISITS, ("measures", "visits", "noun"), TEXT),
    "measure.note": Field(LOANS, (*_ALL, "note"), TEXT),
    "measure.area": Field(LOANS, (*_ALL, "area"), "valley"),
    "measure.aim": Field(LOANS, ("measures", "books", "aim"), "maintain"),
    "measure.unit": Field(LOANS, (*_ALL, "unit"), {"name": TEXT}),
    "measure.better": Field(LOANS, (*_ALL, "better"), "lower"),
    "measure.kind": Field(LOANS, (*_ALL, "kind"), "average"),
    "measure.compare": Field(CARDS, ("measures", "members", "compare"), "previous"),
    "measure.frequency": Field(LOANS, (*_ALL, "frequency"), "irregular"),
    "measure.lag": Field(LOANS, (*_ALL, "lag"), "9 months"),
    "measure.owner": Field(LOANS, (*_ALL, "owner"), "deputy"),
    "measure.sources": Field(LOANS, (*_ALL, "sources"), ["survey"]),
    "measure.decimals": Field(LOANS, (*_ALL, "decimals"), 2),
    "measure.margin": Field(LOANS, (*_ALL, "margin"), 51),
    "measure.step": Field(LOANS, (*_ALL, "step", "2022/23"), TEXT),
    "measure.scale": Field(CARDS, ("measures", "worth", "scale"), "thousand"),
    "measure.is": Field(LOANS, ("measures", "in-time", "is"), {"age": "middle"}),
    "measure.baseline": Field(LOANS, (*_ALL, "baseline"), "2022/23"),
    "measure.since": Field(CARDS, ("measures", "members", "since"), "2021-04-01"),
    "measure.targets": Field(LOANS, (*_TARGET, "at_least"), 4700),
    "measure.triggers": Field(LOANS, (*_ALL, "triggers"), [{"when": "increase"}]),
    "measure.references": Field(LOANS, _REFERENCE, {"label": TEXT, "value": 4500}),
    "measure.observations": Field(LOANS, (*_ALL, "observations", "2022/23"), 4901),
    "measure.derived": Field(LOANS, ("measures", "share", "derived", "share"), "other"),
    "measure.no_figures": Field(CARDS, ("measures", "size", "no_figures"), {"because": "awaiting-data"}),
    "measure.peers": Field(LOANS, (*_ALL, "peers", "hillside", "2023/24"), 3102),
    "unit.percent": Field(CARDS, ("measures", "spent", "unit"), "days"),
    "unit.name": Field(CARDS, ("measures", "hours", "unit"), {"name": TEXT}),
    "unit.currency": Field(CARDS, ("measures", "worth", "unit"), {"currency": "EUR"}),
    "unit.rate_per": Field(CARDS, ("measures", "rate", "unit"), {"rate_per": 100}),
    "better.near": Field(CARDS, ("measures", "rate", "better"), {"near": 2}),
    "no_figures.because": Field(PUPILS, ("no_figures", "because"), "awaiting-data"),
    "no_figures.body": Field(PUPILS, ("no_figures", "body"), "council"),
    "no_figures.text": Field(PUPILS, ("no_figures", "text"), TEXT),
    "no_figures.as_of": Field(PUPILS, ("no_figures", "as_of"), "2024-02"),
    "figure.value": Field(LOANS, (*_FIGURE, "value"), 4801),
    "figure.marks": Field(LOANS, (*_FIGURE, "marks"), ["estimated"]),
    "figure.note": Field(LOANS, (*_FIGURE, "note"), TEXT),
    "figure.assessment": Field(CARDS, ("measures", "happy", "observations", "2023/24", "assessment"), "missed"),
    "figure.numerator": Field(LOANS, (*_SHARE, "numerator"), 20.1),
    "figure.denominator": Field(LOANS, (*_SHARE, "denominator"), 40.1),
    "figure.margin": Field(LOANS, (*_SHARE, "margin"), 3.5),
    "target.at_least": Field(LOANS, (*_TARGET, "at_least"), 5001),
    "target.more_than": Field(CARDS, (*_BOUND, "more_than"), 5),
    "target.at_most": Field(CARDS, _BOUND, {"at_most": 5, "source": "plan"}),
    "target.less_than": Field(CARDS, _BOUND, {"less_than": 5, "source": "plan"}),
    "target.between": Field(CARDS, _BOUND, {"between": [5, 6], "source": "plan"}),
    "target.equals": Field(CARDS, _BOUND, {"equals": 5, "source": "plan"}),
    "bound.period": Field(CARDS, (*_BOUND, "more_than", "period"), "2023-12"),
    "bound.change": Field(CARDS, (*_BOUND, "more_than", "change"), -6),
    "target.in_words": Field(CARDS, ("measures", "happy", "targets", 0, "in_words"), TEXT),
    "target.from": Field(LOANS, (*_TARGET, "from"), "2020/21"),
    "target.by": Field(LOANS, (*_TARGET, "by"), "2024/25"),
    "target.until": Field(LOANS, (*_TARGET, "until"), "2026/27"),
    "target.source": Field(LOANS, (*_TARGET, "source"), "return"),
    "target.label": Field(LOANS, (*_TARGET, "label"), TEXT),
    "target.tolerance": Field(LOANS, (*_TARGET, "tolerance"), "5%"),
    "target.over": Field(LOANS, (*_TARGET, "over"), "3 months"),
    "target.trajectory": Field(LOANS, (*_TARGET, "trajectory", "2022/23"), 4800),
    "reference.label": Field(LOANS, (*_REFERENCE, "label"), TEXT),
    "reference.value": Field(LOANS, (*_REFERENCE, "value"), 4501),
    **{
        f"reference.{how}": Field(LOANS, _REFERENCE, {"label": "Last plan", how: 4501})
        for how in ("at_least", "more_than", "at_most", "less_than", "equals")
    },
    "reference.between": Field(CARDS, ("measures", "members", "references", 0, "between"), [100, 201]),
    "trigger.when": Field(LOANS, (*_ALL, "triggers", 0, "when"), "change"),
    "trigger.level": Field(LOANS, (*_ALL, "triggers", 0, "level"), 0.01),
    "trigger.minimum": Field(LOANS, (*_ALL, "triggers", 0, "minimum"), "20%"),
    "derived.share": Field(LOANS, ("measures", "share", "derived", "share"), "other"),
    "derived.of": Field(LOANS, ("measures", "share", "derived", "of"), ["books"]),
    "derived.numerator": Field(LOANS, ("measures", "ratio", "derived", "numerator"), ["all"]),
    "derived.denominator": Field(LOANS, ("measures", "ratio", "derived", "denominator"), ["all"]),
    "derived.add": Field(LOANS, ("measures", "more", "derived", "add"), ["all"]),
    "derived.subtract": Field(LOANS, ("measures", "more", "derived", "subtract"), ["all"]),
    "check.total": Field(LOANS, ("checks", 0, "total"), 4800),
    "check.parts": Field(LOANS, ("checks", 1, "parts"), ["other"]),
    "check.whole": Field(LOANS, ("checks", 1, "whole"), "other"),
    "check.median": Field(LOANS, ("checks", 2, "limit"), "3m"),
    "check.share_within": Field(LOANS, ("checks", 2, "share_within"), "share"),
    "check.limit": Field(LOANS, ("checks", 2, "limit"), "4m"),
    "plan.format": Field(PLAN, ("format",), 1),
    "plan.requires": Field(PLAN, ("requires",), ">=0.1"),
    "plan.organisation": Field(PLAN, ("organisation",), TEXT),
    "plan.title": Field(PLAN, ("title",), TEXT),
    "plan.area": Field(PLAN, ("area",), "hillside"),
    "plan.year_starts": Field(PLAN, ("year_starts",), 9),
    "plan.year_names": Field(PLAN, ("year_names",), "FY24"),
    "plan.compare": Field(PLAN, ("compare",), "previous"),
    "plan.publisher": Field(PLAN, ("publisher",), TEXT),
    "plan.licence": Field(PLAN, ("licence",), "OGL-UK-3.0"),
    "licence.title": Field(PLAN, ("licence", "title"), TEXT),
    "licence.url": Field(PLAN, ("licence", "url"), "https://example.org/zebra"),
    "plan.edition": Field(PLAN, ("edition", "date"), "2024-06-15"),
    "plan.edition.board": Field(PLAN, ("edition", "board"), TEXT),
    "plan.edition.date": Field(PLAN, ("edition", "date"), "2024-06-15"),
    "plan.edition.last": Field(PLAN, ("edition", "last"), "edition-2024-02-27"),
    "plan.edition.title": Field(PLAN, ("edition", "title"), TEXT),
    "plan.edition.presented_by": Field(PLAN, ("edition", "presented_by"), TEXT),
    "plan.edition.purpose": Field(PLAN, ("edition", "purpose"), TEXT),
    "plan.priorities": Field(PLAN, ("priorities", 0, "title"), TEXT),
    "plan.areas": Field(PLAN, ("areas", "riverside"), TEXT),
    "plan.sources": Field(PLAN, ("sources", "plan", "title"), TEXT),
    "plan.bodies": Field(PLAN, ("bodies", "schools-board"), TEXT),
    "plan.owners": Field(PLAN, ("owners", "head"), TEXT),
    "plan.status": Field(PLAN, ("status", "amber"), "near"),
    "plan.status.amber": Field(PLAN, ("status", "amber"), "near"),
    "plan.status.tolerance": Field(PLAN, ("status", "tolerance"), "3%"),
    "plan.status.words": Field(PLAN, ("status", "words", "missed"), TEXT),
    "plan.lint": Field(PLAN, ("lint", "stale"), "warning"),
    "priority.id": Field(PLAN, ("priorities", 0, "title"), TEXT),
    "priority.title": Field(PLAN, ("priorities", 0, "title"), TEXT),
    "priority.note": Field(PLAN, ("priorities", 0, "note"), TEXT),
    "priority.kpis": Field(PLAN, ("priorities", 0, "objectives", 0, "kpis"), ["cards", "loans"]),
    "priority.objectives": Field(PLAN, ("priorities", 0, "objectives", 0, "title"), TEXT),
    "objective.title": Field(PLAN, ("priorities", 0, "objectives", 0, "title"), TEXT),
    "objective.note": Field(PLAN, ("priorities", 0, "objectives", 0, "note"), TEXT),
    "objective.kpis": Field(PLAN, ("priorities", 0, "objectives", 0, "kpis"), ["cards", "loans"]),
    "area.name": Field(PLAN, ("areas", "valley", "name"), TEXT),
    "area.short": Field(PLAN, ("areas", "hillside", "short"), TEXT),
    "area.whole": Field(PLAN, ("areas", "hillside", "whole"), True),
    "source.title": Field(PLAN, ("sources", "return", "title"), TEXT),
    "source.url": Field(PLAN, ("sources", "return", "url"), "https://example.org/zebra"),
    "source.note": Field(PLAN, ("sources", "return", "note"), TEXT),
}  # fmt: skip
"""What each field of the schemas is given."""

STATUSES = "plan.status.words."
"""Each of the plan's words for a status is told like the others; `plan.status.words` stands for them."""

OF_THE_FILES = {
    "plan.format": "it says how the files are written, not what they say",
    "plan.requires": "as above",
}
NOT_ON_PAGES = OF_THE_FILES | {
    "kpi.checks": "lint holds the figures against them; readers see figures that keep them",
    "check.total": "as above",
    "check.parts": "as above",
    "check.whole": "as above",
    "check.median": "as above",
    "check.share_within": "as above",
    "check.limit": "as above",
    "plan.lint": "how strictly files are checked is no matter of the figures",
    "trigger.level": "the page says significantly, with the p that was held against the level",
}
NOT_COMPARED = OF_THE_FILES | {
    "priority.kpis": "the order on the pages; KPIs that come or go are told by themselves",
    "objective.kpis": "as above",
}
NOT_EXPORTED = OF_THE_FILES | {
    "plan.lint": "how strictly files are checked is no matter of the figures",
}


def _fields(node: Any, stem: str) -> Iterator[str]:
    """The path of every field that a schema describes below a node, references left where they are defined."""
    if isinstance(node, dict):
        for name, part in node.get("properties", {}).items():
            if isinstance(part, dict) and ("title" in part or "$ref" in part):
                yield f"{stem}.{name}"
                yield from _fields(part, f"{stem}.{name}")
        for key in ("items", "additionalProperties"):
            yield from _fields(node.get(key), stem)
        for key in ("allOf", "anyOf", "oneOf"):
            for part in node.get(key, ()):
                yield from _fields(part, stem)


def _all_fields() -> set[str]:
    actual: set[str] = set()
    for name in ("kpi", "plan"):
        whole = schema.load(name)
        actual.update(_fields(whole, name))
        for part, node in whole["definitions"].items():
            actual.update(_fields(node, part))
    return {path for path in actual if not path.startswith(STATUSES)}


def test_every_field_of_the_schemas_has_another_value_here() -> None:
    assert _all_fields() == {*FIELDS}


def _text(values: Any) -> str:
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # ruamel says None, and asks for a bool
    yaml.width = 1000
    out = io.StringIO()
    yaml.dump(values, out)
    return out.getvalue()


@cache
def _base_files() -> dict[str, str]:
    return {path: _text(values) for path, values in BASE.items()}


def _with(field: Field) -> dict[str, str]:
    """The framework with another value for one field."""
    values = copy.deepcopy(BASE[field.file])
    _put({field.file: values}, field)
    return _base_files() | {field.file: _text(values)}


def _put(files: dict[str, Any], field: Field) -> None:
    holder = files[field.file]
    for step in field.place[:-1]:
        holder = holder[step]
    holder[field.place[-1]] = field.value


class Outputs(NamedTuple):
    """A framework, judged, and what is written of it."""

    judgement: Judgement
    pages: str
    export: str


def _outputs(root: Path) -> Outputs:
    _, judgement, pages = scorecard(root)
    return Outputs(judgement, "\n".join(pages.values()), framework_json(judgement))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    return _outputs(written(tmp_path_factory.mktemp("base"), _base_files()))


@pytest.mark.parametrize("path", FIELDS)
def test_another_value_is_told_everywhere(path: str, base: Outputs, tmp_path: Path) -> None:
    field = FIELDS[path]
    changed = _outputs(written(tmp_path, _with(field)))
    compared = changes_text(compare_versions(_side(base), _side(changed)))
    reported = {
        "the comparison of two versions": compared.strip() != NOTHING or path in NOT_COMPARED,
        "a page": changed.pages != base.pages or path in NOT_ON_PAGES,
        "an export": changed.export != base.export or path in NOT_EXPORTED,
    }
    if field.value == TEXT:
        reported["the text itself in the comparison"] = TEXT in compared
        reported["the text itself on a page"] = TEXT in changed.pages or path in NOT_ON_PAGES
        reported["the text itself in an export"] = TEXT in changed.export or path in NOT_EXPORTED
    assert [where for where, is_there in reported.items() if not is_there] == []


def _side(outputs: Outputs) -> FrameworkVersion:
    return FrameworkVersion(outputs.judgement.plan, tuple(kpi.kpi for kpi in outputs.judgement.kpis))


def test_every_text_is_looked_through_for_what_would_harm(tmp_path: Path) -> None:
    """All at once: each has a number, and a finding stands on the line with it."""
    texts = [*{(field.file, field.place): field for field in FIELDS.values() if field.value == TEXT}.values()]
    changed = copy.deepcopy(BASE)
    for number, field in enumerate(texts):
        _put(changed, field._replace(value=f"<script> zebra{number}@example.org"))
    files = {path: _text(values) for path, values in changed.items()}
    rules: dict[str, set[int]] = {"unsafe-text": set(), "private-data": set()}
    for finding in lint(written(tmp_path, files), date(2024, 6, 1)).findings:
        line = files[finding.path].split("\n")[finding.line - 1]
        rules.get(finding.rule, set()).update(map(int, re.findall(r"zebra(\d+)@", line)))

    for rule, numbers in rules.items():
        assert [field.place for number, field in enumerate(texts) if number not in numbers] == [], rule
