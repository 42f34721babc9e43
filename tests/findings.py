"""Findings with hostile texts in them, for the tests of the reporters."""

import re
from datetime import date

from hypothesis import strategies as st

from hostile_texts import HOSTILE
from kpi.lint.report import Report
from kpi.model.finding import Finding
from kpi.model.text import HIDDEN
from trials import trials

TODAY = date(2024, 6, 1)
quick = trials(200)


texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(), max_size=30),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join),
)

readable = texts.filter(lambda text: not re.search("[\ud800-\udfff]", text))
"""Texts that can be written as UTF-8."""


def finding(path: str, message: str, help_: str, replacement: str | None, line: int, column: int) -> Finding:
    """An error of one rule, three characters wide."""
    return Finding(
        path, line, column, line, column + 3, "KPI401", "period-format", "error", message, help_, replacement
    )


@st.composite
def reports(draw: st.DrawFn, texts: st.SearchStrategy[str] = texts) -> Report:
    """A report of up to three findings; each path has a few lines to show."""
    results = [
        finding(
            draw(texts), draw(texts), draw(texts), draw(st.none() | texts), draw(st.integers(1, 5)), draw(st.integers(1, 200))
        )
        for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    results = [item._replace(severity=draw(st.sampled_from(["error", "warning"]))) for item in results]
    sources = {item.path: draw(st.lists(texts, max_size=5)) for item in results}
    changed = frozenset(item for item in results if draw(st.booleans()))
    return Report(tuple(results), (), ("kpis/plan.yaml",), (), sources, changed)


def shows_nothing_hidden(text: str) -> bool:
    """Whether a text has no character that can't be seen, but for its line ends."""
    return HIDDEN.search(text.replace("\n", "")) is None
