"""The parts of the one YAML reader; `kpi.store.reader` is its door."""
