"""What changed between two raw sets: every indicator value, and the source cells behind it.

Both sets are computed with the definitions of today, so a difference is a difference in the figures.
"""

import duckdb
import pandas as pd

from pipeline.compute.build import SQL, keep, run_files


def record_changes(connection: duckdb.DuckDBPyConnection, before: duckdb.DuckDBPyConnection | None, name: str) -> None:
    """Make the table `change` in `connection`, against the tables of an older set; empty without one.

    Both connections have been computed (`build.compute`). `name` is the older set's.
    """
    for table in ("indicator", "cell"):
        if before is None:
            connection.execute(f"create or replace temp view old_{table} as from {table}")
        else:
            keep(connection, f"old_{table}", before.execute(f"from {table}").df())
    keep(connection, "old_set", pd.DataFrame({"name": [name]}))
    run_files(connection, SQL / "changes")
