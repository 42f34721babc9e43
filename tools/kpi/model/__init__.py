"""Floor 0, things: periods, quantities, KPIs, the plan, findings. Standard library only; no disk, no clock."""
