"""The fields of a figure as people type them, spelt as files have them."""

import re

from kpi.human.numerals import only_reading
from kpi.human.slips import recognise_slip
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.mark import BESIDE_NUMBER, LETTERS_TYPED, MARKS
from kpi.model.quantity import DURATION_SHAPE
from kpi.store.yaml.lines import in_quotes, needs_no_quotes

_NAMED = re.compile(rf"[\s,;]*\b(?P<name>{'|'.join(FIGURE_FIELDS)})(?:\s*[:=]\s*|\s+(?=[0-9\[]))")
_ENDS_IN_BRACES = re.compile(r"[,\[\]{}:#\"']")


def in_braces(period: str, inside: str) -> str | None:
    """A figure whose fields are in brackets, spelt as files have them; None where one of them isn't plain."""
    starts = list(_NAMED.finditer(inside))
    if not starts:
        return None
    stops = [*(name.start() for name in starts[1:]), len(inside)]
    fields = {
        name["name"]: inside[name.end() : stop].strip(" ,;") for name, stop in zip(starts, stops, strict=True)
    }
    if bare := inside[: starts[0].start()].strip(" ,;"):
        fields = {"value": bare, **fields}
    for name, typed in fields.items():
        if name == "marks":
            marks = re.findall(r"[\w-]+", typed.casefold())
            meant = [
                mark if mark in MARKS else BESIDE_NUMBER.get(mark, LETTERS_TYPED.get(mark, ""))
                for mark in marks
            ]
            fields[name] = f"[{', '.join(meant)}]" if all(meant) else ""
        elif name in {"note", "assessment"}:
            text = typed.strip("\"'")
            fields[name] = in_quotes(text) if _ENDS_IN_BRACES.search(text) else text
        else:
            fields[name] = (plain_value(typed) if name == "value" else only_reading(typed)) or ""
    if len(fields) < len(starts) or not all(fields.values()):
        return None
    return f"{period}: {{{', '.join(f'{name}: {text}' for name, text in fields.items())}}}"


def spelt(period: str, fields: dict[str, str]) -> list[str]:
    """A figure with what else is said of it: on one line where that is short."""
    if not {"note", "assessment"} & fields.keys():
        return [f"{period}: {{{', '.join(f'{name}: {value}' for name, value in fields.items())}}}"]
    texts = {
        name: value if name not in {"note", "assessment"} or needs_no_quotes(value) else in_quotes(value)
        for name, value in fields.items()
    }
    return [f"{period}:", *(f"  {name}: {value}" for name, value in texts.items())]


def plain_value(text: str) -> str | None:
    """The figure as a file has it; None where it isn't plain which is meant."""
    if only_reading(text) == text or re.fullmatch(DURATION_SHAPE, text) or re.fullmatch(r"\{.*\}", text):
        return text
    slip = recognise_slip(text)
    return slip.replacement if slip is not None else None
