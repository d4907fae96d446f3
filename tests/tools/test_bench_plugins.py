"""make bench's plugins: this QEMU loads them, and they count what is there."""

import re
import subprocess

import pytest

from conftest import BUILD
from harness import guard
from harness.emulator import HANG
from harness.machine import value

QEMU = "qemu-system-x86_64"
SUCCESS = 33
# From start to end there are 3 instructions of ours, one calls the BIOS; then
# 3, two of which access a port. Then {} bytes are stored to video memory, one
# is loaded.
CODE = """
	org	0x7C00
	bits	16
start:	nop
	mov	ax, 0x0300		; where is the cursor?
	int	0x10
end:	mov	dx, 0x80
	in	al, dx
	out	dx, al
	mov	ax, 0xB800
	mov	es, ax
	mov	cx, {}
	xor	di, di
	jcxz	.leave
	rep	stosb
	mov	al, [es:0]
.leave:	mov	dx, 0xF4
	mov	al, 0x10
	out	dx, al
	hlt
	times 510 - ($ - $$) db 0
	dw 0xAA55
"""
END = 0x7C00 + 1 + 3 + 2
PORTS_END = END + 3 + 1 + 1


def counted(directory, plugin, stores=0):
    """What the plugin, with its options, writes about a boot of CODE."""
    told = subprocess.run([QEMU, "-help"], capture_output=True, text=True,
                          check=True).stdout
    if "-plugin" not in told:
        pytest.skip("needs QEMU's -plugin")
    source, image = directory / "code.asm", directory / "code.img"
    source.write_text(CODE.format(stores))
    subprocess.run(["nasm", "-f", "bin", "-o", image, source], check=True)
    out = directory / "counts"
    name, _, options = plugin.partition(",")
    done = guard.run(
        [QEMU, "-display", "none", "-no-reboot", "-icount", "shift=0",
         "-drive", f"format=raw,file={value(image)}",
         "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
         "-plugin",
         f"{value(BUILD / name)},out={value(out)},{options}".rstrip(",")],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=HANG)
    assert done.returncode == SUCCESS, done.stdout
    return out.read_text()


def test_count_boot(tmp_path):
    """Instructions, the BIOS's among them, calls of it, and ports."""
    first, called, last = [
        [int(number) for number in line.split()] for line in counted(
            tmp_path, f"count_boot.so,mark=7c00,mark={END:x},"
                      f"mark={PORTS_END:x}").splitlines()]
    assert first == [0] * 5
    instructions, bios, calls, ports, halts = called
    assert instructions - bios == 3
    assert bios > 10
    assert calls == 1
    assert last == [instructions + 3, bios, calls, ports + 2, halts]


def test_marks_at_the_same_place(tmp_path):
    """Each is reached by itself: this boot comes there once."""
    assert counted(tmp_path, "count_boot.so,mark=7c00,mark=7c00"
                   ) == "0 0 0 0 0\n"


def test_count_accesses(tmp_path):
    """The BIOS's are the same in every boot."""
    def numbers(stores):
        return [int(number) for number in re.fullmatch(
            r"reads (\d+) writes (\d+) bytes (\d+)\n",
            counted(tmp_path, "count_accesses.so", stores)).groups()]

    none, some = numbers(0), numbers(100)
    assert [b - a for a, b in zip(none, some)] == [1, 100, 101]
