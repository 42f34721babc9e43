"""The same hostile texts in every other output, and in the command line: shown escaped, or refused."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import cycle
from pathlib import Path

import pytest

from findings import shows_nothing_hidden
from hostile_texts import SHORT, TOGETHER
from kpi.judge.judgement import Judgement, judge
from kpi.pages import terminal
from kpi.pages.export_json import breaches_json, framework_json, list_json
from kpi.pages.formats import CSV_COLUMNS, figures_csv
from kpi.pages.terminal import overdue_json
from rendered import read_page
from repositories import committed
from running import Kpi
from shapes import faults
from small import scorecard, written
from test_pages_hostile import spoilt

_RUN = re.compile("[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that a spreadsheet runs."""
_NUMBER = re.compile(r"-?[0-9.]+")
DOCUMENTS = {
    "export": framework_json,
    "list": list_json,
    "breaches": breaches_json,
    "overdue": overdue_json,
}
"""What tells programs of a judged framework, by the name of its shape."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    return scorecard(written(tmp_path_factory.mktemp("small")))[1]


Judged = Callable[..., Judgement]


@pytest.fixture(scope="module")
def judged(small: Judgement) -> Judged:
    """The small repository with a text in all places that are for texts, judged late."""

    @cache
    def with_texts(*hostile: str) -> Judgement:
        texts = cycle(hostile)
        plan = spoilt(small.plan, texts)._replace(
            owners={"head": next(texts)}, bodies={"schools-board": next(texts)}
        )
        kpis = [
            spoilt(kpi.kpi, texts)._replace(commentary=(("2024-01-01", next(texts)),), owner="head")
            for kpi in small.kpis
        ]
        return judge(plan, kpis, date(2031, 1, 1))

    return with_texts


def test_a_terminal_gets_nothing_but_text(judged: Judged, small: Judgement) -> None:
    lines = len(terminal.kpi_list(small).split("\n"))
    for texts in TOGETHER:
        judgement = judged(*texts)
        outputs = [terminal.kpi_list(judgement), terminal.overdue_text(judgement)]
        outputs += [terminal.kpi_text(judgement, kpi) for kpi in judgement.kpis]

        assert all(map(shows_nothing_hidden, outputs)), texts
        assert len(terminal.kpi_list(judgement).split("\n")) == lines, texts


def test_a_table_for_a_spreadsheet_has_only_texts_and_numbers(judged: Judged, small: Judgement) -> None:
    number = len(list(csv.reader(io.StringIO(figures_csv(small)))))
    for texts in TOGETHER:
        rows = list(csv.reader(io.StringIO(figures_csv(judged(*texts)))))

        assert len(rows) == number, texts
        assert {len(row) for row in rows} == {len(CSV_COLUMNS)}, texts
        assert not [cell for row in rows for cell in row if _RUN.match(cell) and not _NUMBER.fullmatch(cell)]


def test_a_machine_gets_the_text_as_it_is_in_ascii_and_its_shape_is_the_same(judged: Judged) -> None:
    for texts in TOGETHER:
        outputs = {shape: write(judged(*texts)) for shape, write in DOCUMENTS.items()}
        titles = [kpi["title"] for kpi in json.loads(outputs["list"])["kpis"]]

        assert all(output.isascii() for output in outputs.values()), texts
        assert [fault for shape, each in outputs.items() for fault in faults(shape, json.loads(each))] == []
        assert titles == [item.kpi.title for item in judged(*texts).kpis]
        assert {*titles} <= {*texts}


def test_the_page_of_what_is_late_holds_no_more_than_text(judged: Judged) -> None:
    usual = read_page(terminal.overdue_page(judged("Loans")))
    for texts in TOGETHER:
        page = read_page(terminal.overdue_page(judged(*texts)))

        assert {tag for tag, _ in page.tags} <= {tag for tag, _ in usual.tags} | {"span"}, texts
        assert page.links == usual.links, texts
        assert [len(table) for table in page.tables] == [len(table) for table in usual.tables], texts


COMMANDS = ["show", "diff", "new", "lint", "record"]
"""Each is given its share of the texts: one module refuses a name for all of them."""


@pytest.mark.parametrize("before", COMMANDS)
def test_on_the_command_line_a_hostile_name_is_refused_and_does_nothing(
    before: str, kpi: Kpi, tmp_path: Path
) -> None:
    root = written(tmp_path)
    committed(root)

    def there() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    usual = there()
    more = {"record": ["2024", "4"]}.get(before, [])
    names = [
        text for text in SHORT if text and "\0" not in text
    ]  # no program is given the one; nothing names nothing
    for text in names[COMMANDS.index(before) :: len(COMMANDS)] + names[-5:]:
        done = kpi(before, "--", text, *more)
        assert done.code in {2, 3}, (text, done)
        assert done.err.startswith("kpi: "), (text, done)
        assert shows_nothing_hidden(done.err), (text, done)
        assert "Traceback" not in done.err
        assert there() == usual, text
