"""What lint writes for the summary of a run: one entry a finding with exactly its words, and no links but ours."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from findings import TODAY, finding, quick, readable, reports
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.lint.reporters import NO_WORKFLOW, Workflow, in_address, summary
from kpi.lint.reporters.github import MOST_BYTES, markdown
from kpi.model.finding import Finding
from kpi.model.text import display
from kpi.pages.markdown import shown
from rendered import read_page
from small import HOURS, SATISFACTION, edited, written

ON_FORK = Workflow("https://github.example", "town/kpis", "0123abc", "figures of May", "somebody/kpis")
ON_GITHUB = ON_FORK._replace(folder="scorecard/", has_manual=True)
TAGS = {"h2", "h3", "p", "ul", "li", "strong", "a", "pre", "code", "span"}


class Entry(NamedTuple):
    """A list item as it is read, and the text to copy in it."""

    words: str
    copied: str | None


class _Entries(HTMLParser):
    """The list items of a rendered page, by the heading that they stand under."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.actual: list[tuple[str, Entry]] = []
        self.heading = ""
        self.open: list[str] = []
        self.words, self.copied = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.open.append(tag)
        if tag == "h3":
            self.heading = ""
        elif tag == "li":
            assert "li" not in self.open[:-1]
            self.words, self.copied = "", ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "li":
            words, write, _ = self.words.partition("\nWrite instead:")
            self.actual.append((self.heading, Entry(words.strip("\n"), self.copied[:-1] if write else None)))
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "h3" in self.open:
            self.heading += data
        elif "pre" in self.open:
            self.copied += data
        elif "li" in self.open:
            self.words += data


def entries(text: str) -> list[tuple[str, Entry]]:
    return _Entries(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)).actual


def expected(each: Finding) -> tuple[str, Entry]:
    said = shown(" ".join(filter(None, (display(each.message, 2000), display(each.help, 2000)))))
    words = f"{each.severity.capitalize()} on line {each.line}: {said} ({each.rule})"
    copied = "\n".join(display(line, 20_000) for line in (each.replacement or "").split("\n"))
    return shown(display(each.path, 400)), Entry(words, copied if each.replacement else None)


@quick
@given(reports(), st.sampled_from([NO_WORKFLOW, ON_GITHUB]))
def test_every_finding_is_one_entry_with_its_words(report: Report, workflow: Workflow) -> None:
    assert sorted(entries(markdown(report, workflow))) == sorted(map(expected, report.findings))


@quick
@given(reports(readable), st.sampled_from([NO_WORKFLOW, ON_GITHUB]))
def test_there_are_no_links_and_no_tags_but_ours(report: Report, workflow: Workflow) -> None:
    page = read_page(markdown(report, workflow))
    server = "https://github.example"
    paths = {in_address(f"scorecard/{item.path}") for item in report.findings}
    ours = {f"{server}/somebody/kpis/edit/figures%20of%20May/{path}" for path in paths}
    for item in report.findings:
        at = f"{server}/town/kpis/blob/0123abc/"
        ours |= {
            f"{at}{in_address('scorecard/' + item.path)}?plain=1#L{item.line}",
            f"{at}scorecard/docs/rules/{item.rule}.md",
        }

    assert set(page.links) == (ours if workflow.server else set())
    assert {tag for tag, _ in page.tags} <= TAGS
    assert all(set(attributes) <= {"href"} for _, attributes in page.tags)


@quick
@given(reports(readable))
def test_nothing_is_mentioned_and_nothing_is_a_formula(report: Report) -> None:
    text = re.sub(r"^ *(`{3,})\n.*?^ *\1$", "", markdown(report), flags=re.MULTILINE | re.DOTALL)

    assert not re.search(r"(?<!<span>)[@$]", text)
    assert not re.search(r"(?<!&)#(?=\w)", text)


def test_the_summary_of_a_run_reads_like_this(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        satisfaction=edited(SATISFACTION, "2023: 81", "2023: 81%"),
        opening_hours=edited(HOURS, "tolerance: 5%, source: library-plan", "tolerance: 5%"),
    )
    at = "https://github.example/town/kpis/blob/0123abc"
    edit = "https://github.example/town/kpis/edit/main"
    report = lint(root, TODAY)
    page = markdown(
        report, Workflow("https://github.example", "town/kpis", "0123abc", "main", has_manual=True)
    )

    assert (
        page
        == f"""\
## Lint

{summary(report)}

- {report.unchecked[0]}

### kpis/people/satisfaction.yaml

[Edit this file]({edit}/kpis/people/satisfaction.yaml)

- **Error** on [line 12]({at}/kpis/people/satisfaction.yaml?plain=1#L12): "81%" has a % sign in it. The unit belongs in \
"unit:", once. Write 81. ([not-a-number]({at}/docs/rules/not-a-number.md))

  Write instead:

  ```
  81
  ```

### kpis/reading/opening-hours.yaml

[Edit this file]({edit}/kpis/reading/opening-hours.yaml)

- **Warning** on [line 11]({at}/kpis/reading/opening-hours.yaml?plain=1#L11): {report.findings[1].message} \
{report.findings[1].help} ([target-source]({at}/docs/rules/target-source.md))
"""
    )


def test_errors_come_first_by_file_and_within_it() -> None:
    a = finding("a", "m", "", None, 1, 1)._replace(severity="warning")
    b, c = a._replace(path="b", line=2), a._replace(path="b", line=7, severity="error")
    reported = entries(markdown(Report((a, b, c), (), ("a", "b"), (), {})))

    assert [(path, entry.words[:15]) for path, entry in reported] == [
        ("b", "Error on line 7"),
        ("b", "Warning on line"),
        ("a", "Warning on line"),
    ]


@pytest.mark.parametrize(("length", "cut"), [(10, False), (1500, True)])
def test_a_long_summary_is_cut_between_entries_and_says_so(length: int, cut: bool) -> None:
    results = [finding(f"kpis/a/{n // 3:03}.yaml", "é" * length, "", "x", 1, 1) for n in range(1000)]
    page = markdown(Report(tuple(results), (), ("p",), (), {}), ON_GITHUB)
    shown_ones = entries(page)

    assert (len(page.encode()) > 800 * 1024) is cut
    assert len(page.encode()) <= MOST_BYTES
    assert [each for _, each in shown_ones] == [expected(item)[1] for item in results[: len(shown_ones)]]
    assert (len(shown_ones) < 1000) is cut
    last = page.rstrip("\n").split("\n")[-1]
    assert (
        last == f"{1000 - len(shown_ones)} more findings had no room here: run kpi lint to see all."
    ) is cut


def test_a_branch_that_is_none_gives_no_way_to_edit() -> None:
    page = markdown(
        Report((finding("p", "m", "", None, 1, 1),), (), ("p",), (), {}), ON_FORK._replace(branch="")
    )

    assert "Edit this file" not in page
    assert "blob/0123abc/p?plain=1#L1" in page


def test_a_clean_run_says_so_in_one_sentence(tmp_path: Path) -> None:
    page = markdown(lint(written(tmp_path), TODAY))

    assert page == "## Lint\n\nNothing to fix. 8 files checked; 1 finding ignored with a reason.\n"
