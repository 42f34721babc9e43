"""A made nation: 43 organisations with 80 KPIs and 120 months each, asked the five questions of many organisations.

Five are exported, because no organisation's export depends on the others; the rest are copies of these under other names.
`cd tests && ../.venv/bin/python -m bench.national` prints a Markdown table; `--months 24` makes it quicker.
"""

import argparse
import random
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.__main__ import KPI, PYTHON, ROOT, run

STEPS, EXPORTED = (10, 20, 43), 5
KPIS, PRIORITIES, LAST_YEAR = 80, 8, 2023
ASK = f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r}); from bench.national import ask; ask(sys.argv[1])"
GUIDE = ROOT / "docs/many-organisations.md"


def make(root: Path, number: int, months: int) -> None:
    """Write one organisation's repository, the same each time."""
    chance = random.Random(number)  # noqa: S311 - the same figures each time
    names = [f"k{kpi}" for kpi in range(KPIS)]
    for at, name in enumerate(names):
        folder = root / f"kpis/p{at % PRIORITIES}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(
            "".join(_kpi(at, months, chance)), encoding="utf-8", newline="\n"
        )
    (root / "kpis/plan.yaml").write_text("".join(_plan(number, names)), encoding="utf-8", newline="\n")


def _kpi(number: int, months: int, chance: random.Random) -> Iterator[str]:
    yield f"title: {'Homicide' if number == 0 else f'Service {number}'}\ndefinition: What is counted.\naim: reduce\n"
    yield "unit: count\nbetter: lower\nfrequency: monthly\nsources: [return]\nmeasures:\n  all:\n"
    yield f"    targets: [{{at_most: {chance.randint(950, 1100)}}}]\n    observations:\n"
    level = 1000
    for at in range(12 * LAST_YEAR + 12 - months, 12 * LAST_YEAR + 12):
        level += chance.randint(-20, 20)
        yield f"      {at // 12}-{at % 12 + 1:02}: {level + chance.randint(-60, 60)}\n"


def _plan(number: int, names: list[str]) -> Iterator[str]:
    yield f"organisation: Force {number}\ntitle: Plan\narea: own\nareas: {{own: Own area}}\n"
    yield "sources: {return: {title: Monthly return}}\nedition: {date: 2024-02-27}\npriorities:\n"
    for priority in range(PRIORITIES):
        yield f"  - id: p{priority}\n    title: Priority {priority}\n"
        yield f"    kpis: [{', '.join(names[priority::PRIORITIES])}]\n"


def ask(form: str) -> None:
    """Ask the questions of the tables under `all/` in the working folder, and print how many rows each answer has."""
    import duckdb

    sql = dict(re.findall(r"```sql\n-- ([^\n]+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL))
    views = sql.pop("views")
    if form == "tables":
        views = re.sub(r"read_parquet\('all/\*/(\w+)/[^)]*\)", r"read_csv('all/*/\1.csv')", views)
    with duckdb.connect() as database:
        database.execute(views)
        for name, question in sql.items():
            print(name, len(database.execute(question).fetchall()))


def copy(folder: Path, number: int) -> None:
    """Give an organisation the tables of one that was exported, under its own name."""
    model, name = f"force-{(number - 1) % EXPORTED + 1}", f"force-{number}"
    for form in ("tables", "parquet"):
        shutil.copytree(folder / form / "all" / model, folder / form / "all" / name)
    for path in (folder / "tables/all" / name).glob("*.csv"):
        path.write_text(
            re.sub(f"^{model},", f"{name},", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
        )
    for path in (folder / "parquet/all" / name).glob(f"*/organisation={model}"):
        path.rename(path.with_name(f"organisation={name}"))


def measured(folder: Path, months: int) -> Iterator[str]:
    """The lines of the table, one a step."""
    yield "| Organisations | Figures | Export, CSV | Export, Parquet | Five questions, CSV | Five questions, Parquet |"
    yield "| ---: | ---: | --- | --- | --- | --- |"
    for number in range(1, STEPS[-1] + 1):
        name, exports = f"force-{number}", []
        if number <= EXPORTED:
            make(folder / name, number, months)
            for form in ("tables", "parquet"):
                command = (*KPI, "--root", name, "export", "--format", form, "--output", f"{form}/all/{name}")
                exports.append(run(command, folder))
        else:
            copy(folder, number)
        if number <= EXPORTED or number in STEPS:
            results = [run((PYTHON, "-c", ASK, form), folder / form) for form in ("tables", "parquet")]
            cells = [f"{ran.seconds:.1f} s, {ran.memory // 1024} MiB" for ran in (*exports, *results)]
            cells = cells if exports else ["", "", *cells]
            yield f"| {number} | {number * KPIS * months:,} | {' | '.join(cells)} |"


def main() -> None:
    """Measure once, and print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--months", type=int, default=120)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpi-national-") as folder:
        for line in measured(Path(folder), given.months):
            print(line, flush=True)


if __name__ == "__main__":
    main()
