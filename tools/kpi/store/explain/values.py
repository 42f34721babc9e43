"""Problems of texts that are not in the form their field needs: ids, periods, days, numbers, single lines."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from kpi.human.numerals import only_reading, tidy
from kpi.human.slips import recognise_slip
from kpi.model.finding import FieldPath, Problem
from kpi.model.period import Period, read
from kpi.model.quantity import plain as plain_number
from kpi.store.explain.fault import About, Fault
from kpi.store.explain.words import field, plain_text, shown

_LONGEST_ID, _LONGEST_SHORT = 64, 28


def wrong_text(fault: Fault, about: About) -> Iterator[Problem]:
    """A text that doesn't fit its field's pattern."""
    form = _form_of(fault.wanted, about)
    if form == "id":
        yield wrong_id(fault.value, fault.where, on_key=fault.on_key)
    elif form == "address":
        yield _wrong_address(fault)
    elif form in {"period", "date"}:
        yield wrong_date(fault.value, fault.where, fault.wanted, about)
    elif form == "quantity":
        yield wrong_number(fault)
    elif form in {"leeway", "move"}:
        yield _wrong_share(fault)
    elif form == "short" and len(fault.value) > _LONGEST_SHORT:
        message = f"{shown(fault.value)} has {len(fault.value)} letters, but a short name has at most {_LONGEST_SHORT}."
        yield Problem("wrong-value-form", fault.where, message, "Shorten it. The whole name stands in title.")
    elif form == "code":
        message = f"{shown(fault.value)} is too long for a code, or has a character that no code has."
        yield Problem("wrong-value-form", fault.where, message, fault.shape["patternErrorMessage"])
    elif form in {"line", "short"}:
        yield Problem(
            "wrong-value-form",
            fault.where,
            f"{field(fault.where)} must stand on one line.",
            "Take the line breaks out.",
        )
    else:
        yield wrong_form(fault)


def _form_of(pattern: str, about: About) -> str:
    """The name of the schema's definition that has this pattern."""
    definitions = about.schema["definitions"].items()
    return next((name for name, shape in definitions if shape.get("pattern") == pattern), "")


def wrong_form(fault: Fault) -> Problem:
    """Whatever has no words of its own: the schema's."""
    message = f"{shown(fault.value)} can't stand in {field(fault.where)}."
    advice = fault.shape.get("patternErrorMessage", "")
    pattern, text = fault.shape.get("pattern", ""), plain_text(fault.value)
    variants = (text.strip().lower(), text.strip().upper(), text.replace(" ", ""), f"{text}%")
    meant = next((variant for variant in variants if pattern and re.search(pattern, variant)), None)
    return Problem(
        "wrong-value-form",
        fault.where,
        message,
        f"Write: {meant}" if meant else advice,
        meant,
        on_key=fault.on_key,
    )


# Ids.


def wrong_id(value: object, where: FieldPath, *, on_key: bool = False) -> Problem:
    """A text that can't be an id, with the id it could become."""
    text = plain_text(value)
    parts = text.split()
    if len(parts) > 1 and all("-" in part and _slug(part) == part for part in parts):
        message, instead = (
            f"{shown(text)} looks like {len(parts)} ids without a comma between them.",
            ", ".join(parts),
        )
        return Problem("id-format", where, message, f"Write: {instead}", instead, on_key=on_key)
    slug = _slug(re.sub(r"\.ya?ml$", "", text.strip()))
    message = f"{shown(text)} can't be an id."
    if len(text) > _LONGEST_ID:
        message = f"{message} It has {len(text)} characters; the limit is {_LONGEST_ID}."
        return Problem("id-format", where, message, "Shorten it.", on_key=on_key)
    if slug == text:
        message, advice = f"{message} Some programs read it as another kind of value.", "Use a longer word."
        return Problem("id-format", where, message, advice, on_key=on_key)
    message = f"{message} An id has lower-case letters, digits and hyphens, and starts with a letter."
    advice = f"Write: {slug}" if slug else "Write one such as wait-time."
    return Problem("id-format", where, message, advice, slug or None, on_key=on_key)


def _slug(text: str) -> str:
    """The id that a name could become; empty where none is near."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    found = re.search("[a-z].*", re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-"))
    return found[0] if found else ""


def _wrong_address(fault: Fault) -> Problem:
    message = f"{shown(fault.value)} doesn't name a KPI and a measure."
    parts = [_slug(part) for part in re.split(r"\s*[/.:>›]\s*", fault.value.strip(" /"))]
    if len(parts) == 2 and all(parts):
        instead = "/".join(parts)
        return Problem("id-format", fault.where, message, f"Write: {instead}", instead)
    return Problem(
        "id-format",
        fault.where,
        message,
        "Write both with a slash, for example: call-answering/calls-999-average",
    )


# Periods and days.


def wrong_date(
    text: Any,
    where: FieldPath,
    pattern: str,
    about: About,
    beside: Sequence[str] = (),
    *,
    on_key: bool = False,
) -> Problem:
    """A text that is no period, or no day where only a day can stand; `beside` are the periods of the same series."""
    from kpi.human.period import choose_period, explain_period

    is_period = _form_of(pattern, about) == "period"
    message, advice = (
        f"{shown(text)} is not a {'period' if is_period else 'day'}.",
        "Write it like 2024-02-27.",
    )
    meant: tuple[str, ...] = ()
    plain = plain_text(text)
    if not isinstance(read(plain, about.year_starts), Period):
        answer = explain_period(plain, about.year_starts)
        if is_period:
            message, advice = answer.message, answer.help
        meant = tuple(text for text in answer.replacements if is_period or re.search(pattern, text))
        if is_period and (fit := choose_period(meant, beside, about.year_starts)):
            message, advice, meant = (
                f"{shown(text)} is not a period.",
                f"Write {fit}, like the others here.",
                (fit,),
            )
    only = meant[0] if len(meant) == 1 else None
    return Problem(
        "period-format",
        where,
        message,
        advice if is_period or not only else f"Write: {only}",
        only,
        on_key=on_key,
    )


# Numbers.


def wrong_number(fault: Fault, advice: str = "") -> Problem:
    """A text, or true or false, where a number belongs; `advice` is for one in which no number can be made out."""
    text = plain_text(fault.value)
    if "change" in fault.shape.get("properties", {}) and isinstance(read(text), Period):
        instead = f"{{period: {text}}}"
        message = f"{shown(text)} is a period, not a number."
        advice = f"For a bound relative to its figure write {instead}."
        return Problem("not-a-number", fault.where, message, advice, instead)
    slip = recognise_slip(text) if isinstance(fault.value, str) else None
    if slip is not None and slip.number is not None and text.strip().endswith("%") and _is_fraction(fault):
        instead = plain_number((Decimal(slip.number) / 100).normalize())
        message = f"{shown(text)} stands here as a number between 0 and 1."
        return Problem("not-a-number", fault.where, message, f"Write {instead}.", instead)
    if slip is not None and (_is_whole_figure(fault) or not slip.figure_only):
        return Problem("not-a-number", fault.where, slip.message, slip.help, slip.replacement)
    if slip is not None and slip.elsewhere:
        return Problem("not-a-number", fault.where, slip.message, slip.elsewhere)
    plain = "plain " if slip is not None and re.search("[0-9]", text) else ""
    message = f"{shown(text)} is not a {plain}number."
    return Problem("not-a-number", fault.where, message, advice or _digits(fault))


def _wrong_share(fault: Fault) -> Problem:
    """A text where a number or a share such as `5%` belongs."""
    share = re.fullmatch(r"(.+?) ?(?:%|per ?cent)", tidy(fault.value))
    number = only_reading(share[1]) if share else None
    if number is None:
        return wrong_number(fault, fault.shape.get("patternErrorMessage", ""))
    message = f"{shown(fault.value)} is not how a share is written."
    return Problem("not-a-number", fault.where, message, f"Write: {number}%", f"{number}%")


def _is_fraction(fault: Fault) -> bool:
    """Whether the field holds numbers up to 1, such as a level of significance."""
    return bool(fault.shape.get("maximum", 2) <= 1)


def _is_whole_figure(fault: Fault) -> bool:
    """Whether the value stands directly behind its period, where `{marks: [not-available]}` can stand instead."""
    return "marks" in fault.shape.get("properties", {})


def _digits(fault: Fault) -> str:
    if _is_whole_figure(fault):
        return "Write digits such as 86 or 4.1, a time such as 2m18s, or {marks: [not-available]}."
    if "change" in fault.shape.get("properties", {}):  # a bound
        return 'Write digits such as 86. A level that is still to be set goes in "in_words:".'
    if "observations" in fault.where or "peers" in fault.where:
        return 'Write digits such as 86 or 4.1. What else there is to say goes in "marks:" or "note:".'
    return "Write digits such as 86 or 4.1."
