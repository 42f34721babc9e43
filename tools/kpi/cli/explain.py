"""`kpi explain`: what a rule or a field is about."""

from collections.abc import Callable
from contextlib import suppress

import click

from kpi.cli.context import Context
from kpi.cli.main import command
from kpi.model.errors import ToolError, UserError
from kpi.model.text import nearest, quoted
from kpi.store.paths import holds_manual


def _topics(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    from kpi.manual.field import list_places, names
    from kpi.rules import RULES
    from kpi.store.schema import load

    known = [*(rule.name for rule in RULES), *names(list_places({"kpi": load("kpi"), "plan": load("plan")}))]
    return [name for name in known if name.startswith(start) and " " not in name]


@command("explain")
@click.argument("topic", required=False, metavar="[RULE|FIELD]", shell_complete=_topics)
def explain_command(context: Context, topic: str | None) -> int:
    """Explain what a rule looks for, or what a field is, with examples.

    A rule is known by its name or code (KPI701), a field by its name or path (targets.at_least). Without either, all
    are listed.
    """
    from kpi.manual.answer import address_of, as_text, rule_blocks
    from kpi.rules import find
    from kpi.store.examples import example_of

    rule = find(topic) if topic else None
    at: Callable[[str], str] = address_of
    with suppress(UserError, ToolError):
        if holds_manual(context.root):
            at = str  # a page of the manual is in this repository
    if rule is not None:
        context.tell(as_text(rule.name, rule_blocks(rule, example_of(rule.name)), at))
    else:
        context.tell(_fields(topic, at))
    return 0


def _fields(topic: str | None, at: Callable[[str], str]) -> str:
    """What to print about a field or a word; without one, the overview."""
    from kpi.manual.field import explain_name, last_step, list_places, names, overview
    from kpi.rules import RULES, families
    from kpi.store.schema import load

    places = list_places({"kpi": load("kpi"), "plan": load("plan")})
    if topic is None:
        return overview(places, families())
    if text := explain_name(places, topic, at):
        return text
    near = nearest(last_step(topic), [*(rule.name for rule in RULES), *names(places)])
    advice = f"Did you mean {quoted(near)}?" if near else "kpi explain lists them all."
    raise UserError(f"There is no rule and no field called {quoted(topic)}. {advice}")
