"""An organisation's performance framework as plain text, kept honest by a linter."""

__version__ = "0.1.0"
