"""The website that Zensical makes, looked at in a browser: axe, the keyboard alone, narrow, dark, on paper, and the search.

Three scorecards stand side by side: the police's, the hospital's, and a small one whose KPIs have codes.
"""

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from html import unescape
from itertools import repeat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest

from external.browser import browser
from external.devtools import Page, opened_browser
from external.peers import NPM, ROOT
from hostile_texts import READABLE
from kpi.judge.judgement import judge
from kpi.pages.publish import Scorecard, website
from kpi.pages.scorecard import scorecard_pages
from kpi.store.repository import load
from rendered import read_html, read_page
from small import LOANS, VISITS, edited, scorecard, written
from test_pages_hostile import spoilt
from test_workflows import BASH, KPI, SITE_MADE, Ran

AXE = NPM / "axe-core/axe.min.js"
BROWSER = browser()
ZENSICAL = shutil.which("zensical", path=str(Path(sys.executable).parent))
pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(ZENSICAL is None, reason="zensical is not installed"),
]
in_a_browser = [
    pytest.mark.skipif(not AXE.is_file(), reason="axe is not installed: npm is missing"),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium, Chrome or Edge was found"),
]
WIDE, NARROW = 1300, 400
HOSTILE = '</title><script>x</script><img src=x onerror=y> {{ 7 * 7 }} "<b>" A&E {% include "x" %} </nav>'
KINDS = (
    "", "wmp/", "wmp/reducing-crime/", "wmp/kpis/call-answering/", "wmp/breaches/", "wmp/changes/", "wmp/about/",
    "site/accessibility/", "rrk/kpis/admissions/", "404.html",
)  # fmt: skip
"""A page of each kind."""

FAULTS = """
axe.run(document, {rules: {
  ...Object.fromEntries(axe.getRules().map(rule => [rule.ruleId, {enabled: true}])),
  "color-contrast-enhanced": {enabled: false},
}}).then(said => [
  ...said.violations,
  ...said.incomplete.filter(one => one.id === "identical-links-same-purpose"),
].map(one => [one.impact, one.id, one.nodes.map(node => node.html.slice(0, 200))]))
"""
BEYOND = """[
  document.documentElement.scrollWidth - innerWidth,
  ...[...document.querySelectorAll(".md-typeset__scrollwrap")].map(one => one.scrollWidth - one.clientWidth),
].filter(beyond => beyond > 0)"""
FOCUSED = "(one => [one.textContent.trim() || one.ariaLabel, getComputedStyle(one).outlineStyle])(document.activeElement)"
RESULTS = """[...document.querySelectorAll("*")].flatMap(one => [...one.shadowRoot?.querySelectorAll("[role=option]") ?? []])
  .map(one => one.href.replace(/[?#].*/, ""))"""


class Site(NamedTuple):
    """The built site: its folder, and its address, which ends with a slash."""

    folder: Path
    address: str

    def file(self, name: str) -> Path:
        """The file of a page."""
        return self.folder / name if name.endswith(".html") else self.folder / name / "index.html"

    def pages(self) -> list[str]:
        """Every page, by its address below the site's."""
        actual = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))
        return sorted(name.removesuffix("index.html") for name in actual)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("website")
    loans = edited(LOANS, "title: Loans", "title: Loans\ncode: LIB-07")
    visits = VISITS.replace("title: Visits", f"title: {json.dumps(HOSTILE)}", 1)
    written(folder / "small", loans=loans, visits=visits)
    public = folder / "site/public"
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(public))
    )
    address = f"http://127.0.0.1:{server.server_port}"
    roots = (ROOT, ROOT / "docs/examples/hospital", folder / "small")
    command = [sys.executable, "-m", "kpi", "site", "--output", str(folder / "site"), "--site-at", address]
    subprocess.run([*command, *map(str, roots)], check=True, capture_output=True)
    assert ZENSICAL is not None
    built = subprocess.run(
        [ZENSICAL, "build", "--strict"],
        cwd=folder / "site",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(public, f"{address}/")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    for mark in in_a_browser:
        if mark.args[0]:
            pytest.skip(mark.kwargs["reason"])
    assert BROWSER is not None
    with opened_browser(BROWSER, tmp_path_factory.mktemp("profile")) as tab:
        tab.emulate()
        tab.resize(WIDE)
        yield tab


# What is on it.


def test_no_link_is_broken_and_nothing_is_loaded_from_elsewhere(site: Site) -> None:
    broken, count = [], 0
    for name in site.pages():
        content = site.file(name).read_text(encoding="utf-8")
        for written_target in re.findall(r'\b(?:href|src)="([^"]*)"', content):
            target = unescape(written_target).removeprefix(site.address[:-1])
            if not urlsplit(target).scheme:
                count += 1
                if not leads_somewhere(site, name, target):
                    broken.append((name, target))
        loaded = re.findall(r'<(?:script|img|iframe|source)\b[^>]* src="(https?:[^"]*)"', content)
        loaded += re.findall(
            r'<link\b[^>]*\brel="(?:stylesheet|icon|pre\w+)"[^>]* href="(https?:[^"]*)"', content
        )
        assert [target for target in loaded if not target.startswith(site.address)] == [], name

    assert broken == []
    assert count > 5_000
    assert len(site.pages()) > 100


def leads_somewhere(site: Site, name: str, target: str) -> bool:
    """Whether a link on a page leads to a file of the site, and to a place in it."""
    parts = urlsplit(target)
    start = site.folder if parts.path.startswith("/") else site.file(name).parent
    place = start / unquote(parts.path).lstrip("/") if parts.path else site.file(name)
    file = place / "index.html" if place.is_dir() else place
    return file.is_file() and (
        not parts.fragment or f'id="{parts.fragment}"' in file.read_text(encoding="utf-8")
    )


def test_every_kpi_has_its_page_in_the_order_of_the_plan(site: Site) -> None:
    repository = load(ROOT)
    navigation = (
        site.file("wmp/reducing-crime/")
        .read_text(encoding="utf-8")
        .partition('data-md-level="2"')[2]
        .partition("</nav>")[0]
    )
    shown = re.findall(r'href="\.\./kpis/([^/"]*)/"', navigation)
    (priority,) = (item for item in repository.plan.usable().priorities if item.id == "reducing-crime")

    assert tuple(shown) == priority.kpis


@pytest.mark.parametrize(
    "texts", [READABLE[::9], pytest.param(READABLE, marks=pytest.mark.long)], ids=["some", "all"]
)
def test_zensical_reads_of_each_page_what_github_reads(tmp_path: Path, texts: tuple[str, ...]) -> None:
    """By the library that it uses, with the same extensions: the words, the tables, the headings, and no more tags."""
    markdown = pytest.importorskip("markdown")
    repository, judgement, _ = scorecard(written(tmp_path))
    for number, text in enumerate(texts):
        if len(text) > 1_000:
            continue
        kpis = [
            spoilt(kpi, repeat(text))._replace(commentary=(("2024-01-01", text),)) for kpi in repository.kpis
        ]
        judged = judge(spoilt(judgement.plan, repeat(text)), kpis)
        pages = {name: page for name, page in scorecard_pages(judged, {}).items() if name.endswith(".md")}
        made = website({"": Scorecard(judged, pages, {}, "https://example.org/files")}, "", "")
        names = ("README.md", "kpis/loans.md", "about.md", "people.md")
        for name in names if number % 8 == 0 else names[:2]:
            there = {"README.md": "index.md", "people.md": "people/index.md"}.get(name, name)
            reader = markdown.Markdown(extensions=["md_in_html", "tables", "toc"])
            ours, theirs = read_html(reader.convert(made[f"docs/{there}"])), read_page(pages[name])
            feed = len(ours.text) if name != "README.md" else ours.text.rindex("Feed of what")
            assert ours.text[:feed].split() == theirs.text.split(), (name, ascii(text))
            assert ours.tables == theirs.tables, (name, ascii(text))
            assert ours.headings == theirs.headings
            assert {tag for tag, _ in ours.tags} == {tag for tag, _ in theirs.tags}


def test_a_title_is_text_wherever_zensical_puts_it(site: Site) -> None:
    pages = {
        name: site.file(name).read_text(encoding="utf-8") for name in site.pages() if "riverside" in name
    }
    visits = pages["riverside/kpis/visits/"]

    assert len(pages) > 10
    assert not [name for name, page in pages.items() if re.search("<img src=x|<script>x|<b>|{{ 49", page)]
    assert read_html(visits).headings[0] == HOSTILE
    titles = re.findall(r"<title>(.*)</title>", visits)
    assert [unescape(title) for title in titles] == [f"{HOSTILE} - Scorecards"]


@pytest.mark.skipif(BASH is None or os.name == "nt", reason="needs a Unix shell")
def test_the_workflow_makes_the_site_and_says_so_where_it_can_t(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / ".venv").mkdir()
    (root / ".venv/bin").symlink_to(Path(sys.executable).parent)
    good = Ran(root, SITE_MADE, KPI)
    loans = (root / ".venv/site/public/kpis/loans/index.html").read_text(encoding="utf-8")
    broken = Ran(written(root, loans="title: ["), SITE_MADE, KPI)

    assert good.code == 0, good.log
    assert 'href="https://github.com/owner/figures/edit/main/kpis/reading/loans.yaml"' in loans
    assert broken.code == 1
    assert "::error title=Site::The site was not made." in broken.log


# In a browser.


def faults(page: Page, site: Site, name: str) -> list[object]:
    """What axe finds on a page, with what is folded on it open."""
    page.open(site.address + name)
    page.ask("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.ask(f"{AXE.read_text(encoding='utf-8')}; 0")
    actual: list[object] = page.ask(FAULTS)
    return actual


def test_axe_finds_what_is_planted(page: Page, site: Site) -> None:
    page.open(f"{site.address}wmp/")
    page.ask("document.querySelector('h1').insertAdjacentHTML('afterend', '<h4>Deep</h4><img src=x.svg>')")
    page.ask(f"{AXE.read_text(encoding='utf-8')}; 0")

    assert {fault[1] for fault in page.ask(FAULTS)} == {"heading-order", "image-alt"}


@pytest.mark.parametrize(("width", "scheme", "names"), [(WIDE, "light", KINDS), (NARROW, "dark", KINDS[:4])])
def test_axe_finds_nothing_on_any_kind_of_page(
    page: Page, site: Site, width: int, scheme: str, names: tuple[str, ...]
) -> None:
    page.emulate(scheme=scheme)
    page.resize(width)

    assert {name: actual for name in names if (actual := faults(page, site, name))} == {}


@pytest.mark.long
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(page: Page, site: Site, width: int, scheme: str) -> None:
    page.emulate(scheme=scheme)
    page.resize(width)
    pages = site.pages()

    assert len(pages) > 100
    assert {name: actual for name in pages if (actual := faults(page, site, name))} == {}


def test_no_kind_of_page_is_scrolled_sideways_on_a_phone(page: Page, site: Site) -> None:
    page.emulate()
    page.resize(NARROW)
    actual = {}
    for name in KINDS:
        page.open(site.address + name)
        actual[name] = page.ask(BEYOND)

    assert {name: beyond for name, beyond in actual.items() if beyond} == {}


@pytest.mark.long
def test_no_page_is_scrolled_sideways_on_a_phone(page: Page, site: Site) -> None:
    page.emulate()
    page.resize(NARROW)
    actual = {}
    for name in site.pages():
        page.open(site.address + name)
        actual[name] = page.ask(BEYOND)

    assert {name: beyond for name, beyond in actual.items() if beyond} == {}


def test_colours_follow_the_system_and_can_be_chosen(page: Page, site: Site) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    page.resize(WIDE)
    seen = {}
    for scheme in ("light", "dark"):
        page.emulate(scheme=scheme)
        page.open(f"{site.address}wmp/")
        seen[scheme] = page.ask(background)
    page.ask("document.querySelector('label[for=__palette_1]').click()")

    assert seen["light"] == "rgb(255, 255, 255)"
    assert seen["dark"] != seen["light"]
    assert page.wait(f"{background} === {seen['light']!r}")
    page.ask("localStorage.clear()")


def test_what_is_folded_is_open_on_paper_and_the_menu_is_not_printed(page: Page, site: Site) -> None:
    page.resize(WIDE)
    page.emulate("print")
    page.open(f"{site.address}wmp/")
    shown = "[...document.querySelectorAll('{}')].map(one => one.checkVisibility({{contentVisibilityAuto: true}}) && one.getBoundingClientRect().height > 0)"
    inside, menu = (
        page.ask(shown.format("details > :not(summary)")),
        page.ask(shown.format(".md-sidebar, .md-header")),
    )
    page.emulate()

    assert inside
    assert all(inside)
    assert not any(menu)


# The keyboard alone.


def tab_to(page: Page, words: str, most: int = 60) -> list[str]:
    """Press Tab until something with these words is in focus; what was on the way, each of it with a visible outline."""
    passed = []
    for _ in range(most):
        page.press("Tab")
        name, outline = page.ask(FOCUSED)
        passed.append(name)
        if name == words:
            assert outline != "none"
            return passed
    raise AssertionError(f"{words} can't be reached: {passed}")


def test_the_first_key_leads_past_the_menu(page: Page, site: Site) -> None:
    page.resize(WIDE)
    page.open(f"{site.address}wmp/")

    assert tab_to(page, "Skip to content") == ["Skip to content"]
    page.press("Enter")
    assert page.wait("location.hash.length > 1")
    assert tab_to(page, "Rebuilding community policing", 2)


def test_a_figure_is_reached_from_the_first_page_and_a_folded_part_opened(page: Page, site: Site) -> None:
    page.resize(NARROW)
    page.open(site.address)
    for words in (
        "Police and Crime Plan scorecard",
        "Preventing and reducing crime",
        "Repeat domestic abuse",
    ):
        tab_to(page, words, 80)
        page.press("Enter")
        page.wait(f"document.title.startsWith({words!r}) && document.readyState === 'complete'")
    assert page.ask("location.pathname") == "/wmp/kpis/da-repeat/"

    tab_to(page, "All figures")
    page.press("Enter")
    assert page.wait("document.querySelector('details').open")


def test_on_a_phone_the_menu_is_out_of_the_way_until_it_is_opened(page: Page, site: Site) -> None:
    page.resize(NARROW)
    page.open(f"{site.address}wmp/")
    on_screen = "(one => one.getBoundingClientRect().right > 0)(document.activeElement)"
    for _ in range(12):
        page.press("Tab")
        assert page.ask(on_screen), page.ask("document.activeElement.outerHTML")
    page.open(f"{site.address}wmp/")
    tab_to(page, "Navigation")
    page.press("Enter")
    assert page.wait("document.querySelector('.md-sidebar--primary').checkVisibility()")
    tab_to(page, "About this scorecard", 30)


# The search.


def open_search(page: Page, address: str) -> None:
    page.emulate()
    page.resize(WIDE)
    page.open(address)
    tab_to(page, "Search")
    page.press("Enter")
    assert page.wait("document.activeElement.shadowRoot?.activeElement?.tagName === 'INPUT'")


def not_found(page: Page, wanted: dict[str, str]) -> dict[str, list[str]]:
    """What is not among the results of a search for these words, each with what is found instead."""
    missing = {}
    for words, address in wanted.items():
        page.type(words)
        if not page.wait(f"({RESULTS}).includes({address!r})"):
            missing[words] = page.ask(RESULTS)
        page.call("Input.dispatchKeyEvent", type="keyDown", commands=["selectAll"])
    return missing


def titles(site: Site) -> dict[str, str]:
    """The title of every KPI of the police and the hospital, with the address of its page."""
    roots = {"wmp": ROOT, "rrk": ROOT / "docs/examples/hospital"}
    return {
        kpi.title: f"{site.address}{folder}/kpis/{kpi.id}/"
        for folder, root in roots.items()
        for kpi in load(root).kpis
    }


def test_kpis_are_found_by_title_by_code_and_by_words_of_their_definition(page: Page, site: Site) -> None:
    wanted = dict(list(titles(site).items())[::8])
    wanted |= {
        "LIB-07": f"{site.address}riverside/kpis/loans/",
        "Items lent, and how many of them are books": f"{site.address}riverside/kpis/loans/",
        "calls answered in the time that the Citizens Charter promises": f"{site.address}wmp/kpis/call-answering/",
    }
    open_search(page, f"{site.address}wmp/")

    assert not_found(page, wanted) == {}
    outside = [url for url in page.requests if not url.startswith((site.address, "data:", "blob:", "about:"))]
    assert outside == []
    assert any(url.endswith("search.json") for url in page.requests)


@pytest.mark.long
def test_every_kpi_is_found_by_its_title(page: Page, site: Site) -> None:
    open_search(page, f"{site.address}wmp/")

    assert len(titles(site)) == 82
    assert not_found(page, titles(site)) == {}
