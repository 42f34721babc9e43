"""A list of KPIs as people keep it in a spreadsheet, one row a KPI, taken apart into KPIs to begin.

`columns` says what each column is, `words` reads what is in the cells, `rows` makes a KPI of a row, `files` its file and the plan.
"""
