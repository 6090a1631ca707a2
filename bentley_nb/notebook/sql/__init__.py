"""SQL cells: a query over the tables of a schedule, run by DuckDB."""
