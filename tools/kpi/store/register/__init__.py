"""A list of KPIs as people keep it in a spreadsheet, one row a KPI, taken apart into KPIs to begin.

`list_columns` says what each column is, `list_words` reads what is in the cells, `rows` finds the rows of each KPI, `new_kpi` reads
them, and `kpi_files` makes its file. `target_rows` is for tables of targets alone.
"""
