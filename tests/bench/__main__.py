"""The bench: `make bench`. Times the program and its peers on the same files, and prints a Markdown table.

Every figure is the processor time of whole processes, as the system counts it, so that other work on the machine counts
less. What is compared runs in turn, and each ratio is the median of the pairs.
"""

import argparse
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench import worst
from bench.repository import make
from cost_shapes import SHAPES

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs/evidence/performance.md"
BEGIN, END = "<!-- made: bench -->\n", "<!-- end -->\n"
DAY = "2024-02-27"  # the same findings on every day

PYTHON = sys.executable
ON_ITS_OWN_DAY = (PYTHON, "-m", "kpi")
KPI = (*ON_ITS_OWN_DAY, "--as-of", DAY)
PEER = (
    PYTHON,
    "-m",
    "check_jsonschema",
    "--schemafile",
    str(ROOT / "schema" / "kpi.schema.json"),
)
FIGURE = "FIGURE"
"""Stands for a measure and a period."""
WITH_CLICK = (PYTHON, "-c", "import click")
BARE = (PYTHON, "-c", "pass")

Command = Sequence[str]
Setup = Callable[[], object]


class Ran(NamedTuple):
    """What one process took: seconds of processor time, its memory at its largest, in KiB, and seconds by the clock."""

    seconds: float
    memory: int
    clock: float


class Row(NamedTuple):
    """One line of the table: what was measured, what is aimed at, and what was found."""

    what: str
    wanted: str
    actual: str
    reported: str


class Pair(NamedTuple):
    """Two commands that ran in turn: the medians of what each took, and of their ratios."""

    entry: Ran
    other: Ran
    ratio: float


def run(command: Command, folder: Path, codes: Container[int] = (0, 1)) -> Ran:
    """Run one process to its end. Its output goes to a file, and its findings (exit code 1) are no failure."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as reported:
        process = subprocess.Popen(command, cwd=folder, env=surroundings, stdout=reported, stderr=reported)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            reported.seek(0)
            raise SystemExit(f"{command[:4]} ended with {process.returncode}: {reported.read(400)!r}")
    return Ran(used.ru_utime + used.ru_stime, _kib(used), time.perf_counter() - begun)


def _kib(used: resource.struct_rusage) -> int:
    return used.ru_maxrss // 1024 if sys.platform == "darwin" else used.ru_maxrss


def nothing() -> None:
    """What is to be done before a run that needs no preparing."""


class Bench:
    """Repositories of several sizes in one folder, and what is measured on them."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder = folder
        self.runs = runs
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")

    def repository(self, count: int) -> Path:
        """The repository with so many KPIs, made on first use."""
        root = self.folder / str(count)
        return root if root.exists() else make(root, count)

    def pair(
        self,
        entry: tuple[Command, Path],
        other: tuple[Command, Path],
        before: Setup = nothing,
        *,
        by_clock: bool = False,
    ) -> Pair:
        """Run two commands in turn, after one run of each that isn't counted; `before` comes before each of the first.

        The ratio is of processor time; or by the clock, where one of them uses several processors.
        """
        run(*entry)
        run(*other)
        ones, others = [], []
        for _ in range(self.runs):
            before()
            ones.append(run(*entry))
            others.append(run(*other))
        if by_clock:
            ones, others = ([ran._replace(seconds=ran.clock) for ran in runs] for runs in (ones, others))
        ratios = [first.seconds / second.seconds for first, second in zip(ones, others, strict=True)]
        return Pair(_median(ones), _median(others), statistics.median(ratios))

    def rows(self, largest: int, parts: Sequence[str]) -> Iterator[Row]:
        """Everything that is measured, or some parts of it."""
        measured = {
            "start": self._start,
            "lint": lambda: self._lint(self.repository(2_000)),
            "diff": self._diff,
            "build": self._build,
            "real": self._real,
            "linear": lambda: self._linear(largest),
            "worst": self._worst,
        }
        for part in parts or measured:
            yield from measured[part]()

    def _start(self) -> Iterator[Row]:
        entry = self.repository(1)
        version = self.pair(((PYTHON, "-m", "kpi", "--version"), entry), (BARE, entry))
        yield _times("`kpi --version`, to Python's own start", "at most 2.5", version)
        warm = self.pair(((*KPI, "lint"), entry), (BARE, entry))
        yield _times("`kpi lint` on one clean file, to Python's own start", "at most 9", warm)
        cold = self.pair(((*KPI, "lint", "--no-cache"), entry), (BARE, entry))
        yield _times("the same with `--no-cache`", "", cold)

    def _lint(self, root: Path) -> Iterator[Row]:
        files = sorted(str(path.relative_to(root)) for path in root.glob("kpis/*/*.yaml"))
        peer = ((*PEER, *files), root)
        cold = self.pair(peer, ((*KPI, "lint", "--no-cache"), root), by_clock=True)
        yield _times("check-jsonschema to a cold lint, 2,000 files, by the clock", "at least 8", cold)
        warm = self.pair(peer, ((*KPI, "lint"), root))
        yield _times("check-jsonschema to a warm lint, 2,000 files", "at least 40", warm)
        changed = self.pair(((*KPI, "lint"), root), ((*KPI, "lint"), root), _changing(root / files[0]))
        yield _times("one changed file of 2,000 to a warm lint", "at most 1.3", changed)

    def _diff(self) -> Iterator[Row]:
        root = make(self.folder / "committed", 2_000)
        _commit(root)
        for path in sorted(root.glob("kpis/*/*.yaml"))[::100]:
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub("2023-10: .*", "2023-10: 77.7", text, count=1), encoding="utf-8")
        _commit(root)
        diff = ((*ON_ITS_OWN_DAY, "diff", "HEAD^", "HEAD"), root)
        warm = self.pair(diff, ((*ON_ITS_OWN_DAY, "lint"), root))
        yield _times("`kpi diff` where 20 of 2,000 files changed, to a warm lint", "at most 1.5", warm)
        cold = self.pair(
            diff,
            ((*ON_ITS_OWN_DAY, "lint", "--no-cache"), root),
            lambda: shutil.rmtree(self.folder / "cache", ignore_errors=True),
        )
        yield _times("the same where lint has kept nothing, to a cold lint", "", cold)

    def _build(self) -> Iterator[Row]:
        right = self.folder / "right"
        make(right, 2_000, mistakes=False)
        build, export = (*KPI, "build"), (*KPI, "export", "--format", "csv")
        first = self.pair((build, right), (export, right), _without_pages(right))
        each = (first.entry.seconds - first.other.seconds) / 2_000 * 1000
        text = f"{first.entry.seconds:.1f} s, of which {first.other.seconds:.1f} s are spent before the pages"
        yield Row(
            "`kpi build` of 2,000 KPIs, beyond reading and judging",
            "under 4 ms a KPI",
            f"{each:.1f} ms a KPI",
            text,
        )
        page = next((right / "kpis").glob("*/k7.yaml"))
        _changing(page)()
        before = _written(right)
        run(build, right)
        changed = sum(time != before.get(path) for path, time in _written(right).items())
        text = f"of {len(before):,}"
        yield Row(
            "files written by a second build after a change in one KPI",
            "only what changed",
            str(changed),
            text,
        )

    def _real(self) -> Iterator[Row]:
        copy = self.folder / "real"
        shutil.copytree(ROOT / "kpis", copy / "kpis", dirs_exist_ok=True)
        lint = self.pair(((*KPI, "lint", "--no-cache"), copy), (WITH_CLICK, copy))
        yield _times("the real repository, cold lint, to Python's start with click", "under 8", lint)
        build = self.pair(
            ((*KPI, "build"), copy),
            (WITH_CLICK, copy),
            _without_pages(copy),
        )
        yield _times("the real repository, first build, to Python's start with click", "under 8", build)

    def _linear(self, largest: int) -> Iterator[Row]:
        command = (*KPI, "lint", "--no-cache")
        actual = self.pair((command, self.repository(largest)), (command, self.repository(2_000)))
        factor = largest / 2_000
        wanted, each = "at most 1.2", actual.ratio / factor
        text = f"{actual.entry.seconds:.1f} s and {actual.other.seconds:.2f} s"
        yield Row(f"cost of a file at {largest:,} to that at 2,000, cold", wanted, f"{each:.2f}", text)
        memory = (actual.entry.memory - actual.other.memory) / (largest - 2_000)
        text = f"{actual.entry.memory // 1024} MiB and {actual.other.memory // 1024} MiB"
        yield Row("memory of lint for each further file", "under 3 KB", f"{memory * 1.024:.2f} KB", text)
        warm = self.pair(((*KPI, "lint"), self.repository(largest)), ((*KPI, "lint"), self.repository(2_000)))
        text = f"{warm.entry.seconds:.2f} s and {warm.other.seconds:.2f} s"
        yield Row("the same of a warm lint, start included", "", f"{warm.ratio / factor:.2f}", text)

    def _worst(self) -> Iterator[Row]:
        """What each command takes for the dearest of the shapes that 100 kB can have."""
        root = self.folder / "worst"
        commands = {
            "lint": (1, ("lint", "--no-cache")),
            "build": (1, ("build",)),
            "fmt": (4, ("fmt",)),
            "record": (4, ("record", FIGURE, "7", "--replace")),
            "import": (4, ("import", worst.TABLE, "--replace")),
        }
        took: dict[str, dict[str, float]] = {name: {} for name in commands}
        for shape in SHAPES:
            for name, (_, template) in commands.items():
                shutil.rmtree(root, ignore_errors=True)
                figure = worst.write(shape, root)
                words = [part for word in template for part in (figure if word == FIGURE else (word,))]
                # A file with errors is refused by what writes figures.
                took[name][shape] = run((*KPI, *words), root, codes=range(3)).seconds
                sys.stderr.write(f"{shape}: {name} {took[name][shape]:.2f} s\n")
        for name, (most, _) in commands.items():
            shape = max(took[name], key=took[name].__getitem__)
            wanted, dearest = f"at most {most} s", _seconds(took[name][shape])
            yield Row(f"`kpi {name}` of 100 kB of the worst shape", wanted, dearest, f"one run: {shape}")


def _written(root: Path) -> dict[Path, int]:
    """When each page was written."""
    return {path: path.stat().st_mtime_ns for path in (root / "docs").rglob("*") if path.is_file()}


def _commit(root: Path) -> None:
    """Commit everything, as a new repository where there is none."""
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    for words in (("init", "--quiet"), ("add", "--all"), (*who, "commit", "--quiet", "--message=Figures")):
        subprocess.run(("git", *words), cwd=root, check=True)


def _without_pages(root: Path) -> Setup:
    """Takes the pages away, so that the next build is a first one.

    They are moved, not deleted: for up to half a minute ext4 passes over each deleted file's place when it looks for one
    for a new file, and that would take a third of a build.
    """

    def move() -> None:
        if (root / "docs").exists():
            (root / "docs").rename(Path(tempfile.mkdtemp(dir=root.parent)) / "docs")

    return move


def _changing(path: Path) -> Setup:
    """Changes one file, each time to something new."""
    numbers = iter(range(10**6))

    def change() -> None:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("title: ", f"title: {next(numbers)} ", 1), encoding="utf-8")

    return change


def _times(what: str, wanted: str, actual: Pair) -> Row:
    text = f"{_seconds(actual.entry.seconds)} and {_seconds(actual.other.seconds)}"
    return Row(what, wanted, f"{actual.ratio:.2f}" if actual.ratio < 10 else f"{actual.ratio:.0f}", text)


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _median(runs: Sequence[Ran]) -> Ran:
    return Ran(
        statistics.median(item.seconds for item in runs),
        round(statistics.median(item.memory for item in runs)),
        statistics.median(item.clock for item in runs),
    )


def table(rows: Sequence[Row], runs: int) -> str:
    """The rows as Markdown, with the day and the machine."""
    lines = ["| What | Wanted | Found | Processor time |", "| --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    day = datetime.now(UTC).date().isoformat()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    return f"Measured on {day}; {machine}; medians of {runs} runs.\n\n" + "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and print the table; with `--update` write it to docs/evidence/performance.md too."""
    parser = argparse.ArgumentParser(prog="make bench", description=main.__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is run (5)")
    parser.add_argument(
        "--largest", type=int, default=20_000, help="files in the largest repository (20,000)"
    )
    parser.add_argument(
        "--update", action="store_true", help="write the table to docs/evidence/performance.md"
    )
    parser.add_argument(
        "parts", nargs="*", help="measure only: start, lint, diff, build, real, linear, worst"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpi-bench-") as folder:
        bench = Bench(Path(folder), given.runs)
        rows = []
        for row in bench.rows(given.largest, given.parts):
            sys.stderr.write(f"{row.what}: {row.actual}\n")
            rows.append(row)
    reported = table(rows, given.runs)
    sys.stdout.write(reported)
    if given.update:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        PAGE.write_text(
            before + BEGIN + "\n" + reported + "\n" + END + rest.partition(END)[2], encoding="utf-8"
        )


if __name__ == "__main__":
    main()
