"""The rows of the boot matrix that every `make test` boots."""

import pytest

import matrix
from harness.run import run
from harness.words import defines

ROWS = [row for row in matrix.TABLE if not row.full]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_matrix(row, tmp_path):
    if row.missing():
        pytest.skip(f"needs {', '.join(row.missing())}")
    done = run(row, tmp_path)
    assert done.passed(), done.report()


def test_names_are_unique():
    names = [row.name for row in matrix.TABLE]
    assert sorted(set(names)) == sorted(names)


def test_every_error_of_the_boot_sector_is_shown():
    patterns = [pattern for row in ROWS for pattern in row.shows]
    for name, letter in defines("errors.h").items():
        if name.startswith("BS_ERROR_"):
            assert any(pattern.startswith(f"Boot error {letter}")
                       for pattern in patterns), name
