"""The rules' example files, which their tests run, their pages show and `kpi explain` prints."""

from collections.abc import Mapping
from pathlib import Path

from kpi.manual.answer import Example
from kpi.model.errors import ToolError
from kpi.store.paths import KPIS

ONE_FILE = f"{KPIS}/care/waiting-times.yaml"
"""The path of an example that is one file; one of several files has a folder like `kpis/`."""

_PACKAGE = Path(__file__).parent.parent  # installed, or in a checkout of the source
_PLACES = (_PACKAGE / "examples", _PACKAGE.parent.parent / "tests" / "examples" / "rules")


def example_of(rule: str) -> Example:
    """The example files of a rule; an empty example if no file can show it."""
    home = next((folder for folder in _PLACES if folder.is_dir()), None)
    if home is None:
        raise ToolError("The rules' examples are missing from the program. Install the program again.")
    folder = home / rule
    if not folder.is_dir():
        return Example()
    said = (folder / "said.txt").read_text(encoding="utf-8")
    bad, good, fixed, before = (_files(folder, kind) for kind in ("bad", "good", "fixed", "before"))
    return Example(bad, good, fixed, said, before)


def _files(folder: Path, kind: str) -> Mapping[str, str]:
    """One kind of example, by the paths in a repository; empty if there is neither a file nor a folder of that name."""
    if (single := folder / f"{kind}.yaml").is_file():
        return {ONE_FILE: _text(single)}
    several = folder / kind
    files = sorted(path for path in several.rglob("*") if path.is_file())
    return {f"{KPIS}/{path.relative_to(several).as_posix()}": _text(path) for path in files}


def _text(path: Path) -> str:
    """A file's text. What isn't UTF-8 is shown as such: some examples are about that."""
    return path.read_bytes().decode("utf-8", errors="replace")
