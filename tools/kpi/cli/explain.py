"""`kpi explain`: what a rule or a field is about. The rules' example files are those that their tests run and their pages show."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpi.cli.context import Context
from kpi.cli.main import command
from kpi.manual.answer import Example, address_of, as_text, rule_blocks
from kpi.model.errors import ToolError, UserError
from kpi.model.text import nearest, quoted
from kpi.rules import RULES, families, find
from kpi.store.paths import KPIS, holds_manual

if TYPE_CHECKING:
    from kpi.manual.field import Place

ONE_FILE = f"{KPIS}/care/waiting-times.yaml"  # the path of an example that is one file
_PACKAGE = Path(__file__).parent.parent  # installed, or in a checkout of the source
_PLACES = (_PACKAGE / "examples", _PACKAGE.parent.parent / "tests" / "examples" / "rules")


def _topics(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    return [name for name in _known()[1] if name.startswith(start) and " " not in name]


def _known() -> tuple[tuple["Place", ...], list[str]]:
    from kpi.manual.field import list_places, names
    from kpi.store.schema import load

    places = list_places({"kpi": load("kpi"), "plan": load("plan")})
    return places, [*(rule.name for rule in RULES), *names(places)]


@command("explain")
@click.argument("topic", required=False, metavar="[RULE|FIELD]", shell_complete=_topics)
def explain_command(context: Context, topic: str | None) -> None:
    """Explain what a rule looks for, or what a field is, with examples.

    A rule is known by its name or code (KPI701), a field by its name or path (targets.at_least). Without either, all
    are listed.
    """
    at: Callable[[str], str] = address_of
    with suppress(UserError, ToolError):
        if holds_manual(context.root):
            at = str  # a page of the manual is in this repository
    if rule := find(topic or ""):
        context.tell(as_text(rule.name, rule_blocks(rule, example_of(rule.name)), at))
        return
    from kpi.manual.field import explain_name, last_step, overview

    places, names = _known()
    text = explain_name(places, topic, at) if topic is not None else overview(places, families())
    if not text:
        near = nearest(last_step(topic or ""), names)
        advice = f"Did you mean {quoted(near)}?" if near else "kpi explain lists them all."
        raise UserError(f"There is no rule and no field called {quoted(topic or '')}. {advice}")
    context.tell(text)


def example_of(rule: str) -> Example:
    """The example files of a rule; an empty example if no file can show it."""
    home = next((folder for folder in _PLACES if folder.is_dir()), None)
    if home is None:
        raise ToolError("The rules' examples are missing from the program. Install the program again.")
    folder = home / rule
    if not folder.is_dir():
        return Example()
    bad, good, fixed, before = (_files(folder, kind) for kind in ("bad", "good", "fixed", "before"))
    return Example(bad, good, fixed, (folder / "said.txt").read_text(encoding="utf-8"), before)


def _files(folder: Path, kind: str) -> Mapping[str, str]:
    """One kind of example, by the paths in a repository. What isn't UTF-8 is shown as such: some are about that."""
    single, several = folder / f"{kind}.yaml", sorted((folder / kind).rglob("*"))
    files = {f"{KPIS}/{path.relative_to(folder / kind).as_posix()}": path for path in several}
    files = {ONE_FILE: single} if single.is_file() else files
    texts = {name: path.read_bytes() for name, path in files.items() if path.is_file()}
    return {name: text.decode("utf-8", errors="replace") for name, text in texts.items()}
