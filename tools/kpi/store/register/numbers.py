"""The numbers of one KPI of a list, in its unit: fractions are told from per cents by what is beside them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kpi.model.quantity import CURRENCY, PERCENT, ValueFormError, plain, unit_from
from kpi.rules.unlike import fractions_among
from kpi.store.intake.cell_value import Value, cell_value
from kpi.store.register.list_words import ReadUnit, bound_in
from kpi.store.tables.sheet import Sheet

_SMALL = re.compile(r"(?<![0-9])0?[.,][0-9]")


class Reader:
    """Reads the numbers of one KPI."""

    def __init__(self, unit: ReadUnit, sheet: Sheet, legend: Mapping[str, str], texts: Iterable[str]) -> None:
        """Take the unit, the sheet and what it says of its markers, and the texts with the KPI's numbers."""
        self.unit = unit
        self._kind = unit_from(unit.raw)
        self._decimal_comma = sheet.decimal_comma
        self._legend = legend
        self._fractions: frozenset[Decimal] = frozenset()
        texts = list(texts)
        if self._kind.kind == PERCENT and any("%" not in text and _SMALL.search(text) for text in texts):
            self._find_fractions(texts)

    def value(self, text: str, legend: Mapping[str, str] | None = None, *, is_bare: bool = True) -> Value:
        """The value in a text, as a file has it.

        Args:
            text: the text.
            legend: what is known of markers in it.
            is_bare: whether no sign of per cent is beside it either.

        Raises:
            ValueFormError: if it has none, or it isn't clear whether it is a fraction or a per cent.
        """
        if self.unit.clock and re.fullmatch("[0-9]{1,3}:[0-5][0-9]", text):
            text = self.unit.clock.format(text)
        legend = self._legend if legend is None else legend
        read = cell_value(text, self._kind, decimal_comma=self._decimal_comma, legend=legend)
        if not read.text or self._kind.kind not in {PERCENT, CURRENCY}:
            return read
        number = Decimal(read.text)
        if is_bare and "%" not in text and number in self._fractions:
            raise ValueFormError(
                "This looks like a fraction, and the unit is per cent.",
                "Write it with its sign: 86% for 0.86, say, or 0.86% if that is right.",
            )
        if not self.unit.power or re.search("[a-z]", text, re.IGNORECASE):
            return read
        return read._replace(text=plain(number.scaleb(self.unit.power)))

    def _find_fractions(self, texts: Sequence[str]) -> None:
        """Find what looks like a fraction: a spreadsheet shows 0.67 as 67%, and keeps 0.67."""
        numbers = [number for text in texts for number in bound_in(text)[1]]
        values = []
        for number in numbers:
            try:
                values.append(Decimal(self.value(number).text or 0))
            except ValueFormError:
                continue
        self._fractions, usual = fractions_among(values)
        if usual is None and not any("%" in text for text in texts):
            self._fractions = frozenset(value for value in values if 0 < value < 1)
