"""The tables of a data export on disk: as CSV, or as Parquet through DuckDB."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kpi.dataset.columns import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TABLES, Table
from kpi.dataset.data_package import DESCRIPTOR, csv_files, descriptor, text_of
from kpi.dataset.rows import rows
from kpi.judge.judgement import Judgement
from kpi.model.errors import ToolError, UserError
from kpi.pages.judgement_json import dump
from kpi.store.folder import write_folder

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_OURS = '"name": "judgements"'
"""Is in the descriptor of every export: this table is in no other Data Package."""
_LONGEST_LINE = 40_000_000  # bytes; a file under kpis/ is shorter
_TYPES = {STRING: "VARCHAR", INTEGER: "INTEGER", NUMBER: "DECIMAL(38, 15)", DATE: "DATE", BOOLEAN: "BOOLEAN"}


def write_csv(judgement: Judgement, folder: Path) -> None:
    """Write the tables as CSV, with the Data Package that describes them.

    Raises:
        UserError: if something else is there.
        ToolError: if it can't be written.
    """

    def fill(there: Path) -> None:
        for name, lines in csv_files(judgement):
            with (there / name).open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(lines)

    write_folder(folder, DESCRIPTOR, _OURS, fill)


def write_parquet(judgement: Judgement, folder: Path) -> None:
    """Write the tables as Parquet, each in a folder of its own: `figures/organisation=…/year=…/`.

    Tables without periods are partitioned by organisation only. The year is that of the period's last day.

    Raises:
        UserError: if DuckDB is not installed, or something else is there.
        ToolError: if it can't be written.
    """
    try:
        import duckdb
    except ImportError:
        message = "Parquet is written by DuckDB, which is not installed: pip install duckdb."
        raise UserError(message) from None

    def fill(there: Path) -> None:
        with TemporaryDirectory(prefix="kpi-") as texts, duckdb.connect() as database:
            of_tables = rows(judgement)
            for table in TABLES:
                with (Path(texts) / table.name).open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows(map(text_of, row) for row in of_tables[table.name])
                _copy(database, table, Path(texts) / table.name, there / table.name)
        files = {table.name: _parts(there, table.name) for table in TABLES}
        (there / DESCRIPTOR).write_text(
            dump(descriptor(judgement.plan, files)), encoding="utf-8", newline="\n"
        )

    try:
        write_folder(folder, DESCRIPTOR, _OURS, fill)
    except duckdb.IOException as error:
        raise ToolError(f"{folder} can't be written. It is as it was. DuckDB says: {error}") from error


def _copy(database: "DuckDBPyConnection", table: Table, text: Path, there: Path) -> None:
    """Make a table's Parquet files from its text, in which nothing is guarded, because nobody opens it in a spreadsheet."""
    relation = database.read_csv(
        str(text),
        columns={column.name: _TYPES[column.type] for column in table.columns},
        header=False,
        sep=",",
        quotechar='"',
        escapechar='"',
        na_values="",
        auto_detect=False,
        max_line_size=_LONGEST_LINE,
    )
    parts = ["organisation"]
    if any(column.name == "end" for column in table.columns):
        relation = relation.project('*, year("end") AS year')
        parts.append("year")
    relation.to_parquet(str(there), partition_by=parts)


def _parts(folder: Path, name: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in (folder / name).rglob("*.parquet"))
