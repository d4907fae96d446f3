"""The console as people see it: screens read by their glyphs, serial, E9h."""

import contextlib
import fcntl
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import pytest

import hostile_image
from booting import (FAILURE, SUCCESS, boot, kernel_text, panic_page,
                     plain_kernel, run, wait_halted)
from harness import guard, recipe
from harness.debugger import Debugger
from harness.emulator import HANG
from harness.machine import Machine, qemu_argv, value
from harness.qemu import Qemu
from monitor_session import Serial

READY = "^firstlight: ready$"


def bench_line(number):
    """As kernel/bench/bench.c writes it."""
    return "".join(chr(ord("!") + (number % 94 + i) % 94) for i in range(79))


# All that fit on the screen with the prompt's two rows below.
LAST_LINES = [bench_line(number) for number in range(9977, 10000)] + [
    "Type help. Tab completes what is typed, PgUp shows what scrolled away.",
    ">"]


@plain_kernel
@pytest.mark.parametrize("cpus", ["1", "2"])
def test_every_sink_shows_the_same(cpus, tmp_path):
    with boot(tmp_path, "", memory="128M", extra=("-smp", cpus)) as qemu:
        qemu.wait_text(READY + r"\n(?s:.*)^> \Z")
        wait_halted(qemu)
        screen = qemu.screen()
        text = kernel_text(qemu.serial.text)
        assert kernel_text(qemu.debugcon.text) == text
        # All of it is still to be seen at the prompt.
        assert [line.rstrip() for line in text.splitlines()] == \
            screen.text.splitlines()
        screen.save_png(tmp_path / "report.png")


@pytest.mark.parametrize("sinks, serial, debugcon, vga", [
    ("serial", True, False, False),
    ("e9", False, True, False),
    ("vga", False, False, True),
    ("vga,serial", True, False, True),
    ("serial,e9", True, True, False),
    ("printer", True, True, True),
])
def test_sinks_are_chosen(sinks, serial, debugcon, vga, tmp_path):
    # The last words go to port F4h: by then all is printed.
    status, serial_text, debugcon_text = run(tmp_path,
                                             f"exit console={sinks}")
    assert status == SUCCESS
    assert bool(kernel_text(serial_text)) == serial
    assert bool(kernel_text(debugcon_text)) == debugcon
    with boot(tmp_path, f"panic=string console={sinks}") as qemu:
        # A panic is shown everywhere.
        qemu.wait_text("machine is stopped", qemu.debugcon)
        qemu.wait_text("machine is stopped")
        wait_halted(qemu)
        assert "KERNEL PANIC" in qemu.screen().text
    if vga:
        with boot(tmp_path, f"console={sinks}") as qemu:
            qemu.wait_screen(READY)


@pytest.mark.parametrize("lacks", [
    {"serial": False}, {"debugcon": False}, {"video": "none"},
    {"serial": False, "debugcon": False, "video": "none"},
])
def test_missing_sinks_cost_nothing(lacks, tmp_path):
    status, serial, debugcon = run(tmp_path, "exit", **lacks)
    assert status == SUCCESS
    assert bool(kernel_text(serial)) == lacks.get("serial", True)
    assert bool(kernel_text(debugcon)) == lacks.get("debugcon", True)
    status, serial, _ = run(tmp_path, "exit panic", **lacks)
    assert status == FAILURE
    assert ("KERNEL PANIC" in serial) == lacks.get("serial", True)


def stall(qemu):
    """Read COM1 no more: it takes a few kilobytes."""
    fcntl.fcntl(qemu.serial.fileno(), fcntl.F_SETPIPE_SZ, 4096)
    qemu.serial.open = False


def test_serial_line_nobody_reads_is_given_up(tmp_path):
    """HW-32: the other side takes a few kilobytes and no more."""
    with boot(tmp_path, "exit panic=scrolled") as qemu:
        stall(qemu)
        assert qemu.wait_end() == FAILURE
        assert "the screen had scrolled" in qemu.debugcon.text
        qemu.serial.open = True


def test_serial_line_that_is_read_again(tmp_path):
    """As after Ctrl-S and Ctrl-Q in a terminal: what was sent meanwhile is
    lost, no more."""
    with boot(tmp_path, "") as qemu:
        monitor = Serial(qemu)
        stall(qemu)
        qemu.type("x/3000 0x100000\n")
        qemu.wait_screen(r"^000000100bb0 .*\n>\Z")
        qemu.serial.open = True
        # What is answered before QEMU has got rid of its byte is lost, too.
        qemu.wait(lambda: qemu.serial.find("^00  null$") or
                  monitor.press("gdt\r"), poll=0.5)
        assert "000000100bb0 " not in qemu.serial.text


def test_panic_on_a_serial_line_that_is_read_again(tmp_path):
    """What is lost is old text; the page waits for its reader (HW-32), who comes
    back when the old text has been given up."""
    with boot(tmp_path, "") as qemu:
        Serial(qemu)
        stall(qemu)
        qemu.type("x/3000 0x100000\n")
        qemu.wait_screen(r"^000000100bb0 .*\n>\Z")
        with Debugger(qemu) as debugger:
            debugger.break_at("page_write")
            debugger.run(lambda: qemu.type("panic\n"))
            qemu.serial.open = True
        qemu.wait_text(r"^The machine is stopped\..*\n", qemu.debugcon)
        qemu.wait_text(r"^The machine is stopped\..*\n")
        page = panic_page(qemu.serial.text)
        assert page == panic_page(qemu.debugcon.text)
        assert "000000100bb0 " not in qemu.serial.text.replace(page, "")


@contextlib.contextmanager
def boot_unread(tmp_path, cmdline):
    """Nobody reads COM1 from the start, and the loader has something to say
    there: that there is no text screen."""
    with boot(tmp_path, cmdline, video="bochs-display", memory="128M",
              extra=("-S",)) as qemu:
        qemu.serial.stop_reading()
        qemu.qmp("cont")
        qemu.wait_text(READY, qemu.debugcon)
        yield qemu


def test_serial_line_that_is_read_later(tmp_path):
    """It has stalled before the kernel starts: it is used all the same, and
    heard, too (HW-32)."""
    with boot_unread(tmp_path, "") as qemu:
        qemu.wait_text(r"^> \Z", qemu.debugcon)
        qemu.serial.open = True
        qemu.wait(lambda: qemu.serial.find("^00  null$") or
                  qemu.serial.send(b"gdt\r"), poll=0.5)
        assert not qemu.serial.find(READY)


def test_only_a_serial_line_that_nobody_reads(tmp_path):
    """Then everything else is used, too."""
    with boot_unread(tmp_path, "console=serial"):
        pass


def test_slow_reader_of_serial_gets_everything(tmp_path):
    """The kernel waits, and leaves QEMU when its UART has sent everything.

    A socket holds a few hundred single characters and is full all the time.
    """
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "com1"))
    listener.listen()
    com1 = ("-chardev", f"socket,id=slow,path={value(tmp_path)}/com1",
            "-serial", "chardev:slow")
    with boot(tmp_path, "exit panic=scrolled", extra=com1,
              serial=False) as qemu:
        reader, _ = listener.accept()
        text = b""
        while piece := reader.recv(64):
            text += piece
            time.sleep(0.001)
        assert qemu.wait_end() == FAILURE
        assert kernel_text(text.decode().replace("\r\n", "\n")) == \
            kernel_text(qemu.debugcon.text)
    reader.close()
    listener.close()


def test_16_colours_on_16_backgrounds(tmp_path):
    """All of them bright and steady: blinking is off (HW-31)."""
    with boot(tmp_path, "colors console=vga") as qemu:
        screen = qemu.wait_screen(r"^ F0 .* FE$")
        screen.save_png(tmp_path / "colors.png")
    first = screen.find(" 00 ") or screen.find(" 01 ")
    for background in range(16):
        for foreground in range(16):
            row = first[0] + background
            cell = screen.cells[row][4 * foreground + 1]
            assert cell.background == background
            if foreground != background:
                assert cell.foreground == foreground
                assert cell.char == f"{background:X}"


def test_scrolled_screen(tmp_path):
    """10,000 lines: video memory was gone through 55 times."""
    with boot(tmp_path, "bench=vga-ours") as qemu:
        qemu.wait_text(READY)
        qemu.wait_text(r"^> \Z")
        wait_halted(qemu)
        screen = qemu.screen()
        assert screen.text.splitlines() == [line.rstrip()
                                            for line in LAST_LINES]


class Terminal:
    """tmux, in which something runs; the terminal as text."""

    def __init__(self, directory, argv):
        self.tmux = ["tmux", "-f", "/dev/null", "-S", str(directory / "tmux")]
        subprocess.run(self.tmux + ["new-session", "-d", "-x", "80", "-y",
                                    "26", *argv], check=True)
        server = subprocess.run(self.tmux + ["display", "-p", "#{pid}"],
                                text=True, check=True, capture_output=True)
        self.server = server.stdout.strip()
        guard.tell("process", self.server)

    def text(self):
        return subprocess.run(self.tmux + ["capture-pane", "-p"], text=True,
                              check=True, capture_output=True).stdout

    def close(self):
        subprocess.run(self.tmux + ["kill-server"], check=False)
        guard.tell("ended", self.server)


@pytest.mark.skipif(not shutil.which("tmux"), reason="no tmux")
def test_scrolled_screen_in_curses(tmp_path):
    """Curses shows video memory without wrapping at its end.

    It believes LINES more than the terminal, and pytest imports readline, which
    sets it.
    """
    image, _ = recipe.make(recipe.Recipe(cmdline="bench=vga-ours"), tmp_path)
    terminal = Terminal(tmp_path, [
        "env", "-u", "LINES", "-u", "COLUMNS", "TERM=screen",
        "qemu-system-x86_64", "-display", "curses",
        "-serial", "none", "-monitor", "none",
        "-drive", f"format=raw,file={value(image)}"])
    try:
        deadline = time.monotonic() + HANG
        while terminal.text().splitlines()[:25] != LAST_LINES:
            assert time.monotonic() < deadline, terminal.text()
            time.sleep(0.1)
    finally:
        terminal.close()


def boot_mono(tmp_path, cmdline):
    """A BIOS that comes up in mode 7, the monochrome adapter's."""
    tmp_path = pathlib.Path(tempfile.mkdtemp(dir=tmp_path))
    image, _ = recipe.make(recipe.Recipe(cmdline=cmdline), tmp_path)
    hostile = tmp_path / "hostile.img"
    hostile.write_bytes(hostile_image.compose({"entry_video": 7}))
    argv = qemu_argv(Machine(exit_port=True), hostile)
    argv += ["-drive", f"format=raw,if=none,id=second,file={value(image)}",
             "-device", "ide-hd,drive=second,bus=ide.0,unit=1"]
    return Qemu(argv, tmp_path)


def test_monochrome(tmp_path):
    """HW-30: text at B0000h, CRTC at 3B4h."""
    with boot_mono(tmp_path, "test=vga_") as qemu:
        assert qemu.wait_end() == SUCCESS
        assert "ok 1 - vga_" in qemu.serial.text
    with boot_mono(tmp_path, "") as qemu:
        assert qemu.wait_screen(READY)
    with boot_mono(tmp_path, "panic=scrolled") as qemu:
        screen = qemu.wait_screen("machine is stopped")
        assert "the screen had scrolled" in screen.text
        assert panic_page(qemu.serial.text)
