"""A repository with one KPI of one measure, for tests that follow figures through the whole program to the page's words."""

import re
from pathlib import Path
from textwrap import dedent, indent

from rendered import read_page
from small import scorecard

PLAN = """\
organisation: Riverside
title: Plan
area: riverside
{settings}edition: {{date: {date}}}
areas:
  riverside: Riverside
sources:
  plan: {{title: The plan}}
priorities:
  - id: service
    title: Service
    kpis: [calls]
"""
KPI = """\
title: Calls
definition: Calls that came in.
sources: [plan]
measures:
  calls:
"""


def one_measure(root: Path, fields: str, *, date: str = "2024-09-30", settings: str = "") -> Path:
    """Write the repository and return its root.

    Args:
        root: where.
        fields: the measure's fields as in a file.
        date: the edition's date.
        settings: more lines of the plan.
    """
    (root / "kpis/service").mkdir(parents=True, exist_ok=True)
    (root / "kpis/plan.yaml").write_text(PLAN.format(date=date, settings=settings), encoding="utf-8")
    text = KPI + indent(dedent(fields).strip("\n") + "\n", "    ")
    (root / "kpis/service/calls.yaml").write_text(text, encoding="utf-8")
    return root


def pages_of(root: Path) -> dict[str, str]:
    """Every page as a reader sees it, by its path; pictures as they are."""
    return {
        name: read_page(text).text if name.endswith(".md") else text
        for name, text in scorecard(root)[2].items()
    }


def kpi_page_of(root: Path) -> str:
    """The KPI's page as a reader sees it."""
    return pages_of(root)["kpis/calls.md"]


def opening(page: str) -> str:
    """The sentences that a KPI's page opens with, below its title and the way back."""
    return next(line for line in page.split("\n")[2:] if line.strip())


def fact(page: str, name: str) -> str:
    """What the page of a KPI with one measure says of it.

    Its opening has the `Status`, the `Latest` figure, the `Target`, the `Trend`, `No figure yet` and how it stands
    `Against the target`; any other is a line that begins with its name.
    """
    reported = opening(page)
    target = re.search(
        r"^(?P<status>.*?): (?P<figure>[^;]*); target: (?P<target>.*?)(?:; (?:gap |by less than).*?)?(?=[.] |[.]$)",
        reported,
    )
    first = target[0] if target else reported.partition(" old. ")[0] + " old"
    rest = reported[len(first) :].lstrip(". ")
    ends = re.search(r"(?:^| )(Against the target|No figure yet): (.*?)[.](?= |$)", rest)
    if name == "Status":
        return (
            target["status"] if target else first.partition(". ")[0] if first.startswith("No target") else ""
        )
    if name == "Latest":
        return target["figure"] if target else first.rpartition(". ")[2]
    if name == "Target":
        return target["target"] if target else ""
    if name == "Trend":
        return re.sub(r" (?:Against the target: .*|This figure is doubted[.])$", "", rest).removesuffix(".")
    if name in {"Against the target", "No figure yet"}:
        return ends[2] if ends and ends[1] == name else ""
    texts = re.findall(rf"^{re.escape(name)}: (.*)$", page, re.MULTILINE)
    return texts[-1].removesuffix(".") if texts else ""
