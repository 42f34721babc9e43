"""What is printed when the program stops because of a bug: the traceback, and that it is not a finding."""

import sys
import traceback

from kpi.cli import workflow
from kpi.lint.reporters.github import command
from kpi.model.text import display

_WHAT = "This is a bug in kpi, not a mistake in the files."
_LONGEST = 300  # characters of an exception's own text


def report_bug(error: Exception) -> None:
    """Write a bug's traceback on stderr, with a sentence; in a workflow on GitHub, with one annotation.

    Args:
        error: the unexpected exception.
    """
    lines = "".join(traceback.format_exception(error))
    if not workflow.in_workflow():
        sys.stderr.write(f"{lines}kpi: {_WHAT} Please report it with the lines above.\n")
        return
    cause = display(f"{type(error).__name__}: {error}", _LONGEST)
    # What people wrote may stand in a traceback: the runner must not take it for a command.
    pause = workflow.pause()
    sys.stderr.write(
        f"{command('error', f'{_WHAT} {cause}', title='kpi')}\n::stop-commands::{pause}\n{lines}\n::{pause}::\n"
    )
