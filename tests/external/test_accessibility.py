"""axe, the accessibility checker, over the committed scorecard as GitHub shows it, the board paper, and the guides."""

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from external.browser import browser, opened
from external.peers import NPM, ROOT
from kpi.pages.markdown import Anchors
from kpi.pages.scorecard import paper
from small import scorecard

AXE = NPM / "axe-core/axe.min.js"
BROWSER = browser()
pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not AXE.is_file(), reason="axe is not installed: npm is missing"),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium, Chrome or Edge was found"),
]

PAGE = """\
<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Checking</title>
<style>
body { color: #1f2328; background: #fff; font: 16px/1.5 sans-serif; }
a { color: #0969da; text-decoration: underline; }
code, pre { background: #f6f8fa; }
th, td { border: 1px solid #d1d9e0; padding: 6px 13px; }
</style></head>
<body><main></main>
<script src="axe.min.js"></script>
<script type="application/json" id="pages">@pages@</script>
<script>
const rules = {rules: Object.fromEntries(axe.getRules().map(rule => [rule.ruleId, {enabled: true}]))};
rules.rules["color-contrast-enhanced"] = {enabled: false};  // the colours are GitHub's
async function check() {
  const found = {};
  for (const [name, html] of Object.entries(JSON.parse(document.getElementById("pages").textContent))) {
    document.querySelector("main").innerHTML = html;
    document.title = name;
    const said = await axe.run(document, rules);
    const alike = said.incomplete.filter(one => one.id === "identical-links-same-purpose");  // it never decides
    found[name] = [...said.violations, ...alike].map(one => [one.impact, one.id, one.nodes.map(node => node.html)]);
  }
  document.body.innerHTML = "<pre id='found'></pre>";
  document.getElementById("found").textContent = JSON.stringify(found);
}
check();
</script></body></html>
"""
"""Shows one page after the other where GitHub has its article, and asks all of axe's rules about each."""


class Fault(NamedTuple):
    impact: str
    rule: str
    places: list[str]


def rendered(markdown: str) -> str:
    """A page's HTML, headings with their anchors as GitHub gives them."""
    anchors = Anchors()

    def heading(actual: re.Match[str]) -> str:
        plain = html.unescape(re.sub(r"<[^>]*>", "", actual[2]))
        return f'<h{actual[1]} id="{anchors.add(plain)}">{actual[2]}</h{actual[1]}>'

    options = Options.CMARK_OPT_FOOTNOTES | Options.CMARK_OPT_UNSAFE
    made = cmarkgfm.markdown_to_html_with_extensions(
        markdown, options, ["table", "autolink", "strikethrough"]
    )
    return re.sub(r"<h([1-6])>(.*?)</h\1>", heading, made)


def checked(pages: Mapping[str, str], folder: Path) -> dict[str, list[Fault]]:
    """What axe finds on each page, given as Markdown."""
    assert BROWSER is not None
    (folder / "axe.min.js").write_bytes(AXE.read_bytes())
    given = json.dumps({name: rendered(text) for name, text in pages.items()}).replace("<", "\\u003c")
    (folder / "page.html").write_text(PAGE.replace("@pages@", given), encoding="utf-8")
    match = re.search(
        r'<pre id="found">(.*?)</pre>', opened(BROWSER, folder / "page.html", folder / "profile"), re.DOTALL
    )
    assert match, "the checker did not come to an end"
    actual: dict[str, Any] = json.loads(html.unescape(match[1]))
    return {name: [Fault(*fault) for fault in faults] for name, faults in actual.items()}


def test_the_checker_finds_what_is_planted(tmp_path: Path) -> None:
    planted = {
        "No text for a picture": '# A\n\n<img src="x.svg">',
        "A header without a name": "# A\n\n|  | B |\n| --- | --- |\n| 1 | 2 |",
        "A level left out": "# A\n\n### B",
        "A link without a name": "# A\n\n[](https://example.org)",
        "One name for two places": "# A\n\n[B](https://example.org/b) and [B](https://example.org/c)",
        "Nothing": "# A\n\nText.",
    }
    actual = checked(planted, tmp_path)

    assert [[fault.rule for fault in actual[name]] for name in planted] == [
        ["image-alt"],
        ["empty-table-header"],
        ["heading-order"],
        ["link-name"],
        ["identical-links-same-purpose"],
        [],
    ]


def test_nothing_is_found_on_the_scorecard_the_paper_and_the_guides(tmp_path: Path) -> None:
    files = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    pages = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in sorted(files)}
    pages["kpi paper"] = paper(scorecard(ROOT)[1])
    actual = checked(pages, tmp_path)

    assert actual.keys() == pages.keys()
    assert {"docs/scorecard/README.md", "docs/scorecard/breaches.md"} < actual.keys()
    assert {name: faults for name, faults in actual.items() if faults} == {}
