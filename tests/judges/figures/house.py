"""The records of a house, as `tiwizi export records` writes them."""

import csv
import datetime
import json
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

KINDS = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": lambda text: text == "1",
    "date": datetime.date.fromisoformat,
}


class House:
    """Every table as a list of rows; what is not stated is None."""

    def __init__(self, folder):
        self.folder = Path(folder)
        package = json.loads((self.folder / "datapackage.json").read_text("utf-8"))
        self.described = {each["name"]: each["schema"]["fields"] for each in package["resources"]}
        self.tables = {}

    def __getattr__(self, table):
        if table not in self.described:
            raise AttributeError(f"no table {table}")
        if table not in self.tables:
            kinds = [(field["name"], KINDS[field["type"]]) for field in self.described[table]]
            with open(self.folder / f"{table}.csv", encoding="utf-8", newline="") as file:
                rows = csv.reader(file, strict=True)
                assert next(rows) == [name for name, _ in kinds], f"{table} is not as it is described"
                self.tables[table] = [
                    SimpleNamespace(**{name: read(text) if text else None for (name, read), text in zip(kinds, row, strict=True)})
                    for row in rows
                ]
        return self.tables[table]

    def by_id(self, table):
        return {row.id: row for row in getattr(self, table)}

    def grouped(self, table, column):
        found = defaultdict(list)
        for row in getattr(self, table):
            found[getattr(row, column)].append(row)
        return found

    def changed(self, change):
        """The same house with something changed in memory; the files stay as they are."""
        other = House(self.folder)
        change(other)
        return other
