"""Writes the made-up benchmark questions as Parquet, with the hub's columns, types and compression.

    python3.11 -m venv V && V/bin/pip install pyarrow==26.0.1
    V/bin/python parquet_files.py [--out DIR]
"""

import argparse
import json
from pathlib import Path

import pyarrow
import pyarrow.parquet

import benchmark_questions as questions

GOLDEN = Path(__file__).resolve().parents[2] / "lab/src/test/resources/golden"

# Every kind of value; the second row has none.
KINDS = pyarrow.schema([
    ("text", pyarrow.string()),
    ("bytes", pyarrow.binary()),
    ("number", pyarrow.int64()),
    ("small", pyarrow.int8()),
    ("share", pyarrow.float64()),
    ("single", pyarrow.float32()),
    ("truth", pyarrow.bool_()),
    ("list", pyarrow.list_(pyarrow.string())),
    ("turns", pyarrow.list_(pyarrow.struct([("role", pyarrow.string()), ("content", pyarrow.string())]))),
    ("map", pyarrow.map_(pyarrow.string(), pyarrow.int64())),
])
ROWS = [
    {"text": "Grüße, 🌊", "bytes": b"\xff\x00", "number": 1 << 40, "small": -3, "share": 0.25, "single": 0.5, "truth": True,
     "list": ["a", None, "c"], "turns": [{"role": "user", "content": "Is it late?"}], "map": [("one", 1), ("two", 2)]},
    {},
    {"text": "", "list": [], "turns": [], "map": []},
]


def write(path, table, **settings):
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(table, path, **{"compression": "snappy", **settings})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=GOLDEN / "benchmark" / "hub")
    out = parser.parse_args().out
    mmlu = {}
    for task, split, rows in questions.on_the_hub():
        if task.startswith("mmlu_"):
            mmlu.setdefault(split, []).extend(rows)
        elif split in ("test", "validation") and task not in ("arc_easy", "truthfulqa_mc2"):
            write(out / f"{task}.parquet", pyarrow.Table.from_pylist(rows))
    for split, rows in mmlu.items():
        write(out / "mmlu" / f"{split}-00000-of-00001.parquet", pyarrow.Table.from_pylist(rows))
    kinds = pyarrow.Table.from_pylist(ROWS, schema=KINDS)
    for name, settings in {
        "kinds": {},
        "kinds-gzip": {"compression": "gzip", "data_page_version": "2.0", "use_dictionary": False},
        "kinds-none": {"compression": "none"},
        "kinds-zstd": {"compression": "zstd"},
    }.items():
        write(out / f"{name}.parquet", kinds, **settings)
    (out / "kinds.jsonl").write_text(
        "".join(
            json.dumps({k: v for k, v in plain(row).items() if v is not None}, ensure_ascii=False) + "\n"
            for row in kinds.to_pylist(maps_as_pydicts="strict")
        ),
        encoding="utf-8",
    )


def plain(row):
    """Bytes that are no text are base64 in JSON."""
    return {k: "/wA=" if isinstance(v, bytes) else v for k, v in row.items()}


main()
