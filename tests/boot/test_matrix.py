"""The rows of the boot matrix that every `make test` boots."""

import pytest

from harness.run import run
from table import ROWS

BOOTED = [row for row in ROWS if not row.full]


@pytest.mark.parametrize("row", BOOTED, ids=lambda row: row.name)
def test_matrix(row, tmp_path):
    if row.missing():
        pytest.skip(f"needs {', '.join(row.missing())}")
    done = run(row, tmp_path)
    assert done.passed(), done.report()


def test_names_are_unique():
    names = [row.name for row in ROWS]
    assert sorted(set(names)) == sorted(names)
