"""A list of KPIs as people keep it in a spreadsheet, one row a KPI, taken apart into KPIs to begin.

`columns` says what each column is, `words` reads what is in the cells (`cells`, `numbers`), `rows` makes a KPI of one row or
two, with its targets (`aims`), and `files` its file. `targets` is for tables of targets alone.
"""
