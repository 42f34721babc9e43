"""Floor 4, checking: runs the rules over a repository, and over what a command would write to it, and says what they find."""
