"""Floor 0, things: what people write for periods and numbers, what they mean by it, and what to write instead."""
