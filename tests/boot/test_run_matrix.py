"""make matrix: the table is what it says, and its report sees failures."""

import dataclasses
import json

import pytest
from PIL import Image

import run_matrix
from harness import picture
from harness.machine import Machine
from harness.recipe import Recipe
from harness.run import Row
from harness.words import READY
from table import ROWS

GOOD = Row("a good one", Machine(memory="32M"), shows=(READY,))
BAD = Row("a bad one", shows=(READY,), never=("^memory",))
ENDED = Row("one that ends", Machine(exit_port=True), shows=(READY,),
            status=35)
RESET = Row("one that resets itself", disk=Recipe("test/kernels/RESET.elf"),
            shows=(READY,))
SKIPPED = Row("a skipped one", needs=("no-such-program",), shows=(READY,))


def test_there_are_enough_rows():
    assert len(ROWS) >= 300


def test_each_row_says_what_must_come_of_it():
    assert not [row.name for row in ROWS if not run_matrix.has_outcome(row)]


def test_no_two_rows_boot_the_same():
    seen = {}
    for row in ROWS:
        nameless = repr(dataclasses.replace(row, name="", full=False))
        assert nameless not in seen, (row.name, seen[nameless])
        seen[nameless] = row.name


@pytest.fixture(name="make_matrix")
def fixture_make_matrix(tmp_path, monkeypatch):
    def make_matrix(rows, *words):
        monkeypatch.setattr(run_matrix, "ROWS", rows)
        status = run_matrix.main(["--out", str(tmp_path), *words])
        return (status, json.loads((tmp_path / "matrix.json").read_text()),
                (tmp_path / "matrix.html").read_text())
    return make_matrix


def test_a_failure_is_told_and_shown(make_matrix, capsys):
    status, told, page = make_matrix([GOOD, BAD, SKIPPED])
    assert status == 1
    assert [row["verdict"] for row in told["rows"]] == \
        ["passed", "failed", "skipped"]
    bad = told["rows"][1]["runs"][0]
    assert "said '^memory'" in bad["problems"][0]
    assert bad["command"] in page.replace("&#x27;", "'").replace(
        "&quot;", '"')
    assert page.count("data:image/png;base64,") == 1
    assert told["rows"][0]["runs"][0]["showed"] == "firstlight: ready"
    assert "QEMU" in told["about"]
    printed = capsys.readouterr().out
    assert "not ok a bad one" in printed
    assert "skipped for want of no-such-program" in printed
    assert "1 passed, 1 failed, 1 skipped" in printed


@pytest.mark.parametrize("row", [ENDED, RESET], ids=lambda row: row.name)
def test_what_is_gone_is_shown(row, make_matrix, tmp_path, monkeypatch):
    monkeypatch.setattr(picture, "WAIT", 5)
    _, told, page = make_matrix([row])
    assert told["rows"][0]["verdict"] == "failed"
    assert page.count("data:image/png;base64,") == 1
    with Image.open(tmp_path / "matrix/0000-0/screen.png") as screen:
        assert len(screen.convert("RGB").getcolors()) > 1


def test_rows_are_chosen_and_repeated(make_matrix):
    status, told, _ = make_matrix([GOOD, BAD], "--rows", "GOOD", "--runs",
                                  "2")
    assert status == 0
    assert [len(row["runs"]) for row in told["rows"]] == [2]


def test_nothing_booted_is_no_success(make_matrix):
    assert make_matrix([SKIPPED])[0] == 1


@pytest.mark.parametrize("spent, told", [
    (239.6, "4:00"), (239.4, "3:59"), (59.5, "1:00"), (0.4, "0:00")])
def test_the_time_that_is_left(spent, told, monkeypatch, capsys):
    """Minutes and seconds of a whole number of seconds."""
    now = iter([0, spent, spent])
    monkeypatch.setattr(run_matrix.time, "monotonic", lambda: next(now))
    progress = run_matrix.Progress(2)
    monkeypatch.setattr(progress, "shown", -60)
    progress.add(GOOD, [])
    assert f"1 of 2 boots, 0 failed, {told} left" in capsys.readouterr().out


def test_patterns_can_be_read():
    assert run_matrix.readable(
        r"drive\ 80(?![0-9A-Fa-f]),\ status\ [0-9A-Fa-f]+:\ write") == \
        "drive 80, status %: write"
    assert run_matrix.readable("Boot error M [0-9A-F]{2}") == "Boot error M %"


def test_rows_that_differ_are_flaky():
    passed, failed = {"problems": []}, {"problems": ["hang"]}
    assert run_matrix.verdict([passed, failed, passed]) == "flaky"
    assert run_matrix.verdict([failed, failed]) == "failed"
    assert run_matrix.verdict([passed, passed]) == "passed"
