"""Floor 2, telling: records and judgements as Markdown. Strings out; no disk, no clock."""
