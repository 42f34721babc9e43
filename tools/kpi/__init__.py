"""An organisation's performance framework as plain text, kept honest by a linter."""

__version__ = "0.1.0"

RELEASED_FROM = ""
"""The repository and the commit of a release, as owner/name@commit: release.yml writes it. Empty in any other copy."""
