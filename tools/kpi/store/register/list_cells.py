"""The cells of a list of KPIs, and what of them was not taken."""

from collections.abc import Iterable
from itertools import product

from kpi.model.text import HIDDEN
from kpi.store.register.list_columns import Columns
from kpi.store.tables.marker_legend import legend_of
from kpi.store.tables.sheet import CellProblem, Sheet


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
        self.left: list[CellProblem] = []
        self._doubts = {(doubt.row, doubt.column): doubt for doubt in sheet.doubts}
        self._formulas = sheet.formula_rows(column for column, _ in (*columns.targets, *columns.periods))
        self._repeated = sheet.repeated({*columns.fields.values()})

    def text(self, row: int, column: int) -> str:
        """The text of a cell on one line, or of the one that is merged over it."""
        text = self.sheet.cell(row, column) or self._repeated.get((row, column), "")
        return HIDDEN.sub("", " ".join(text.split()))

    def texts(self, rows: Iterable[int], columns: Iterable[int]) -> list[str]:
        """All texts where rows and columns meet."""
        return [text for row, column in product(rows, columns) if (text := self.sheet.cell(row, column))]

    def clear(self, row: int, column: int) -> str:
        """The text of a cell; nothing where it isn't clear what is meant, which is said."""
        text, doubt = self.sheet.cell(row, column), self._doubts.get((row, column))
        if doubt is not None:
            self.left.append(doubt)
            return ""
        if not text and row in self._formulas[column]:
            message = "This cell holds a formula without a result, so there is no figure."
            self.wrong(row, column, message, "Write the figure.")
        return text

    def wrong(self, row: int, column: int, message: str, help_: str = "") -> None:
        """Say why something was not taken; column 0 is for a whole row."""
        self.left.append(self.sheet.problem(row, column, message, help_))
