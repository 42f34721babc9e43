"""docs/a-month.md: its commands are run one after another in one repository, and its edits on the web page come to the same files."""

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from guides import DOCS, TODAY, fits, printed, shortened
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.lint.reporters.github import markdown
from kpi.model.finding import ERROR
from manual_pages import EXAMPLE
from repositories import WHO, committed, git
from small import edited, written

Golden = Callable[[Path, str], None]
GUIDE = DOCS / "a-month.md"
CARE_LINE = "kpis/care/care-line.yaml"
FIRST_VISITS = "kpis/care/first-visits.yaml"
FILES = EXAMPLE | {
    "kpis/plan.yaml": edited(EXAMPLE["kpis/plan.yaml"], "    kpis:\n", "    kpis:\n      - care-line\n"),
    CARE_LINE: """\
title: Care line
definition: Share of calls to the care line that are answered within five minutes, and the average wait.
frequency: monthly
lag: 3 weeks
sources: [care-records]
measures:
  answered:
    title: Answered within five minutes
    unit: percent
    better: higher
    targets:
      - at_least: 80
        source: corporate-plan
    observations:
      2024-12: 74.6
      2025-01: 75.2
      2025-02: 77.8
      2025-03: 71.9
  wait:
    title: Average wait
    unit: duration
    better: lower
    observations:
      2024-12: 3m40s
      2025-01: 3m31s
      2025-02: 3m05s
      2025-03: 2m52s
""",
}
_CONSOLE = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
_YAML = re.compile(r"^ *```yaml\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CHECK = re.compile(r"(?<=<!-- made: the check -->\n\n)(.*?)(?=\n\n *<!-- end -->)", re.DOTALL)


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The council's repository, with its pages built and everything pushed to a server."""
    monkeypatch.setenv("COLUMNS", "80")
    root = written(tmp_path / "council", FILES)
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "server.git")
    assert printed("kpi build", root).code == 0
    committed(root, "The scorecard")
    git(root, "remote", "add", "origin", (tmp_path / "server.git").as_posix())
    git(root, "push", "--quiet", "--set-upstream", "origin", "main")
    return root


def output_of(command: str, root: Path) -> str:
    """What a command of the guide prints."""
    words = shlex.split(command)
    if words[0] != "git":
        return printed(command, root).text
    done = subprocess.run(
        words, cwd=root, env=os.environ | WHO, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True
    )
    return done.stdout.decode()


def blocks(heading: str) -> list[str]:
    """The YAML below a heading, with the indent of its list taken away."""
    part = GUIDE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [re.sub(r"^   (?=.)", "", match[1], flags=re.MULTILINE) for match in _YAML.finditer(part)]


def test_the_commands_of_the_month_print_what_the_guide_shows(council: Path, golden: Golden) -> None:
    def tried(actual: re.Match[str]) -> str:
        lines = []
        for part in re.split(r"^\$ ", actual[0], flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            now = output_of(command, council)
            lines.append(f"$ {command}\n{shown if fits(now, shown) else shortened(now, shown)}")
        return "".join(lines)

    golden(GUIDE, _CHECK.sub(lambda _: check(), _CONSOLE.sub(tried, GUIDE.read_text(encoding="utf-8"))))
    assert git(council, "status", "--short") == ""
    assert git(council, "rev-parse", "main") == git(council, "rev-parse", "origin/main")
    assert printed("kpi build --check", council).code == 0


def check() -> str:
    """What the check says of the edits with their slip, without headings."""
    report = slipped()
    assert [(finding.rule, finding.severity) for finding in report.findings] == [("not-a-number", ERROR)]
    text = re.sub(r"^#+ .*\n\n", "", markdown(report), flags=re.MULTILINE).rstrip("\n")
    return "\n".join(f"   {line}".rstrip() for line in text.splitlines())


def slipped() -> Report:
    as_it_is, with_slip, *_ = blocks("On the web page")
    with tempfile.TemporaryDirectory() as folder:
        root = written(Path(folder), FILES)
        (root / CARE_LINE).write_text(edited(FILES[CARE_LINE], as_it_is, with_slip), encoding="utf-8")
        return lint(root, TODAY)


def test_the_edits_on_the_web_page_come_to_the_files_of_the_commands(council: Path) -> None:
    answered, _, mended, wait, waited, visits, visited = blocks("On the web page")
    by_hand = {
        CARE_LINE: edited(edited(FILES[CARE_LINE], answered, mended), wait, waited),
        FIRST_VISITS: edited(FILES[FIRST_VISITS], visits, visited),
    }
    for match in _CONSOLE.finditer(GUIDE.read_text(encoding="utf-8")):
        for command in re.findall(r"^\$ (kpi record .*)$", match[0], re.MULTILINE):
            printed(command, council)

    assert {path: (council / path).read_text(encoding="utf-8") for path in by_hand} == by_hand
    assert lint(council, TODAY).findings == ()
