"""The worst that 100 kB of figures can be: the shapes that tests/test_cost.py doubles, as large as a file may be."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from cost_shapes import KPI, PLAN, SHAPES, areas_of, repository
from kpi.store.reader import read
from kpi.store.schema import too_much

_SIZE = 100_000
_ROWS = 500
TABLE = "figures.csv"


def write(shape: str, root: Path) -> tuple[str, ...]:
    """Write the shape's repository, with a table of its last figures; return what to record: a measure and a period."""
    text, areas = _largest(shape)
    repository(root, text, areas)
    last = [*islice(_figures_backwards(read((KPI + text).encode()).values or {}), _ROWS)] or [("all", "2023")]
    rows = "".join(f"loans,{measure},{period},7\n" for measure, period in last)
    (root / TABLE).write_text("kpi,measure,period,value\n" + rows, encoding="utf-8")
    return f"loans/{last[0][0]}", last[0][1]


@cache
def _largest(shape: str) -> tuple[str, int]:
    """The KPI's text and the plan's areas, as many as fit into 100 kB and into what a file may hold."""
    count = 1
    for step in (1 << power for power in range(16, -1, -1)):
        count += step if _fits(shape, count + step) else 0
    return SHAPES[shape][1](count), areas_of(shape, count)


def _fits(shape: str, count: int) -> bool:
    text = KPI + SHAPES[shape][1](count)
    if len(text) + areas_of(shape, count) * len("  area-1000: Area 1000\n") + len(PLAN) > _SIZE:
        return False
    values = read(text.encode()).values
    return values is None or too_much(values, len(text)) is None


def _figures_backwards(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The measures and periods of a file's own figures, the last one first."""
    measures = values.get("measures")
    for name, measure in reversed(measures.items() if isinstance(measures, dict) else ()):
        for period in reversed(measure.get("observations") or ()):
            yield name, str(period)
