"""Problems of texts that are not in the form their field needs: ids, periods, days, numbers, single lines."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from kpi.human.slips import BOUND, only_reading, recognise_slip, tidy
from kpi.model.finding import FieldPath, Problem
from kpi.model.period import Period, read
from kpi.model.quantity import plain as plain_number
from kpi.store.explain.beside import among_measures, among_peers, is_like_a_period
from kpi.store.explain.fault import Fault, FileSchema, field, plain_text, shown

_LONGEST_ID, _LONGEST_SHORT = 64, 28


def wrong_text(fault: Fault) -> Iterator[Problem]:
    """A text that doesn't fit its field's pattern."""
    form, length = fault.file.form(fault.wanted), len(fault.value)
    rule, of_form = "wrong-value-form", fault.shape.get("patternErrorMessage", "")
    if form == "id" and fault.on_key and fault.where[:-1] == ("measures",) and is_like_a_period(fault.value):
        yield among_measures(fault.where)
    elif form == "id" and fault.on_key and fault.where[-2:-1] == ("peers",) and is_like_a_period(fault.value):
        yield among_peers(fault.where)
    elif form == "id":
        yield wrong_id(fault.value, fault.where, on_key=fault.on_key)
    elif form == "address":
        yield _wrong_address(fault)
    elif form in {"period", "date"}:
        yield wrong_date(fault.value, fault.where, fault.wanted, fault.file)
    elif form == "quantity":
        yield wrong_number(fault)
    elif form in {"leeway", "move"}:
        yield _wrong_share(fault)
    elif form == "short" and length > _LONGEST_SHORT:
        message = f"{shown(fault.value)} has {length} letters, but a short name has at most {_LONGEST_SHORT}."
        yield fault.problem(rule, message, "Shorten it. The whole name belongs in title.")
    elif form == "code":
        message = f"{shown(fault.value)} is too long for a code, or has a character that no code has."
        yield fault.problem(rule, message, of_form)
    elif form == "licence":
        yield fault.problem(rule, f"{shown(fault.value)} is no licence's name in the list of SPDX.", of_form)
    elif form in {"line", "short"}:
        message = f"{field(fault.where)} must be on one line."
        yield fault.problem(rule, message, "Take the line breaks out.")
    else:
        yield wrong_form(fault)


def wrong_form(fault: Fault) -> Problem:
    """Whatever has no words of its own: the schema's."""
    pattern, text = fault.shape.get("pattern", ""), plain_text(fault.value)
    spaced = re.sub("(?<=[0-9])(?=[a-z])", " ", _in_digits(text.strip().lower()))
    is_fraction = re.fullmatch(r"0?\.[0-9]{1,6}", text) is not None
    share = f"{plain_number((Decimal(text) * 100).normalize())}%" if is_fraction else f"{text}%"
    variants = (
        text.strip().lower(),
        text.strip().upper(),
        text.replace(" ", ""),
        share,
        spaced,
        f"{spaced}s",
    )
    meant = next((variant for variant in variants if pattern and re.search(pattern, variant)), None)
    advice = f"Write: {meant}" if meant else fault.shape.get("patternErrorMessage", "")
    message = f"{shown(fault.value)} can't be in {field(fault.where)}."
    return fault.problem("wrong-value-form", message, advice, meant)


def _in_digits(text: str) -> str:
    """`six weeks` as `6 weeks`."""
    first, _, rest = text.partition(" ")
    return f"{_NUMBERS.index(first) + 1} {rest}" if first in _NUMBERS else text


_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


# Ids.


def wrong_id(value: object, where: FieldPath, *, on_key: bool = False) -> Problem:
    """A text that can't be an id, with the id it could become."""
    text = plain_text(value)
    parts = re.split(r"[\s;|+&]+", text.strip())
    name = text.rpartition("/")[2] if "kpis" in where else text  # of a KPI's path its file is the id
    slug = id_from(re.sub(r"\.ya?ml$", "", name.strip()))
    message, instead = f"{shown(text)} can't be an id.", None
    if len(parts) > 1 and all("-" in part and id_from(part) == part for part in parts):
        message, instead = (
            f"{shown(text)} looks like {len(parts)} ids without a comma between them.",
            ", ".join(parts),
        )
        advice = f"Write: {instead}"
    elif len(text) > _LONGEST_ID:
        message = f"{message} It has {len(text)} characters; the limit is {_LONGEST_ID}."
        advice = "Shorten it."
    elif slug == text:
        message, advice = f"{message} Some programs read it as another kind of value.", "Use a longer word."
    else:
        message = f"{message} An id has lower-case letters, digits and hyphens, and starts with a letter."
        instead = slug or None
        advice = f"Write: {slug}" if slug else "Write one such as wait-time."
    return Problem("id-format", where, message, advice, instead, on_key=on_key)


def id_from(text: str) -> str:
    """The id that a name could become; empty where none is near."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.search("[a-z].*", re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-"))
    return slug[0] if slug else ""


def _wrong_address(fault: Fault) -> Problem:
    parts = [id_from(part) for part in re.split(r"\s*[/.:>›]\s*", fault.value.strip(" /"))]
    instead = "/".join(parts) if len(parts) == 2 and all(parts) else None
    like = "Write both with a slash, for example: call-answering/calls-999-average"
    advice = f"Write: {instead}" if instead else like
    return fault.problem(
        "id-format", f"{shown(fault.value)} doesn't name a KPI and a measure.", advice, instead
    )


# Periods and days.


def wrong_date(
    text: Any,
    where: FieldPath,
    pattern: str,
    file: FileSchema,
    beside: Sequence[str] = (),
    *,
    on_key: bool = False,
) -> Problem:
    """A text that is no period, or no day where only a day can stand; `beside` are the periods of the same series."""
    from kpi.human.period import choose_period, explain_period

    is_period = file.form(pattern) == "period"
    message = f"{shown(text)} is not a {'period' if is_period else 'day'}."
    advice = "Write it like 2024-02-27."
    meant: tuple[str, ...] = ()
    plain = plain_text(text)
    if not isinstance(read(plain, file.year_starts), Period):
        answer = explain_period(plain, file.year_starts)
        meant = tuple(text for text in answer.replacements if is_period or re.search(pattern, text))
        if is_period and (fit := choose_period(meant, beside, file.year_starts)):
            advice, meant = f"Write {fit}, like the others here.", (fit,)
        elif is_period:
            message, advice = answer.message, answer.help
    only = meant[0] if len(meant) == 1 else None
    if only and not is_period:
        advice = f"Write: {only}"
    return Problem("period-format", where, message, advice, only, on_key=on_key)


# Numbers.


def wrong_number(fault: Fault, advice: str = "") -> Problem:
    """A text, or true or false, where a number belongs; `advice` is for one in which no number can be made out."""
    rule, text = "not-a-number", plain_text(fault.value)
    if _is_bound(fault) and isinstance(read(text), Period):
        instead = f"{{period: {text}}}"
        advice = f"For a bound relative to its figure write {instead}."
        return fault.problem(rule, f"{shown(text)} is a period, not a number.", advice, instead)
    slip = recognise_slip(text) if isinstance(fault.value, str) else None
    is_fraction = fault.shape.get("maximum", 2) <= 1  # such as a level of significance
    if slip is not None and slip.number is not None and text.strip().endswith("%") and is_fraction:
        instead = plain_number((Decimal(slip.number) / 100).normalize())
        message = f"{shown(text)} is written here as a number between 0 and 1."
        return fault.problem(rule, message, f"Write {instead}.", instead)
    if slip is not None and (_is_whole_figure(fault) or not slip.figure_only):
        number = None if slip.why != BOUND or _is_whole_figure(fault) else only_reading(text.lstrip("<>=≤≥ "))
        return fault.problem(rule, slip.message, slip.help, slip.replacement or number)
    if slip is not None and slip.elsewhere:
        return fault.problem(rule, slip.message, slip.elsewhere, only_reading(text.lstrip("<>=≤≥ ")))
    plain = "plain " if slip is not None and re.search("[0-9]", text) else ""
    return fault.problem(rule, f"{shown(text)} is not a {plain}number.", advice or _digits(fault))


def _wrong_share(fault: Fault) -> Problem:
    """A text where a number or a share such as `5%` belongs."""
    share = re.fullmatch(r"(.+?) ?(?:%|per ?cent)", tidy(fault.value))
    number = only_reading(share[1]) if share else None
    if number is None:
        return wrong_number(fault, fault.shape.get("patternErrorMessage", ""))
    message = f"{shown(fault.value)} is not how a share is written."
    return fault.problem("not-a-number", message, f"Write: {number}%", f"{number}%")


def _is_bound(fault: Fault) -> bool:
    return "change" in fault.shape.get("properties", {})


def _is_whole_figure(fault: Fault) -> bool:
    """Whether the value stands directly behind its period, where `{marks: [not-available]}` can stand instead."""
    return "marks" in fault.shape.get("properties", {})


def _digits(fault: Fault) -> str:
    if _is_whole_figure(fault):
        return "Write digits such as 86 or 4.1, a time such as 2m18s, or {marks: [not-available]}."
    if _is_bound(fault):
        return 'Write digits such as 86. A level that is still to be set goes in "in_words:".'
    if "observations" in fault.where or "peers" in fault.where:
        return 'Write digits such as 86 or 4.1. What else there is to say goes in "marks:" or "note:".'
    return "Write digits such as 86 or 4.1."
