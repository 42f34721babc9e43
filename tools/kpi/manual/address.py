"""Where the pages of the manual are read that belong to this version of the program."""

from kpi import RELEASED_FROM, __version__

HOME = "https://example.org/kpi-as-code"
"""A placeholder for the address that this project doesn't have yet, here and in pyproject.toml."""


def address_of(path: str, released: str = RELEASED_FROM) -> str:
    """The address of a page.

    Args:
        path: the page, from the root of the program's repository.
        released: the repository and the commit of this release; without it the tag of the version is named.
    """
    repository, _, commit = released.partition("@")
    home = f"https://github.com/{repository}" if repository else HOME
    return f"{home}/blob/{commit or f'v{__version__}'}/{path}"
