"""The image boots under a hostile BIOS, or says why not.

The rows stand in hostile_*.py; those marked `full` are for `make matrix`.
"""

import itertools

import pytest

import hostile_pairs
from harness.run import run
from hostile_image import ROOT, config, table
from table import HOSTILE

ROWS = [row for row in HOSTILE if not row.full]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_hostile(row, tmp_path):
    if row.missing():
        pytest.skip(f"needs {', '.join(row.missing())}")
    done = run(row, tmp_path)
    assert done.passed(), done.report()


def test_any_two_values_meet():
    factors = hostile_pairs.FACTORS
    rows = list(hostile_pairs.pairwise(factors))
    for one, other in itertools.combinations(factors, 2):
        met = {(row[one], row[other]) for row in rows}
        assert met == set(itertools.product(factors[one], factors[other]))


def test_every_switch_is_used():
    fields, _ = config()
    used = {name for row in HOSTILE for name, _ in row.switches}
    assert set(fields) - used <= {"table_offset", "disk_fail_status",
                                  "e820_count"}


def test_the_readme_lists_the_switches():
    readme = (ROOT / "tests/hostile/README.md").read_text()
    assert table() in readme, "put in: tests/boot/hostile_image.py --table"


def test_names_are_unique():
    names = [row.name for row in HOSTILE]
    assert len(names) == len(set(names))
