"""What is said of a source's link, and that what it says to write can be followed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings import TODAY, quick
from kpi.lint.engine import lint
from kpi.rules import BY_NAME
from kpi.store.repository import plan_from
from small import PLAN, edited, written

LINK = "https://example.org/return?year=2024&part=2"


def meant(link: str) -> str | None:
    """What the rule says to write for a link; None where it is right, nothing where it knows nothing better."""
    plan = plan_from(edited(PLAN, LINK, link).encode()).plan
    assert plan is not None
    check = BY_NAME["bad-link"].about_plan
    assert check is not None
    problems = list(check(plan))
    return (problems[0].replacement or "").strip('"') if problems else None


@pytest.mark.parametrize(
    ("licence", "said"),
    [
        ("{title: Our terms, url: www.example.org/terms}", "Write: https://www.example.org/terms"),
        ("{title: Our terms, url: '#'}", "Correct it."),
        ("Open Government Licence v3.0", "Write a name such as OGL-UK-3.0, or"),
        ("CC BY 4.0", '"CC BY 4.0" can\'t be in "licence".'),
        ("{title: Our terms}", "url"),
    ],
)
def test_a_licence_is_a_name_or_has_a_link_that_can_be_followed(
    licence: str, said: str, tmp_path: Path
) -> None:
    root = written(tmp_path, plan=f"licence: {licence}\n{PLAN}")
    (finding,) = (finding for finding in lint(root, TODAY).findings if finding.path == "kpis/plan.yaml")

    assert finding.line == 1
    assert said in f"{finding.message} {finding.help}"


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("http://www.gov.uk/a/b", "https://www.gov.uk/a/b"),
        ("HTTP://www.gov.uk/a//b/", "https://www.gov.uk/a//b/"),
        ("HTTPS://www.gov.uk/A", "https://www.gov.uk/A"),
        ("Https://WWW.gov.uk/A", "https://WWW.gov.uk/A"),
        ("http\N{LATIN SMALL LETTER LONG S}://www.gov.uk/a", "https://www.gov.uk/a"),
        ("https://www.gov.u\N{KELVIN SIGN}/a", ""),
        ("http://www.gov.uk:8080/a?x=1:2&y=/z#k:/", "https://www.gov.uk:8080/a?x=1:2&y=/z#k:/"),
        ("http://www.gov.uk:80/a", "https://www.gov.uk/a"),
        ("http://www.gov.uk:8000/a", "https://www.gov.uk:8000/a"),
        ("http://www.gov.uk?a=b/c", "https://www.gov.uk?a=b/c"),
        ("https//riverside.example/a/b", "https://riverside.example/a/b"),
        ("https;//riverside.example/a;b", "https://riverside.example/a;b"),
        ("//www.gov.uk/a", "https://www.gov.uk/a"),
        ("www.gov.uk/see/http://x", "https://www.gov.uk/see/http://x"),
        ("httpbin.org/a", "https://httpbin.org/a"),
        ("http://me:secret@www.gov.uk/a/b", ""),
        ("ftp://www.gov.uk/a/b", ""),
        ("#", ""),
        ("https://www.gov.uk?a=b", None),
        ("https://www.gov.uk#part", None),
    ],
)
def test_a_link_keeps_everything_after_its_start(typed: str, instead: str | None) -> None:
    assert meant(typed) == instead


PATHS = st.lists(st.sampled_from(["a", "/", ":", ".", "?", "&", "=", "#", ";", "80", "http", "~"]), max_size=8).map("".join)  # fmt: skip


@quick
@given(
    host=st.sampled_from(["www.gov.uk", "x.org", "http.example.org"]),
    port=st.sampled_from(["", ":8443", ":801"]),
    path=PATHS,
)
def test_whatever_follows_the_start_of_a_link_is_kept(host: str, port: str, path: str) -> None:
    after = f"{host}{port}/{path}"

    assert meant(f"http://{after}") == f"https://{after}"
    assert meant(f"https://{after}") is None


BOUNDS = [
    ("targets:\n      - {at_most: 15, source: library-plan}", "15s or 15m"),
    ("targets:\n      - {at_most: 20m, tolerance: 15, source: library-plan}", "15s or 15m"),
    ("targets:\n      - {between: [15, 20m], source: library-plan}", "15s or 15m"),
    ("references:\n      - {label: Charter, value: 1.5}", "1.5s or 1m30s"),
    ("peers:\n      hillside: {2023/24: 15}", "15s or 15m"),
]
WAIT = """\
title: Waiting
definition: How long people wait, and who waits less than a quarter of an hour.
better: lower
sources: [return]
checks:
  - {median: wait, share_within: within, limit: LIMIT}
measures:
  wait:
    unit: duration
    BOUND
    observations: {2023/24: 12m}
  within:
    unit: percent
    observations: {2023/24: 61}
"""


@pytest.mark.parametrize(("bound", "instead"), BOUNDS, ids=[bound.partition(":")[0] for bound, _ in BOUNDS])
def test_a_bare_number_for_a_duration_is_told_both_times_that_it_may_mean(
    tmp_path: Path, bound: str, instead: str
) -> None:
    text = WAIT.replace("BOUND", bound).replace("LIMIT", "15m")
    findings = lint(written(tmp_path, satisfaction=text), TODAY).findings

    assert [item.help for item in findings if item.rule == "wrong-value-form"] == [f"Say which: {instead}."]


def test_a_check_s_bare_limit_is_told_so_and_the_check_waits_for_it(tmp_path: Path) -> None:
    text = WAIT.replace("    BOUND\n", "").replace("LIMIT", "15")
    (actual,) = [
        finding
        for finding in lint(written(tmp_path, satisfaction=text), TODAY).findings
        if finding.severity == "error"
    ]

    assert (actual.rule, actual.line, actual.help) == ("wrong-value-form", 6, "Say which: 15s or 15m.")
