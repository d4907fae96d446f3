"""make bench: what it counts does not depend on what else the host does."""

import os
import re
import sys

import pytest

from conftest import BUILD, ROOT
from harness import guard

sys.path.insert(0, str(ROOT / "tests/bench"))
import boot	# noqa: E402 # found by the line above
import idle	# noqa: E402


@pytest.fixture(name="bench")
def fixture_bench():
    return boot.Bench(BUILD)


@pytest.fixture(name="busy")
def fixture_busy():
    """As many programs as there are processors."""
    burning = [guard.Process(["sh", "-c", "while :; do :; done"])
               for _ in range(os.cpu_count())]
    yield
    for program in burning:
        program.kill()
        program.wait()


def steps(bench):
    return [row.value for row in boot.step_rows(bench)]


def test_a_boot(bench, request):
    """The BIOS waits for the disk, which the host reads when it has time."""
    alone = steps(bench)
    request.getfixturevalue("busy")
    assert steps(bench) == alone


def test_idling(bench, busy, monkeypatch):
    """A tick, an instruction, not a share of the host's time."""
    monkeypatch.setattr(idle, "SECONDS", 20)
    row, = idle.rows(bench)
    assert row.is_good()
    assert 99 < row.beside["wake-ups a second"] < 101


def test_no_clock_of_the_host():
    files = [*(ROOT / "tests/bench").iterdir(),
             ROOT / "tests/host/bench_format.c"]
    clocks = re.compile(r"\b(import time|clock_gettime|gettimeofday|rdtsc|"
                        r"perf_counter|monotonic)\b")
    assert not [path for path in files
                if path.is_file() and clocks.search(path.read_text())]
