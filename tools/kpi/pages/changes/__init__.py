"""What a change means, in words: `report` for `kpi diff`, `effects` for a single figure."""
