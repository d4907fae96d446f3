"""Step mode: the loader stops at each milestone, says what comes, waits for a
key (diag/step.c). In QEMU and in Bochs, on the screen and on COM1."""

import re
import shutil

import pytest

from harness import recipe
from harness.machine import Machine
from harness.recipe import Recipe
from harness.run import Row, start
from harness.words import READY, defines

JOURNEY = defines("journey.h")
STOPS = ["CPU", "A20", "MEMORY", "SCREEN", "LOADING", "LONG"]
QEMU, BOCHS = Machine(), Machine(emulator="bochs", cpu="ryzen")
EMULATORS = [
    pytest.param(QEMU, id="qemu"),
    pytest.param(BOCHS, id="bochs", marks=pytest.mark.skipif(
        not shutil.which("bochs"), reason="no bochs"))]


def booted(tmp_path, machine=QEMU, cmdline="step", flags=()):
    row = Row("step", machine, Recipe(cmdline=cmdline, flags=flags))
    image, layout = recipe.make(row.disk, tmp_path)
    return start(row, image, layout, tmp_path)


def stop(emulator, number):
    """The lines of a stop on COM1, once it waits for a key."""
    name = JOURNEY[f"JOURNEY_{STOPS[number]}_NAME"]
    title = f"^--- Firstlight steps {number + 1}: {name} ---$"
    emulator.wait_text(title + r"[^\[]*^\[any key: ")
    text = emulator.serial.text
    return text[re.search(title, text, re.M).end():].split("\n[any key")[0]


@pytest.mark.parametrize("keys", ["serial", "keyboard"])
@pytest.mark.parametrize("machine", EMULATORS)
def test_stops_at_each_milestone(tmp_path, machine, keys):
    with booted(tmp_path, machine) as emulator:
        for number, key in enumerate(STOPS):
            said = stop(emulator, number)
            sentence = JOURNEY[f"JOURNEY_{key}_TEXT"]
            assert f"Comes next: {sentence}" in said
            screen = emulator.wait_screen(
                f"^ Firstlight steps {number + 1}: [^|]*"
                f"{re.escape(sentence)}[^|]*any key")
            assert "Registers" in screen.text
            assert "firstlight: ready" not in emulator.serial.text
            if keys == "serial":
                emulator.serial.send(b" ")
            else:
                emulator.type(" ")
        emulator.wait_text(READY)


def test_shows_what_was_found_and_what_changes(tmp_path):
    with booted(tmp_path) as emulator:
        said = []
        for number in range(len(STOPS)):
            said.append(stop(emulator, number))
            emulator.serial.send(b" ")
        emulator.wait_text(READY)
    found = ["CPU  .*signature", "A20  .*", "Memory  .*entries by E820",
             "Screen  .*80 columns", "Kernel  .*bytes at 00100000"]
    for number, text in enumerate(said):
        for earlier, pattern in enumerate(found):
            assert bool(re.search(f"^{pattern}", text, re.M)) == (
                earlier < number), (number, pattern)
    x86 = defines("x86.h")
    assert x86["CR0_PG"]
    assert re.search(r"^CR0 .*0000001[01] -> 8\w{7}: .*PG", said[-1], re.M)
    # A register without a star holds what it held.
    values = [dict(re.findall(r"(E\w\w) (\w{8}[ *])", text)) for text in said]
    for before, after in zip(values, values[1:]):
        for name, value in after.items():
            assert (value[:8] != before[name][:8]) == (value[8] == "*")


def test_boots_on_without_stops(tmp_path):
    with booted(tmp_path) as emulator:
        stop(emulator, 0)
        emulator.serial.send(b" ")
        stop(emulator, 1)
        emulator.serial.send(b"b")
        emulator.wait_text(READY)
        assert "steps 3" not in emulator.serial.text


def test_restarts(tmp_path):
    with booted(tmp_path) as emulator:
        stop(emulator, 0)
        emulator.serial.send(b"r")
        emulator.wait_end()
        assert emulator.was_reset()


@pytest.mark.parametrize("cmdline", ["", "diag step"])
def test_behind_the_diagnostics(tmp_path, cmdline):
    """By a key there, or because the command line has both words."""
    with booted(tmp_path, cmdline=cmdline) as emulator:
        if not cmdline:
            emulator.serial.send(b"d")
        emulator.wait_text(r"^--- Firstlight diagnostics 1: [^~]*\[any key")
        emulator.serial.send(b"b" if cmdline else b"s")
        stop(emulator, 0)
        emulator.serial.send(b"b")
        emulator.wait_text(READY)


@pytest.mark.parametrize("key", [b" ", b"b"])
def test_leaves_nothing_behind(tmp_path, key):
    """No breakpoint in the CPU, no vector of ours: at its end, or before."""
    with booted(tmp_path) as emulator:
        stop(emulator, 0)
        registers = emulator.qmp("human-monitor-command",
                                 **{"command-line": "info registers"})
        assert re.search(r"DR7=0+402", registers), registers
        for number in range(1, len(STOPS) if key == b" " else 1):
            emulator.serial.send(key)
            stop(emulator, number)
        emulator.serial.send(key)
        emulator.wait_text(READY)
        registers = emulator.qmp("human-monitor-command",
                                 **{"command-line": "info registers"})
        assert re.search(r"DR7=0+400", registers), registers
        vectors = emulator.qmp("human-monitor-command",
                               **{"command-line": "xp /2hx 0"})
        one = emulator.qmp("human-monitor-command",
                           **{"command-line": "xp /2hx 4"})
        assert one.split(":")[1] == vectors.split(":")[1]


@pytest.mark.parametrize("word", ["step=1", "steps", "nostep", "a step=b"])
def test_another_word_does_not_ask(tmp_path, word):
    with booted(tmp_path, cmdline=word) as emulator:
        emulator.wait_text(READY)
        assert "Firstlight steps" not in emulator.serial.text
