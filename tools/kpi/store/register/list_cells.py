"""The cells of a list of KPIs, and what of them was not taken."""

from collections.abc import Iterable
from itertools import product

from kpi.model.period import Period
from kpi.model.text import HIDDEN
from kpi.store.register.list_columns import Columns
from kpi.store.tables.heading import Bad
from kpi.store.tables.marker_legend import legend_of
from kpi.store.tables.sheet import Sheet


class Cells:
    """A sheet whose columns are known.

    Attributes:
        sheet: the sheet.
        columns: its columns.
        legend: what the sheet says of its markers.
        left: what was not taken, with the reason.
    """

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        """Take a sheet and its columns."""
        self.sheet = sheet
        self.columns = columns
        self.legend = legend_of(sheet.rows)
        self.left: list[Bad] = []
        self._doubts = {(doubt.row, doubt.column): doubt for doubt in sheet.doubts}
        self._areas = [area for area in sheet.formulas if area[:2] != area[2:]]
        self._formulas = {area[:2] for area in sheet.formulas if area[:2] == area[2:]}
        self._above: dict[tuple[int, int], str] = {}
        for area in sheet.merged:
            text = sheet.rows[area.top - 1][area.left - 1] if area.left in columns.fields.values() else ""
            self._above |= {(row, area.left): text for row in range(area.top + 1, area.bottom + 1)}

    def cell(self, row: int, column: int) -> str:
        """The text of a cell; nothing where the row ends before it."""
        cells = self.sheet.rows[row - 1]
        return cells[column - 1].strip() if column <= len(cells) else ""

    def text(self, row: int, column: int) -> str:
        """The text of a cell on one line, or of the one that is merged over it."""
        text = self.cell(row, column) or self._above.get((row, column), "")
        return HIDDEN.sub("", " ".join(text.split()))

    def texts(self, rows: Iterable[int], columns: Iterable[int]) -> list[str]:
        """All texts where rows and columns meet."""
        return [text for row, column in product(rows, columns) if (text := self.cell(row, column))]

    def clear(self, row: int, column: int) -> str:
        """The text of a cell; nothing where it isn't clear what is meant, which is said."""
        text, doubt = self.cell(row, column), self._doubts.get((row, column))
        if doubt is not None:
            self.wrong(row, column, doubt.message, doubt.help)
            return ""
        has_formula = not text and (
            (row, column) in self._formulas
            or any(
                area.top <= row <= area.bottom and area.left <= column <= area.right for area in self._areas
            )
        )
        if has_formula:
            message = "This cell holds a formula without a result, so there is no figure."
            self.wrong(row, column, message, "Write the figure.")
        return text

    def periods(self) -> list[tuple[int, Period]]:
        """The columns of figures with their periods, oldest first."""
        return sorted(self.columns.periods, key=lambda at: (at[1].end, at[1].start))

    def wrong(self, row: int, column: int, message: str, help_: str = "") -> None:
        """Say why something was not taken; column 0 is for a whole row."""
        self.left.append(Bad(self.sheet.name, row, column, message, help_))
