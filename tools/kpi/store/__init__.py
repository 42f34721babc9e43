"""Floor 3, files: everything that touches the disk, the one YAML reader, and what tables say for the files."""
