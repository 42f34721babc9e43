"""Every link of the generated pages leads somewhere: to a page, a heading on it, a file of the repository, or https."""

import posixpath
from pathlib import Path
from urllib.parse import unquote

import pytest

from kpi.pages import links
from kpi.pages.markdown import Anchors
from rendered import NO_PAGE, Page, read_page
from repositories import has_another_plan
from small import scorecard, written

ROOT = Path(__file__).parent.parent
SCORECARD = "docs/scorecard"


@pytest.fixture(scope="module", params=["small", "real"])
def pages(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Page]]:
    root = ROOT if request.param == "real" else written(tmp_path_factory.mktemp("small"))
    return root, {
        name: read_page(text) if name.endswith(".md") else NO_PAGE
        for name, text in scorecard(root)[2].items()
    }


def anchors_of(page: Page) -> set[str]:
    actual = Anchors()
    return {actual.add(text) for text in page.headings}


def targets(name: str, page: Page) -> set[tuple[str, str]]:
    """The relative links of a page, as (path from `docs/scorecard/`, anchor)."""
    names = set()
    for link in page.links:
        if not link.startswith("https://"):
            path, _, anchor = link.partition("#")
            there = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path))) if path else name
            )
            names.add((there, anchor))
    return names


def test_every_relative_link_leads_to_a_page_and_a_heading_or_to_a_file(
    pages: tuple[Path, dict[str, Page]],
) -> None:
    root, site = pages
    for name, page in site.items():
        for there, anchor in targets(name, page):
            if there in site:
                assert not anchor or anchor in anchors_of(site[there]), (name, there, anchor)
            else:
                assert there.startswith("../../kpis/"), (name, there)
                assert not anchor
                assert (root / SCORECARD / there).resolve().is_file(), (name, there)


def test_the_front_page_links_to_every_page_beside_it(pages: tuple[Path, dict[str, Page]]) -> None:
    linked = {name for name, _ in targets("README.md", pages[1]["README.md"])}
    beside = {name for name in pages[1] if "/" not in name and name != links.FRONT}

    assert beside <= linked


def test_every_page_can_be_reached_from_the_front_page_and_leads_back(
    pages: tuple[Path, dict[str, Page]],
) -> None:
    _, site = pages
    reached, waiting = set(), ["README.md"]
    while waiting:
        name = waiting.pop()
        if name in site and name not in reached:
            reached.add(name)
            waiting += [there for there, _ in targets(name, site[name])]

    assert reached == set(site)
    others = [(name, page) for name, page in site.items() if name.endswith(".md") and name != "README.md"]
    assert all(("README.md", "") in targets(name, page) for name, page in others)


def test_every_kpi_page_links_to_its_own_file(pages: tuple[Path, dict[str, Page]]) -> None:
    for name, page in pages[1].items():
        if name.startswith("kpis/"):
            files = [there for there, _ in targets(name, page) if there.startswith("../../kpis/")]
            assert [Path(file).stem for file in files] == [Path(name).stem]


def test_every_other_link_is_https(pages: tuple[Path, dict[str, Page]]) -> None:
    outside = {link for page in pages[1].values() for link in page.links if ":" in link}

    assert outside or has_another_plan()
    assert all(link.startswith("https://") for link in outside)


@pytest.mark.parametrize(
    ("here", "there", "anchor", "link"),
    [
        ("README.md", "violence.md", "", "violence.md"),
        ("README.md", "violence.md", "knives", "violence.md#knives"),
        ("README.md", "kpis/homicide.md", "", "kpis/homicide.md"),
        ("kpis/homicide.md", "README.md", "", "../README.md"),
        ("kpis/homicide.md", "kpis/gun-crime.md", "figures", "gun-crime.md#figures"),
        ("kpis/homicide.md", "kpis/homicide.md", "figures", "#figures"),
    ],
)
def test_a_link_is_relative_to_the_page_it_stands_on(here: str, there: str, anchor: str, link: str) -> None:
    assert links.between(here, there, anchor) == link
