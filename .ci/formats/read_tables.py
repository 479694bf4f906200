#!/usr/bin/env python3
"""Reads the tables of a folder with Python's csv and, where there are Parquet files, with pyarrow, and compares the two.
Usage: read_tables.py CSV_FOLDER [PARQUET_FOLDER]"""

import csv
import pathlib
import sys


def cell(text: str) -> str:
    """A cell without the apostrophe that disarms formulas."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


def main(folder: str, parquet: str | None = None) -> None:
    for name in ("labs", "findings", "summary"):
        with open(pathlib.Path(folder) / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert all(None not in row and None not in row.values() for row in rows), f"{name}.csv: cells that fit no column"
        if parquet is None:
            print(f"{name}.csv: {len(rows)} rows")
            continue
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(pathlib.Path(parquet) / f"{name}.parquet")
        assert table.num_rows == len(rows), f"{name}: {table.num_rows} rows in Parquet, {len(rows)} in CSV"
        assert table.column_names == list(rows[0].keys()) if rows else True
        for own, other in zip(rows, table.to_pylist(), strict=True):
            for key, value in own.items():
                found = other[key]
                same = value == "" if found is None else float(value) == found if isinstance(found, (int, float)) else cell(value) == found
                assert same, f"{name}.{key}: {value!r} in CSV, {found!r} in Parquet"
        print(f"{name}: {table.num_rows} rows, the same in CSV and Parquet")


if __name__ == "__main__":
    main(*sys.argv[1:])
