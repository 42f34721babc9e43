"""How high the committed pages are with GitHub's style, folded parts closed, and that none has to be scrolled sideways."""

import html
import json
import re
from pathlib import Path

import pytest

from external.browser import browser, opened
from external.peers import NPM, ROOT
from external.test_accessibility import rendered

STYLE = NPM / "github-markdown-css/github-markdown-light.css"
BROWSER = browser()
SCORECARD = ROOT / "docs/scorecard"
WIDE, NARROW = 1100, 400
pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not STYLE.is_file(), reason="github-markdown-css is not installed: npm is missing"),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium, Chrome or Edge was found"),
]

PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><base href="@base@/"><style>@style@
body { margin: 0 } ::-webkit-scrollbar { display: none }
.markdown-body { font-family: "Liberation Sans"; padding: 16px; box-sizing: border-box }
</style></head><body><article class="markdown-body">@body@</article></body></html>"""
FRAMES = """<!doctype html><meta charset="utf-8"><body><script>
(async () => {
  const found = {};
  for (const [name, source] of Object.entries(@pages@)) for (const width of [@wide@, @narrow@]) {
    const frame = document.createElement("iframe");
    frame.style = `width: ${width}px; height: 800px; border: 0`;
    frame.srcdoc = source;
    document.body.append(frame);
    await new Promise(done => frame.onload = done);
    const page = frame.contentDocument;
    (found[name] ||= []).push([page.querySelector("article").offsetHeight, page.documentElement.scrollWidth - width]);
    frame.remove();
  }
  document.body.innerHTML = "<pre id='found'></pre>";
  document.getElementById("found").textContent = JSON.stringify(found);
})();
</script></body>"""


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[int, int]]]:
    """Of each page the height and what is wider than the screen, wide and narrow."""
    names = ["README.md", "kpis/neighbourhood-crime.md", *(path.name for path in SCORECARD.glob("*.md"))]
    pages = {}
    for name in dict.fromkeys(names):
        path = SCORECARD / name
        page = PAGE.replace("@style@", STYLE.read_text(encoding="utf-8")).replace(
            "@base@", path.parent.as_uri()
        )
        pages[name] = page.replace("@body@", rendered(path.read_text(encoding="utf-8")))
    folder = tmp_path_factory.mktemp("heights")
    text = FRAMES.replace("@wide@", str(WIDE)).replace("@narrow@", str(NARROW))
    text = text.replace("@pages@", json.dumps(pages).replace("</", "<\\/"))
    (folder / "frames.html").write_text(text, encoding="utf-8")
    assert BROWSER is not None
    match = re.search(
        r'<pre id="found">(.*?)</pre>', opened(BROWSER, folder / "frames.html", folder / "profile"), re.DOTALL
    )
    assert match
    return json.loads(html.unescape(match[1]))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("name", "wide", "narrow"),
    [
        ("README.md", 3_000, 4_500),
        ("violence.md", 1_200, 2_000),
        ("kpis/neighbourhood-crime.md", 1_500, 2_200),
    ],
)
def test_a_page_is_no_higher_than_a_board_reads(
    sizes: dict[str, list[tuple[int, int]]], name: str, wide: int, narrow: int
) -> None:
    (at_wide, _), (at_narrow, _) = sizes[name]

    assert 300 < at_wide <= wide
    assert at_wide <= at_narrow <= narrow


def test_a_priority_s_page_has_45_pixels_a_row(sizes: dict[str, list[tuple[int, int]]]) -> None:
    for path in SCORECARD.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        if "| Meaning |" in text:
            rows = len(re.findall(r"^\| ", text, re.MULTILINE)) - 2
            assert sizes[path.name][0][0] <= 45 * rows + 500, path.name


def test_no_page_is_scrolled_sideways(sizes: dict[str, list[tuple[int, int]]]) -> None:
    assert {name: actual for name, actual in sizes.items() if any(beyond > 0 for _, beyond in actual)} == {}


def words(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").split())


def test_all_pages_together_have_20_000_words_at_most() -> None:
    assert sum(map(words, SCORECARD.rglob("*.md"))) <= 20_000
