"""The diagnostics: who gets them, what ends them, what may be wrong with them.

Their pages, and who gets them by holding Shift, are rows of diag_rows.py.
"""

import pytest

from harness import recipe
from harness.diagnostics import BAR
from harness.machine import Machine
from harness.recipe import Flip, Recipe
from harness.run import Row, start
from harness.words import READY, message

WORD = "diag"

# ---- How they are asked for ------------------------------------------------

def booted(tmp_path, cmdline="", flags=(), machine=Machine(), damage=()):
    row = Row("diag", machine, Recipe(cmdline=cmdline, flags=flags,
                                      damage=damage))
    image, layout = recipe.make(row.disk, tmp_path)
    return start(row, image, layout, tmp_path)


def leave(emulator):
    emulator.wait_text("^--- Firstlight diagnostics 1: ")
    emulator.wait_text(BAR)
    emulator.serial.send(b"b")
    emulator.wait_text(READY)


def test_nobody_asks(tmp_path):
    with booted(tmp_path) as emulator:
        emulator.wait_text(READY)
        assert "diagnostics" not in emulator.serial.text


@pytest.mark.parametrize("letter", [b"d", b"D"])
def test_asked_for_on_the_serial_line(letter, tmp_path):
    with booted(tmp_path) as emulator:
        emulator.serial.send(letter)
        leave(emulator)


def test_another_letter_does_not_ask(tmp_path):
    with booted(tmp_path) as emulator:
        emulator.serial.send(b"e")
        emulator.wait_text(READY)
        assert "diagnostics" not in emulator.serial.text


# The BIOS waits for a key, which goes to its own menu; by then it has a
# keyboard driver, and boots at once.
MENU = Machine(extra=("-boot", "menu=on,splash-time=65000"))


def key_events(emulator, *events):
    """Each is (QMP's name for a key, down?); all at once."""
    emulator.qmp("input-send-event", events=[
        {"type": "key", "data": {
            "down": down, "key": {"type": "qcode", "data": name}}}
        for name, down in events])


PRESSED = [("d", True), ("d", False)]


@pytest.mark.parametrize("side", ["shift", "shift_r"])
def test_asked_for_by_a_shift_key(side, tmp_path):
    with booted(tmp_path, machine=MENU) as emulator:
        emulator.wait_screen("for boot menu")
        key_events(emulator, (side, True), ("spc", True), ("spc", False))
        leave(emulator)


def test_asked_for_by_the_letter_d(tmp_path):
    with booted(tmp_path, machine=MENU) as emulator:
        emulator.wait_screen("for boot menu")
        key_events(emulator, *PRESSED, *PRESSED)
        leave(emulator)


def test_asked_for_by_a_d_behind_other_keys(tmp_path):
    with booted(tmp_path, machine=MENU) as emulator:
        emulator.wait_screen("for boot menu")
        space = [("spc", True), ("spc", False)]
        key_events(emulator, *space, *space, *PRESSED)
        leave(emulator)


def test_a_key_for_the_menu_does_not_ask(tmp_path):
    with booted(tmp_path, machine=MENU) as emulator:
        emulator.wait_screen("for boot menu")
        key_events(emulator, *PRESSED)
        emulator.wait_text(READY)
        assert "diagnostics" not in emulator.serial.text


def test_escape_boots_on(tmp_path):
    with booted(tmp_path, WORD) as emulator:
        emulator.wait_text(BAR)
        emulator.serial.send(b"\x1b")
        emulator.wait_text(READY)
        assert "diagnostics 2" not in emulator.serial.text


def test_r_restarts(tmp_path):
    with booted(tmp_path, WORD) as emulator:
        emulator.wait_text(BAR)
        emulator.serial.send(b"r")
        assert emulator.wait_end() == 0
        assert emulator.was_reset()
        assert not emulator.serial.find(READY)


# ---- When something is wrong with them -------------------------------------

def test_image_without_diagnostics(tmp_path):
    with booted(tmp_path, WORD, flags=("--no-diag",)) as emulator:
        emulator.wait_text(READY)
        assert emulator.serial.find(message("W_DIAG_MISSING"))
        emulator.wait_screen(READY)


@pytest.mark.parametrize("where", ["start", "middle", "last"])
def test_damaged_diagnostics(where, tmp_path):
    with booted(tmp_path, WORD, damage=(Flip("diag", where),)) as emulator:
        emulator.wait_text(READY)
        assert emulator.serial.find(message("W_DIAG_DAMAGED"))
        assert "diagnostics 1" not in emulator.serial.text


def test_damage_does_not_matter_to_others(tmp_path):
    with booted(tmp_path, damage=(Flip("diag"),)) as emulator:
        emulator.wait_text(READY)
        assert "warning" not in emulator.serial.text
