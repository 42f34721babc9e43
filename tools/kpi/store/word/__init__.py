"""The board paper as a file for Word or LibreOffice, with what pandoc needs for that: styles, and the widths of columns."""
