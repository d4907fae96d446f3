"""The diagnostics, paged through on machines of many kinds.

Each row starts them in one of the ways there are, presses keys until they
end, and compares what the serial line said with what stood on the screen.
"""

import dataclasses
import re
import subprocess

import pytest

from harness import recipe
from harness.machine import Machine
from harness.recipe import BUILD, Flip, Recipe
from harness.run import Bad, Row, start
from harness.words import READY, message
from hostile import NO_92, NO_BIOS, PC, STORM, HostileRow
from hostile_maps import LOW, splinters

WORD = "diag"
BAR = r"^\[any key: .*\]$"
LAST = "for a bug report"



@dataclasses.dataclass(frozen=True)
class Case:
    """row     the machine, the disk, and what must come behind: shows
    says       patterns for the pages, each a line of one
    keys       "serial" or "keyboard": where keys are pressed
    """
    row: Row
    says: tuple
    keys: str = "serial"

    def __str__(self):
        return self.row.name


def case(name, says, machine=Machine(), keys="serial", disk=Recipe(),
         ends=READY, switches=None, e820=()):
    disk = dataclasses.replace(disk, cmdline=WORD)
    more = {}
    kind = Row
    if switches is not None:
        kind = HostileRow
        more = {"switches": tuple(switches.items()), "e820": e820}
        machine = dataclasses.replace(machine, bus="second", exit_port=False)
    return Case(kind(name, machine, disk, shows=(ends,), **more), says, keys)


HARD_DISK = (r"^Drive +80h, DL as the BIOS gave it$",
             r"^EDD +version 3.0 \(30h\), support 7h: packets",
             r"^LBA 0 by EDD +read$", r"^LBA 0 by CHS +read$",
             r"^03h to 59h +as on disk")
FLOPPY = (r"^Drive +00h, DL as the BIOS gave it$", r"^EDD +not there",
          r"^LBA 0 by EDD +status 01h, no such function$",
          r"^LBA 0 by CHS +read$")
FIT = (r"^Missing +nothing$", r"^64-bit kernel +will run$")
UNFIT = message("E_CPU_FEATURES")
EMULATED = Machine(emulator="bochs", cpu="corei7_haswell_4770")

CASES = [
    case("as it comes", HARD_DISK + FIT + (
        r"^A20 +open when stage 2 began$", r"^Memory map +by INT 15h E820h$",
        r"^Interface +ATA$", r"^Mode +03h, 80 columns, 25 rows",
        r"^BIOS +SeaBIOS, ")),
    case("by keyboard", HARD_DISK + FIT, keys="keyboard"),
    case("q35", HARD_DISK + FIT + ("^System .*Q35",), Machine(board="q35")),
    case("AHCI", HARD_DISK, Machine(bus="ahci")),
    case("USB", HARD_DISK[2:], Machine(board="q35", bus="usb-xhci")),
    case("USB, by keyboard", HARD_DISK[2:], Machine(bus="usb-uhci"),
         keys="keyboard"),
    case("NVMe", HARD_DISK[2:], Machine(bus="nvme")),
    case("floppy", FLOPPY, Machine(bus="floppy"),
         disk=Recipe(medium="floppy")),
    case("CD", (r"^LBA 0 by CHS +read$",), Machine(bus="cdrom"),
         disk=Recipe(medium="cd")),
    case("an ISA PC", HARD_DISK + FIT, Machine(board="isapc")),
    case("4 MiB", (r"^INT 15h 88h +2944 KiB from 1 MiB on$",),
         Machine(memory="4M")),
    case("5 GiB", (r"^  \d  0000000100000000  \w{16}  +\d+ MiB +usable",),
         Machine(memory="5G")),
    case("a CPU without long mode",
         (r"^Missing +long-mode$", r"^64-bit kernel +this CPU can't"),
         Machine(cpu="qemu32"), ends=UNFIT),
    case("a 486", (r"^Missing +TSC MSR PAE FXSR SSE SSE2 long-mode$",
                   r"^Needed +FPU$"),
         Machine(cpu="486"), ends=UNFIT),
    case("the latest CPU", (r"^1 GiB pages +yes$", r"^SSE4.2 +yes$"),
         Machine(cpu="max")),
    case("no VGA", (r"^Video BIOS +none: the serial line must do$",),
         Machine(video="none")),
    case("Cirrus", (r"^Adapter +VGA, colour",), Machine(video="cirrus")),
    case("no keyboard controller",
         (r"^Keyboard +port 64h: FFh, no controller$",),
         Machine(board="pc,i8042=off")),
    case("no COM1", (), Machine(serial=False), keys="keyboard"),
    case("Bochs", HARD_DISK[:1] + FIT + (r"^LBA 0 by CHS +read$",), EMULATED),

    case("hostile: no EDD", (r"^EDD +not there \(AH=41h: status 01h",
                             r"^LBA 0 by CHS +read$"), PC,
         switches={"disk_flags": "DISK_NO_EDD"}),
    case("hostile: EDD fails", (r"^LBA 0 by EDD +status \w\wh",
                                r"^LBA 0 by CHS +read$"), PC,
         switches={"disk_flags": "DISK_EDD_FAILS"}),
    case("hostile: no parameters", (r"^Parameters +not told",), PC,
         switches={"disk_flags": "DISK_NO_48"}),
    case("hostile: wrong DL",
         (r"^Drive +80h tried, because the BIOS gave DL = FFh$",), PC,
         switches={"entry_drive": 0xFF}),
    case("hostile: BPB written",
         (r"^03h to 59h +changed: the BIOS writes a BPB there$",
          r"^08 .*<- changed$"), PC,
         switches={"entry_flags": "ENTRY_BPB"}),
    case("hostile: all at once", HARD_DISK[:4], PC, switches=STORM),
    case("hostile: graphics mode",
         (r"^Mode +13h, 40 columns, 25 rows: stage 2 sets mode 03h$",), PC,
         switches={"entry_video": 0x13}),
    case("hostile: A20 by the BIOS",
         (r"^A20 +closed, then opened by INT 15h AX=2401h$",), PC,
         switches={"entry_flags": "ENTRY_A20"}),
    case("hostile: A20 by port 92h",
         (r"^A20 +closed, then opened by port 92h$",), PC, switches=NO_BIOS),
    case("hostile: A20 by the keyboard controller",
         (r"^A20 +closed, then opened by the keyboard controller$",), PC,
         switches=NO_92),
    case("hostile: A20 not at all", (r"^A20 +closed, and nothing opens it$",),
         PC, switches={**NO_92, "keyboard_mode": "KEYBOARD_IGNORES"},
         ends=message("E_A20")),
    case("hostile: no E820", (r"^INT 15h E820h +not there$",
                              r"^Memory map +by INT 15h E801h$"), PC,
         switches={"e820_mode": "E820_MISSING"}),
    case("hostile: only 88h", (r"^Memory map +by INT 15h 88h$",), PC,
         switches={"e820_mode": "E820_MISSING",
                   "e801_mode": "E801_MISSING"}),
    case("hostile: 300 entries",
         (r"^INT 15h E820h +300 entries, 128 kept$",
          r"^127  ", r"^Not shown +172 entries more"), PC, switches={},
         e820=splinters(300, (LOW, (0x100000, 0x400000, 1)))),
    case("hostile: little low memory",
         (r"^Loader +needs memory to 28000h, it ends at 27000h$",), PC,
         switches={"low_memory_k": 156}, ends=message("E_LOW_MEMORY")),
]


def press(emulator, keys, key):
    if keys == "serial":
        emulator.serial.send(key.encode())
    else:
        emulator.send_key("spc" if key == " " else key)


class Pages:
    """Pages through; .serial and .screens: {title: [line]}"""

    def __init__(self, emulator, machine, keys):
        self.emulator, self.machine, self.keys = emulator, machine, keys
        self.channel = (emulator.serial if machine.serial
                        else emulator.debugcon)
        self.serial, self.screens = [], []

    def bars(self):
        return re.findall(BAR, self.channel.text, re.MULTILINE)

    def wait_page(self, number):
        self.emulator.wait(lambda: len(self.bars()) >= number)
        text = self.channel.text
        first = text.index(f"--- Firstlight diagnostics {number}: ")
        title, *lines = text[first:].split("\n")
        end = next(i for i, line in enumerate(lines) if re.match(BAR, line))
        self.serial.append([line.rstrip() for line in lines[:end]])
        if self.machine.has_screen():
            bar = self.bars()[number - 1].strip("[]")
            screen = self.emulator.wait_screen(
                f"^ Firstlight diagnostics {number}: [^|]*{bar}")
            self.screens.append(
                [line[1:] for line in screen.text.split("\n")[2:23]])
        return LAST in title

    def through(self):
        number = 1
        while not self.wait_page(number):
            press(self.emulator, self.keys, " ")
            number += 1
        press(self.emulator, self.keys, " ")

    def text(self):
        return "\n".join("\n".join(lines) for lines in self.serial)

    def check_screens(self):
        """The screen says what the serial line says, row by row."""
        for said, shown in zip(self.serial, self.screens):
            padded = said + [""] * (21 - len(said))
            assert [line.rstrip() for line in shown] == padded



@pytest.mark.parametrize("one", CASES, ids=str)
def test_pages(one, tmp_path):
    if one.row.missing():
        pytest.skip(f"needs {', '.join(one.row.missing())}")
    image, layout = recipe.make(one.row.disk, tmp_path)
    size, before = image.stat().st_size, recipe.digest(image)
    with start(one.row, image, layout, tmp_path) as emulator:
        pages = Pages(emulator, one.row.machine, one.keys)
        pages.through()
        pages.check_screens()
        for pattern in one.says:
            assert re.search(pattern, pages.text(), re.MULTILINE), \
                f"{pattern}\n{pages.text()}"
        emulator.wait_text(one.row.shows[0], pages.channel)
    assert recipe.digest(image, size) == before, "it wrote to its disk"
    check_code(pages.text(), one)


def decode(text):
    done = subprocess.run([BUILD / "diag-decode"], input=text, text=True,
                          capture_output=True, check=True)
    return {line.split()[0]: line.split()[1].rstrip("h")
            for line in done.stdout.splitlines() if line[0] != " "}


def check_code(text, one):
    """The line at the end says what the pages said."""
    code = decode(text)
    assert f"Drive          {int(code['drive'], 16):02X}h" in text
    assert f"{code['low_k']} KiB, to " in text
    assert code["serial"] == str(int(one.row.machine.serial))
    assert code["debugcon"] == str(int(one.row.machine.debugcon))
    if int(code["cpuid"]):
        assert f"Signature      {int(code['signature'], 16):08X}: " in text
    if int(code["listed"]):
        assert f"{code['listed']} entries, " in text


# ---- How they are asked for ------------------------------------------------

def booted(tmp_path, cmdline="", flags=(), machine=Machine(), bad=(),
           damage=()):
    row = Row("diag", machine, Recipe(cmdline=cmdline, flags=flags,
                                      damage=damage), bad=bad)
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


def test_unreadable_diagnostics(tmp_path):
    with booted(tmp_path, WORD, bad=(Bad("diag"),)) as emulator:
        emulator.wait_text(READY)
        assert emulator.serial.find(
            message("E_READ", 0x80).replace(": error", ": warning"))
