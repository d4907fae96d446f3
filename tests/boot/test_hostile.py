"""The hostile BIOS's switches: all are used, any two quirks meet.

test_matrix.py boots its rows, which stand in hostile_*.py.
"""

import itertools

import hostile_pairs
from hostile_image import ROOT, config, table
from table import HOSTILE


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
