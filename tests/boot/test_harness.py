"""The harness itself: it must see what is wrong, or no test can fail."""

import dataclasses
import re

import pytest

import booting
from harness import offers
from harness.emulator import GuestDied
from harness.machine import Machine
from harness.qemu import BINARY
from harness.recipe import BUILD, Flip, Recipe
from harness.run import Row, run
from harness.words import READY, ROOT, message
from table import HOSTILE

NAME = "harness"
OUT_OF_IDT = Recipe(kernel="test/kernels/RESET.elf", cmdline="")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """These rows fail on purpose: they need not wait long for more."""
    monkeypatch.setattr("harness.run.SILENCE", 0.5)
    monkeypatch.setattr("harness.emulator.HANG", 5)


def problems(directory, **row):
    done = run(Row(NAME, **row), directory)
    assert not done.passed()
    assert done.command() in done.report()
    return "\n".join(done.problems)


def test_words_that_never_come(tmp_path):
    found = problems(tmp_path, shows=(READY, "no such words"))
    assert "the serial line never said 'no such words'" in found
    assert "port E9h never said 'no such words'" in found
    assert "the screen never showed 'no such words'" in found
    assert READY not in found
    assert (tmp_path / "screen.png").exists()


def test_words_that_must_not_come(tmp_path):
    assert "said" in problems(tmp_path, shows=(READY,), never=("memory",))


def test_another_error_than_expected(tmp_path):
    found = problems(tmp_path, shows=(message("E_BLOB_CRC", 1),),
                     disk=Recipe(damage=(Flip("kernel"),)))
    assert "never said" in found


def test_exit_status(tmp_path):
    machine = Machine(exit_port=True)
    found = problems(tmp_path, machine=machine, shows=(READY,), status=35)
    assert "QEMU ended with status 33, not 35" in found


def test_unwanted_exit(tmp_path):
    machine = Machine(exit_port=True)
    found = problems(tmp_path, machine=machine, shows=("not to be",))
    assert "the machine ended with status 33" in found


def test_hang(tmp_path):
    row = {"disk": Recipe(kernel="test/kernels/WAIT.elf", cmdline="")}
    assert "never said" in problems(tmp_path, shows=(READY,), **row)


def test_reset_is_explained(tmp_path):
    found = problems(tmp_path, shows=(READY,), disk=OUT_OF_IDT)
    assert "the machine ended with status 0" in found
    assert "triple fault" in found
    assert "#UD invalid opcode" in found


def test_reset_instead_of_an_exit_is_explained(tmp_path):
    found = problems(tmp_path, machine=Machine(exit_port=True), status=33,
                     disk=OUT_OF_IDT)
    assert "QEMU ended with status 0, not 33" in found
    assert "#UD invalid opcode" in found


def test_reset_of_the_kernel_names_the_source(tmp_path):
    found = problems(tmp_path, shows=("not to be",),
                     disk=Recipe(cmdline="panic=reset"))
    assert re.search(r"64-bit code: provoke_reset in kernel \(provoke.c:\d+\)", found)
    with pytest.raises(GuestDied, match=r"provoke_reset in kernel \(provoke.c:"):
        booting.run(tmp_path, "exit panic=reset")
    with pytest.raises(GuestDied, match=r"provoke_reset in kernel \(provoke.c:"):
        with booting.boot(tmp_path, "panic=reset") as qemu:
            qemu.wait_text("never said")


def test_emulator_that_does_not_start(tmp_path):
    machine = Machine(cpu="no-such-cpu")
    found = problems(tmp_path, machine=machine, shows=(READY,))
    assert "did not even start: ended with status 1:" in found
    assert "no-such-cpu" in found


def test_writes_to_the_disk_are_seen(tmp_path, monkeypatch):
    """HW-21: no loader of ours writes, so the test does."""
    row = Row(NAME, shows=(READY,))

    def scribble(self, done):
        with open(done.directory / "disk.img", "r+b") as image:
            image.seek(1000)
            image.write(b"scribble")
        return []

    monkeypatch.setattr(Row, "check", scribble)
    found = run(row, tmp_path).problems
    assert "the boot wrote to its disk (HW-21)" in found


def test_missing_tools_are_named():
    row = Row(NAME, needs=("sh", "no-such-program"))
    assert row.missing() == ["no-such-program"]
    row = dataclasses.replace(row, needs=(), disk=Recipe(medium="disk"))
    assert row.missing() == []


COMMA = "a,b:c"
MACHINES = {
    "row": Row(NAME, Machine(exit_port=True), shows=(READY,), status=33),
    "newcomer's": Row(NAME, Machine(plain=True), shows=(READY,)),
    "bochs": Row(NAME, Machine(emulator="bochs", cpu="corei7_haswell_4770"),
                 shows=(READY,)),
    "hostile": next(row for row in HOSTILE
                    if row.machine.emulator == "qemu"),
    "hostile bochs": next(row for row in HOSTILE
                          if row.machine.emulator == "bochs")}


@pytest.mark.parametrize("kind", MACHINES)
def test_strange_names_of_folders(tmp_path, monkeypatch, kind):
    """What ends a value in an option stands in the folder's name."""
    monkeypatch.undo()	# patience
    row = MACHINES[kind]
    if row.missing():
        pytest.skip(f"needs {', '.join(row.missing())}")
    done = run(row, tmp_path / COMMA)
    assert done.passed(), done.report()


def test_paths_in_options_are_quoted():
    """Where one stands in an option of QEMU's, its commas are doubled."""
    bare = re.compile(r"""\b(file|path|out|plugin)=\{(?!value\(|\})""")
    found = [f"{path}: {line.strip()}" for path in ROOT.glob("tests/**/*.py")
             for line in path.read_text().splitlines() if bare.search(line)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("machine, missing", [
    ({"cpu": "no-such,-nx"}, "-cpu no-such"),
    ({"board": "no-such,pit=off"}, "-machine no-such"),
    ({"board": "pc,no-such=off"}, "-machine pc,no-such=off"),
    ({"extra": ("-vga", "no-such")}, "-vga no-such"),
    ({"extra": ("-device", "no-such,id=x")}, "-device no-such")])
def test_what_qemu_lacks_is_named(machine, missing, tmp_path):
    """Distributions leave things out, or put them into other packages."""
    machine = Machine(**machine)
    assert Row(NAME, machine).missing() == [f"QEMU's {missing}"]
    with pytest.raises(pytest.skip.Exception, match=f"QEMU's {missing}"):
        with booting.boot(tmp_path, "", **vars(machine)):
            pass


def test_what_every_qemu_has_is_not_missing():
    """And one that lists nothing is left to tell by itself."""
    argv = [BINARY, "-machine", "pc,pit=off", "-cpu", "qemu64,-nx", "-vga",
            "std", "-device", "ahci,id=x", "-device", "ich9-ahci"]
    assert offers.missing(argv) == []
    assert offers.missing(["false", *argv[1:]]) == []


def test_build_is_there():
    assert (BUILD / "firstlight.img").stat().st_size % (1 << 20) == 0
