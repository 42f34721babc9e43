"""A picture read back from its SVG, for tests to look at: what stands where, in which colour."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

from kpi.pages.charts.svg import SIZE, WIDTH, text_width

ALLOWED = {"svg", "title", "desc", "style", "rect", "text", "path"}
BAR = re.compile(r"M(-?[0-9.]+) (-?[0-9.]+)H(-?[0-9.]+)V(-?[0-9.]+)H-?[0-9.]+z")
LINE = re.compile(r"M(-?[0-9.]+) (-?[0-9.]+)H(-?[0-9.]+)")
_PLACE = re.compile(r"([MLHV])(-?[0-9.]+)(?: (-?[0-9.]+))?")
_STEPS = re.compile(r"M([0-9]+ [0-9]+)((?:[lm ]?-?[0-9]+[ -][0-9]+|h0)+)")


class Box(NamedTuple):
    """Where a text stands."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: int

    def touches(self, other: "Box") -> bool:
        """Whether the two share a point."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Bar(NamedTuple):
    """A bar, with its colour."""

    left: float
    right: float
    top: float
    bottom: float
    colour: str

    @property
    def middle(self) -> float:
        """How far its middle is from the left."""
        return (self.left + self.right) / 2


def boxes(root: ET.Element) -> list[Box]:
    """The texts of a picture with the room they take in the widest usual font."""
    return [_box(element) for element in root.iter() if element.tag.endswith("}text")]


def _box(each: ET.Element) -> Box:
    size, text = int(each.get("font-size", SIZE)), each.text or ""
    x, y = float(each.attrib["x"]), float(each.attrib["y"])
    wide = text_width(text, size, bold="font-weight" in each.attrib)
    classes = each.get("class", "").split()
    left = x - (wide / 2 if "middle" in classes else wide if "end" in classes else 0)
    return Box(text, left, left + wide, y - size * 0.78, y + size * 0.22, size)


def bars(text: str, colours: Sequence[str] = ("old", "new", "green", "amber", "red")) -> list[Bar]:
    """The bars of a picture from left to right: filled ones and outlines."""
    actual = []
    for element in ET.fromstring(text).iter():
        classes = element.get("class", "").replace("card ", "").replace("-line", "").split()
        if element.tag.endswith("}path") and classes and classes[0] in colours:
            for left, top, right, bottom in BAR.findall(element.attrib["d"]):
                actual.append(Bar(float(left), float(right), float(top), float(bottom), classes[0]))
    return sorted(actual)


def dashed(text: str, colour: str = "ink") -> list[tuple[float, float, float]]:
    """The level dashed lines of a colour, without the samples of the key: from where, to where, how high."""
    texts = re.findall(rf'<path class="none {colour}-line dash" d="([^"]+)"', text)
    return [(float(a), float(b), float(y)) for steps in texts for a, y, b in LINE.findall(steps)]


def points(steps: str) -> list[tuple[int, int]]:
    """Where lines of whole pixels, each step of which is seen from the one before, go through."""
    actual = []
    for start, others in _STEPS.findall(steps):
        x, y = map(int, start.split())
        actual.append((x, y))
        for right, down in re.findall(r"(-?[0-9]+) ?(-?[0-9]+)", others.replace("h0", "")):
            x, y = x + int(right), y + int(down)
            actual.append((x, y))
    return actual


def check(text: str) -> ET.Element:
    """Hold a picture to what every one is: well-formed, harmless, inside its card, its texts large enough and apart."""
    root = ET.fromstring(text)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= ALLOWED
    assert root.attrib["role"] == "img"
    assert [item.tag.rpartition("}")[2] for item in list(root)[:2]] == ["title", "desc"]
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    assert wide == WIDTH == 360
    for element in root.iter():
        for name, first, second in _PLACE.findall(element.get("d", "")):
            x, y = (first, second or 0) if name in "MLH" else (0, first)
            assert -1 <= float(x) <= wide + 1, element.attrib
            assert -1 <= float(y) <= high + 1, element.attrib
        assert all(0 <= x <= wide and 0 <= y <= high for x, y in points(element.get("d", ""))), element.attrib
    actual = boxes(root)
    for place, box in enumerate(actual):
        assert box.size >= 11
        assert box.left >= 0, box
        assert box.right <= wide + 1, box
        assert box.top >= 0, box
        assert box.bottom <= high, box
        assert not [other for other in actual[:place] if box.touches(other)], box
    _check_colours(root)
    return root


def _check_colours(root: ET.Element) -> None:
    """The card and every colour on it are said for light pages and for dark ones."""
    (style,) = (element.text or "" for element in root.iter() if element.tag.endswith("}style"))
    light, dark = style.split("@media(prefers-color-scheme:dark)")
    used = {name for element in root.iter() for name in element.get("class", "").split()}
    painted = used - {"none", "middle", "end", "thick", "dash", "spot"}
    assert "card" in used
    assert {name for name in painted if f".{name}{{" not in light or f".{name}{{" not in dark} == set()
