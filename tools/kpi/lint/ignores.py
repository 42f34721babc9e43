"""Which findings are hidden by an ignore comment, and which comments are wrong or hide nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from kpi.model.finding import ERROR, Finding
from kpi.model.ignore import Ignore
from kpi.model.text import nearest, quoted
from kpi.rules import BY_NAME, RULES, find


class Sifted(NamedTuple):
    """What is left to report, and what was hidden, each with the comment that hid it."""

    findings: list[Finding]
    hidden: list[tuple[Finding, Ignore]]


def sift(
    path: str,
    findings: Iterable[Finding],
    comments: tuple[Ignore, ...],
    held: Collection[str],
    severities: Mapping[str, str],
) -> Sifted:
    """Take out the findings that a comment hides, and add findings about the comments themselves.

    Args:
        path: the file.
        findings: what was found in it.
        comments: its ignore comments.
        held: the names of the rules that checked the whole file; a comment for another one is never called unused.
        severities: each rule's severity.
    """
    wrong = [_wrong(comment) for comment in comments]
    covering = _covering(comments, wrong)
    kept: list[Finding] = []
    hidden: list[tuple[Finding, Ignore]] = []
    used: set[tuple[int, str]] = set()
    for finding in findings:
        by = covering.get((finding.line, finding.rule))
        if by is None:
            kept.append(finding)
        else:
            hidden.append((finding, comments[by]))
            used.add((by, finding.rule))
    is_sound = not any(finding.severity == ERROR for finding in kept)
    for number, comment in enumerate(comments):
        mistake = wrong[number]
        if mistake is not None:
            kept.append(_finding(path, comment, "bad-ignore", severities, *mistake))
            continue
        unused = dict.fromkeys(
            rule for rule in _rules(comment) if rule in held and (number, rule) not in used
        )
        # A mistake may be why nothing is hidden.
        left = _without(comment, unused) if unused and is_sound else None
        for rule in unused:
            message = f'This "ignore[{rule}]" no longer hides anything.'
            help_ = "Delete it." if len(comment.rules) == 1 else "Take this rule's name out of it."
            finding = _finding(path, comment, "unused-ignore", severities, message, help_)
            kept.append(finding._replace(replacement=left))
    return Sifted(kept, hidden)


def _covering(
    comments: tuple[Ignore, ...], wrong: Sequence[tuple[str, str] | None]
) -> dict[tuple[int, str], int]:
    """The number of the comment that hides a rule's findings on a line, by rule and line; wrong comments hide nothing."""
    covering: dict[tuple[int, str], int] = {}
    for number, comment in enumerate(comments):
        if wrong[number] is None:
            for rule in _rules(comment):
                covering.setdefault((comment.covers, rule), number)
    return covering


def _rules(comment: Ignore) -> tuple[str, ...]:
    """The names of the rules that a comment gives by name or code."""
    return tuple(rule.name for rule in map(find, comment.rules) if rule is not None)


def _without(comment: Ignore, unused: Collection[str]) -> str:
    """The comment without some of its rules, nothing where it has no other."""
    words = [word for word in comment.rules if (rule := find(word)) and rule.name not in unused]
    before, _, after = comment.text.partition("[")
    return f"{before}[{', '.join(words)}]{after.partition(']')[2]}" if words else ""


def _wrong(comment: Ignore) -> tuple[str, str] | None:
    """What is wrong with a comment, as (message, help)."""
    if not comment.rules:
        return "This ignore comment doesn't say which rule.", "Write: # kpi: ignore[rule-name] the reason"
    for word in comment.rules:
        rule = find(word)
        if rule is None:
            near = nearest(word, [*BY_NAME, *(known.code for known in RULES)])
            help_ = f'Did you mean "{near}"?' if near else "Use the rule's name as the message gives it."
            return f"{quoted(word)} is not the name of a rule.", help_
        if rule.required:
            return f'"{rule.name}" can\'t be ignored.', "Correct the text, and delete this comment."
    if not comment.reason:
        rules = ", ".join(comment.rules)
        return "This ignore comment gives no reason.", f"Say why: # kpi: ignore[{rules}] the reason"
    return None


def _finding(
    path: str, comment: Ignore, rule: str, severities: Mapping[str, str], message: str, help_: str
) -> Finding:
    end = comment.column + len(comment.text)
    return Finding(
        path,
        comment.line,
        comment.column,
        comment.line,
        end,
        BY_NAME[rule].code,
        rule,
        severities[rule],
        message,
        help_,
    )
