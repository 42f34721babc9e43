"""Lines for the terminal: plain text without Markdown, safe to print."""

from collections.abc import Iterable, Sequence

from kpi.model.text import display

_MOST = 2000  # characters


def one_line(text: str, limit: int = _MOST) -> str:
    """A text of the user's on one line, safe to print, with at most `limit` characters."""
    return display(" ".join(text.split()), limit)


def columns(rows: Iterable[Sequence[str]], align: Sequence[str] | None = None) -> list[str]:
    """The rows as lines, with aligned columns."""
    from tabulate import tabulate

    cells = [[one_line(cell) for cell in row] for row in rows]
    aligned = tabulate(cells, tablefmt="plain", disable_numparse=True, colalign=align) if cells else ""
    return [line.rstrip() for line in aligned.splitlines()]
