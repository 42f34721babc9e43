"""The colours of pictures: readable on their card, and states apart by lightness for those who see colours otherwise."""

from itertools import combinations

import pytest

from kpi.pages.charts.svg import COLOURS

SEEN_BY = {
    "most people": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}  # fmt: skip
"""What becomes of linear red, green and blue: Machado, Oliveira and Fernandes 2009, severity 1."""

PAGES = {"light": 0, "dark": 1}


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(name: str, page: str, seen_by: str) -> float:
    rgb = linear(COLOURS[name][PAGES[page]])
    seen = [sum(part * item for part, item in zip(row, rgb, strict=True)) for row in SEEN_BY[seen_by]]
    return sum(
        weight * min(1, max(0, item)) for weight, item in zip((0.2126, 0.7152, 0.0722), seen, strict=True)
    )


def lightness(name: str, page: str, seen_by: str) -> float:
    """L* of CIELAB, from 0 for black to 100 for white."""
    value = luminance(name, page, seen_by)
    return 116 * value ** (1 / 3) - 16 if value > 0.008856 else 903.3 * value


def contrast(name: str, page: str, seen_by: str) -> float:
    card, colour = luminance("card", page, seen_by), luminance(name, page, seen_by)
    return (max(card, colour) + 0.05) / (min(card, colour) + 0.05)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_green_amber_and_red_differ_by_lightness(page: str, seen_by: str) -> None:
    shades = {name: lightness(name, page, seen_by) for name in ("green", "amber", "red")}

    assert all(abs(shades[item] - shades[other]) >= 10 for item, other in combinations(shades, 2)), shades


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_what_is_drawn_stands_out_from_its_card(page: str, seen_by: str) -> None:
    shapes = {name: contrast(name, page, seen_by) for name in ("green", "amber", "red", "new", "old")}
    texts = {name: contrast(name, page, seen_by) for name in ("ink", "quiet")}

    assert min(shapes.values()) >= 3, shapes
    assert min(texts.values()) >= 4.5, texts


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_the_latest_bar_differs_from_earlier_ones_by_lightness(page: str, seen_by: str) -> None:
    assert abs(lightness("new", page, seen_by) - lightness("old", page, seen_by)) >= 10
