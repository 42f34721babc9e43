"""Floor 2, telling: what `kpi explain` says of rules, fields and words; the guides' pages, too."""
