"""The statements of Tiwizi's indicators over its own rows, by DuckDB.

keep PLAN FOLDER    makes a Parquet file of each exported table
count PLAN FOLDER   runs every statement twice in a process that just started, and says how long each took; those of an
                    indicator that take longer than a minute are given up
"""

import json
import sys
import threading
import time
from pathlib import Path

import duckdb


def keep(plan, folder):
    db = duckdb.connect()
    for table, columns in plan["tables"].items():
        names = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        db.execute(
            f"copy (select * from read_csv('{folder}/{table}.csv', header = false, columns = {{{names}}}, quote = '\"',"
            f" escape = '\"', nullstr = '', allow_quoted_nulls = false)) to '{folder}/{table}.parquet' (format parquet)"
        )
    return {}


def count(plan, folder):
    db = duckdb.connect()
    db.execute("set threads = 2")
    for table in plan["tables"]:
        db.execute(f"create view \"{table}\" as select * from '{folder}/{table}.parquet'")
    asked = [{"code": one["code"]} for one in plan["asked"]]
    for which in ["cold", "warm"]:
        for one, told in zip(plan["asked"], asked):
            if which == "warm" and told["cold"] is None:
                continue
            patience = threading.Timer(60, db.interrupt)
            patience.start()
            began = time.perf_counter()
            try:
                found = [db.execute(text, args).fetchall() for text, args in one["statements"]]
            except duckdb.InterruptException:
                told["cold"] = told["warm"] = None
                continue
            finally:
                patience.cancel()
            told[which] = (time.perf_counter() - began) * 1000
            told["n"] = max(found[0], key=lambda row: row[3], default=[0] * 4)[3]
            told["rows"] = len({row[0] for row in found[1]})
    return {"asked": asked}


if __name__ == "__main__":
    what, plan, folder = sys.argv[1:]
    json.dump({"keep": keep, "count": count}[what](json.loads(Path(plan).read_text()), folder), sys.stdout)
