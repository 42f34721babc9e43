"""What an import says: the figures it brings, how they were read, and what is wrong with which cell."""

from collections.abc import Iterator, Sequence

from kpi.lint.importing import Imported
from kpi.model.text import counted, quoted
from kpi.pages.changes.effects import effects
from kpi.store.figures import FILLED, NEW, REPLACED, UNCHANGED
from kpi.store.tables import column_letters
from kpi.store.tables.heading import Bad

_MOST_TOLD = 100  # places that are wrong; the others are counted
_MOST_LINES = 20  # files and statuses
_MOST_EXAMPLES = 3  # values that were read as something else


def report(imported: Imported, name: str) -> str:
    """The report of an import in which nothing is wrong; the same for a dry run. `name` is the table's, as it may be shown."""
    return "".join(f"{line}\n" for line in _lines(imported, name))


def _lines(imported: Imported, name: str) -> Iterator[str]:
    counts = imported.counts
    parts = [f"{counts[what]:,} {word}" for what, word in _WORDS.items() if counts[what]]
    total = sum(counts[what] for what in _WORDS)
    yield f"{counted(total, 'figure')}: {', '.join(parts)}." if parts else "No figures."
    if imported.computed:
        yield f"{imported.computed:,} of them can be computed from others in the files, and agree with that."
    if imported.intake.empty:
        rows = counted(imported.intake.empty, "row")
        yield f"{rows} {'has' if imported.intake.empty == 1 else 'have'} neither a value nor a mark that says why."
    for text, spelt in imported.intake.periods.items():
        yield f"{quoted(text, 40)} was read as {spelt}."
    values = [f"{quoted(text, 40)} was read as {read}." for text, read in imported.intake.values.items()]
    yield from _some(values, "likewise", _MOST_EXAMPLES)
    yield from imported.notes
    yield from _replaced(imported)
    files = [f"{path}: {counted(number, 'figure')}" for path, number in _by_file(imported).items()]
    yield from _some(files, "files")
    if imported.judged is not None:
        yield from _some(effects(imported.judged.before, imported.judged.after, ()), "statuses")
    for line in trouble(imported.warnings, name).splitlines():
        yield f"Warning: {line}"


def _replaced(imported: Imported) -> Iterator[str]:
    replaced = [one for one in imported.put if one.outcome.what == REPLACED]
    lines = [
        f"{one.wanted.name}: {one.outcome.after}, was {one.outcome.before}."
        if one.outcome.after != one.outcome.before
        else f"{one.wanted.name}: {one.outcome.after}, with another note."
        for one in replaced
    ]
    yield from _some(lines, "replaced", _MOST_TOLD)
    if any(one.outcome.revises and "revised" not in (one.wanted.entry.marks or ()) for one in replaced):
        yield "Were the old figures published? Then mark the new ones revised, in a column marks, and say why in note."


def _some(lines: Sequence[str], what: str, most: int = _MOST_LINES) -> Iterator[str]:
    """The first lines, and how many more there are."""
    yield from lines[:most]
    if len(lines) > most:
        yield f"… {len(lines) - most:,} more {what}."


_WORDS = {NEW: "new", FILLED: "new where there was only a mark", REPLACED: "replaced", UNCHANGED: "unchanged"}


def _by_file(imported: Imported) -> dict[str, int]:
    found = dict.fromkeys(imported.files, 0)
    for one in imported.put:
        if one.outcome.what != UNCHANGED:
            found[one.wanted.file.place.path] += 1
    return found


def trouble(bad: Sequence[Bad], name: str) -> str:
    """What is wrong, place by place.

    Args:
        bad: what is wrong.
        name: the table's file, as it may be shown.
    """
    lines = [_place(one, name) + f"{one.message} {one.help}".rstrip() for one in bad]
    return "".join(f"{line}\n" for line in _some(lines, "places", _MOST_TOLD))


def _place(bad: Bad, name: str) -> str:
    if not bad.row:
        return ""
    parts = [name, *([f"sheet {quoted(bad.sheet, 40)}"] if bad.sheet else []), f"row {bad.row}"]
    if bad.column:
        parts.append(f"column {column_letters(bad.column)}")
    return f"{', '.join(parts)}: "
