"""The entry of `kpi`: answers `--version` at once, and turns errors into one sentence and an exit code."""

import contextlib
import errno
import gc
import io
import os
import sys
from collections.abc import Sequence

from kpi import __version__

FINE, FINDINGS, WRONG_USE, COULD_NOT, INTERRUPTED, CLOSED_PIPE = 0, 1, 2, 3, 130, 141
_COMPLETE = "_KPI_COMPLETE"  # set by a shell's script; docs/cli.md, "Tab completion"


def main() -> None:
    """Run the command line and leave with its exit code (docs/cli.md lists them)."""
    gc.set_threshold(100_000)  # new objects; records have no cycles, and collecting costs a tenth of a run
    code = run(sys.argv[1:])
    gc.freeze()  # when Python ends it would look through all that is left: a thirtieth of a warm lint
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: a mistake or a failure is a sentence on stderr, a bug a traceback."""
    _readable_everywhere()
    with contextlib.suppress(MemoryError):  # what has failed holds its memory until it is left behind
        try:
            code = _command(list(arguments))
            sys.stdout.flush()
        except KeyboardInterrupt:
            code = INTERRUPTED
        except BrokenPipeError:
            _close_quietly()
            code = CLOSED_PIPE
        except MemoryError:
            raise
        except OSError as error:
            if error.errno == errno.ENOMEM:
                raise MemoryError from error
            _close_quietly()
            what = f"{error.filename} can't be used" if error.filename else "The result can't be written"
            code = _fail(f"{what}: {error.strerror or error}.", COULD_NOT)
        except Exception as error:  # noqa: BLE001 - whatever it is: Python would leave with 1, which means findings
            if isinstance(error, ImportError) and (error.name or "kpi").partition(".")[0] != "kpi":
                code = _fail(f"A part of what kpi needs can't be loaded: {error}.", COULD_NOT)
            else:
                code = _bug(error)
        return code
    return _fail("There is too little memory for this.", COULD_NOT)


def _bug(error: Exception) -> int:
    import traceback
    from secrets import token_hex

    from kpi.cli.context import in_workflow
    from kpi.lint.reporters.github import command
    from kpi.model.text import display

    lines = "".join(traceback.format_exception(error))
    what = "This is a bug in kpi, not a mistake in the files."
    text = f"{lines}kpi: {what} Please report it with the lines above.\n"
    if in_workflow():
        cause = display(f"{type(error).__name__}: {error}", 300)
        # What people wrote may stand in a traceback: the runner must not take it for a command.
        word = token_hex(16)
        annotation = command("error", f"{what} {cause}", title="kpi")
        text = f"{annotation}\n::stop-commands::{word}\n{lines}\n::{word}::\n"
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
    return COULD_NOT


def _command(arguments: list[str]) -> int:
    """Run a command; without arguments, answer a shell's request for completions, or print the help."""
    if arguments == ["--version"]:  # without click, so that it answers at once
        sys.stdout.write(f"kpi {__version__}\n")
        return FINE
    import click

    from kpi.cli.main import cli, usage_sentence
    from kpi.model.errors import ToolError, UserError

    if not arguments and _COMPLETE in os.environ:
        from click.shell_completion import shell_complete

        # Nothing is said of a repository that can't be used: it would end up in the line that somebody is typing.
        with contextlib.suppress(UserError, ToolError, click.ClickException, OSError):
            return shell_complete(cli, {}, "kpi", _COMPLETE, os.environ[_COMPLETE])
        return 1
    try:
        # Not `cli.main`, which has exit codes of its own for a closed pipe and for Ctrl-C.
        with cli.make_context("kpi", [*arguments] or ["--help"]) as context:
            code = cli.invoke(context)
    except click.exceptions.Exit as leave:
        code = leave.exit_code if arguments else WRONG_USE
    except click.ClickException as error:
        code = _fail(usage_sentence(error), WRONG_USE)
    except (UserError, ToolError) as error:
        code = _fail(error, WRONG_USE if isinstance(error, UserError) else COULD_NOT)
    return code if isinstance(code, int) else FINE


def _fail(error: Exception | str, code: int) -> int:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"kpi: {error}\n")
    return code


def _readable_everywhere() -> None:
    """Give pipes UTF-8, whatever the locale, and show by its number what a terminal can't show."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    # Unbuffered (PYTHONUNBUFFERED), Python takes half a write for a whole one.
    if isinstance(sys.stdout.buffer, io.RawIOBase):
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.buffer), sys.stdout.encoding)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace", newline="\n")


def _close_quietly() -> None:
    """Nobody reads stdout any longer: keep Python from complaining when it closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
