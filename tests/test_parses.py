"""How often a file is parsed: reading YAML is most of what a command costs."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guides import TODAY, example
from kpi.store.reader import read
from kpi.store.yaml import places
from kpi.store.yaml.reading import Reading
from running import Kpi

SHARE, TITLE = "first-visits/visited-in-time", "title: Waiting for a first visit"


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a text was given to the parser, by its title."""
    counts: Counter[str] = Counter()
    source: Callable[[str], Any] = places._source

    def counted(text: str) -> Any:
        counts[text.partition("\n")[0]] += 1
        return source(text)

    monkeypatch.setattr(places, "_source", counted)
    monkeypatch.setattr("kpi.cli.context.today", lambda: TODAY)
    return counts


def test_to_record_a_figure_its_file_is_read_changed_and_read_again(
    tmp_path: Path, kpi: Kpi, parses: Counter[str]
) -> None:
    example(tmp_path)

    assert kpi("record", SHARE, "2024/25", "91").code == 0
    assert parses[TITLE] <= 3


def test_to_import_figures_too(tmp_path: Path, kpi: Kpi, parses: Counter[str]) -> None:
    example(tmp_path)
    (tmp_path / "may.csv").write_text(
        f"kpi,2023/24,2024/25\n{SHARE},86,91\nfirst-visits/median-wait,12,9.5\n", encoding="utf-8"
    )

    assert kpi("import", "may.csv").code == 0
    assert parses[TITLE] <= 3


def test_one_pass_gives_values_places_and_comments(parses: Counter[str]) -> None:
    text = f"{TITLE}  # as on the letter\nmeasures: {{}}\n"
    reading = Reading(text, text)

    values = reading.values()
    places = reading.places()
    title = places.root.find(("title",))

    assert values == {"title": "Waiting for a first visit", "measures": {}}
    assert text[title.start : title.stop] == "Waiting for a first visit"
    assert [text[start:stop] for start, stop in places.comments] == ["# as on the letter"]
    assert list(parses.values()) == [1]


def test_comments_that_say_more_are_looked_at_without_a_second_pass(parses: Counter[str]) -> None:
    document = read(f'{TITLE} #2\nunit: "days"# so far\n'.encode())

    assert {problem.rule for problem in document.problems} == {"yaml-syntax", "forbidden-yaml"}
    assert list(parses.values()) == [1]
