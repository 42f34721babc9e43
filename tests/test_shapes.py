"""The JSON documents have the shapes of `schema/output/`: of real content, of an example, and of made-up figures.

Hostile texts are tried by test_outputs_hostile.py.
"""

import ast
import copy
import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import everything
from guides import DISTURBED, example, printed
from judge.examples import kpi, plan
from judge.test_better_figures import Case, cases, measures
from kpi.judge.benchmarks import BESIDE
from kpi.judge.changes import FrameworkVersion, compare_versions
from kpi.judge.judgement import Judgement, judge
from kpi.judge.state import CHANGE_CLASSES, STATES, WITHOUT_FIGURES
from kpi.model.plan import Plan
from kpi.model.vocabulary import BOUND_KINDS, FREQUENCIES, MARKS
from kpi.pages import change_report, export_json, formats, terminal
from kpi.pages.change_report import changes_json
from repositories import committed
from shapes import OUTPUT, PARTS, SHAPES, Place, faults, keys, objects, schema, seen
from small import FILES, edited, written
from test_outputs_hostile import DOCUMENTS
from trials import trials

NEVER_OF_A_TARGET = {"no target", "awaiting data", "in development", "withdrawn"}
ROOT = Path(__file__).parent.parent
CONTENTS: dict[str, Mapping[str, str] | Path] = {
    "everything": everything.FILES,
    "small": FILES,
    "real": ROOT,
    "hospital": ROOT / "docs/examples/hospital",
}
COMMANDS = {
    "breaches": "kpi breaches --format json",
    "list": "kpi list --format json",
    "overdue": "kpi list --overdue --as-of 2030-01-01 --format json",
    "export": "kpi export --format json",
}


def content(name: str, folder: Path) -> Path:
    """One of the contents, in a folder of its own."""
    files = CONTENTS[name]
    if isinstance(files, Path):
        shutil.copytree(files / "kpis", folder / "kpis")
        return folder
    return written(folder, files)


def document(command: str, root: Path) -> Any:
    return json.loads(printed(command, root).text)


# The schemas themselves.


@pytest.mark.parametrize("name", [*SHAPES, PARTS])
def test_a_schema_is_one_of_2020_12_and_says_what_each_key_is(name: str) -> None:
    Draft202012Validator.check_schema(dict(schema(name)))

    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema(name)["$id"] == f"{name}.schema.json"
    assert [
        key
        for _, at in objects(name)
        for key, block in at.block["properties"].items()
        if not block["description"]
    ] == []


def test_every_schema_of_the_folder_is_tested() -> None:
    assert {path.name for path in OUTPUT.iterdir()} == {f"{name}.schema.json" for name in (*SHAPES, PARTS)}


def blocks(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of a schema's text that says what a value must be."""
    if isinstance(value, Mapping):
        yield value
        for item in value.values():
            yield from blocks(item)
    elif isinstance(value, list):
        for item in value:
            yield from blocks(item)


@pytest.mark.parametrize("name", [*SHAPES, PARTS])
def test_a_schema_leaves_no_key_open(name: str) -> None:
    strict = [
        block
        for block in blocks(schema(name))
        if isinstance(block.get("properties"), Mapping) and "required" in block
    ]

    assert strict
    for item in strict:
        assert item["additionalProperties"] is False
        assert item["required"] == list(item["properties"])


def words(name: str, where: str, key: str) -> list[str]:
    """The words that a key can have, without null."""
    (block,) = [at.block["properties"][key] for title, at in objects(name) if title == where]
    actual = block.get("enum") or block["items"]["enum"]
    return [item for item in actual if item is not None]


@pytest.mark.parametrize(
    ("name", "where", "key", "known"),
    [
        (PARTS, "judgement", "state", STATES),
        (PARTS, "judgement", "class", CHANGE_CLASSES),
        (PARTS, "direction", "class", CHANGE_CLASSES),
        (PARTS, "target", "how", BOUND_KINDS),
        (PARTS, "verdict", "bound_how", BOUND_KINDS),
        (PARTS, "verdict", "state", [name for name in STATES if name not in NEVER_OF_A_TARGET]),
        (PARTS, "beside", "word", BESIDE),
        (PARTS, "figure", "marks", MARKS),
        ("export", "kpis[]", "status", STATES),
        ("export", "kpis[]", "frequency", [*FREQUENCIES, "irregular"]),
        ("export", "kpis[]", "no_figures", WITHOUT_FIGURES),
        ("export", "kpis[].measures[].observations[]", "marks", MARKS),
        ("list", "kpis[]", "status", STATES),
        ("breaches", "breaches[]", "direction", CHANGE_CLASSES),
        ("diff", "kpis[].measures[]", "state", STATES),
        ("diff", "kpis[].measures[].figures[]", "marks", MARKS),
    ],
)  # fmt: skip
def test_the_words_of_a_schema_are_those_of_the_program(name: str, where: str, key: str, known: Any) -> None:
    assert sorted(words(name, where, key)) == sorted(known)


# The documents.


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("shape", COMMANDS)
def test_what_is_told_of_a_framework_has_its_shape(shape: str, name: str, tmp_path: Path) -> None:
    assert faults(shape, document(COMMANDS[shape], content(name, tmp_path))) == []


def made_of(judgement: Judgement) -> Iterator[tuple[str, Any]]:
    """The documents about a judged framework, each with the name of its shape."""
    return ((shape, json.loads(write(judgement))) for shape, write in DOCUMENTS.items())


@trials(100)
@given(cases(), st.lists(cases(), max_size=2), st.sampled_from([{}, {"amber": "near", "tolerance": "5%"}]))
def test_whatever_the_figures_are_the_shape_is_the_same(
    changed: Case, others: list[Case], rules: dict[str, Any]
) -> None:
    fields = [item.with_figure(item.worse) for item in (changed, *others)]
    before = kpi("first", measures=measures(fields))
    after = kpi("first", measures=measures([changed.with_figure(changed.better), *fields[1:]]))
    listed = plan(["first"], **rules)

    for shape, made in made_of(judge(listed, [before])):
        assert faults(shape, made) == []
    difference = compare_versions(FrameworkVersion(listed, (before,)), FrameworkVersion(listed, (after,)))
    assert faults("diff", json.loads(changes_json(difference))) == []


# A change, a past, and findings.


def changed(folder: Path) -> Path:
    """A repository with a change of every kind: figures, targets, fields, the plan, peers, and a file that can't be read."""
    committed(written(folder, everything.FILES))
    visits = edited(
        everything.VISITS,
        "2023/24: {value: 431, marks: [provisional], note: One month is missing., margin: 4}",
        "2023/24: {value: 445, marks: [estimated], note: One month is missing.}",
    )
    visits = edited(visits, "{at_least: 500, from: 2021/22,", "{at_least: 480, from: 2021/22,")
    visits = edited(
        visits, "title: Relative, targets: [{at_least: {period: 2022/23, change: 2}}]", "title: Relatively"
    )
    visits = edited(visits, "2022/23: 99, 2023/24: 96", "2022/23: 98, 2023/24: 96")
    rates = edited(everything.RATES, "lowland: {2023/24: 45}", "lowland: {2023/24: 46}")
    words_ = edited(everything.WORDS, "assessment: near", "assessment: met, note: Read again.")
    text = edited(everything.PLAN, "title: Care plan", "title: The care plan")
    more = {
        "visits": visits,
        "rates": rates,
        "words": words_,
        "plan": edited(text, "homes, elsewhere", "houses, others"),
    }
    homes = edited(everything.HOMES, "definition: Homes.", "definition: Houses.")
    written(folder, everything.FILES, **more, homes=homes, elsewhere="title: [\n")
    for old, new in (("homes", "houses"), ("elsewhere", "others")):
        (folder / f"kpis/care/{old}.yaml").rename(folder / f"kpis/care/{new}.yaml")
    return folder


def with_a_past(folder: Path) -> Path:
    """The example with a KPI that was corrected, judged in words, spoilt and renamed."""
    example(folder)
    old, new = folder / "kpis/care/first-visits.yaml", folder / "kpis/care/callers.yaml"
    text = old.read_text(encoding="utf-8")
    for now in (
        text,
        edited(text, "2022/23: 88\n", "2022/23: 8B\n"),
        edited(text, "2022/23: 88\n", "2022/23: {value: 87, assessment: near, note: Read again.}\n"),
        edited(text, "2022/23: 88\n", "2022/23: 86\n"),
    ):
        old.write_text(now, encoding="utf-8")
        committed(folder)
    old.rename(new)
    committed(folder)
    return folder


def test_what_a_change_means_has_its_shape(tmp_path: Path) -> None:
    assert faults("diff", document("kpi diff --format json", changed(tmp_path))) == []


def test_the_past_of_a_kpi_has_its_shape(tmp_path: Path) -> None:
    assert (
        faults("history", document("kpi show callers --history --format json", with_a_past(tmp_path))) == []
    )


def test_findings_have_their_shape(tmp_path: Path) -> None:
    assert faults("lint", document("kpi lint --format json", example(tmp_path, *DISTURBED["mistake"]))) == []


@cache
def all_documents(folder: Path) -> list[tuple[str, Any]]:
    """A document of every shape, in which nothing is left out."""
    roots = {name: folder / name for name in ("made", "change", "past", "wrong")}
    content("everything", roots["made"])
    results = [(shape, document(command, roots["made"])) for shape, command in COMMANDS.items()]
    results.append(("diff", document("kpi diff --format json", changed(roots["change"]))))
    results.append(
        ("history", document("kpi show callers --history --format json", with_a_past(roots["past"])))
    )
    results.append(
        ("lint", document("kpi lint --format json", example(roots["wrong"], *DISTURBED["mistake"])))
    )
    return results


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Any]]:
    return all_documents(tmp_path_factory.mktemp("documents"))


def test_every_key_of_the_schemas_holds_something_somewhere(documents: list[tuple[str, Any]]) -> None:
    occur = {item for shape, made in documents for item in seen(shape, made)}

    assert set(keys()) - occur == set()


PICKING = (formats, export_json, change_report, terminal)
"""The modules that read fields by their names, where no type checker sees whether the records have them."""


def test_every_field_that_is_read_by_its_name_is_on_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each place that picks fields comes to a record for each of their paths: a field that is gone is an error here."""
    paths: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    on_records: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    pick = formats.pick

    def watched(record: Any, fields: str, *plan: Plan) -> Any:
        caller = sys._getframe(1)
        place = caller.f_globals["__name__"], caller.f_lineno, fields
        for path in (field.rstrip("!+").split(": ")[-1] for field in fields.split(", ")):
            paths[place].add(path)
            *owners, _ = path.split(".")
            holder = record
            for part in owners:
                holder = holder and getattr(holder, part)
            if holder is not None:
                on_records[place].add(path)
        return pick(record, fields, *plan)

    for module in PICKING:
        monkeypatch.setattr(module, "pick", watched)
    all_documents.__wrapped__(tmp_path)

    written_down = {
        (".".join(file.relative_to(ROOT / "tools").with_suffix("").parts), node.lineno)
        for file in (ROOT / "tools/kpi").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pick"
    }
    assert {place[:2] for place in paths} == written_down
    assert {fields for _, _, fields in paths} >= set(formats.RECORDS.values())
    assert on_records == paths


@pytest.mark.parametrize("shape", SHAPES)
def test_a_key_too_many_and_a_key_too_few_are_told(shape: str, documents: list[tuple[str, Any]]) -> None:
    (made,) = [made for name, made in documents if name == shape]
    for at in list(holders(Place(shape, schema(shape)), made, ())):
        for too_many in (True, False):
            wrong = copy.deepcopy(made)
            holder = wrong
            for step in at:
                holder = holder[step]
            if too_many:
                holder["sort"] = "x"
            else:
                holder.popitem()
            assert faults(shape, wrong), at


def holders(at: Place, value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Where in a document there is an object with keys of its schema: the first of each list."""
    if isinstance(value, list):
        if value:
            yield from holders(at.inside("items"), value[0], (*path, 0))
    elif isinstance(value, dict):
        if "properties" in at.block:
            yield path
        for key, each in value.items():
            if key in at.block.get("properties", {}):
                yield from holders(at.inside("properties", key), each, (*path, key))
