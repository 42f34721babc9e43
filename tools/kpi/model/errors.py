"""The two ways a command can end early: a user's mistake, and a failure of the tool. Mistakes in data are findings instead."""


class UserError(Exception):
    """The command was used wrongly; its text is one sentence that says what to do. Exit code 2."""


class ToolError(Exception):
    """The tool could not do its work (disk full, no permission); its text says what was left as it was. Exit code 3."""
