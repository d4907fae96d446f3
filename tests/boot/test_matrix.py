"""The rows of the boot matrix that every `make test` boots."""

import pytest

from harness.run import run
from table import MATRIX

ROWS = [row for row in MATRIX if not row.full]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_matrix(row, tmp_path):
    if row.missing():
        pytest.skip(f"needs {', '.join(row.missing())}")
    done = run(row, tmp_path)
    assert done.passed(), done.report()


def test_names_are_unique():
    names = [row.name for row in MATRIX]
    assert sorted(set(names)) == sorted(names)
