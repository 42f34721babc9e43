"""Floor 2, telling: what `kpi explain` says of rules, fields and words, of which the pages of the guides are made too."""
