"""For `make mutants`: lets pytest forget between two mutants, and tells how many of each module's a test noticed.

Run as a program in tests/ it prints the table of docs/evidence/reliability.md and holds the survivors against docs/evidence/mutants.md.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
FOUND = ROOT / ".venv/mutants/mutants/src"
EXPLAINED = ROOT / "docs/evidence/mutants.md"
SURVIVED, WITHOUT_TESTS, NOT_TRIED = (
    0,
    33,
    None,
)  # as mutmut notes them; all else is a failed test or too long a run


def pytest_sessionstart() -> None:
    """Forget what was worked out before.

    Each mutant is tried in a fork of a process that has already run the tests. What a cache remembers from there
    would hide the mutant.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith("kpi."):
            for thing in list(vars(module).values()):
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


class Score(NamedTuple):
    """What became of a module's mutants; `survivors` counts those that no test noticed, by function."""

    module: str
    mutants: int
    survivors: Counter[str]

    @property
    def killed(self) -> int:
        """How many a test noticed."""
        return self.mutants - self.survivors.total()


def scores() -> Iterator[Score]:
    """Each module's score, from what mutmut noted.

    Raises:
        ValueError: if some were not tried, so that there is no score yet.
    """
    for path in sorted(FOUND.rglob("*.meta")):
        noted: dict[str, int | None] = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if NOT_TRIED in noted.values():
            raise ValueError(f"{path.stem}: not all were tried")
        if noted:
            alive = [name for name, code in noted.items() if code in {SURVIVED, WITHOUT_TESTS}]
            module = next(iter(noted)).rpartition(".")[0]
            yield Score(module, len(noted), Counter(f"{module}.{function(item)}" for item in alive))


def function(mutant: str) -> str:
    """`kpi.judge.bound.x_below__mutmut_3` → `below`, and `…xǁPeriodǁoverlaps__mutmut_1` → `Period.overlaps`."""
    name = mutant.rpartition(".")[2].partition("__mutmut_")[0]
    return name.removeprefix("xǁ").replace("ǁ", ".") if "ǁ" in name else name.removeprefix("x_")


def explained() -> Counter[str]:
    """How many survivors of each function docs/evidence/mutants.md explains."""
    rows = re.findall(r"^\| `(kpi[\w.]+)` \| (\d+) \|", EXPLAINED.read_text(encoding="utf-8"), re.MULTILINE)
    actual: Counter[str] = Counter()
    for name, count in rows:
        actual[name] += int(count)
    return actual


def main() -> int:
    """Print the table; 1, and which, where survivors are not those that are explained."""
    actual = list(scores())
    print("| Module | Mutants | Noticed | Per cent |\n| --- | ---: | ---: | ---: |")
    for item in actual:
        print(
            f"| `{item.module}` | {item.mutants} | {item.killed} | {100 * item.killed / item.mutants:.1f} |"
        )
    mutants, killed = (
        sum(numbers) for numbers in zip(*((item.mutants, item.killed) for item in actual), strict=True)
    )
    print(f"| **All** | {mutants} | {killed} | {100 * killed / mutants:.1f} |")
    survivors = sum((item.survivors for item in actual), Counter())
    reported = explained()
    wrong = [name for name in sorted(survivors | reported) if survivors[name] != reported[name]]
    for name in wrong:
        print(f"{name}: {survivors[name]} survived, {reported[name]} are explained", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
