"""Each rule's manual: its page in `docs/rules/`, made from the examples that test it, and what `kpi explain` says of it."""

import re
from collections.abc import Callable
from pathlib import Path

from guides import DOCS, ROOT
from kpi.cli.explain import example_of
from kpi.manual.answer import WIDTH, Example, as_text, rule_blocks
from kpi.rules import FAMILIES, RULES, families, find, page_of
from kpi.rules.rule import SAFE, UNSAFE, Rule
from manual_pages import rule_page, rules_page
from test_rules import FORBIDDEN, MOST_WORDS, WITHOUT_EXAMPLE, sentences

Golden = Callable[[Path, str], None]


def rule_called(name: str) -> Rule:
    rule = find(name)
    assert rule is not None
    return rule


# The manuals.


def test_a_manual_says_what_why_and_what_to_do_in_plain_words() -> None:
    for rule in RULES:
        reported = [
            sentence for part in rule.paragraphs for sentence in sentences(re.sub("`[^`]*`", "X", part))
        ]

        assert len(rule.paragraphs) == 3, rule.name
        assert 3 <= len(re.findall(r"[.?](?=\s|$)", " ".join(rule.paragraphs))) <= 6, rule.name
        assert [sentence for sentence in reported if len(sentence.split()) > MOST_WORDS] == []
        assert [sentence for sentence in reported if FORBIDDEN.search(sentence)] == []


def test_what_a_rule_finds_fits_into_a_line_of_the_index() -> None:
    assert [rule.name for rule in RULES if len(rule.paragraphs[0]) > 120] == []


# The pages.


def test_a_rules_page_is_made_of_its_manual_and_its_examples(golden: Golden) -> None:
    for rule in RULES:
        golden(ROOT / page_of(rule.name), rule_page(rule, example_of(rule.name)))


def test_the_index_lists_every_rule_under_its_family(golden: Golden) -> None:
    golden(DOCS / "rules" / "README.md", rules_page(families()))

    text = (DOCS / "rules" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[`([\w-]+)`\]", text, re.MULTILINE) == [rule.name for rule in RULES]
    assert {rule.code[3] for rule in RULES} == FAMILIES.keys()


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    there = {path.name for path in (DOCS / "rules").iterdir()}

    assert there == {"README.md", *(f"{rule.name}.md" for rule in RULES)}


def test_a_page_shows_the_examples_that_are_tested() -> None:
    for rule in RULES:
        text = (ROOT / page_of(rule.name)).read_text(encoding="utf-8")
        example = example_of(rule.name)

        assert bool(example.bad) is bool(example.good) is (rule.name not in WITHOUT_EXAMPLE), rule.name
        plain = re.sub(r"  # ← here|‹U\+200B›", "", text)
        for files in (example.bad, example.good):
            if len(files) == 1:
                (lines,) = files.values()
                assert plain.count(lines.replace("\u200b", "").rstrip()) >= 1, rule.name
        assert text.count("# ← here") <= 1, rule.name
        assert (f"ignore[{rule.name}]" in text) is not rule.required, rule.name


def test_a_rules_page_says_how_it_can_be_mended() -> None:
    rule = rule_called("not-a-number")
    example = example_of(rule.name)
    mended = {
        safety: rule_page(rule._replace(fix=safety), example._replace(fixed=example.good))
        for safety in (SAFE, UNSAFE)
    }

    assert "| error | yes | no |" in rule_page(rule._replace(fix=""), example)
    assert "yes, by `kpi lint --fix` |" in mended[SAFE]
    assert "`kpi lint --fix` writes it so." in mended[SAFE]
    assert "yes, by `kpi lint --unsafe-fixes`; look at the result |" in mended[UNSAFE]
    assert "`kpi lint --unsafe-fixes` writes it so." in mended[UNSAFE]


def test_what_a_fix_makes_of_the_bad_example_is_shown_where_it_is_not_the_good_one() -> None:
    rule = rule_called("not-a-number")._replace(fix=UNSAFE)
    example = example_of(rule.name)
    fixed = {path: text.replace("91%", "91.0") for path, text in example.bad.items()}

    assert "makes of it:" in rule_page(rule, example._replace(fixed=fixed))
    assert "2022/23: 91.0\n" in rule_page(rule, example._replace(fixed=fixed))


def test_a_long_file_is_shown_around_what_differs() -> None:
    text = rule_page(rule_called("rule-setting"), example_of("rule-setting"))

    assert "target-sorce: error  # ← here" in text
    assert "organisation:" not in text
    assert "…\n" in text


def test_an_example_about_a_files_name_lists_the_files() -> None:
    text = rule_page(rule_called("odd-path"), example_of("odd-path"))

    assert "kpis/care/Wait Times.yaml  # ← here\n" in text


# In the terminal.


def test_a_rule_is_told_in_the_terminal_as_on_its_page() -> None:
    for rule in RULES:
        text = as_text(rule.name, rule_blocks(rule, example_of(rule.name)))

        assert text.startswith(f"{rule.name}\n\nCode: {rule.code}\n")
        assert " ".join(rule.paragraphs) in " ".join(text.replace("What to do:", "").split())
        for line in text.split("\n"):
            assert len(line) <= WIDTH or line.startswith("    "), line


def test_hidden_characters_of_an_example_are_shown_by_their_number() -> None:
    rule = rule_called("hidden-character")
    example = Example(
        {"x": "a\u202eb\n"}, {"x": "ab\n"}, said="x:1:2: error hidden-character: \u202e is hidden."
    )

    for text in (rule_page(rule, example), as_text(rule.name, rule_blocks(rule, example))):
        assert "a‹U+202E›b" in text
        assert "\u202e" not in text
