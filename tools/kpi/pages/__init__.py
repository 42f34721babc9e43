"""Floor 2, telling: records and judgements as Markdown, CSV, JSON and pictures. Strings out; no disk, no clock."""
