"""What is typed is not lost in silence: it waits, or it is told what is lost, and
a line that lacks something is not run (HW-52). With and without interrupts
(HW-53)."""

import re

import pytest

from booting import boot, panic_page
from harness import recipe
from harness.bochs import Bochs, BochsOnALine
from harness.machine import Machine
from monitor_session import Serial, many_lines
from waiting_kernel import GO, SCRATCH, waiting_kernel

BOCHS = Machine(emulator="bochs", cpu="corei7_haswell_4770")
BUSY = "x/65536 0x100000"  # for seconds

MCR, RTS = 0x3FC, 2
KBC_DATA, KBC_STATUS = 0x60, 0x64
KBC_FULL = 1
WRITE_KEYBOARD = 0xD2  # the controller takes the next byte for the keyboard's
K_KEY, KEYS_LOST = 0x25, 0xFF


def busy_lines(count):
    """To be pasted behind a command that prints, more than all queues hold."""
    return [BUSY, *(f"symbol kernel_main+{number % 16}"
                    for number in range(count)), "time"]


def obeyed(text):
    """[line]: what the monitor has run."""
    rows = [row.split("\r")[-1] for row in text.split("\n")]
    return [row[2:] for row, answer in zip(rows, rows[1:])
            if row.startswith("> ") and row != "> " and
            not re.match(r"not run: |> |input lost: ", answer)]


def monitor_says(qemu, command):
    """QEMU's own monitor."""
    return qemu.qmp("human-monitor-command", **{"command-line": command})


def port(qemu, number):
    return int(monitor_says(qemu, f"i/b {number}").split()[-1], 16)


def sender_is_held_back(qemu):
    return not port(qemu, MCR) & RTS


# ---- It waits ---------------------------------------------------------------

@pytest.mark.parametrize("cmdline, machine", [
    pytest.param("", {}, id="apic"),
    pytest.param("irq=pic", {}, id="pic"),
    pytest.param("", {"board": "pc,pic=off", "cpu": "qemu64,-apic"},
                 id="no-interrupts"),
    pytest.param("", {"serial": False, "extra": (
        "-device", "isa-serial,chardev=com1,iobase=0x3f8,irq=3")},
                 id="another-interrupt"),
])
def test_pasting_behind_a_busy_command(cmdline, machine, tmp_path):
    lines = busy_lines(1200)
    with boot(tmp_path, cmdline, **machine) as qemu:
        monitor = Serial(qemu)
        assert monitor.paste(lines) == lines
        assert qemu.serial.text.count(" is kernel_main()") == 1200
        assert not any("lost" in row for row in monitor.ask("input"))


def test_com1_for_typing_only(tmp_path):
    """It is listened to, though the console prints elsewhere."""
    lines = busy_lines(1200)
    with boot(tmp_path, "console=e9") as qemu:
        qemu.wait_text(r"^> \Z", qemu.debugcon)
        qemu.serial.send("".join(line + "\r" for line in lines).encode())
        qemu.wait_text(r"^> time\n(.*\n)+> \Z", qemu.debugcon)
        assert "firstlight: ready" not in qemu.serial.text
        assert obeyed(qemu.debugcon.text) == lines


def test_who_sends_is_held_back(tmp_path):
    """By RTS, for as long as there is no room."""
    lines = ["time", *busy_lines(400)[1:]]
    with boot(tmp_path, "",
              kernel=waiting_kernel(tmp_path, "command_time")) as qemu:
        monitor = Serial(qemu)
        assert not sender_is_held_back(qemu)
        monitor.press("".join(line + "\r" for line in lines))
        qemu.wait(lambda: sender_is_held_back(qemu), poll=0.01)
        monitor_says(qemu, f"o/b {SCRATCH} {GO}")
        qemu.wait(lambda: qemu.serial.text.count(" is kernel_main()") == 400)
        qemu.wait_text(r"^> time\n> \Z")
        assert not sender_is_held_back(qemu)


def test_a_panic_while_more_is_typed(tmp_path):
    """Its page is whole, and who sends is told to stop."""
    with boot(tmp_path, "") as qemu:
        monitor = Serial(qemu)
        monitor.press("".join(line + "\r" for line in [
            *busy_lines(300)[1:], "panic", *busy_lines(600)]))
        for channel in (qemu.serial, qemu.debugcon):
            qemu.wait_text(r"machine is stopped\. .*\.$", channel)
        assert panic_page(qemu.serial.text) == panic_page(qemu.debugcon.text)
        assert re.search(r"^\| > panic$", qemu.serial.text, re.MULTILINE)
        assert sender_is_held_back(qemu)


def test_ctrl_c_on_the_keyboard_does_not_wait(tmp_path):
    """What it throws away was the beginning of a line from COM1; the rest is
    not run."""
    with boot(tmp_path, "") as qemu:
        monitor = Serial(qemu)
        start = len(monitor.channel.text)
        lines = ["x/65536g 0x100000", *(["symbol kernel_main"] * 600), "time"]
        monitor.press("".join(line + "\r" for line in lines))
        qemu.wait_text("^000000100100 ")
        qemu.wait(lambda: sender_is_held_back(qemu), poll=0.01)
        qemu.send_key("ctrl", "c")
        qemu.wait_text(r"^> time\n(.*\n)+> \Z")
        text = monitor.channel.text[start:]
        assert "00000017fff0" not in text
        assert set(obeyed("> " + text)) == set(lines)
        assert ("input lost: ctrl-C on the keyboard cut a line from COM1, "
                "1 time\n") in text


def bochs_image(directory, cmdline):
    return recipe.make(recipe.Recipe(cmdline=cmdline), directory)[0]


@pytest.mark.parametrize("cmdline", ["", "irq=pic"])
def test_pasting_at_the_speed_of_the_line(cmdline, tmp_path):
    """Nothing holds the sender back."""
    lines = many_lines(150)
    with BochsOnALine(BOCHS, bochs_image(tmp_path, cmdline),
                      tmp_path) as bochs:
        assert Serial(bochs).paste(lines) == lines


@pytest.mark.parametrize("cmdline", ["", "irq=pic"])
def test_pasting_in_bochs(cmdline, tmp_path):
    """More than the queue holds, with a sender that can be held back."""
    lines = ["x/16000 0x100000", *busy_lines(300)[1:]]
    with Bochs(BOCHS, bochs_image(tmp_path, cmdline), tmp_path) as bochs:
        assert Serial(bochs).paste(lines) == lines


# ---- It is lost, and that is said -------------------------------------------

def test_a_line_that_cannot_be_held_back(tmp_path):
    """A sender without flow control: the UART loses what comes behind a full
    queue. The halves of no line become a command."""
    lines = ["x/16000 0x100000", *busy_lines(500)[1:]]
    with BochsOnALine(BOCHS, bochs_image(tmp_path, ""), tmp_path) as bochs:
        monitor = Serial(bochs)
        start = len(monitor.channel.text) - 2
        monitor.press("".join(line + "\r" for line in lines))
        bochs.wait_text(r"input lost: COM1 was full, \d+ times?: let its sender "
                        "use RTS/CTS flow control")
        # All that was sent has come, or is lost.
        bochs.wait(lambda: not monitor.channel.unsent)
        monitor.press("\x15\rgdt\r")
        bochs.wait_text(r"^> gdt\n(.*\n)+> \Z")
        told = obeyed(monitor.channel.text[start:])
        assert set(told) <= {*lines, "gdt"}
        assert 150 < len(told) < 502
        assert monitor.answers("input", r"^input lost: COM1 was full, \d+ times")


def test_what_comes_before_the_kernel_listens(tmp_path):
    """The loader's key is among it; what is left is no line."""
    with boot(tmp_path, "") as qemu:
        qemu.serial.send(b"echo " * 50 + b"\r")
        qemu.wait_text(r"input lost: it came on COM1 before the kernel "
                       r"listened, \d+ bytes?$")
        qemu.wait_text(r"^> \?.*echo \nnot run: .*\n> \Z")
        assert Serial(qemu).answers("input", "^input lost: it came on COM1 before")


def send_as_keyboard(qemu, byte):
    monitor_says(qemu, f"o/b {KBC_STATUS} {WRITE_KEYBOARD}")
    monitor_says(qemu, f"o/b {KBC_DATA} {byte}")
    qemu.wait(lambda: not port(qemu, KBC_STATUS) & KBC_FULL, poll=0.001)


def test_a_keyboard_that_was_full(tmp_path):
    """And says so."""
    with boot(tmp_path, "") as qemu:
        Serial(qemu)
        qemu.type("power")
        qemu.wait_screen(r"^> power\Z")
        send_as_keyboard(qemu, KEYS_LOST)
        qemu.wait_screen(r"^input lost: the keyboard was full, 1 time\n"
                         r"> power\?\Z")
        qemu.type("off\n")
        qemu.wait_screen(r"^> power\?off\nnot run: at the '\?' .*\n>\Z")


def test_keys_that_find_no_room(tmp_path):
    """Behind all that COM1 may put into the queue there is some for keys."""
    with boot(tmp_path, "",
              kernel=waiting_kernel(tmp_path, "command_time")) as qemu:
        monitor = Serial(qemu)
        monitor.press("time\r" + "gdt\r" * 2000)
        qemu.wait(lambda: sender_is_held_back(qemu), poll=0.01)
        for _ in range(280):
            send_as_keyboard(qemu, K_KEY)
        monitor_says(qemu, f"o/b {SCRATCH} {GO}")
        qemu.wait_text(r"input lost: too many keys were waiting already, \d+ "
                       "keys$")
        qemu.wait_text(r"^> \S*k+\?")
