"""The monitor's keyboard, screen and serial line, on machines that have them or
not."""

import contextlib
import re

import pytest

from booting import boot, panic_page, plain_kernel, wait_halted
from harness import recipe
from harness.bochs import Bochs
from harness.machine import Machine
from monitor_session import Serial
from waiting_kernel import GO, SCRATCH, waiting_kernel


@pytest.mark.parametrize("lacks", [{}, {"serial": False}])
def test_keyboard_and_screen(lacks, tmp_path):
    with boot(tmp_path, "", debugcon=False, **lacks) as qemu:
        qemu.wait_screen("^> $|^>$")
        qemu.type("x/4w 0x100000+4\n")
        qemu.wait_screen(r"^000000100004  \w{8} \w{8} \w{8} \w{8} ")
        # History and completion, with keys of the other kind.
        qemu.send_key("up")
        qemu.send_key("left")
        qemu.send_key("delete")
        qemu.type("8\n")
        qemu.wait_screen(r"^> x/4w 0x100000\+8$")
        qemu.wait_screen(r"^000000100008  \w{8} \w{8} \w{8} \w{8} ")
        qemu.type("pag\tx")
        qemu.wait_screen("^> pagewalk x$")
        qemu.send_key("ctrl", "c")
        qemu.wait_screen(r"^> pagewalk x\^C\n>$")


@pytest.mark.parametrize("board, cmdline", [
    ("pc", "irq=pic"), ("q35", ""), ("q35", "irq=pic"), ("isapc", ""),
    ("pc,acpi=off", ""), ("pc,hpet=off", ""),
])
def test_both_interrupts_on_each_machine(board, cmdline, tmp_path):
    with boot(tmp_path, cmdline, board=board) as qemu:
        monitor = Serial(qemu)
        assert monitor.answers("gdt", "^00  null$")
        qemu.type("help gdt\n")
        qemu.wait_text(r"^> help gdt\ngdt  ")
        wait_halted(qemu)


@plain_kernel
def test_page_up_shows_what_scrolled_away(tmp_path):
    with boot(tmp_path, "") as qemu:
        monitor = Serial(qemu)
        first = qemu.wait_screen(r"^>\Z").text.split("\n")
        for _ in range(2):
            monitor.ask("help all")
        last = qemu.wait_screen(r"^reboot .*\n>\Z").text
        for _ in range(5):
            qemu.send_key("pgup")
        screen = qemu.wait_screen(r"\A Firstlight ")
        assert screen.text.split("\n")[:22] == first[:22]
        qemu.send_key("pgdn")
        qemu.wait_screen("^map  ")
        for _ in range(5):
            qemu.send_key("pgdn")
        qemu.wait_screen(re.escape(last) + r"\Z")
        qemu.send_key("shift", "pgup")
        qemu.wait_screen("^map  ")
        qemu.send_key("shift", "pgdn")
        qemu.wait_screen(re.escape(last) + r"\Z")
        # Whoever types sees it.
        qemu.send_key("pgup")
        qemu.wait_screen("^map  ")
        qemu.type("a")
        qemu.wait_screen(r"^> a\Z")


def test_caps_lock_and_its_light(tmp_path):
    log = tmp_path / "trace.log"
    trace = ("-trace", "ps2_set_ledstate", "-D", str(log))

    with boot(tmp_path, "", extra=trace) as qemu:
        def light_up(value):
            """The keyboard is told after the key, some time."""
            qemu.wait(lambda: log.read_text().endswith(
                f"ledstate {value}\n"), poll=0.05)

        Serial(qemu)
        light_up(2)
        qemu.send_key("caps_lock")
        qemu.type("aB1")
        qemu.wait_screen("^> Ab1$")
        light_up(6)
        qemu.send_key("caps_lock")
        qemu.type("a")
        qemu.wait_screen("^> Ab1a$")
        light_up(2)


def write_ports(qemu, *writes):
    """Pairs of a port and a byte, through QEMU's monitor."""
    for port, byte in writes:
        qemu.qmp("human-monitor-command",
                 **{"command-line": f"o/b {port} {byte}"})


def test_mouse_bytes(tmp_path):
    """Are no keys, and do not stand in the way of any, though nobody is
    interrupted by them: D3h has the controller play the mouse."""
    with boot(tmp_path, "") as qemu:
        Serial(qemu)
        write_ports(qemu, (0x64, 0xD3), (0x60, 0x1E))  # 1Eh would be "a"
        qemu.type("b")
        qemu.wait_screen(r"^> b\Z")


def test_mouse_byte_before_ctrl_c(tmp_path):
    """Nor of the key that stops a command."""
    with boot(tmp_path, "") as qemu:
        monitor = Serial(qemu)
        start = len(monitor.channel.text)
        monitor.press("x/65536g 0x200000\r")
        qemu.wait_text("^000000200100 ")
        write_ports(qemu, (0x64, 0xD3), (0x60, 0x1E))
        qemu.send_key("ctrl", "c")
        monitor.wait_prompt(start)
        assert "00000027fff0" not in monitor.channel.text[start:]


def test_serial_line_alone(tmp_path):
    with boot(tmp_path, "", video="none", debugcon=False) as qemu:
        assert Serial(qemu).answers("gdt", "^08  code")


@contextlib.contextmanager
def boot_waiting(directory):
    """Before it starts the keyboard, until write_ports(qemu, (SCRATCH, GO))."""
    with boot(directory, "", kernel=waiting_kernel(directory, "power_run"),
              board="isapc") as qemu:
        qemu.wait_text("^firstlight: ready$")
        yield qemu


@pytest.mark.parametrize("command_byte", [0x30, 0x74])
def test_a_controller_as_no_bios_leaves_it(command_byte, tmp_path):
    """No interrupts, no translation to set 1, the keyboard switched off."""
    with boot_waiting(tmp_path) as qemu:
        write_ports(qemu, (0x64, 0x60), (0x60, command_byte), (SCRATCH, GO))
        Serial(qemu)
        qemu.type("aZ1")
        qemu.wait_screen(r"^> aZ1\Z")


def test_ctrl_c_under_caps_lock(tmp_path):
    with boot(tmp_path, "") as qemu:
        monitor = Serial(qemu)
        qemu.send_key("caps_lock")
        start = len(monitor.channel.text)
        monitor.press("x/65536g 0x200000\r")
        qemu.wait_text("^000000200100 ")
        qemu.send_key("ctrl", "c")
        monitor.wait_prompt(start)
        assert "00000027fff0" not in monitor.channel.text[start:]


@pytest.mark.parametrize("serial, says", [
    (True, r"input     by COM1 only: there is no keyboard controller\n"),
    (False, r"input     none: there is no keyboard controller, and no COM1"
            r"\n          USB keyboards need .*\n"),
])
@pytest.mark.parametrize("board", ["pc,i8042=off", "q35,i8042=off"])
def test_where_nothing_can_be_typed_is_said(board, serial, says, tmp_path):
    """Between the last line of the report and what the prompt says (HW-33)."""
    with boot(tmp_path, "", board=board, serial=serial) as qemu:
        qemu.wait_text(rf"^firstlight: ready\n{says}Type help.*\n> \Z",
                       qemu.debugcon)
        qemu.wait_screen(says.split("\\n")[0])


def test_a_keyboard_is_no_news(tmp_path):
    with boot(tmp_path, "", serial=False) as qemu:
        qemu.wait_text(r"^firstlight: ready\nType help.*\n> \Z", qemu.debugcon)
        assert not qemu.debugcon.find("^input")


def test_typing_where_nothing_interrupts(tmp_path):
    """Neither 8259 nor APIC: the prompt does not sleep through what is typed."""
    with boot(tmp_path, "", board="pc,pic=off", cpu="qemu64,-apic") as qemu:
        monitor = Serial(qemu)
        assert monitor.ask("irq")[0] == \
            "controllers: none: no device can interrupt"
        qemu.type("gdt\n")
        qemu.wait_text("^00  null$")


@pytest.mark.parametrize("board", ["pc,i8042=off", "q35,i8042=off"])
def test_no_keyboard_controller(board, tmp_path):
    """HW-33"""
    with boot(tmp_path, "", board=board) as qemu:
        assert Serial(qemu).answers("cpu", "^vendor")


def test_keys_typed_before_the_prompt(tmp_path):
    """What was meant for others is not taken for a command."""
    with boot_waiting(tmp_path) as qemu:
        qemu.qmp("input-send-event", events=[
            {"type": "key", "data": {
                "down": True, "key": {"type": "qcode", "data": key}}}
            for key in ("h", "e", "l", "p", "ret")])
        write_ports(qemu, (SCRATCH, GO))
        monitor = Serial(qemu)
        monitor.ask("cpu")
        log = monitor.ask("log all")
        assert any(line.endswith("> cpu") for line in log)
        assert not any("> help" in line for line in log)


def test_prompt_sleeps(tmp_path):
    with boot(tmp_path, "") as qemu:
        monitor = Serial(qemu)
        wait_halted(qemu)
        assert monitor.answers("cpu", "^vendor")
        wait_halted(qemu)


def test_ctrl_alt_delete(tmp_path):
    with boot(tmp_path, "") as qemu:
        Serial(qemu)
        qemu.send_key("ctrl", "alt", "delete")
        assert qemu.wait_end() == 0
        assert qemu.was_reset()


def test_bochs(tmp_path):
    image, _ = recipe.make(recipe.Recipe(cmdline=""), tmp_path)
    machine = Machine(emulator="bochs", cpu="corei7_haswell_4770")
    with Bochs(machine, image, tmp_path) as bochs:
        monitor = Serial(bochs)
        assert monitor.answers("cpu", "^vendor     GenuineIntel$")
        bochs.type("gdt\n")
        bochs.wait_text(r"^> gdt\n00  null$")
        # Scrolled, with keys, and the page after 300 lines more.
        bochs.wait_screen(r"^> gdt\n00  null\n(\w\w  .*\n)+( .*\n)+>$")
        monitor.press("fault scrolled\r")
        bochs.wait_text("machine is stopped.*\n")
        rows = "|".join(re.escape(row.strip())
                        for row in panic_page(bochs.serial.text).split("\n"))
        bochs.wait_screen(rf"\A KERNEL PANIC.*\n( *({rows})\n)+"
                          r" The machine is stopped\..* s\.$")
