"""Floor 4, checking: runs the rules over a repository and reports what they find."""
