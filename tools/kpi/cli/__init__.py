"""Floor 5, the door: one small file a command."""
