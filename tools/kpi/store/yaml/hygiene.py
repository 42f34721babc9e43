"""What is checked on the raw bytes and characters of a file, before anything is read from it."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

from kpi.model.finding import Problem
from kpi.model.text import display
from kpi.store.files import LIMIT
from kpi.store.yaml import shown
from kpi.store.yaml.lines import line_at, refuse, span_at, syntax_problem
from kpi.store.yaml.places import INVISIBLE, MOST_PROBLEMS, Unreadable, parsed, texts_of
from kpi.store.yaml.subset import UNSEEN, name_of

_ORDINARY = bytes([0x0A, *range(0x20, 0x7F)])  # what most files are made of: nothing to look for in these


class Prepared(NamedTuple):
    """A file that may be given to the parser."""

    text: str  # the file's, without a byte-order mark
    # the same, offset by offset, with `INVISIBLE` for hidden characters, spaces for odd ones, and a final line end;
    # empty where there is no point in giving it to the parser
    fed: str
    problems: list[Problem]


def prepare(data: bytes) -> Prepared:
    """Checks the encoding, the size, line ends and hidden characters of a file."""
    if len(data) > LIMIT:
        message = f"This file is larger than {LIMIT >> 20} MiB ({LIMIT:,} bytes), which is the limit."
        help_ = "Split older years into another file."
        return Prepared("", "", [refuse("too-large", message, help_).at(span_at("", 0, 0))])
    body = data.removeprefix(BOM_UTF8)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, body, error.start)
    if len(text) > 1 and text.count("\0") * 4 >= len(text):
        return _not_utf8(data, body, body.index(b"\0"))
    problems: list[Problem] = []
    if len(body) < len(data):
        message = "This file starts with an invisible byte-order mark (U+FEFF)."
        problems.append(refuse("not-formatted", message, '"kpi fmt" takes it away.').at(span_at(text, 0, 0)))
    if text and not text.endswith("\n"):
        newline = "\r\n" if "\r\n" in text else "\n"
        missing = refuse("not-formatted", "The last line has no line end.", '"kpi fmt" adds it.', newline)
        problems.append(missing.at(span_at(text, len(text), len(text))))
    fed = text
    if body.translate(None, _ORDINARY):
        fed, hidden = clean(text)
        problems += hidden
        if not fed:
            return Prepared(text, "", problems)
    return Prepared(text, fed if fed.endswith("\n") else f"{fed}\n", problems)


def _not_utf8(data: bytes, body: bytes, at: int) -> Prepared:
    """Says which byte can't be read, and what the file looks like instead."""
    text = body.decode("utf-8", "replace")
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[at : at + 2]
    if wide:
        start, message = 0, "This file is saved as UTF-16, not as UTF-8."
    else:
        start = len(body[:at].decode("utf-8"))
        line = body.count(b"\n", 0, at) + 1
        message = f"Line {line} has a character that is not UTF-8 (byte {at + len(data) - len(body) + 1} of the file, 0x{body[at]:02X})."
        letter = bytes([body[at]]).decode("cp1252", "replace")
        if letter != "\ufffd":
            message += f' It looks like "{letter}" saved by an older Windows program (Windows-1252).'
    span = span_at(text, start, min(start + 1, len(text)))
    problem = refuse("not-utf8", message, "Save the file again as UTF-8.").at(span)
    return Prepared(text, "", [problem])


_unseen = partial(refuse, "hidden-character")
_ODD_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LEADING_TAB = re.compile(r"^[ ]*\t[ \t]*", re.MULTILINE)
_TAB = re.compile(r"\t+")
_LINE_BREAKS = frozenset("\r\x85\u2028\u2029")

# Cyrillic and Greek letters that look like Latin ones, and the ones they look like.
_CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХаеорсухѕіјһԁԛԝ", "ABESIJKMHOPCTYXaeopcyxsijhdqw", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρχ", "ABEZHIKMNOPTYXovpx", strict=True))
_LOOKALIKES = {**_CYRILLIC, **_GREEK}
_LOOKALIKE = re.compile(f"[{''.join(_LOOKALIKES)}]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")


def clean(text: str) -> tuple[str, list[Problem]]:
    """The text without what can't be seen, empty where the rest isn't worth reading; and what was found."""
    problems: list[Problem] = []
    fed = text
    if UNSEEN.search(text):
        problems += _explain(text, UNSEEN.finditer(text))
        fed = UNSEEN.sub(_stand_in, fed)
    if not fed.isascii() and _LOOKALIKE.search(fed):
        problems += _explain(text, (word for word in _WORD.finditer(fed) if _latin(word) != word[0]))
        fed = _WORD.sub(_latin, fed)
    tabs = list(_LEADING_TAB.finditer(fed)) if "\t" in fed else []
    if tabs:
        return "", [*problems, *islice(_leading_tabs(text, tabs), MOST_PROBLEMS + 1)]
    first = text.partition("\n")[0]
    if "\t" in first and ":" not in first:
        what = "A table was pasted here. A file has one line for each figure, below fields with their names."
        help_ = "Write a KPI file, and each figure as a period, a colon, a space and a number, such as 2024-01: 71."
        return "", [*problems, syntax_problem(text, 0, len(first.rstrip()), what, help_)]
    if "\t" in fed or _ODD_SPACE.search(fed):
        fed = _spaced(text, fed, problems)
    return fed, problems


def _explain(text: str, matches: Iterable[re.Match[str]]) -> Iterator[Problem]:
    """The problems at some places, as many as are reported about one file (the reader counts once more and says so)."""
    for match in islice(matches, MOST_PROBLEMS + 1):
        span, first = span_at(text, *match.span()), match[0][0]
        before = re.split(r"\s", text[max(0, match.start() - 12) : match.start()])[-1]
        after = re.split(r"\s", text[match.end() : match.end() + 12])[0]
        numbers = "".join(f"‹U+{ord(character):04X}›" for character in match[0][:3])
        where = f'in column {span.column}: "{display(before)}{numbers}{display(after)}".'
        name = f"({name_of(first)}) {where}"
        if first == "\t":
            what = f"There is a tab in column {span.column}. Some programs can't read a tab outside quotes."
            problem = refuse("yaml-syntax", what, "Use a space instead.", " ")
        elif first.isalpha():
            problem = _mixed(match)
        elif first == "\ufffd":
            lost = f'A letter was lost and became "�" {where}'
            problem = _unseen(lost, "Type the right letter in its place.")
        elif first in _LINE_BREAKS:
            problem = _unseen(f"There is an odd line break {name}", "Replace it with a space.", " ")
        elif _ODD_SPACE.match(first):  # as many: they may be the indentation
            blanks = " " * len(match[0])
            problem = _unseen(f"There is an odd space {name}", "Replace it with an ordinary space.", blanks)
        else:
            problem = _unseen(f"There is an invisible character {name}", "Delete it.", "")
        yield problem.at(span)


def _stand_in(match: re.Match[str]) -> str:
    """What the parser gets for hidden characters: as many others that do no harm."""
    return re.sub("[^ \ufffd]", INVISIBLE, re.sub("[\r\x85\u2028\u2029]", " ", match[0]))


def _latin(word: re.Match[str]) -> str:
    """A word without foreign letters that only look Latin, where it has Latin ones too."""
    is_mixed = _LATIN.search(word[0]) is not None
    return "".join(_LOOKALIKES.get(letter, letter) for letter in word[0]) if is_mixed else word[0]


def _mixed(match: re.Match[str]) -> Problem:
    word, right = match[0], _latin(match)
    letter = next(letter for letter in word if letter in _LOOKALIKES)
    script = "Cyrillic" if letter in _CYRILLIC else "Greek"
    looks = f'is {script} (U+{ord(letter):04X}) and only looks like "{_LOOKALIKES[letter]}"'
    message = f'The letter "{letter}" in {shown(word)} {looks}.'
    return _unseen(message, f"Type the word again: {right}", right)


def _leading_tabs(text: str, tabs: list[re.Match[str]]) -> Iterator[Problem]:
    """Lines that start with a tab, each with as many spaces as the lines around it show."""
    indents: dict[int, tuple[int, int]] = {}  # by line: its indent with tabs, and what it should be
    for match in tabs:
        start = match.start()
        body = text[match.end() :].partition("\n")[0].rstrip()
        number, width = text.count("\n", 0, start), len(match[0].expandtabs(2))
        above, before = line_at(text, start).above(), indents.get(number - 1)
        if before:
            indent = max(0, before[1] + width - before[0])
        elif above is None or above.body.endswith(":"):
            indent = above.inner + 2 if above else 0
        else:
            indent = above.indent if body.startswith("-") or not above.name else above.inner
        indents[number] = width, indent
        message = "This line starts with a tab. YAML allows only spaces there."
        help_, instead = f"Start it with {indent} spaces instead.", f"{' ' * indent}{body}"
        yield syntax_problem(text, start, match.end() + len(body), message, help_, instead)


def _spaced(text: str, fed: str, problems: list[Problem]) -> str:
    """Reports odd spaces and tabs outside quotes, and gives the parser ordinary spaces for them."""
    spaced = _ODD_SPACE.sub(lambda match: " " * len(match[0]), fed)
    plain = spaced.replace("\t", " ")
    try:
        texts, comments = texts_of(parsed(plain), plain)
    except Unreadable:
        return plain  # the reader tells what is no YAML; odd spaces are told once that is mended
    in_quotes = [(text.start, text.end) for text in texts if text.style in ('"', "'")]
    written = [(text.start, text.end) for text in texts if text.style]
    odd = _ODD_SPACE.finditer(_overlaid(fed, plain, in_quotes))
    tabs = _TAB.finditer(_overlaid(fed, plain, sorted(written + comments)))
    problems += (*_explain(text, odd), *_explain(text, tabs))
    return _overlaid(_overlaid(plain, spaced, written), fed, in_quotes)


def _overlaid(text: str, other: str, extents: list[tuple[int, int]]) -> str:
    """A text in which some parts, in order, come from another one of the same length."""
    pieces, at = [], 0
    for start, stop in extents:
        pieces += [text[at:start], other[start:stop]]
        at = stop
    return "".join([*pieces, text[at:]])
