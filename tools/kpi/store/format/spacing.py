"""The first step to the standard form: indentation, spaces, blank lines and line ends."""

import re

from kpi.store.edit import Edit, applied
from kpi.store.reader import Document
from kpi.store.yaml.places import Place, is_in_brackets, of_items

_STEP = 2  # spaces a level
_AFTER_NAME = re.compile(r"[ ]*:[ ]*")


def spaced(document: Document) -> str:
    """The text with two spaces a level, one space after a colon or a dash, and no white space that says nothing."""
    return _Spacing(document).spaced()


class _Spacing:
    """Walks the places of a document and collects what each line's indentation and gaps should be."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.places = document.places()
        self.edits: list[Edit] = []
        self.starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        self.lines = self.text.split("\n")
        self.indents: dict[
            int, int
        ] = {}  # line → spaces, for lines on which a name, a dash or a value starts
        self.inside: dict[int, int] = {}  # further lines of a text → the line on which its field starts

    def spaced(self) -> str:
        self._fields(self.places, 0)
        return self._joined(applied(self.text, self.edits).split("\n"))

    # Walking the places.

    def _value(self, place: Place, column: int, line: int) -> None:
        """A value whose name or dash stands at `column` on `line`."""
        if is_in_brackets(self.text, place):
            if (flat := in_one_line(self.text, place)) is not None:
                self.edits.append(Edit(place.start, place.stop, flat))
        elif place.inside and of_items(place):
            self._items(place, column + _STEP)
        elif place.inside:
            self._fields(place, column + _STEP)
        else:
            first, last = self._line(place.start), self._line(place.stop)
            if first != line and place.stop > place.start:
                self.indents[first] = column + _STEP
            self.inside |= dict.fromkeys(range(first + 1, last + 1), line)

    def _fields(self, block: Place, column: int) -> None:
        for place in block.inside.values():
            assert place.name is not None
            start, stop = place.name
            line = self._starts_line(start, column)
            gap = _AFTER_NAME.match(self.text, stop)
            assert gap is not None
            on_the_line = place.start < place.stop and place.start == gap.end()
            if on_the_line or self.text[gap.end() : gap.end() + 1] == "\n":
                self.edits.append(Edit(stop, gap.end(), ": " if on_the_line else ":"))
            self._value(place, column, line)

    def _items(self, block: Place, column: int) -> None:
        for place in block.inside.values():
            dash = self.text.rfind("-", 0, place.start)
            line = self._starts_line(dash, column)
            if self.text[dash + 1 : place.start].strip(" "):
                self.indents[self._line(place.start)] = column + _STEP  # the value stands below its dash
            else:
                self.edits.append(Edit(dash + 1, place.start, " "))
            self._value(place, column, line)

    def _starts_line(self, offset: int, column: int) -> int:
        """Note the indentation of the line on which a name or a dash stands first; the line's number."""
        line = self._line(offset)
        if not self.text[self.starts[line] : offset].strip(" "):
            self.indents[line] = column
        return line

    def _line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset)

    # Putting the lines together.

    def _joined(self, lines: list[str]) -> str:
        """The lines with their indentation, without white space at their ends, and with single blank lines between them."""
        out: list[str] = []
        for number, line in enumerate(lines):
            if number in self.inside:
                out.append(self._shifted(line, self.inside[number]))
            elif line.strip():
                out.append(" " * self._indent(number) + line.strip())
            elif out and out[-1].strip():
                out.append("")
        while out and not out[-1].strip():
            out.pop()
        return "\n".join(out) + "\n"

    def _indent(self, number: int) -> int:
        """The indentation of a line; a comment's is that of the field below it, or above it where both are indented alike."""
        if number in self.indents:
            return self.indents[number]
        own = _width(self.lines[number])
        below = next((one for one in range(number + 1, len(self.lines)) if one in self.indents), None)
        if below is not None and _width(self.lines[below]) >= own:
            return self.indents[below]
        above = (one for one in range(number - 1, -1, -1) if one in self.indents)
        nearest = next((one for one in above if _width(self.lines[one]) <= own), None)
        if nearest is not None and (below is None or _width(self.lines[nearest]) == own):
            return self.indents[nearest]
        return self.indents[below] if below is not None else 0

    def _shifted(self, line: str, owner: int) -> str:
        """A further line of a text, moved as far as the line on which its field starts."""
        if not line.strip():
            return line
        move = self.indents.get(owner, 0) - _width(self.lines[owner])
        return " " * (_width(line) + move) + line.lstrip(" ")


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def in_one_line(text: str, place: Place) -> str | None:
    """A value in the spacing of one line: `{value: 86, marks: [provisional]}`; None where a value in it is empty."""
    if not place.inside:
        return (
            text[place.start : place.stop].replace(" ", "")
            if is_in_brackets(text, place)
            else _plain(text, place)
        )
    parts = []
    for inner in place.inside.values():
        value = in_one_line(text, inner)
        if not value:
            return None
        parts.append(value if inner.name is None else f"{text[slice(*inner.name)]}: {value}")
    return f"[{', '.join(parts)}]" if of_items(place) else f"{{{', '.join(parts)}}}"


def _plain(text: str, place: Place) -> str | None:
    source = text[place.start : place.stop]
    return None if "\n" in source else source
