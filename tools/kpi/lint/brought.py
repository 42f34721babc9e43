"""What a table comes to, whatever it brings: figures, targets or KPIs."""

from collections.abc import Sequence
from typing import NamedTuple

from kpi.model.text import counted
from kpi.store.edit import Files


class Brought(NamedTuple):
    """What to write, and what to say.

    Attributes:
        files: path → what was read (None where there is to be none yet) and what to write.
        lines: what it brings, or what is wrong.
        refusal: the sentence that says that nothing may be written; empty where all is well.
        done: the sentence for when it has been written.
    """

    files: Files
    lines: Sequence[str]
    refusal: str
    done: str


def brought(files: Files, lines: Sequence[str], places: int, name: str) -> Brought:
    """What a table comes to that is written as a whole or not at all.

    Args:
        files: as in `Brought`.
        lines: as in `Brought`.
        places: how many places have to be fixed before.
        name: the table's name, as it may be shown.
    """
    refusal = f"Nothing was written: {counted(places, 'place')} to fix in {name}." if places else ""
    done = f"Written to {counted(len(files), 'file')}." if files else "Nothing had to be written."
    return Brought(files, lines, refusal, done)
