"""The source of a website on disk. What isn't made from figures is beside this module: the style, and a statement to fill in."""

from collections.abc import Mapping
from pathlib import Path

from kpi.pages.website import BESIDE, SETTINGS, Scorecard, website
from kpi.store.output import write_folder

_OURS = "# Made by kpi site."  # how the settings begin


def write_website(folder: Path, scorecards: Mapping[str, Scorecard], statement: Path, address: str) -> bool:
    """Write all that Zensical needs of scorecards, by their folder on the site, whose address is empty if it isn't known.

    Returns whether there is a `statement`, the organisation's own on accessibility; else one with blanks is written.
    """
    own = statement.is_file() and not statement.is_symlink()
    here = Path(__file__).parent
    beside = [*here.glob("*.css"), *here.glob("*.js"), statement if own else here / statement.name]
    texts = website(scorecards, address, (here / SETTINGS).read_text(encoding="utf-8"))
    files = {name: text.encode() for name, text in texts.items()}
    files |= {f"{BESIDE}/{path.name}": path.read_bytes() for path in beside}

    def fill(there: Path) -> None:
        for name, data in files.items():
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            (there / name).write_bytes(data)

    write_folder(folder, SETTINGS, _OURS, fill)
    return own
