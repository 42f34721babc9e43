"""The documents name only what is there, link only to what is there, and are written in plain British English."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from cmarkgfm import github_flavored_markdown_to_html

from guides import DOCS, HANDWRITTEN, ROOT, TODAY
from kpi.pages.markdown import Anchors
from kpi.store.starter import starting_files
from manual_pages import EXAMPLE

PACKAGE = ROOT / "tools" / "kpi"
MONTH = {"kpis/care/care-line.yaml", "care-line.yaml"}
"""Files of the council in docs/a-month.md that the example of the other guides doesn't have."""
BEGUN = starting_files(TODAY).keys()
"""What `kpi init` writes."""
EXPORTED = {
    "datapackage.json",
    "figures.csv",
    "all/",
    "site/docs/site/accessibility.md",
    "kpis/accessibility.md",
}
"""What the documents about exports have their reader write."""
BASES = [ROOT, PACKAGE, PACKAGE / "rules"]
"""Where a path in a document may start: at the root, or for the code's own guides in the package."""


class Page(HTMLParser):
    """A document as a reader sees it: prose, code, links, and the anchors of its headings."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.codes: list[str] = []
        self.prose: list[str] = []
        self.anchors: set[str] = set()
        self._open: list[str] = []
        self._heading = ""
        self._names = Anchors()
        self.feed(github_flavored_markdown_to_html(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag in {"a", "img"}:
            self.links.append(dict(attrs).get("href" if tag == "a" else "src") or "")
        if tag in {"code", "h1", "h2", "h3", "h4", "h5", "h6"}:
            self._heading = self._heading if tag == "code" else ""
            if tag == "code" and "pre" not in self._open:
                self.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if re.fullmatch("h[1-6]", tag):
            self.anchors.add(self._names.add(self._heading))

    def handle_data(self, data: str) -> None:
        if any(re.fullmatch("h[1-6]", tag) for tag in self._open):
            self._heading += data
        if "code" not in self._open:
            self.prose.append(data)
        elif "pre" not in self._open:
            self.codes[-1] += data


@cache
def page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


# Links.


def test_every_link_leads_to_something() -> None:
    for path, target in ((guide, link) for guide in HANDWRITTEN for link in page(guide).links):
        if re.match("https://", target):
            continue
        file, _, anchor = unquote(target).partition("#")
        there = (path.parent / file).resolve() if file else path
        if is_of_content(there):
            continue
        assert there.exists(), (path, target)
        assert there.is_relative_to(ROOT), (path, target)
        if anchor:
            assert anchor in page(there).anchors, (path, target)


def is_of_content(path: Path) -> bool:
    """Whether a path is one of the first content's files or pages: tests/content looks whether it is there."""
    return path.is_relative_to(ROOT / "kpis") or path.is_relative_to(ROOT / "docs/scorecard")


def test_every_guide_can_be_reached_from_the_readme() -> None:
    reached, new = set(), {ROOT / "README.md"}
    while new:
        reached |= new
        links = {
            (guide.parent / target.partition("#")[0]).resolve()
            for guide in new
            for target in page(guide).links
            if not target.startswith("https://")
        }
        new = (links & set(HANDWRITTEN)) - reached

    assert set(HANDWRITTEN) - reached == set()


# Paths.


def looks_like_a_path(text: str) -> bool:
    """Whether a piece of code in a sentence names a file or folder of the repository."""
    if re.search(r"[\s:={}\[\]]", text) or re.match(r"[\d.]*/|\d|\.venv/|inbox/|https", text):
        return False
    first = text.partition("/")[0]
    return (
        bool(re.search(r"\.(?:md|py|yaml|yml|json|toml|txt|csv)$", text))
        or ("/" in text and any((base / first).exists() for base in BASES))
        or text.endswith("/")
    )


def exists(text: str) -> bool:
    """Whether there is such a file; `<kpi>` stands for any name, and `model/finding.Finding` for its module."""
    shape = re.sub(r"<[a-z]+>", "*", text).rstrip("/")
    shapes = [shape, f"{shape}.py", f"{shape.rpartition('.')[0]}.py"]
    return any(list(base.glob(shape)) for base in BASES for shape in shapes if shape != ".py")


def test_every_path_that_is_named_is_there() -> None:
    named = {text for path in HANDWRITTEN for text in page(path).codes if looks_like_a_path(text)}

    assert {
        text
        for text in named - EXAMPLE.keys() - MONTH - BEGUN - EXPORTED
        if not is_of_content(ROOT / text) and not exists(text)
    } == set()


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("kpis/<priority>/<kpi>.yaml", True),
        ("model/finding.Problem", True),
        ("store/paths", True),
        ("values.py", True),
        ("docs/scorecard/", True),
        ("tools/kpi/utils.py", False),
        ("store/nowhere", False),
        ("docs/rules.md", False),
    ],
)
def test_a_path_is_known_for_one_and_looked_for(text: str, there: bool) -> None:
    assert looks_like_a_path(text)
    assert exists(text) is there


@pytest.mark.parametrize(
    "text", ["2022/23", "kpi/measure", "12 months to 2022-12", ".venv/bin/kpi", "{near: 1}"]
)
def test_other_code_is_no_path(text: str) -> None:
    assert not looks_like_a_path(text)


def test_the_guides_that_the_code_names_are_there() -> None:
    named = {
        (file.name, *guide)
        for file in [*PACKAGE.rglob("*.py"), ROOT / "pyproject.toml"]
        for guide in re.findall(r'(docs/[\w-]+\.md)(?:, "([^"]+)")?', file.read_text(encoding="utf-8"))
    }

    assert named
    for _, guide, title in named:
        assert (ROOT / guide).is_file(), guide
        assert not title or f"## {title}\n" in (ROOT / guide).read_text(encoding="utf-8"), title


# Words.


AMERICAN = {
    "analyze": "analyse",
    "behavior": "behaviour",
    "canceled": "cancelled",
    "catalog": "catalogue",
    "center": "centre",
    "color": "colour",
    "favor": "favour",
    "fulfill": "fulfil",
    "gray": "grey",
    "judgment": "judgement",
    "labeled": "labelled",
    "license": "licence",
    "modeling": "modelling",
    "normalize": "normalise",
    "organization": "organisation",
    "organize": "organise",
    "recognize": "recognise",
    "summarize": "summarise",
}


def test_prose_is_in_british_spelling() -> None:
    actual = re.compile(rf"\b({'|'.join(AMERICAN)})(?:s|d|ed|ing)?\b")
    american = {
        (path.name, word)
        for path in HANDWRITTEN
        for word in actual.findall(" ".join(page(path).prose).lower())
    }

    assert {(name, word, AMERICAN[word]) for name, word in american} == set()


def test_no_machine_and_no_package_registry_is_named() -> None:
    machines = re.compile(r"(?<![\w.])/(?:home|Users|root|tmp|work|mnt|opt|var)/\S*|[A-Z]:\\\S*")
    registries = re.compile(
        r"pypi\.\w+|pythonhosted|npmjs|index-url|extra-index|devpi|artifactory", re.IGNORECASE
    )

    for path in HANDWRITTEN:
        text = path.read_text(encoding="utf-8")
        assert [*machines.findall(text), *registries.findall(text)] == [], path


def test_a_document_has_one_title_and_ends_with_a_line_end() -> None:
    for path in HANDWRITTEN:
        text = path.read_text(encoding="utf-8")
        outside = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)

        assert text.startswith("# "), path
        assert len(re.findall(r"^# ", outside, re.MULTILINE)) == 1, path
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path


def test_there_are_documents_to_look_at() -> None:
    assert {"README.md", "CONTRIBUTING.md", "kpi-file.md", "decisions.md"} <= {
        path.name for path in HANDWRITTEN
    }
    assert page(DOCS / "judgement.md").anchors >= {"comparable", "the-day", "the-status-of-a-kpi"}


def test_decisions_stand_by_subject_each_in_a_short_paragraph() -> None:
    text = (DOCS / "decisions.md").read_text(encoding="utf-8")
    prose = re.sub(r"^\|.*\n", "", text, flags=re.MULTILINE)
    entries = re.split(r"^### ", prose, flags=re.MULTILINE)[1:]

    assert re.findall(r"^#+ \d{4}-.*", text, re.MULTILINE) == []
    assert 40 <= len(entries) <= 60
    assert [entry.partition("\n")[0] for entry in entries if len(entry.split()) > 120] == []
