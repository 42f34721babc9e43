"""The source of a website on disk. What isn't made from figures is beside this module: the style, and a statement to fill in."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copyfile

from kpi.pages.publish import BESIDE, SETTINGS, Scorecard, website
from kpi.store.output import write_folder

_OURS = "# Made by kpi site."
"""How the settings begin."""


def write_website(folder: Path, scorecards: Mapping[str, Scorecard], statement: Path, address: str) -> bool:
    """Write all that Zensical needs of scorecards, by their folder on the site, in place of what was there.

    Returns whether there is a `statement`, the organisation's own on accessibility; else one with blanks is written. `address` is
    where the site will stand; empty if that isn't known.
    """
    own = statement.is_file() and not statement.is_symlink()
    here = Path(__file__).parent
    beside = [*here.glob("*.css"), *here.glob("*.js"), statement if own else here / statement.name]
    files = website(scorecards, address, (here / SETTINGS).read_text(encoding="utf-8"))

    def fill(there: Path) -> None:
        for name, text in files.items():
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            (there / name).write_text(text, encoding="utf-8", newline="\n")
        (there / BESIDE).mkdir()
        for path in beside:
            copyfile(path, there / BESIDE / path.name)

    write_folder(folder, SETTINGS, _OURS, fill)
    return own
