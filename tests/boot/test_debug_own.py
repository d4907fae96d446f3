"""make debug for anybody's kernel: here one in the higher half, C that maps
itself, with nothing of ours beside it."""

import re
import shutil
import subprocess

import pytest

from harness.recipe import BUILD
from harness.words import ROOT
from test_debug import debug

pytestmark = pytest.mark.skipif(not shutil.which("gdb"), reason="no gdb")

SOURCES = ROOT / "tests/boot/higher_half"


@pytest.fixture(name="image", scope="module")
def fixture_image(tmp_path_factory):
    """x.img beside x.elf, alone in a folder."""
    directory = tmp_path_factory.mktemp("own")
    objects = [directory / "entry.o", directory / "main.o"]
    elf, image = directory / "own.elf", directory / "own.img"
    for command in (
            ["nasm", "-f", "elf64", "-g", "-F", "dwarf", "-o", objects[0],
             SOURCES / "entry.asm"],
            ["gcc", "-g", "-ffreestanding", "-mcmodel=kernel", "-fno-pie",
             "-mno-red-zone", "-c", SOURCES / "main.c", "-o", objects[1]],
            ["ld", "-static", "--build-id=none", "-z", "noexecstack", "-z",
             "max-page-size=0x1000", "-T", SOURCES / "kernel.ld", "-o", elf,
             *objects],
            [BUILD / "mkimage", "--kernel", elf, "-o", image]):
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return image


def test_its_entry_is_a_stop(tmp_path, image):
    output = debug(tmp_path, "c", "c", "c", "mode", image=image)
    assert re.search(r"0x400000  _start +the kernel's entry", output)
    assert "64-bit, cs:ip 0028:400000 = 0x400000 _start" in output
    assert re.search(r"_start \(\) at \S*higher_half/entry.asm:13\n"
                     r"13\t\tmov\trsp, low_stack_end$", output, re.M), output


def test_stops_and_steps_in_the_higher_half(tmp_path, image):
    """Where the pages that it is in are not there yet when one asks."""
    output = debug(tmp_path, "x/3i $pc", "n", "n", "p counted",
                   "pt high_main", image=image, AT="high_main")
    assert re.search(r"high_main \(\) at \S*higher_half/main.c:9$", output,
                     re.M), output
    assert re.search(r"^=> 0xffffffff80000000 <high_main>:\tpush +rbp$",
                     output, re.M), output
    assert "$1 = 3" in output
    assert "ffffffff80000000 is at 200000, in a page of 2 MiB" in output


@pytest.mark.skipif(not shutil.which("qemu-img"), reason="no qemu-img")
def test_goes_back_in_it(tmp_path, image):
    """Ten instructions, over the jump up, and to the last write."""
    output = debug(tmp_path, "back 10", "at high_main", "n", "n",
                   "when-written &counted 4", "p counted", image=image,
                   AT="high_main")
    assert "64-bit, cs:ip 0028:400000 = 0x400000 _start" in output
    assert "$1 = 2" in output


@pytest.mark.skipif(not shutil.which("qemu-img"), reason="no qemu-img")
def test_who_wrote_it_at_another_address(tmp_path, image):
    """The loader put it there before the higher half was mapped."""
    output = debug(tmp_path, "when-written high_main 8", image=image,
                   AT="high_main")
    assert "Nobody has written there" in output
    assert "when-written 0x200000, too." in output


def test_names_of_another_build_are_not_believed(tmp_path, image):
    other = tmp_path / "stage2.elf"
    shutil.copy(BUILD / "stage2.elf", other)
    with open(other, "r+b") as elf:
        data = elf.read()
        at = data.index((BUILD / "stage2.bin").read_bytes())
        elf.seek(at + 100)
        elf.write(bytes([data[at + 100] ^ 1]))
    shutil.copy(image, tmp_path / "own.img")
    output = debug(tmp_path, "x/i 0x8000", image=tmp_path / "own.img",
                   KERNEL=str(image.with_suffix(".elf")))
    if BUILD == ROOT / "build":  # the true ones lie there
        assert "<stage2_start>" in output
    else:
        assert "The image's loader is of another build" in output


def test_another_loader_has_no_names(tmp_path):
    """Any boot sector: one that stays where it is."""
    image = tmp_path / "disk.img"
    image.write_bytes(b"\xeb\xfe".ljust(510, b"\0") + b"\x55\xaa"
                      + bytes(1 << 20))
    output = debug(tmp_path, "x/i $pc", "si", "mode", image=image)
    assert "The image's loader is not ours: no names for it." in output
    assert "KERNEL= names the kernel's file" in output
    assert re.search(r"^=> 0x7c00:\tjmp short 0x7c00$", output, re.M), output
    assert "16-bit, cs:ip 0000:7c00 = 0x7c00" in output


def test_make_debug_makes_the_image(tmp_path, image):
    done = subprocess.run(
        ["make", "--no-print-directory", "debug", f"BUILD={BUILD}",
         f"KERNEL={image.with_suffix('.elf')}", "AT=high_main",
         "GDB_FLAGS=-batch"], cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
        capture_output=True, check=False)
    assert "high_main () at" in done.stdout, done.stdout + done.stderr
