"""make coverage's own parts: the log's reader, the list, the complaints."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
sys.path.insert(0, str(ROOT / "tests/coverage"))

import listing	# noqa: E402 # found by the line above
import report	# noqa: E402

JUMP = listing.Instruction(0x8002, 2, "stage2/a20.asm", 1, "a20_test",
                           "jne .open", True, 0x8010)
PLAIN = listing.Instruction(0x8000, 2, "stage2/a20.asm", 1, "a20_test", "nop")


def edges(tmp_path, *addresses, cpu=0):
    log = "".join(f"Trace {cpu}: 0x7f0b403d0f00 [0000000000000000/"
                  f"{address:016x}/00000040/ff000201] \n"
                  for address in addresses)
    path = tmp_path / "edges"
    subprocess.run([BUILD / "coverage/edges", path], input=log, text=True,
                   check=True)
    return path.read_text().splitlines()


def test_pairs_are_noted_once(tmp_path):
    assert edges(tmp_path, 0x7C00, 0x8000, 0x8002, 0x8000, 0x8002, 0x8010) == \
        ["0 7c00 8000", "0 8000 8002", "0 8002 8000", "0 8002 8010",
         "0 8010 8010"]


def test_a_second_jump_to_7c00_is_another_entry(tmp_path):
    assert edges(tmp_path, 0x7C00, 0x7C02, 0x7C00, 0x8000) == \
        ["0 7c00 7c02", "0 7c02 7c02", "1 7c00 8000", "1 8000 8000"]


def test_an_interrupted_first_instruction_is_no_second_entry(tmp_path):
    assert edges(tmp_path, 0x7C00, 0x7C00, 0x7C02)[-1] == "0 7c02 7c02"


def test_other_processors_do_not_count(tmp_path):
    assert edges(tmp_path, 0x7C00, 0x8000, cpu=1) == []


def log(*followed):
    found = report.Log()
    found.followed = set(followed)
    found.executed = {address for pair in followed for address in pair}
    return found


@pytest.mark.parametrize("followed, kinds", [
    ([], [report.NEVER]),
    ([(0x8002, 0x8004)], [report.NEVER_JUMPS]),
    ([(0x8002, 0x8010)], [report.ALWAYS_JUMPS]),
    ([(0x8002, 0x9000)], [report.NEVER_JUMPS, report.ALWAYS_JUMPS]),
    ([(0x8002, 0x8004), (0x8002, 0x8010)], []),
])
def test_what_is_missing(followed, kinds):
    reached = report.Reached()
    reached.add(JUMP, log(*followed))
    assert reached.missing(JUMP) == kinds


def complaints(tmp_path, text):
    path = tmp_path / "unreached.txt"
    path.write_text(text)
    code = [(PLAIN, report.Reached(True)),
            (JUMP, report.Reached(True, True, False))]
    return list(report.complain(report.unreached(code),
                                report.read_list(path)))


NAME = "stage2/a20.asm a20_test: jne .open | always jumps"


def test_what_is_listed_is_no_complaint(tmp_path):
    assert complaints(tmp_path, f"# why\n{NAME}\n\tsince then\n") == []


def test_what_is_not_listed_is(tmp_path):
    assert "stage2/a20.asm:1: a20_test: jne .open | always jumps" in \
        complaints(tmp_path, "")[0]


def test_a_reason_is_needed(tmp_path):
    assert complaints(tmp_path, f"{NAME}\n") == \
        [f"listed without a reason: {NAME}"]


def test_what_is_reached_must_not_be_listed(tmp_path):
    other = "stage2/a20.asm a20_test: nop | never executed"
    assert complaints(tmp_path, f"{NAME}\n\twhy\n{other}\n\twhy\n") == \
        [f"listed, but reached or gone: {other}"]


def test_listings_know_macros_and_jumps(tmp_path):
    path = tmp_path / "x.lst"
    path.write_text("""\
     1                                  section .text16 progbits
     2                                  routine:
     3                                  	step	other	; why
    19 00000000 E8(0000)            <1>  call %1
    20 00000003 0F82(0000)          <1>  jc error_fail
     4 00000007 74F7                    	jz	routine
     5 00000009 00<rep 57h>             	times 0x57 db 0
     6 00000060 90                      	nop
""")
    found = listing.listed(path, "x.asm")[".text16"]
    assert [(one.address, one.size, one.line, one.jump, one.text)
            for one in found] == [
        (0, 3, 3, False, "step other: call %1"),
        (3, 4, 3, True, "step other: jc error_fail"),
        (7, 2, 4, True, "jz routine"),
        (0x60, 1, 6, False, "nop")]
    memory = bytes.fromhex("E800000F820300" "74F7")
    assert listing.jump_target(found[1], memory) == 10
    assert listing.jump_target(found[2], memory) == 0
