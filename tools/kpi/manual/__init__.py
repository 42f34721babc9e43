"""Floor 2, telling: what is said about rules, fields and files: pages of the guides, and what `kpi explain` prints."""
