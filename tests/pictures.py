"""A chart as a picture: what stands where, read back from its SVG, for tests to look at."""

import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

from kpi.pages.charts.plane import HEIGHT, WIDTH
from kpi.pages.charts.svg import SIZE, text_width

ALLOWED = {"svg", "title", "desc", "rect", "text", "path", "circle"}
_STEP = re.compile(r"([MLHVhlvz])([^MLHVhlvz]*)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9])?|-?\.[0-9]")


class Box(NamedTuple):
    """Where a text stands."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        """Whether the two share a point."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def boxes(root: ET.Element) -> list[Box]:
    """The texts of a chart with the room they take in the widest usual font."""
    return [_box(one) for one in root.iter() if one.tag.endswith("}text")]


def _box(one: ET.Element) -> Box:
    size, text = int(one.get("font-size", SIZE)), one.text or ""
    x, y, wide = float(one.attrib["x"]), float(one.attrib["y"]), text_width(text, size)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.get("text-anchor", "start")]
    return Box(text, left, left + wide, y - size * 0.78, y + size * 0.22)


def points(steps: str) -> list[tuple[float, float]]:
    """The points that a path goes through; its small steps to draw a dot or a diamond are left out."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    for name, rest in _STEP.findall(steps):
        numbers = [float(one) for one in _NUMBER.findall(rest)]
        if name in "ML":
            x, y = numbers
        elif name == "H":
            (x,) = numbers
        elif name == "V":
            (y,) = numbers
        else:
            continue
        found.append((x, y))
    return found


def check(text: str) -> ET.Element:
    """Hold a chart to what every chart is: well-formed, harmless, within its card, and with its texts apart."""
    root = ET.fromstring(text)
    assert {one.tag.rpartition("}")[2] for one in root.iter()} <= ALLOWED
    assert root.attrib["role"] == "img"
    assert [one.tag.rpartition("}")[2] for one in list(root)[:2]] == ["title", "desc"]
    for one in root.iter():
        if "d" in one.attrib:
            assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points(one.attrib["d"])), one.attrib
    found = boxes(root)
    for place, box in enumerate(found):
        assert box.left >= 0
        assert box.right <= WIDTH, box
        assert box.top >= 0
        assert box.bottom <= HEIGHT, box
        assert not [other for other in found[:place] if box.touches(other)], box
    return root
