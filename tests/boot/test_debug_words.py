"""gdb's commands that say what the machine holds, in words (tools/debug)."""

import re
import shutil

import pytest

from harness.words import defines
from test_debug import debug

pytestmark = pytest.mark.skipif(not shutil.which("gdb"), reason="no gdb")


def test_registers_in_words(tmp_path):
    output = debug(tmp_path, "regs", "at long", "regs")
    real, long = output.split("long_mode_start () at")[0], output
    assert re.search(r"^cr0  00000010  ET$", real, re.M), output
    assert re.search(r"^rip .* 16-bit, linear 7c00 bootsector_start", real,
                     re.M)
    assert re.search(r"^cr0 \*80010033  PG WP NE ET MP PE$", long, re.M)
    assert re.search(r"^efer\*00000500  LMA LME$", long, re.M)
    assert re.search(r"^cs  \*0028", long, re.M)


def test_descriptor_tables_in_words(tmp_path):
    output = debug(tmp_path, "gdt", "at long", "gdt", "idt")
    assert "Real mode: the CPU does not look here." in output
    assert re.search(r"^  0028  64-bit code, read, base 0, limit ffffffff, "
                     r"ring 0  <- cs$", output, re.M), output
    assert re.search(r"^  0030  TSS, base \w+, limit 67, ring 0", output, re.M)
    assert re.search(r"^  0e #PF  0028:\w+ interrupt gate fault64_stubs \+ 70$",
                     output, re.M)


def test_interrupt_vectors_in_words(tmp_path):
    output = debug(tmp_path, "ivt 0x13")
    assert re.search(r"^  13 f000:\w{4}  a disk$", output, re.M), output


def test_page_tables_are_walked(tmp_path):
    output = debug(tmp_path, "pt 0xb8000", "at long", "pt 0xb8000",
                   "pt 0x50000000")
    assert "Paging is off: b8000 is where it is." in output
    assert "b8000 is at b8000, in a page of 4 KiB" in output
    assert "50000000 is at 50000000, in a page of 2 MiB" in output
    assert re.search(r"^PML4  \w+ \[0\] = \w+ write kernel execute$", output,
                     re.M)


def test_page_tables_of_the_kernel(tmp_path):
    """Its null page faults, its code cannot be written."""
    output = debug(tmp_path, "at report_ready", "pt 0", "pt kernel_main",
                   "p &kernel_main")
    assert re.search(r"^PT .* not present: a page fault$", output, re.M)
    address = re.search(r"^\$1 .* 0x(\w+) <kernel_main>", output, re.M)[1]
    assert f"{address} is at {address}, in a page of 4 KiB" in output
    assert re.search(r"^PT .* read only kernel execute$", output, re.M)


def test_memory_map_in_words(tmp_path):
    output = debug(tmp_path, "e820", "at video_init", "e820",
                   "at report_ready", "e820")
    assert "Nothing yet" in output
    entries = re.findall(r"^  (\w{12}-\w{12} .*)$", output, re.M)
    half = len(entries) // 2
    assert half > 3 and entries[:half] == entries[half:], output
    assert "000000000000-00000009fc00 usable" in entries


def test_bios_calls_in_words(tmp_path):
    output = debug(tmp_path, "bios", "at *0x7d30", "bios",
                   "at memory_map_read", "bios")
    assert ("INT 13h, AX=4100h: a disk: has drive DL the extensions (EDD)?"
            in output)
    assert "the packet: 1 sectors from LBA 1 to 07e0:0000" in output
    assert "INT 15h, AX=E820h: the system: an entry of the memory map" in output
    assert re.search(r"^  from 0x\w+ bios_call.answered$", output, re.M)


def test_no_bios_in_64_bit_code(tmp_path):
    output = debug(tmp_path, "at kernel_main", "bios")
    assert "the BIOS can be called in 16-bit code alone" in output


def reached(output):
    """[{milestone: instructions}] of each boot that was asked for."""
    found = []
    for text in re.split(r"^Now at instruction .*$", output, flags=re.M)[:-1]:
        found.append({symbol: int(count.replace(",", "") or 0) for
                      symbol, count in re.findall(
                          r"^(?:=>|  ) (\w+) +([\d,]*)  \w.*: .*$", text,
                          re.M)})
    return found


def test_milestones_are_counted(tmp_path):
    journey = [value for name, value in defines("journey.h").items()
               if name.endswith("_AT")]
    output = debug(tmp_path, "boot", "at report_ready", "boot", "back 3000000",
                   "boot")
    first, last, back = reached(output)
    assert list(first) == list(last) == journey, output
    assert [name for name in journey if first[name]] == ["bootsector_start"]
    counts = [last[name] for name in journey[:-1]]  # the prompt comes later
    assert 0 < counts[0] and counts == sorted(counts)
    assert last["input_start"] == 0
    assert back == last
    marks = re.findall(r"^=> (\w+) +[\d,]+  \w", output, re.M)
    assert marks[:2] == ["bootsector_start", "report_machine"]
    assert journey.index(marks[2]) < journey.index("report_machine")
