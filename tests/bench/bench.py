"""Joins the figures of all sources: build/bench.json, and one table.

    python3 tests/bench/bench.py build build/bench_*.jsonl

Ends with status 1 if a limit is missed.
"""

import argparse
import dataclasses
import json
import pathlib
import sys

from rows import read, table


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("figures", nargs="+")
    arguments = parser.parse_args()
    rows = [row for path in arguments.figures for row in read(path)]
    with open(pathlib.Path(arguments.build) / "bench.json", "w",
              encoding="ascii") as file:
        json.dump([dataclasses.asdict(row) for row in rows], file, indent=1)
        file.write("\n")
    print("\n".join(table(rows)))
    sys.exit(not all(row.is_good() for row in rows))


if __name__ == "__main__":
    main()
