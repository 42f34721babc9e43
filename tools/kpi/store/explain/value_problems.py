"""Problems of texts that are not in the form their field needs, or not among its words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from kpi.human.slips import BOUND, only_reading, recognise_slip, tidy
from kpi.human.spelling import NUMBERS
from kpi.model.finding import Problem
from kpi.model.period import Period, read
from kpi.model.quantity import plain as plain_number
from kpi.model.text import listed, nearest
from kpi.model.vocabulary import BESIDE_NUMBER, INSTEAD_OF_NUMBER, LETTERS_TYPED
from kpi.store.explain.depth import misplaced_figure
from kpi.store.explain.fault import Fault, FileSchema, Schema, field, plain_text, resolved, shown, write
from kpi.store.paths import id_from
from kpi.store.yaml import MISREAD


def wrong_text(fault: Fault) -> Iterator[Problem]:
    """A text that doesn't fit its field's pattern."""
    form = fault.file.form(fault.wanted)
    misplaced = misplaced_figure(fault.where) if form == "id" and fault.on_key else None
    yield misplaced or _OF_FORM.get(form, wrong_form)(fault)


def wrong_form(fault: Fault) -> Problem:
    """Whatever has no words of its own: the schema's, or the same text in a spelling that fits."""
    pattern, text = fault.shape.get("pattern", ""), plain_text(fault.value).strip()
    number, _, rest = text.lower().partition(" ")
    digits = f"{NUMBERS.index(number)} {rest}" if number in NUMBERS else text.lower()
    spaced = re.sub("(?<=[0-9])(?=[a-z])", " ", digits)
    is_fraction = re.fullmatch(r"0?\.[0-9]{1,6}", text) is not None
    share = f"{plain_number((Decimal(text) * 100).normalize())}%" if is_fraction else f"{text}%"
    variants = [text.lower(), text.upper(), text.replace(" ", ""), share, spaced, f"{spaced}s"]
    if fault.file.form(pattern) in {"code", "licence", "line", "short"}:
        variants = []  # another name is not the same in another spelling
    meant = next((variant for variant in variants if pattern and re.search(pattern, variant)), None)
    advice = write(meant, fault.shape.get("patternErrorMessage", ""))
    message = f"{shown(fault.value)} can't be in {field(fault.where)}."
    return fault.problem("wrong-value-form", message, advice, meant)


def wrong_id(fault: Fault) -> Problem:
    """A text that can't be an id, with the id it could become."""
    text = plain_text(fault.value)
    parts = re.split(r"[\s;|+&]+", text.strip())
    name = text.rpartition("/")[2] if "kpis" in fault.where else text  # of a KPI's path its file is the id
    slug = id_from(re.sub(r"\.ya?ml$", "", name.strip()))
    message, advice, instead = f"{shown(text)} can't be an id.", "Shorten it.", None
    if len(parts) > 1 and all("-" in part and id_from(part) == part for part in parts):
        message = f"{shown(text)} looks like {len(parts)} ids without a comma between them."
        instead = ", ".join(parts)
        advice = f"Write: {instead}"
    elif len(text) > 64:
        message = f"{message} It has {len(text)} characters; the limit is 64."
    elif slug == text:
        message, advice = f"{message} Some programs read it as another kind of value.", "Use a longer word."
    else:
        message = f"{message} An id has lower-case letters, digits and hyphens, and starts with a letter."
        instead = slug or None
        advice = write(instead, "Write one such as wait-time.")
    return fault.problem("id-format", message, advice, instead)


def _wrong_address(fault: Fault) -> Problem:
    parts = [id_from(part) for part in re.split(r"\s*[/.:>›]\s*", fault.value.strip(" /"))]
    instead = "/".join(parts) if len(parts) == 2 and all(parts) else None
    advice = write(instead, "Write both with a slash, for example: call-answering/calls-999-average")
    message = f"{shown(fault.value)} doesn't name a KPI and a measure."
    return fault.problem("id-format", message, advice, instead)


def wrong_date(fault: Fault, beside: Sequence[str] = ()) -> Problem:
    """A text that is no period, or no day where one is needed; `beside` are the series' other periods."""
    from kpi.human.period import choose_period, explain_period

    pattern, text, year_starts = fault.shape["pattern"], plain_text(fault.value), fault.file.year_starts
    is_period = fault.file.form(pattern) == "period"
    message = f"{shown(text)} is not a {'period' if is_period else 'day'}."
    advice = "Write it like 2024-02-27."
    meant: tuple[str, ...] = ()
    if not isinstance(read(text, year_starts), Period):
        answer = explain_period(text, year_starts)
        meant = tuple(text for text in answer.replacements if is_period or re.search(pattern, text))
        if is_period and (fit := choose_period(meant, beside, year_starts)):
            advice, meant = f"Write {fit}, like the others here.", (fit,)
        elif is_period:
            message, advice = answer.message, answer.help
    only = meant[0] if len(meant) == 1 else None
    return fault.problem("period-format", message, advice if is_period else write(only, advice), only)


def wrong_number(fault: Fault, advice: str = "") -> Problem:
    """A text, true or false where a number belongs; `advice` is for one without a number in it."""
    rule, text = "not-a-number", plain_text(fault.value)
    holds = fault.shape.get("properties", {})
    if "change" in holds and isinstance(read(text), Period):
        instead = f"{{period: {text}}}"
        advice = f"For a bound relative to its figure write {instead}."
        return fault.problem(rule, f"{shown(text)} is a period, not a number.", advice, instead)
    slip = recognise_slip(text) if isinstance(fault.value, str) else None
    is_fraction = fault.shape.get("maximum", 2) <= 1  # such as a level of significance
    if slip is not None and slip.number is not None and text.strip().endswith("%") and is_fraction:
        instead = plain_number((Decimal(slip.number) / 100).normalize())
        message = f"{shown(text)} is written here as a number between 0 and 1."
        return fault.problem(rule, message, f"Write {instead}.", instead)
    if slip is not None and ("marks" in holds or not slip.figure_only):
        number = only_reading(text.lstrip("<>=≤≥ ")) if slip.why == BOUND and "marks" not in holds else None
        return fault.problem(rule, slip.message, slip.help, slip.replacement or number)
    if slip is not None and slip.elsewhere:
        return fault.problem(rule, slip.message, slip.elsewhere, only_reading(text.lstrip("<>=≤≥ ")))
    plain = "plain " if slip is not None and re.search("[0-9]", text) else ""
    return fault.problem(rule, f"{shown(text)} is not a {plain}number.", advice or _digits(fault, holds))


def _digits(fault: Fault, holds: Schema) -> str:
    if "marks" in holds:  # it stands directly behind its period
        return "Write digits such as 86 or 4.1, a time such as 2m18s, or {marks: [not-available]}."
    if "change" in holds:  # it is a bound
        return 'Write digits such as 86. A level that is still to be set goes in "in_words:".'
    is_figure = "observations" in fault.where or "peers" in fault.where
    more = ' What else there is to say goes in "marks:" or "note:".' if is_figure else ""
    return f"Write digits such as 86 or 4.1.{more}"


def _wrong_share(fault: Fault) -> Problem:
    share = re.fullmatch(r"(.+?) ?(?:%|per ?cent)", tidy(fault.value))
    number = only_reading(share[1]) if share else None
    if number is None:
        return wrong_number(fault, fault.shape.get("patternErrorMessage", ""))
    message = f"{shown(fault.value)} is not how a share is written."
    return fault.problem("not-a-number", message, f"Write: {number}%", f"{number}%")


_OF_FORM: Mapping[str, Callable[[Fault], Problem]] = {
    "address": _wrong_address, "date": wrong_date, "id": wrong_id, "leeway": _wrong_share, "move": _wrong_share,
    "period": wrong_date, "quantity": wrong_number,
}  # fmt: skip

_MEANT = {
    "unit": {"%": "percent", "number": "count", "numbers": "count", "total": "count", "time": "duration", "minutes": "duration",
             "seconds": "duration", "hours": "duration", "£": "{currency: GBP}", "€": "{currency: EUR}", "$": "{currency: USD}",
             "pounds": "{currency: GBP}", "gbp": "{currency: GBP}", "eur": "{currency: EUR}", "usd": "{currency: USD}",
             "rate": "{rate_per: 100000}", "percent change": "{percent: any}", "per cent change": "{percent: any}",
             "percentage points": "{percent: any}", "points": "{percent: any}"},
    "better": {"up": "higher", "more": "higher", "increase": "higher", "down": "lower", "less": "lower", "reduce": "lower",
               "decrease": "lower", "none": "neither"},
    "aim": {"up": "increase", "higher": "increase", "down": "reduce", "lower": "reduce", "decrease": "reduce"},
    "frequency": {"yearly": "annual", "year": "annual", "every week": "weekly", "4-weekly": "four-weekly", "six-monthly": "half-yearly",
                  "twice a year": "half-yearly", "two-yearly": "biennial", "every two years": "biennial"},
    "compare": {"year": "season", "yearly": "season", "last year": "season", "previous year": "season", "same period": "season",
                "last": "previous", "before": "previous", "month": "previous", "period before": "previous"},
    "kind": {"sum": "total", "count": "total", "mean": "average", "percent": "average", "point": "snapshot", "point in time": "snapshot", "at a date": "snapshot"},
    "when": {"rise": "increase", "rises": "increase", "falls": "decrease", "up": "increase", "fall": "decrease", "drop": "decrease", "down": "decrease", "reduce": "decrease"},
    "marks": BESIDE_NUMBER | LETTERS_TYPED | INSTEAD_OF_NUMBER,
}  # fmt: skip
"""Other words for the choices of a field, as far as they aren't near them in letters."""
_BEFORE_CHOICE = re.compile(r"^(?:(?:to|the|an?)\b|[^a-z0-9])*")


def unknown_choice(fault: Fault) -> Iterator[Problem]:
    """A text that is not among a field's few words."""
    if isinstance(fault.value, str):  # anything else is reported as a value of the wrong kind
        yield choice(fault, fault.wanted)


def choice(fault: Fault, options: Sequence[str]) -> Problem:
    """The problem of a value that is not one of the options, with the nearest of them."""
    text, where = plain_text(fault.value), fault.where
    name = next((step for step in reversed(where) if isinstance(step, str)), "")
    if name == "frequency" and re.fullmatch("bi-?(?:annual|year)(?:ly)?", text.lower()):
        advice = "Write half-yearly for twice a year, biennial for every two years."
        return fault.problem("unknown-choice", f"{shown(text)} can be read in two ways.", advice)
    meant = _meant(text, options, name)
    message = f"{shown(text)} is not among the choices for {field(where)}."
    advice = f"Write one of these: {listed(options)}."
    if meant:
        message = f'{message} Did you mean "{meant}"?'
    elif name == "unit":
        advice = f"{advice} Any other unit is written like {{name: tonnes}}."
    return fault.problem("unknown-choice", message, advice, f'"{meant}"' if meant in MISREAD else meant)


def _meant(text: str, options: Sequence[str], name: str) -> str | None:
    if name == "unit" and (people := re.search(r"per ([1-9][0-9,]{0,11})(?![0-9])", text.lower())):
        return f"{{rate_per: {people[1].replace(',', '')}}}"
    if name in {"aim", "frequency"}:  # another first letter is another meaning: decreased, semi-annual
        start = _BEFORE_CHOICE.sub("", text.lower())[:2]
        options = [each for each in options if each[0] == start[:1] or start in (each[1:3], each[1::-1])]
    is_negated = re.match(r"not|(?:no|non|never)\b", text.lower()) is not None
    options = [option for option in options if option.startswith("not-") == is_negated]
    return _MEANT.get(name, {}).get(text.lower()) or nearest(text, options)


def items_in(value: object, name: str, items: Schema, file: FileSchema) -> list[str]:
    """The parts of a single value that should be a list, each as the list's items are written."""
    text = plain_text(value)
    if name == "between":
        return re.findall(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)?", text)
    shape = resolved(file.schema, items)
    parts = [part.strip() for part in re.split(r"[,;]| [+&] ", text) if part.strip()]
    if file.form(shape.get("pattern")) == "id":
        return [id_from(part) or part for part in parts]
    options = shape.get("enum", ())
    return [part if part in options else _meant(part, options, name) or part for part in parts]


def items_meant(name: str, fault: Fault, value: object) -> list[str]:
    """The items in the text of a misspelt field, if that holds a list of texts; else none."""
    shape = resolved(fault.file.schema, fault.shape["properties"][name])
    if not isinstance(value, str) or shape.get("type") != "array":
        return []
    is_of_texts = resolved(fault.file.schema, shape["items"]).get("type") == "string"
    return items_in(value, name, shape["items"], fault.file) if is_of_texts else []
