"""A function's docstring, which is its help or its manual, even if Python leaves docstrings out."""

from collections.abc import Callable
from typing import Any


def docstring(function: Callable[..., Any]) -> str:
    """The docstring; under PYTHONOPTIMIZE=2, or -OO, it is read from the source."""
    if function.__doc__ is not None:
        return function.__doc__
    import ast
    from inspect import getsource
    from textwrap import dedent

    (parsed,) = ast.parse(dedent(getsource(function))).body
    assert isinstance(parsed, ast.FunctionDef)
    return ast.get_docstring(parsed, clean=False) or ""
