#!/usr/bin/env python3
"""Lays the tables that AuditTableTest writes side by side, as docs/results/audit.md has them.

    python tools/audit/table.py app/target/audit-NAME.md ...

One column for each file: verdict and |cos| with the true direction; `–` where it was not measured. Needs nothing but Python.
"""

import pathlib
import sys


def rows(file):
    lines = [line for line in file.read_text().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads = cells[0]
    return {row[0]: dict(zip(heads, row)) for row in cells[2:]}


def cell(row):
    if row is None:
        return "–"
    verdict, cosine = row["verdict"], row["cos"]
    return verdict if verdict == "clean" else f"**{verdict}** {cosine}"


def main():
    files = [pathlib.Path(name) for name in sys.argv[1:]]
    tables = [rows(file) for file in files]
    names = list(dict.fromkeys(name for table in tables for name in table))
    order = list(tables[0]) + [name for name in names if name not in tables[0]]
    heads = [file.stem.removeprefix("audit-") for file in files]
    print("| edit | " + " | ".join(heads) + " |")
    print("| --- |" + " --- |" * len(heads))
    for name in order:
        print(f"| {name} | " + " | ".join(cell(table.get(name)) for table in tables) + " |")
    for name in order:
        found = [table[name]["verdict"] for table in tables if name in table]
        print(f"{name}: {sum(v == 'edited' for v in found)} of {len(found)} edited, {sum(v != 'clean' for v in found)} not clean", file=sys.stderr)


main()
