"""How the reader's problems must be worded and placed, for the tests of the reader."""

import re
from collections.abc import Iterable

from kpi.model.finding import Problem
from kpi.store.reader import Document

UNPLAIN = (
    "schema", "regex", "null", "array", "mapping", "scalar", "token", "parse", "invalid", "illegal", "exception", "cannot",
)  # fmt: skip
"""Words that analysts needn't know, and words that scold."""


def in_words(problem: Problem) -> str:
    """A problem as people see it: message and help."""
    return f"{problem.message} {problem.help}"


def check_words(documents: Iterable[Document]) -> int:
    """Asserts that all is said in plain words and short sentences, with a place in the file; gives the number of problems."""
    count = 0
    for document in documents:
        for problem in document.problems:
            count += 1
            words = re.sub('"[^"]*"', "it", in_words(problem)).lower()
            assert not [word for word in UNPLAIN if word in words], words
            for sentence in re.split(r"(?<=[.?!:])\s", in_words(problem)):
                assert len(sentence.split()) <= 25, sentence
            assert problem.message[0].isupper() or problem.message[0] == '"'
            assert problem.message[-1] in '."'
            assert problem.span is not None
            assert 0 <= problem.span.start <= problem.span.stop <= len(document.text)
            assert problem.span.line <= problem.span.end_line <= document.text.count("\n") + 1
    return count
