"""Whatever bytes stand in a file of a repository, lint tells what is wrong, and never fails itself."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hostile.child import ROOT
from hostile.corpus import GOOD, NEIGHBOUR, PLACE, PLAN, repository
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.lint.reporters import REPORTERS
from kpi.store import schema
from kpi.store.explain.fault import faults
from kpi.store.reader import read
from trials import trials

TODAY = date(2024, 6, 1)
REAL = [path.read_bytes() for path in sorted((ROOT / "kpis").glob("*/*.yaml"))] + [GOOD.encode()]
PLANS = [(ROOT / "kpis/plan.yaml").read_bytes(), PLAN.encode()]
FRAGMENTS = [
    b"", b"\n", b" ", b"  ", b":", b": ", b"- ", b"#", b"[", b"]", b"{", b"}", b",", b'"', b"'", b"|", b"&a ", b"*a", b"!!x ", b"? ", b"%",
    b"---\n", b"...\n", b"<<: ", b"null", b"~", b"yes", b"0x1F", b"1e5", b".inf", b"-", b"2022/23: 1\n", b"2024-02-30: 1\n", b"12 months to ",
    b"\t", b"\r", b"\r\n", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xe2\x80\xa8", b"# kpi: ignore[stale]", b"<<<<<<< a\n",
    b"also_shows: [a/b]\n", b"derived: {share: a, of: [a]}\n", b"999999999999999", b"0.000000000000001", b"{value: 1, marks: [break]}",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, files: list[bytes]) -> bytes:
    """A real file with some stretches replaced by odd ones or by stretches of its own."""
    data = draw(st.sampled_from(files))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.integers(0, 12)))
        other = draw(st.integers(0, len(data)))
        put = draw(st.sampled_from(FRAGMENTS) | st.binary(max_size=4) | st.just(data[other : other + 40]))
        data = data[:start] + put + data[stop:]
    return data


def checked(place: str, data: bytes) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        root = repository(Path(folder))
        (root / PLACE).write_text(GOOD, encoding="utf-8")
        (root / place).write_bytes(data)
        return lint(root, TODAY)


def validators_agree(name: schema.Name, data: bytes) -> bool:
    """Whether jsonschema-rs says of the fields of a file, if it has any, what jsonschema says."""
    values = read(data).values
    if values is None:
        return True
    return schema.is_valid(name, values) == (faults(schema.load(name, for_python=True), values) == [])


def holds(report: Report) -> None:
    """What is promised of every report."""
    assert all(finding.message and finding.line >= 1 and finding.column >= 1 for finding in report.findings)
    assert all(
        (finding.line, finding.column) <= (finding.end_line, finding.end_column)
        for finding in report.findings
    )
    for reporter in REPORTERS.values():
        assert reporter(report).endswith("\n")


@trials(150)
@given(st.binary(max_size=400) | mutated(REAL))
@example(b"")
@example(b"\xef\xbb\xbf")
def test_any_kpi_file_is_told_and_its_neighbour_too(data: bytes) -> None:
    report = checked(PLACE, data)

    holds(report)
    assert validators_agree("kpi", data)
    assert (10, "percent-range") in [
        (finding.line, finding.rule) for finding in report.findings if finding.path == NEIGHBOUR
    ]


@trials(100)
@given(st.binary(max_size=200) | mutated(PLANS))
@example(b"")
def test_any_plan_is_told_and_the_files_are_checked(data: bytes) -> None:
    holds(checked("kpis/plan.yaml", data))
    assert validators_agree("plan", data)


@pytest.mark.parametrize("data", FRAGMENTS)
def test_any_scrap_alone_is_told(data: bytes) -> None:
    holds(checked(PLACE, data))
