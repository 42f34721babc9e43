"""What holds for every text: bounded time, no failure, and one document whichever parser is under the reader."""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kpi.model.finding import FieldPath, Span
from kpi.store.reader import Document, read
from kpi.store.yaml import places
from trials import FUZZING, trials

quick = trials(150)
KPIS = Path(__file__).parent.parent / "kpis"


@contextmanager
def without_libyaml() -> Iterator[None]:
    """Lets the reader use ruamel.yaml's own parser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "_c_parser", lambda: None)
        yield


@pytest.fixture(params=["libyaml", "ruamel"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test with each of the two parsers."""
    if request.param == "ruamel":
        monkeypatch.setattr(places, "_c_parser", lambda: None)
    assert (places._c_parser() is None) == (request.param == "ruamel")
    return str(request.param)


def read_text(text: str) -> Document:
    return read(text.encode())


def rules(document: Document) -> list[str]:
    return [problem.rule for problem in document.problems]


BOMBS = {
    "brackets": b"a: " + b"[" * 100_000,
    "braces": b"a: " + b"{a: " * 50_000,
    "brackets on lines": b"a: " + b"[\n" * 100_000,
    "dashes": b"a:\n " + b"- " * 100_000,
    "questions": b"? " * 100_000,
    "levels": b"".join(b" " * level + b"a:\n" for level in range(1_400)),
    "3,000 levels": b"".join(b" " * (level % 300) + b"a:\n" for level in range(3_000)),
}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_deep_nesting_is_found_in_no_time(data: bytes) -> None:
    start = time.process_time()
    document = read(data)

    assert time.process_time() - start < 10
    assert document.values is None
    assert {"too-large", "forbidden-yaml"} & set(rules(document))
    assert all(problem.span is not None for problem in document.problems)


def test_twenty_levels_are_allowed_and_one_more_is_not() -> None:
    def nested(levels: int) -> Document:
        return read_text("a: " + "[" * (levels - 1) + "]" * (levels - 1) + "\n")

    assert rules(nested(20)) == []
    assert rules(nested(21)) == ["too-large"]


LARGE = {
    "too large": (b"a: 1\n" * 300_000, 1),
    "names twice": (b"".join(b"k%d: 1\n" % (number % 25_000) for number in range(45_000)), 1),
    "unclear": (b"a:\n" + b"- yes\n" * 50_000, 101),
    "zeros": (b"a\0" * 400_000, 1),
    "digits": (b"a: " + b"1" * 1_000_000 + b"x\n", 0),
    "colons": (b"a: " + b"1:" * 500_000 + b"1\n", 1),
    "spaces": (b"a: x" + b" " * 1_000_000 + b"y\n", 0),
    "aliases": (b"a: &a [x]\n" + b"b: [" + b"*a, " * 60_000 + b"x]\n", 101),
    "alias bomb": (b"".join(b"k%d: &k%d [*k%d, *k%d]\n" % (n + 1, n + 1, n, n) for n in range(9)), 27),
}


@pytest.mark.parametrize(("data", "problems"), LARGE.values(), ids=LARGE)
def test_a_large_hostile_file_costs_seconds_at_most(data: bytes, problems: int) -> None:
    start = time.process_time()
    document = read(data)

    assert time.process_time() - start < 5
    assert len(document.problems) == problems


# What holds for every text


def lenient() -> YAML:
    """ruamel.yaml's safe loader, with dates as text."""
    loader = YAML(typ="safe", pure=True)
    loader.constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda maker, node: maker.construct_scalar(node)
    )
    return loader


def as_loaded(value: Any) -> Any:
    """The reader's values as other programs have them: numbers with a point as floats, years as numbers."""
    if isinstance(value, dict):
        return {
            int(name) if re.fullmatch("[1-9][0-9]{3}", name) else name: as_loaded(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [as_loaded(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def places_of(document: Document) -> list[Span]:
    """The places of every name and value."""
    actual = []
    waiting: list[tuple[FieldPath, Any]] = [((), document.values)]
    while waiting:
        where, value = waiting.pop()
        actual += [document.span(where), document.span(where, on_key=True)]
        if isinstance(value, dict):
            waiting += [((*where, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*where, number), inner) for number, inner in enumerate(value)]
    return actual


def check_agreement(data: bytes) -> None:
    """Both parsers give one document, and what is told to be clean is read alike by ruamel.yaml's own loader."""
    first = read(data)
    with without_libyaml():
        second = read(data)
        second_places = [] if second.values is None else places_of(second)
        second_comments = second.comments()
    assert first.values == second.values
    assert bool(first.problems) == bool(second.problems)
    assert first.values is not None or first.problems
    if first.values is not None:
        assert rules(first) == rules(second)
        assert first.comments() == second_comments
        assert places_of(first) == second_places
    if not first.problems:
        text = data.decode()
        loaded = lenient().load(text)
        assert loaded == as_loaded(first.values)
        for problem_free in places_of(first):
            assert 0 <= problem_free.start <= problem_free.stop <= len(text)


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\x00")
@example(b"\xef\xbb\xbf")
@quick
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    document = read(data)
    assert document.values is not None or document.problems


PIECES = [
    *"ab1 \n:-?#&*!|>'\"%@`{}[],~=.\t\\",
    ": ", "\n- ", "\n  ", "\na: ", "\nb:\n  ", " #", "\r\n", "|\n  ", "2024-01", "yes", "0.5", "[x, z]", "{a: 1}",
    "é", "\u200b", "\xa0", "\u2028", "а", "\\u200b", "\\ud800", "<<: *a", "---\n", "...\n", "<<<<<<< a\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("a: |\n \n  x\n")
@example("![!")
@example("a: [x?z, q:r]\n")
@example('a: "\\U00110000"\n')
@example("a: !x &y z\n")
@example(": a\n")
@quick
def test_both_parsers_agree_on_any_text(text: str) -> None:
    check_agreement(f"k: {text}\n".encode())
    check_agreement(text.encode())


@pytest.mark.parametrize("seed", range(36 if FUZZING else 4))
def test_both_parsers_agree_on_damaged_kpi_files(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - for damage, not for secrets
    files = [
        path.read_bytes().decode() for path in sorted(KPIS.rglob("*.yaml")) if path.stat().st_size < 1500
    ]
    assert files
    for _ in range(12):
        text = chance.choice(files)
        for _ in range(chance.randrange(4)):
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice([*PIECES, ""]) + text[at + chance.randrange(3) :]
        check_agreement(text.encode())


def test_the_files_of_this_repository_are_clean() -> None:
    for path in KPIS.rglob("*.yaml"):
        data = path.read_bytes()
        document = read(data)

        assert document.problems == (), path
        assert lenient().load(data.decode()) == as_loaded(document.values), path


def test_reading_is_fast() -> None:
    text = "measures:\n" + "".join(
        f"  m{m}:\n    unit: count\n    observations:\n"
        + "".join(f"      {y}/{y % 100 + 1}: {y}.5\n" for y in range(2001, 2009))
        for m in range(10)
    )
    data = text.encode()
    read(data)
    times = []
    for _ in range(50):
        start = time.process_time()
        read(data)
        times.append(time.process_time() - start)

    assert 2000 < len(data) < 2600
    assert min(times) < 0.005, "about 0.6 ms on an idle machine"
