"""Floor 3, files: everything that touches the disk, and the one YAML reader."""
