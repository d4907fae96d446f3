"""The sanitized kernel (make SANITIZE=1): undefined behaviour in words, and
none of it in the kernel's own tests."""

import re
import struct

import pytest

from booting import FAILURE, SUCCESS, check_trace, kernel_text, panic_page, run
from harness.recipe import BUILD

# Beside the others, or all of a build is sanitized.
KERNEL = BUILD / "sanitize/kernel.elf"
if not KERNEL.exists():
    KERNEL = BUILD / "kernel.elf"

# kind -> function, words
UNDEFINED = {
    "add": ("add", "2147483647 + 1 does not fit in 'int'"),
    "subtract": ("subtract", "-2147483648 - 1 does not fit in 'int'"),
    "multiply": ("multiply", "2147483647 * 40 does not fit in 'int'"),
    "negate": ("negate", "-(-2147483648) does not fit in 'int'"),
    "divide": ("divide", "40 / 0: division by zero"),
    "divide-overflow": ("divide_overflow", "-2147483648 / -1: does not fit"),
    "shift": ("shift", "'int' of 32 bits shifted by 40"),
    "shift-negative": ("shift_negative", "'int' of 32 bits shifted by -40"),
    "shift-out": ("shift_out", "2147483647 << 1 does not fit in 'int'"),
    "index": ("index", "index 40 is outside of 'int[4]'"),
    "null": ("null", "store to 'int' at a null pointer"),
    "align": ("misaligned", "load of 'int' at 0xADDRESS, which is not aligned "
              "to 4 bytes"),
    "bool": ("not_bool", "7 is no value of '_Bool'"),
    "pointer": ("pointer", "pointer 0xffffffffffffffff moved to 0xf: "
                "around the end of memory, or from or to null"),
    "unreachable": ("unreachable", "a place that cannot be reached was "
                    "reached"),
}


def plain(words):
    """Without what gcc and clang write differently, and addresses."""
    words = re.sub(r" at 0x\w+", " at 0xADDRESS", words)
    return words.replace("'int [4]'", "'int[4]'").replace("'volatile ", "'")


@pytest.mark.parametrize("kind", UNDEFINED)
def test_undefined(kind, tmp_path):
    status, serial, _ = run(tmp_path, f"exit panic=u-{kind}", kernel=KERNEL)
    function, words = UNDEFINED[kind]
    function = f"undefined_{function}"
    assert status == FAILURE
    page = panic_page(serial)
    head, told = page.split("\n")[:2]
    place = re.fullmatch(rf"KERNEL PANIC in {function}\(\) at "
                         r"(kernel/fault/undefined.c:\d+)", head)
    assert place, head
    told = re.fullmatch(rf"undefined at {place[1]}:\d+: (.*)", told)
    assert told, page
    assert plain(told[1]) == words
    handler, culprit = check_trace(page)[:2]
    assert handler[0].startswith("__ubsan_handle_")
    assert culprit[0] == function


def test_kernel_tests_pass(tmp_path):
    """make test-sanitize has many more machines: test_kernel.py's."""
    status, serial, _ = run(tmp_path, "test", kernel=KERNEL, cpu="max")
    assert re.search(r"^# [1-9]\d* passed, 0 failed$", kernel_text(serial),
                     re.MULTILINE), serial
    assert status == SUCCESS


def test_tables_of_nonsense(tmp_path):
    """An HPET on an odd address is none (HW-35)."""
    table = tmp_path / "hpet"
    table.write_bytes(struct.pack("<IBBBBQBHB", 0x8086A201, 0, 64, 0, 0,
                                  0xFED00001, 0, 100, 0))
    status, serial, _ = run(tmp_path, "exit", kernel=KERNEL,
                            board="pc,hpet=off",
                            extra=("-acpitable", f"sig=HPET,data={table}"))
    assert status == SUCCESS, serial
    assert re.search("^clock .* by ACPI timer", serial, re.MULTILINE)


def test_other_kernels_are_not_sanitized(tmp_path):
    """There the kinds are not known; nothing undefined is done."""
    if KERNEL == BUILD / "kernel.elf":
        pytest.skip("all of this build is sanitized")
    status, serial, _ = run(tmp_path, "exit panic=u-add")
    assert status == SUCCESS
    assert "PANIC" not in serial
