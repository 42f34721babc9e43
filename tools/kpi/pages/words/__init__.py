"""How judgements are said: short phrases for table cells and sentences, plain text without Markdown; one subject a file."""
