"""The files under `kpis/` as they are, and in their standard form."""

from pathlib import Path
from typing import NamedTuple

from kpi.model.finding import Problem
from kpi.model.progress import Progress, silent
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.format import formatted, style_problem
from kpi.store.paths import PLAN, walk
from kpi.store.reader import read
from kpi.store.repository import read_plan


class Tidied(NamedTuple):
    """One file: the bytes that it holds and those it should.

    Attributes:
        path: the file, from the root.
        before: what it holds.
        after: what it should hold; None where it can't be read.
        doubt: why it can't be given the standard form, where it can be read.
    """

    path: str
    before: bytes
    after: bytes | None
    doubt: Problem | None = None


def tidy(root: Path, progress: Progress = silent) -> list[Tidied]:
    """Every file, the plan first, with its standard form. Nothing is written."""
    year_starts = read_plan(root).year_starts
    paths = [PLAN, *(file.path for file in walk(root).files)]
    return [_tidied(root, path, year_starts) for path in progress(paths, "Reading files")]


def _tidied(root: Path, path: str, year_starts: int) -> Tidied:
    try:
        data = read_bytes(root / path)
    except UnreadableError:
        return Tidied(path, b"", None)
    document = read(data)
    text = None if document.values is None else formatted(document.text, year_starts)
    doubt = style_problem(document) if text == document.text else None
    return Tidied(path, data, None if text is None else text.encode(), doubt)
