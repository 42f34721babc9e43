"""Everything as tables for analysis: definitions, targets, figures and judgements, with one name and meaning for each column."""
