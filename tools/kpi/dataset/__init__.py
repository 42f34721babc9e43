"""Floor 2, telling: tables for analysis of definitions, targets, figures and judgements; a name and a meaning for each column."""
