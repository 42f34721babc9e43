"""What a change means, in words: `change_report` for `kpi diff`, `report_json` for programs, `effects` for recorded figures."""
