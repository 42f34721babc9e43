"""Text from files becomes Markdown that GitHub's own parser renders as exactly that text, with nothing active in it."""

import html
import re
from collections.abc import Iterator

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import example, given
from hypothesis import strategies as st

from hostile_texts import READABLE as HOSTILE
from kpi.pages.markdown import Anchors, bullets, heading, inline, link, page, paragraph, shown, slug, table
from trials import trials

quick = trials(200)


ALPHABET = [
    *"|\\`*_<>&#[]()!~@$:-+=./'\"ab 1é\n\t{}^%", "http://x.y", "www.a.b", ":tada:", "&lt;", "<b>", "<!--", "-->", "](x)",
    "**", "~~", "`x`", "1. ", "- ", "# ", "> ", "---", "@user", "#12", "$x$", "\u200b", "\u202e", "a@b.c", "</table>", "|-|",
]  # fmt: skip

texts = st.one_of(
    st.lists(st.sampled_from(ALPHABET), max_size=12).map("".join),
    st.text(max_size=40),
    st.sampled_from(HOSTILE),
)


def rendered(markdown: str) -> str:
    """What GitHub's parser makes of it; raw HTML is kept, so that any that slips through is seen."""
    made: str = cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    return made


def plain(piece: str) -> str:
    """The text of a piece of HTML in which nothing stands but text and the spans of `inline`."""
    without = re.sub(r"<span>([@$:.])</span>", r"\1", piece)
    assert "<" not in without, piece
    return html.unescape(without)


def only(pattern: str, markdown: str) -> str:
    """The text of the one element that a page consists of."""
    match = re.fullmatch(pattern, rendered(markdown), re.DOTALL)
    assert match, rendered(markdown)
    return plain(match[1])


def test_a_hostile_cell_is_one_cell_with_exactly_its_text() -> None:
    for text in HOSTILE:
        made = rendered(table(("A", "B", "C"), [("x", inline(text), "z"), (inline(text), "y", inline(text))]))

        cells = [plain(cell) for cell in re.findall(r"<td>(.*?)</td>", made, re.DOTALL)]
        assert cells == ["x", shown(text), "z", shown(text), "y", shown(text)]


@quick
@given(st.lists(texts, min_size=1, max_size=20))
def test_any_text_in_any_row_of_a_table_is_one_cell_with_exactly_its_text(column: list[str]) -> None:
    made = rendered(table((inline(column[0]), "Z"), [(inline(text), "z") for text in column]))

    rows = re.findall(r"<tr>\n<td>(.*?)</td>\n<td>z</td>\n</tr>", made, re.DOTALL)
    assert [plain(cell) for cell in rows] == [shown(text) for text in column]
    assert made.count("<tr>") == len(column) + 1


@quick
@given(texts)
def test_a_paragraph_is_one_paragraph_with_exactly_its_text(text: str) -> None:
    if shown(text):
        assert only(r"<p>(.*)</p>\n", page([paragraph(text)])) == shown(text)


LOOKED_FOR = re.compile(r":[\w+-]+:|@\w|\w@|\$\S.*\$|://|(?i:www)\.")
"""What GitHub looks for in the texts of a finished page, tag by tag: emoji, mentions, mail addresses, formulas, addresses."""


@quick
@given(texts)
@example(":white_check_mark: :100: a:b:c")
@example("@user a@b.org $x$ www.a.b https://a.b")
def test_nothing_is_left_for_github_to_find_in_the_finished_page(text: str) -> None:
    pieces = re.split(r"<[^>]*>", rendered(page([paragraph(text)])))

    assert not [piece for piece in pieces if LOOKED_FOR.search(html.unescape(piece))]


@quick
@given(texts, st.integers(1, 6))
def test_a_heading_is_one_heading_with_exactly_its_text(text: str, level: int) -> None:
    assert only(rf"<h{level}>(.*)</h{level}>\n", page([heading(level, text)])) == shown(text)


@quick
@given(texts)
def test_a_list_item_holds_exactly_its_text(text: str) -> None:
    if shown(text):
        assert only(r"<ul>\n<li>(.*)</li>\n</ul>\n", page([bullets([paragraph(text)])])) == shown(text)


@quick
@given(texts)
def test_text_after_a_bold_name_is_exactly_itself(text: str) -> None:
    assert only(r"<p><strong>Note</strong>:(.*)</p>\n", f"**Note**: {inline(text)}").strip() == shown(text)


@quick
@given(texts, texts)
def test_a_link_has_exactly_its_text_and_one_target_that_no_text_can_leave(text: str, target: str) -> None:
    made = rendered(f"a {link(text, f'kpis/{target}')} z")

    match = re.fullmatch(r'<p>a <a href="(kpis/[^"<> ]*)">(.*)</a> z</p>\n', made, re.DOTALL)
    assert match, made
    assert plain(match[2]) == shown(text)


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/a?b=1&copy=2&lt;#top",
        "https://example.org/a%20b?c=d,e;f",
        "../../../kpis/violence/homicide.yaml",
        "page.md#police-powers-stop-and-search",
    ],
)
def test_a_target_arrives_as_it_was_given(target: str) -> None:
    (actual,) = re.findall(r'href="([^"]*)"', rendered(link("x", target)))

    assert html.unescape(actual) == target


@quick
@given(st.lists(texts, min_size=2, max_size=8), st.integers(0, 7), texts)
def test_one_changed_cell_changes_one_line(column: list[str], at: int, new: str) -> None:
    old = [(inline(text), "1", "2") for text in column]
    changed = list(old)
    changed[at % len(old)] = (inline(new) + " and much more than there was before", "1", "2")
    before, after = table("ABC", old, right=(1,)).split("\n"), table("ABC", changed, right=(1,)).split("\n")

    assert len(before) == len(after) == len(column) + 2
    assert [item != other for item, other in zip(before, after, strict=True)].count(True) == 1


def test_columns_are_aligned_right_whichever_way_their_numbers_are_given() -> None:
    def numbers() -> Iterator[int]:
        yield from (1, 2)

    assert table("ABC", [("a", "b", "c")], right=numbers()).split("\n")[1] == "| --- | ---: | ---: |"


def test_numbers_in_cells_stay_as_they_are_typed() -> None:
    cells = ("1.50", "1e3", "007", "1_000", "-5", "+5", ".5", "")

    assert table("ABCDEFGH", [cells]).split("\n")[2] == "| 1.50 | 1e3 | 007 | 1_000 | -5 | +5 | .5 |  |"


def test_ordinary_text_is_readable_in_the_file_too() -> None:
    text = 'Arrests (12:27) per 1,000 - 5%: "Ask for Angela", A&E; x/y = 3.2s (2022/23).'

    assert inline(text) == text.replace("&", "&amp;")


ANCHORS = [
    ("Targets not met", "targets-not-met"),
    ("Part of the way", "part-of-the-way"),
    ("Police powers (stop and search; Section 163 traffic stops; use of force)",
     "police-powers-stop-and-search-section-163-traffic-stops-use-of-force"),
    ("What's new?", "whats-new"),
    ("C++ & C#", "c--c"),
    ("a - b", "a---b"),
    ("100% of £5", "100-of-5"),
    ("snake_case and-dash", "snake_case-and-dash"),
    ("Über Größe", "über-größe"),
    ("日本語の見出し", "日本語の見出し"),
    ("ÉCOLE", "école"),
    ("1.2.3", "123"),
    ("Violence  against\twomen", "violence-against-women"),
    ("Emoji 😀 here", "emoji--here"),
    ("½ and ² and Ⅷ", "-and--and-ⅷ"),
    ("“Quoted” – dashed — long…", "quoted--dashed--long"),
    ("x/y", "xy"),
    ("`code` *it*", "code-it"),
    ("कार्यक्रम", "कार्यक्रम"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "anchor"), ANCHORS)
def test_a_heading_has_the_anchor_that_github_gives_it(text: str, anchor: str) -> None:
    assert slug(shown(text)) == anchor


def test_repeated_headings_are_numbered_and_never_meet_a_number_that_was_typed() -> None:
    anchors = Anchors()

    results = [
        anchors.add(text) for text in ("Foo", "foo", "Foo 1", "foo", "foo-1", "Foo", "", "", "foo-1-1")
    ]
    assert results == ["foo", "foo-1", "foo-1-1", "foo-2", "foo-1-2", "foo-3", "", "-1", "foo-1-1-1"]


@quick
@given(texts)
def test_an_anchor_is_made_from_what_the_heading_shows(text: str) -> None:
    seen = only(r"<h2>(.*)</h2>\n", page([heading(2, text)]))

    assert Anchors().add(text) == slug(seen)


def test_empty_blocks_leave_no_trace_on_a_page() -> None:
    assert page(["# A", "", "text", ""]) == "# A\n\ntext\n"
