"""What every command costs at the largest that it accepts: `python tests/bounds.py` prints the table of docs/evidence/reliability.md."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import large
from bench.repository import make
from repositories import committed
from small import written

PLAN = """\
organisation: Riverside Libraries
title: Library plan
area: riverside
areas: {riverside: Riverside}
sources: {return: {title: Annual return}}
priorities:
  - id: reading
    title: Reading
    objectives:
      - title: Loans
        kpis: [loans]
"""
KPI = """\
title: Loans
definition: Items on loan on a day.
unit: count
kind: snapshot
better: higher
sources: [return]
measures:
  loans:
    targets:
      - {at_least: 100, source: return}
    observations:
"""
FIGURES = 4_990  # and ten more are recorded or imported; 5,000 is the limit
COMMANDS = (
    ("lint",), ("fmt", "--check"), ("record", "KPI", "PERIOD", "95"), ("import", "figures.csv"),
    ("build",), ("build", "--check"), ("breaches",), ("list",), ("show", "KPI"), ("show", "KPI", "--history"), ("diff",), ("export",),
    ("export", "--format", "json"), ("paper",),
    ("new", "PRIORITY/extra", "OBJECTIVE"),
)  # fmt: skip


def days(count: int) -> Iterator[str]:
    return ((date(2000, 1, 1) + timedelta(number)).isoformat() for number in range(count))


def largest_file(root: Path) -> dict[str, str]:
    """One file with as many figures as a file may have; the words of the commands that fit it."""
    figures = "".join(f"      {day}: {90 + number % 20}\n" for number, day in enumerate(days(FIGURES)))
    written(root, {"kpis/plan.yaml": PLAN, "kpis/reading/loans.yaml": KPI + figures})
    rows = "".join(f"loans,loans,{day},95\n" for day in [*days(FIGURES + 10)][FIGURES:])
    (root / "figures.csv").write_text("kpi,measure,period,value\n" + rows, encoding="utf-8")
    return {"KPI": "loans", "PERIOD": "2020-01-01", "PRIORITY": "reading", "OBJECTIVE": "--objective=1"}


def large_repository(root: Path) -> dict[str, str]:
    """500 KPIs with three measures of twelve years each, and those of five other areas; likewise."""
    shape = large.Shape(priorities=5)
    files = {"kpis/plan.yaml": large.plan(shape)}
    for priority in range(shape.priorities):
        for _, names in shape.names(priority):
            files |= {f"kpis/priority-{priority}/{name}.yaml": large.kpi(name) for name in names}
    written(root, files)
    rows = "".join(f"kpi-{item}-0-{number},first,2024/25,90\n" for item in range(5) for number in range(20))
    (root / "figures.csv").write_text("kpi,measure,period,value\n" + rows, encoding="utf-8")
    return {"KPI": large.NAME, "PERIOD": "2024/25", "PRIORITY": "priority-0", "OBJECTIVE": "--objective=1"}


def many_files(root: Path) -> dict[str, str]:
    """20,000 KPIs with one measure of two years each; likewise."""
    return _made(root, 20_000, 24)


def most_files(root: Path) -> dict[str, str]:
    """As many KPIs as a plan can name, with the figures of two months each; likewise."""
    return _made(root, 100_000, 2)


def _made(root: Path, count: int, months: int) -> dict[str, str]:
    make(root, count, mistakes=False, months=months)
    rows = "".join(f"k{number},answered,2024-02,80\n" for number in range(100))
    (root / "figures.csv").write_text("kpi,measure,period,value\n" + rows, encoding="utf-8")
    return {"KPI": "k7", "PERIOD": "2024-01", "PRIORITY": "priority-0", "OBJECTIVE": "--quiet"}


REPOSITORIES = (
    ("One file of 5,000 figures", largest_file),
    ("500 KPIs, 108,000 figures", large_repository),
    ("20,000 KPIs, 502,500 figures", many_files),
    ("100,000 KPIs, 312,500 figures", most_files),
)


def measured(root: Path, arguments: list[str]) -> tuple[float, int, int]:
    """Seconds of the processor, megabytes and exit code of one run."""
    # The day is left for `diff` to find, which may mean to read everything.
    day = [] if arguments[0] == "diff" else ["--as-of", "2025-06-01"]
    with (root / "out").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "kpi", *day, *arguments],
            cwd=root,
            stdout=out,
            stderr=out,
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, process.returncode


def main() -> None:
    """Print the table."""
    print(f"| Command | {' | '.join(f'{name}: time | memory' for name, _ in REPOSITORIES)} |")
    print(f"| --- |{' ---: |' * 2 * len(REPOSITORIES)}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        places = []
        for number, (_, make_in) in enumerate(REPOSITORIES):
            root = Path(folder) / str(number)
            root.mkdir()
            places.append((root, make_in(root)))
            committed(root)
        for command in COMMANDS:
            cells = []
            for root, words in places:
                line = ["/".join(words.get(part, part) for part in word.split("/")) for word in command]
                if command[0] == "record" and words["KPI"] == large.NAME:
                    line[1] += "/first"
                seconds, megabytes, code = measured(root, line)
                cells += [f"{seconds:.1f} s", f"{megabytes} MB"]
                if code > 1:
                    cells[-1] += f" (ended with {code})"
            print(f"| `kpi {' '.join(command)}` | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
