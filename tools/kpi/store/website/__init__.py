"""The source of a website on disk. What isn't made from figures stands beside this module: the style, and a statement to fill in."""

from collections.abc import Mapping
from pathlib import Path

from kpi.pages.website import SETTINGS, Scorecard, website
from kpi.store.folder import write_folder

_HERE = Path(__file__).parent


def write_website(folder: Path, scorecards: Mapping[str, Scorecard], statement: Path, address: str) -> bool:
    """Write all that Zensical needs, in place of what was there.

    Args:
        folder: where it goes.
        scorecards: by the folder that each has on the site.
        statement: the organisation's own accessibility statement, which need not be there.
        address: where the site will stand; empty if that isn't known.

    Returns:
        Whether the statement is the organisation's own; else it has blanks.

    Raises:
        UserError: if something else is there.
        ToolError: if it can't be written.
    """
    own = statement.is_file() and not statement.is_symlink()
    text = (statement if own else _HERE / "accessibility.md").read_text(encoding="utf-8")
    files = website(scorecards, text, (_HERE / "scorecard.css").read_text(encoding="utf-8"), address)
    write_folder(folder, SETTINGS, lambda there: _fill(there, files))
    return own


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
