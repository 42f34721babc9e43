"""The two schemas: documented for people, and understood alike by both validators."""

import copy
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
import pytest
from hypothesis import given
from jsonschema import Draft7Validator

from documents import DOCUMENTS, KPI_SMALL, damaged
from kpi.judge.state import ASSESSMENTS, STATES, WITHOUT_FIGURES
from kpi.manual.field import examples_of
from kpi.model.errors import ToolError
from kpi.model.period import APRIL, MONTHS, SHAPE
from kpi.model.quantity import ALMOST_DURATION
from kpi.model.vocabulary import BOUND_KINDS, FREQUENCIES, MARKS, WITHOUT_VALUE
from kpi.store import schema
from kpi.store.explain.fault import faults
from kpi.store.reader import read
from running import check_jsonschema
from trials import trials

ROOT = Path(__file__).parent.parent
NAMES = get_args(schema.Name)


def parts(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every block of a schema that says what a value must be; conditions and refusals are left out."""
    if not isinstance(node, dict):
        return
    yield path, node
    for word in ("properties", "patternProperties", "definitions"):
        for name, part in node.get(word, {}).items():
            yield from parts(part, f"{path}/{name}")
    for word in ("items", "additionalProperties"):
        yield from parts(node.get(word), f"{path}/{word}")


def everything(node: Any) -> Iterator[tuple[str, Any]]:
    """Every word of a schema with what it says, examples aside."""
    if isinstance(node, dict):
        for word, value in node.items():
            yield word, value
            if word != "examples":
                yield from everything(value)
    elif isinstance(node, list):
        for item in node:
            yield from everything(item)


def documented(name: schema.Name) -> list[tuple[str, Any]]:
    """Every property of a schema with the block that documents it."""
    whole = schema.load(name)
    actual = []
    for path, part in parts(whole):
        for field, block in [*part.get("properties", {}).items(), *part.get("patternProperties", {}).items()]:
            reference = block.get("$ref", "").rpartition("/")[2]
            actual.append((f"{path}/{field}", whole["definitions"][reference] if reference else block))
    return actual


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_good_draft_7(name: schema.Name) -> None:
    Draft7Validator.check_schema(dict(schema.load(name)))
    assert jsonschema_rs.meta.is_valid(dict(schema.load(name)))
    assert schema.load(name)["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("name", NAMES)
def test_every_property_says_what_it_is(name: schema.Name) -> None:
    bare = [
        path
        for path, block in documented(name)
        if not (block.get("title") and block.get("description") and examples_of(block))
    ]
    assert bare == []
    assert all(schema.load(name)[word] for word in ("title", "description", "examples"))


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_good(name: schema.Name) -> None:
    whole = schema.load(name)
    blocks = [("", {**whole}), *documented(name)]
    wrong = [
        (path, example)
        for path, block in blocks
        for example in examples_of(block)
        if not Draft7Validator({**block, "definitions": whole["definitions"]}).is_valid(example)
    ]
    assert wrong == []


FORBIDDEN = r"\b(schema|regex|null|array|mapping|scalar|token|parse|invalid|illegal|exception|cannot)\b"


@pytest.mark.parametrize("name", NAMES)
def test_what_the_editor_shows_is_plain_and_short(name: schema.Name) -> None:
    words = {"title", "description", "patternErrorMessage", "errorMessage"}
    texts = [
        value for word, value in everything(schema.load(name)) if word in words and isinstance(value, str)
    ]
    texts += [
        text for word, value in everything(schema.load(name)) if word == "enumDescriptions" for text in value
    ]
    assert len(texts) > 50
    assert [text for text in texts if re.search(FORBIDDEN, text, re.IGNORECASE)] == []
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.;:!?]) ", text)]
    assert [sentence for sentence in sentences if len(sentence.split()) > 25] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_block_with_fields_takes_no_others(name: schema.Name) -> None:
    loose = [
        path
        for path, part in parts(schema.load(name))
        if "properties" in part and part.get("additionalProperties") is not False
    ]
    assert loose == []


@pytest.mark.parametrize("name", NAMES)
def test_only_words_that_every_validator_knows_alike_are_used(name: schema.Name) -> None:
    used = {word for word, said in everything(schema.load(name)) if word != "format" or isinstance(said, str)}
    assert used.isdisjoint(
        {"$defs", "format", "multipleOf", "prefixItems", "unevaluatedProperties", "const "}
    )
    assert schema.load(name)["$id"].startswith("urn:")  # a name that nobody tries to fetch


@pytest.mark.parametrize("name", NAMES)
def test_every_definition_is_used(name: schema.Name) -> None:
    used = {value.rpartition("/")[2] for word, value in everything(schema.load(name)) if word == "$ref"}
    assert used == set(schema.load(name)["definitions"])


@pytest.mark.parametrize("name", NAMES)
def test_choices_are_explained_one_by_one(name: schema.Name) -> None:
    blocks = [
        value
        for _, value in everything(schema.load(name))
        if isinstance(value, dict) and "enumDescriptions" in value
    ]
    assert blocks
    assert [block["enum"] for block in blocks if len(block["enum"]) != len(block["enumDescriptions"])] == []


@pytest.mark.parametrize("name", ["unit", "better"])
def test_an_editor_offers_every_word_and_every_block_with_its_explanation(name: str) -> None:
    block = schema.load("kpi")["definitions"][name]
    offered = {item["label"]: item["description"] for item in block["defaultSnippets"]}
    words = dict(zip(block["then"]["enum"], block["then"]["enumDescriptions"], strict=True))

    assert {label: reported for label, reported in offered.items() if label in words} == words
    for field, part in block["properties"].items():
        examples = {f"{{{field}: {example}}}" for example in part["examples"]}
        assert [reported for label, reported in offered.items() if label in examples] == [part["description"]]
    assert len(offered) == len(words) + len(block["properties"])


def patterns(name: schema.Name) -> set[str]:
    values = {
        value for word, value in everything(schema.load(name)) if word == "pattern" and isinstance(value, str)
    }
    blocks = [value for word, value in everything(schema.load(name)) if word == "patternProperties"]
    return values | {pattern for block in blocks for pattern in block}


ALL_PATTERNS = sorted(patterns("kpi") | patterns("plan"))


@pytest.mark.parametrize("pattern", ALL_PATTERNS)
def test_a_pattern_means_the_same_everywhere_and_is_quick(pattern: str) -> None:
    assert not re.search(r"\\[dwsbDWSBAZzp]", pattern), "these classes differ between languages"
    near_misses = [
        start * 5000 + end for start in ("a", "1", "1h", "2022/23 to ", " ", "-") for end in ("", "!", "\n")
    ]
    started = time.process_time()
    for text in near_misses:
        re.search(pattern, text)
    assert time.process_time() - started < 0.2


def test_the_schema_and_the_code_accept_the_same_periods() -> None:
    definitions = schema.load("kpi")["definitions"]
    keys = [next(iter(definitions[name]["patternProperties"])) for name in ("observations",)]
    trajectory = definitions["target"]["properties"]["trajectory"]["patternProperties"]
    assert {definitions["period"]["pattern"], *keys, *trajectory} == {SHAPE}


def test_the_schema_and_the_code_know_the_same_durations() -> None:
    timed = {pattern for pattern in patterns("kpi") if "h)?" in pattern}

    assert {pattern.strip("^$") for pattern in timed if "%" not in pattern} == {ALMOST_DURATION.strip("^$")}
    assert all(ALMOST_DURATION.strip("^$") in pattern for pattern in timed)


def test_the_schema_and_the_code_start_the_year_in_the_same_month() -> None:
    (described,) = [block for path, block in documented("plan") if path == "/year_starts"]

    assert described["description"].endswith(f"Without it, {APRIL} for {MONTHS[APRIL - 1]}.")


def test_the_schema_and_the_code_know_the_same_marks() -> None:
    figure = schema.load("kpi")["definitions"]["figure"]
    assert set(figure["allOf"][0]["then"]["properties"]["marks"]["contains"]["enum"]) == WITHOUT_VALUE
    assert set(figure["properties"]["marks"]["items"]["enum"]) == MARKS.keys()


@pytest.mark.parametrize(("name", "values"), DOCUMENTS)
def test_a_good_document_is_good_to_both_validators(name: schema.Name, values: Any) -> None:
    assert schema.is_valid(name, values)
    assert faults(schema.load(name, for_python=True), values) == []
    assert schema.problems(name, values) == []


IDS = [
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "true",
    "false",
    "null",
    "-a",
    "9a",
    "A",
    "a_b",
    "a b",
    "",
    "a" * 65,
    "é",
    "a\n",
]


@pytest.mark.parametrize("id_", IDS)
def test_a_bad_id_is_refused_as_a_name_and_as_a_value(id_: str) -> None:
    values = copy.deepcopy(DOCUMENTS[2][1])
    as_name = values | {"measures": {id_: values["measures"]["officers"]}}
    assert not schema.is_valid("kpi", as_name)
    assert not schema.is_valid("kpi", values | {"owner": id_})


@pytest.mark.parametrize(
    "value", [7, Decimal("7.50"), "2m18s", "1h", "90s", "3.2s", -4, {"value": 1}, {"marks": ["suppressed"]}]
)
def test_a_figure_can_be(value: object) -> None:
    assert schema.is_valid("kpi", with_figure(value))


@pytest.mark.parametrize(
    "value",
    ["", "7", "7%", "1,376", "2m18", "m", "7s\n", "12 days", True, None, [], {}, {"note": "x"}, {"value": None}, {"value": 1, "marks": []},
     {"marks": ["provisional"]}, {"value": 1, "marks": ["suppressed"]}, {"value": 1, "marks": ["queried"]}, {"value": 1, "numerator": 1}],
)  # fmt: skip
def test_a_figure_can_not_be(value: object) -> None:
    assert not schema.is_valid("kpi", with_figure(value))


def with_figure(value: object) -> dict[str, Any]:
    values: dict[str, Any] = copy.deepcopy(DOCUMENTS[2][1])
    values["measures"]["officers"]["observations"]["2023-03"] = value
    return values


# Both validators, held together on damaged documents; tests/hostile/test_any_bytes.py does so on damaged files.

PYTHON = {name: schema.load(name, for_python=True) for name in NAMES}


@trials(600)
@given(damaged())
def test_both_validators_agree_on_damaged_documents(document: tuple[schema.Name, Any]) -> None:
    name, values = document
    is_good = faults(PYTHON[name], values) == []

    assert schema.is_valid(name, values) == is_good
    assert (schema.problems(name, values) == []) == is_good


def test_each_number_where_no_number_may_be_is_a_fault() -> None:
    values = with_figure(84)
    values["commentary"] = {"soon": 6, "2023-04-01": 5, "2023-05-01": 7}

    places = [fault.where for fault in faults(PYTHON["kpi"], values) if fault.keyword == "type"]

    assert places == [("commentary", "2023-04-01"), ("commentary", "2023-05-01")]


@pytest.mark.parametrize("number", [0, -1, 10**15, Decimal("0.5"), Decimal("-12.25")])
def test_what_holds_for_one_number_holds_for_all_figures(number: object) -> None:
    assert faults(PYTHON["kpi"], with_figure(number)) == []
    assert schema.is_valid("kpi", with_figure(number))


def test_where_the_deciding_validator_finds_nothing_the_file_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    name, values = DOCUMENTS[0]
    monkeypatch.setattr(schema, "is_valid", lambda *_: False)

    assert schema.problems(name, values) == []


# Where the schemas are, and what they cost.


def test_a_missing_schema_is_the_tools_own_trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(schema, "_PLACES", (tmp_path,))
    with pytest.raises(ToolError, match=r"kpi\.schema\.json is missing"):
        schema.text_of("kpi")


def test_the_schema_in_the_package_comes_before_the_one_in_a_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "kpi.schema.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(schema, "_PLACES", (tmp_path, *schema._PLACES))
    assert schema.text_of("kpi") == "{}"
    assert json.loads(schema.text_of("plan"))["title"] == "Plan"


def test_the_slow_validator_is_not_imported_for_a_clean_file() -> None:
    code = (
        "import sys; from kpi.store import schema; from kpi.store.reader import read;"
        f"assert schema.problems('kpi', read({KPI_SMALL!r}).values) == [];"
        "print('jsonschema' in sys.modules, 'jsonschema_rs' in sys.modules, 'json' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "tools"
    )
    assert run.stdout.split() == ["False", "True", "False"]


def test_a_clean_file_costs_next_to_nothing() -> None:
    name, values = DOCUMENTS[0]
    schema.is_valid(name, values)
    started = time.process_time()
    for _ in range(1000):
        schema.is_valid(name, values)
    assert time.process_time() - started < 0.5


# The repository's own files.


@pytest.mark.parametrize(
    ("name", "files"),
    [("kpi", sorted((ROOT / "kpis").glob("*/*.yaml"))), ("plan", [ROOT / "kpis" / "plan.yaml"])],
    ids=NAMES,
)
def test_an_independent_program_finds_the_repositorys_files_good(name: str, files: list[Path]) -> None:
    assert files
    schema_file = ROOT / "schema" / f"{name}.schema.json"
    assert check_jsonschema("--schemafile", schema_file, *files) == (0, "ok -- validation done\n")


def test_the_repositorys_files_are_good_to_our_own_reader() -> None:
    for file in [*(ROOT / "kpis").glob("*/*.yaml"), ROOT / "kpis" / "plan.yaml"]:
        name: schema.Name = "plan" if file.name == "plan.yaml" else "kpi"
        document = read(file.read_bytes())
        assert document.values is not None, file
        assert schema.problems(name, document.values) == [], file


def test_a_reason_for_no_figures_stands_in_one_file_of_the_code() -> None:
    reasons = [reason for reason in WITHOUT_FIGURES if "-" in reason]
    naming = {
        file.name
        for file in (ROOT / "tools/kpi").rglob("*.py")
        for text in [file.read_text("utf-8")]
        if any(f'"{reason}"' in text or f"because: {reason}}}" in text for reason in reasons)
    }

    assert len(reasons) > 3
    assert naming == {"state.py"}


def test_the_schemas_and_the_code_know_the_same_states_reasons_and_bounds() -> None:
    definitions = schema.load("kpi")["definitions"]
    of_target, of_reference = (set(definitions[name]["properties"]) for name in ("target", "reference"))
    words = schema.load("plan")["properties"]["status"]["properties"]["words"]["properties"]

    assert set(definitions["no_figures"]["properties"]["because"]["enum"]) == WITHOUT_FIGURES.keys()
    assert tuple(sorted(definitions["figure"]["properties"]["assessment"]["enum"])) == tuple(
        sorted(ASSESSMENTS)
    )
    assert definitions["frequency"]["enum"] == [*FREQUENCIES, "irregular"]
    assert words.keys() == STATES.keys()
    assert of_target & of_reference - {"label"} == BOUND_KINDS.keys()


def lists_in(part: Any) -> Iterator[set[Any]]:
    """Every list of allowed values in a schema."""
    if isinstance(part, dict):
        if "enum" in part:
            yield set(part["enum"])
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from lists_in(inner)


def test_the_schemas_of_outputs_list_every_mark_and_state() -> None:
    schemas = [json.loads(file.read_text("utf-8")) for file in (ROOT / "schema/output").glob("*.json")]
    lists = [values for schema_of in schemas for values in lists_in(schema_of)]
    marks = [values for values in lists if "suppressed" in values]
    states = [values for values in lists if {"missed", "no target"} <= values]

    assert len(marks) > 3
    assert len(states) > 5
    assert all(values == MARKS.keys() for values in marks)
    assert all(values - {None} == STATES.keys() for values in states)
