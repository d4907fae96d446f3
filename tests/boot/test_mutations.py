"""make mutate: each mistake can still be made, each boot it names is there."""

import sys

import pytest

from harness.words import ROOT
from table import ROWS

sys.path.insert(0, str(ROOT / "tests/mutate"))
from mutation import mutated		# noqa: E402 # found by the line above
from mutations import MUTATIONS		# noqa: E402
from units import ALLOWED, MISTAKES	# noqa: E402

PROGRAMS = {f"realmode: {path.stem.removeprefix('test_')}"
            for path in (ROOT / "tests/realmode").glob("test_*.asm")}
BOOTS = PROGRAMS | {row.name for row in ROWS}


@pytest.mark.parametrize("mutation", MUTATIONS,
                         ids=lambda mutation: mutation.what)
def test_mutation(mutation):
    source = (ROOT / mutation.file).read_text()
    assert mutated(mutation, source) != source
    assert set(mutation.boots) <= BOOTS


@pytest.mark.parametrize("mutation", MISTAKES + ALLOWED,
                         ids=lambda mutation: mutation.what)
def test_unit(mutation):
    """Lab 17 has them."""
    source = (ROOT / mutation.file).read_text()
    assert mutated(mutation, source) != source
