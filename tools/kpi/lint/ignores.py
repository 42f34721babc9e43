"""Which findings are hidden by an ignore comment, and which comments are wrong or hide nothing."""

from collections.abc import Collection, Iterable, Sequence

from kpi.model.finding import ERROR, Finding, Ignore, Problem, Span
from kpi.model.text import nearest, quoted
from kpi.rules import BY_NAME, RULES, find


def apply_ignores(
    findings: Iterable[Finding], comments: tuple[Ignore, ...], held: Collection[str]
) -> tuple[list[Finding], list[tuple[Finding, Ignore]], list[Problem]]:
    """Sort a file's findings by its ignore comments.

    Args:
        findings: what was found in the file.
        comments: its ignore comments.
        held: the names of the rules that checked the whole file; a comment for another one is never called unused.

    Returns:
        What is left to report; what was hidden, each with the comment that hid it; and what is wrong with the comments.
    """
    mistakes = [_mistake(comment) for comment in comments]
    covering = _covering(comments, mistakes)
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
    problems: list[Problem] = []
    for number, comment in enumerate(comments):
        mistake = mistakes[number]
        if mistake is not None:
            problems.append(mistake)
            continue
        unused = dict.fromkeys(
            rule for rule in _rules(comment) if rule in held and (number, rule) not in used
        )
        # A mistake may be why nothing is hidden.
        left = _without(comment, unused) if unused and is_sound else None
        for rule in unused:
            message = f'This "ignore[{rule}]" no longer hides anything.'
            help_ = "Delete it." if len(comment.rules) == 1 else "Take this rule's name out of it."
            problems.append(_problem("unused-ignore", comment, message, help_, left))
    return kept, hidden, problems


def _covering(comments: tuple[Ignore, ...], mistakes: Sequence[Problem | None]) -> dict[tuple[int, str], int]:
    """The number of the comment that hides a rule's findings on a line, by rule and line; wrong comments hide nothing."""
    covering: dict[tuple[int, str], int] = {}
    for number, comment in enumerate(comments):
        if mistakes[number] is None:
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


def _mistake(comment: Ignore) -> Problem | None:
    """What is wrong with a comment."""
    if not comment.rules:
        message = "This ignore comment doesn't say which rule."
        return _problem("bad-ignore", comment, message, "Write: # kpi: ignore[rule-name] the reason")
    for word in comment.rules:
        rule = find(word)
        if rule is None:
            near = nearest(word, [*BY_NAME, *(known.code for known in RULES)])
            help_ = f'Did you mean "{near}"?' if near else "Use the rule's name as the message gives it."
            return _problem("bad-ignore", comment, f"{quoted(word)} is not the name of a rule.", help_)
        if rule.required:
            message = f'"{rule.name}" can\'t be ignored.'
            return _problem("bad-ignore", comment, message, "Correct the text, and delete this comment.")
    if not comment.reason:
        help_ = f"Say why: # kpi: ignore[{', '.join(comment.rules)}] the reason"
        return _problem("bad-ignore", comment, "This ignore comment gives no reason.", help_)
    return None


def _problem(rule: str, comment: Ignore, message: str, help_: str, replacement: str | None = None) -> Problem:
    end = comment.column + len(comment.text)
    span = Span(comment.line, comment.column, comment.line, end, 0, 0)
    return Problem(rule, (), message, help_, replacement, span=span)
