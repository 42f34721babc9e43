"""Single mistakes in a good repository, each with all that lint says of it: `findings.txt`.

A section there is a mistake: `@` names a file of the example in docs/kpi-file.md (or a new one), `-` lines are taken out of
it, and `+` lines put in their place or, alone, at the end. `pytest --update` writes what lint says anew.
"""

import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from guides import TODAY
from kpi.lint.engine import lint
from kpi.lint.reporters import concise
from kpi.model.finding import Finding
from kpi.rules import RULES
from manual_pages import EXAMPLE
from test_rules import FORBIDDEN, MOST_WORDS, sentences

LIST = Path(__file__).parent / "findings.txt"

TOLD_OFTEN = {
    "a unit that the value doesn't fit",  # each figure has to be written anew, and each in its own way
    "a check of a whole that fails",  # the figure that fails it is also far from the one before
}
"""The mistakes that are more than one finding, and why."""


class Slip(NamedTuple):
    """One section of the list."""

    title: str
    change: str

    @property
    def files(self) -> dict[str, str]:
        """The repository with the mistake in it."""
        files = dict(EXAMPLE)
        for part in re.split(r"^@ ", self.change, flags=re.MULTILINE)[1:]:
            path, _, lines = part.partition("\n")
            files[path] = changed(files.get(path, ""), lines)
        return files


def changed(text: str, lines: str) -> str:
    """The text with each run of `-` lines replaced by the `+` lines after it."""
    for run in re.findall(r"(?:^-.*\n?)*(?:^\+.*\n?)*", lines, re.MULTILINE):
        old, new = ("".join(f"{line[2:]}\n" for line in run.splitlines() if line[0] == sign) for sign in "-+")
        if not old:
            text += new
            continue
        assert f"\n{text}".count(f"\n{old}") == 1, old
        text = f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:]
    return text


def slips() -> Iterator[Slip]:
    for section in LIST.read_text(encoding="utf-8").strip().split("\n\n"):
        title, _, rest = section.removeprefix("# ").partition("\n")
        yield Slip(title, "".join(f"{line}\n" for line in rest.splitlines() if line[0] in "@+-"))


SLIPS = list(slips())


@cache
def checked(slip: Slip) -> tuple[tuple[Finding, ...], str]:
    """The findings, and what is printed of them."""
    with TemporaryDirectory() as folder:
        for path, text in slip.files.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_bytes(text.encode())
        report = lint(Path(folder), TODAY)
    return report.findings, concise(report._replace(paths=()))


def in_words(slip: Slip) -> str:
    """The section as it should be."""
    findings, text = checked(slip)
    said = "".join(f"→ {line.removeprefix('kpis/')}\n" for line in text.splitlines()[: len(findings)])
    return f"# {slip.title}\n{slip.change}{said}"


def test_every_mistake_is_told_as_the_list_says(golden: Callable[[Path, str], None]) -> None:
    golden(LIST, "\n".join(map(in_words, SLIPS)))


def test_one_mistake_is_one_finding() -> None:
    assert [slip.title for slip in SLIPS if not checked(slip)[0]] == []
    assert {slip.title for slip in SLIPS if len(checked(slip)[0]) > 1} == TOLD_OFTEN


def test_it_is_told_in_plain_words_and_short_sentences() -> None:
    assert [sentence for slip in SLIPS for finding in checked(slip)[0] for sentence in unplain(finding)] == []


def unplain(finding: Finding) -> list[str]:
    """The sentences of a finding that are too long, that hold a programmer's word, or that aren't whole."""
    reported = [*sentences(finding.message), *sentences(finding.help)]
    wrong = [item for item in reported if len(item.split()) > MOST_WORDS or FORBIDDEN.search(item)]
    whole = finding.message[-1] in '.?"' and (
        finding.message[0].isupper() or not finding.message[0].isalpha()
    )
    return wrong if whole else [*wrong, finding.message]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other links and no pipes with names")
def test_what_is_no_ordinary_file_is_told_once_and_in_plain_words(tmp_path: Path) -> None:
    care = tmp_path / "kpis" / "care"
    for path, text in EXAMPLE.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (care / "linked.yaml").symlink_to(care / "first-visits.yaml")
    (care / "folder.yaml").mkdir()
    (tmp_path / "kpis/zoo").symlink_to(care)
    (tmp_path / "kpis/Zoo").mkdir()
    (tmp_path / "kpis/Zoo/homes.yaml").write_text("title: x\n", encoding="utf-8")
    (tmp_path / "kpis/folder.yaml").mkdir()
    (care / "care-at-home.yaml").unlink()
    os.mkfifo(care / "care-at-home.yaml")
    findings = lint(tmp_path, TODAY).findings

    assert sorted((finding.path, finding.rule) for finding in findings) == [
        ("kpis/Zoo/homes.yaml", "odd-path"),
        ("kpis/care/care-at-home.yaml", "unreadable-file"),
        ("kpis/care/folder.yaml", "odd-path"),
        ("kpis/care/linked.yaml", "odd-path"),
        ("kpis/folder.yaml", "odd-path"),
        ("kpis/zoo", "odd-path"),
    ]
    assert [item for finding in findings for item in unplain(finding)] == []


def test_every_line_of_the_example_is_broken_once() -> None:
    taken = {path: "".join(slip.change for slip in SLIPS if f"@ {path}\n" in slip.change) for path in EXAMPLE}
    whole = {(path, line) for path, text in EXAMPLE.items() for line in text.splitlines()}

    assert {(path, line) for path, line in whole if f"- {line}\n" not in taken[path]} == set()


def test_the_titles_differ() -> None:
    titles = [slip.title for slip in SLIPS]

    assert len(set(titles)) == len(titles)


def test_the_example_itself_is_clean() -> None:
    assert checked(Slip("", ""))[0] == ()
    assert {finding.rule for slip in SLIPS for finding in checked(slip)[0]} <= {rule.name for rule in RULES}
