"""gdb goes back: to earlier instructions, to who wrote something, and forward
again through the same boot (tools/debug/relay.py)."""

import re
import shutil
import subprocess

import pytest

from harness import recipe
from harness.recipe import BUILD
from harness.words import ROOT
from test_debug import debug

pytestmark = [
    pytest.mark.skipif(not shutil.which("gdb"), reason="no gdb"),
    pytest.mark.skipif(not shutil.which("qemu-img"), reason="no qemu-img")]

# Instructions from one snapshot to the next, at least.
APART = int(re.search(r"^APART = ([0-9_]+)",
                      (ROOT / "tools/debug/recordings.py").read_text(),
                      re.M)[1])

# What the CPU holds, in one line behind a word.
STATE = """python
def state(word):
    frame = gdb.selected_frame()
    names = ("rax rbx rcx rdx rsi rdi rbp rsp rip eflags cs ss ds cr0 cr3 cr4"
             " efer")
    print(word, *(hex(int(frame.read_register(name)) & (1 << 64) - 1)
                  for name in names.split()))
end"""


def states(output):
    return re.findall(r"^state(\d*) (.*)$", output, re.M)


def counts(output):
    return [int(number) for number in
            re.findall(r"^instruction (\d+)", output, re.M)]


def test_goes_back_and_forward_through_the_same(tmp_path):
    """Through the switch to 64 bits, a step at a time, and back at once."""
    output = debug(
        tmp_path, STATE, "at protected_mode", "python state('state0')",
        *[command for number in range(1, 40) for command in
          ("stepi", f"python state('state{number}')")],
        "back 39", "python state('state0')",
        *[command for number in range(1, 40) for command in
          ("stepi", f"python state('state{number}')")],
        "back 20", "python state('state19')", "back",
        "python state('state18')")
    found = {}
    for number, registers in states(output):
        assert found.setdefault(number, registers) == registers, number
    assert len(found) == 40
    assert len(states(output)) == 82, output


def test_forward_from_the_past_is_the_present(tmp_path):
    """Where we went back the guest goes on, and is recorded again."""
    output = debug(
        tmp_path, "at kernel_main", "monitor firstlight now", "back 1000",
        "at report_ready", "back 5", "si 5",
        "monitor firstlight now", "back 3000000", "at kernel_main",
        "monitor firstlight now", "at report_ready", "monitor firstlight now")
    first, back, five, ready, far, again, same = counts(output)
    assert back == first - 1000
    assert five == ready - 5
    assert (far, again, same) == (ready - 3000000, first, ready), output


def test_stops_at_breakpoints_backwards(tmp_path):
    output = debug(tmp_path, "at kernel_main", "delete", "break page_tables_build",
                   "reverse-continue", "mode", "p $pc == page_tables_build")
    assert "32-bit, cs:ip 0018" in output
    assert "$1 = 1" in output


@pytest.mark.parametrize("what, size, place", [
    ("0x8000", 4, "0xf0000"),  # the BIOS, with the first of stage 2's sectors
    ("(long)&boot_info", 8, "stage2_main"),
    ("(long)&page_tables", 4, "page_tables_build"),
    ("(long)&serial_alive", 1, "console_init"),
])
def test_finds_who_wrote(tmp_path, what, size, place):
    """The instruction that is about to: after it memory differs, before not."""
    output = debug(
        tmp_path, "at _start", f"when-written {what} {size}",
        f"python import cpu; print('written in', cpu.symbol(cpu.code_address()), "
        f"hex(cpu.code_base()))", f"x/{size}xb {what}")
    found = re.search(r"written in (.*)", output)[1]
    assert place in found, output


def test_nobody_has_written(tmp_path):
    output = debug(tmp_path, "at stage2_start", "monitor firstlight now",
                   "when-written 0x7000000 4", "monitor firstlight now")
    assert "Nobody has written there since power-on." in output
    now, _, after = counts(output)
    assert now == after


def test_what_gdb_writes_is_remembered(tmp_path):
    output = debug(
        tmp_path, "at stage2_start", "set var $rbx = 0x1234",
        "set var *(int *)0x5000 = 0x5678", "si 3", "back 2",
        "p/x $rbx", "p/x *(int *)0x5000")
    assert "$1 = 0x1234" in output
    assert "$2 = 0x5678" in output


STOP_QEMU = """python
import os, signal, subprocess
def below(pid, name):
    found = subprocess.run(["pgrep", "-P", str(pid), "-f", name], text=True,
                           stdout=subprocess.PIPE).stdout
    return int(found.split()[0])
os.kill(below(below(os.getpid(), "relay.py"), "qemu"), signal.SIGSTOP)
end"""


@pytest.mark.skipif(not shutil.which("pgrep"), reason="no pgrep")
@pytest.mark.parametrize("forward", ["si 3", "at kernel_main"])
def test_another_qemu_takes_over_from_one_that_stalls(tmp_path, forward):
    """QEMU 7.2 does when it replays on a busy host, once in a while."""
    output = debug(tmp_path, "at kernel_main", "delete", "si 3",
                   "monitor firstlight now", "back 1003", STOP_QEMU, forward,
                   "monitor firstlight now", "p $pc == kernel_main")
    start, back, after = counts(output)
    assert back == start - 1003
    assert after == (back + 3 if forward == "si 3" else start - 3), output


def test_snapshots_are_few(tmp_path):
    """Only some of the stops on the way are far enough apart."""
    output = debug(tmp_path, "at report_ready", "delete",
                   "monitor info snapshots")
    made = sorted({int(count) for count in re.findall(
        r" (?:point\d+|start0) .* (\d+)$", output, re.M)})
    assert len(made) > 2, output
    apart = [after - before for before, after in zip(made, made[1:])]
    assert min(apart) >= APART, output


def test_the_past_is_not_written(tmp_path):
    output = debug(tmp_path, "at stage2_start", "back", "set var $rbx = 1")
    assert "The past cannot be changed" in output


LIDT_UD2 = """
void _start(void)
{
	static const unsigned char none[10];

	__asm__ volatile("lidt %0; ud2" : : "m"(none));
}
"""


def test_a_triple_fault_leads_back_to_its_instruction(tmp_path):
    """And it is another's kernel, with nothing of ours beside it."""
    output = debug(tmp_path, "at _start", "c", "back", "x/i $pc",
                   image=own_kernel(tmp_path, LIDT_UD2))
    assert "back 1 shows the instruction that did it" in output
    assert re.search(r"^=> 0x\w+ <_start\+\d+>:\s+ud2", output, re.M), output
    assert "own.c:6" in output


def own_kernel(tmp_path, text, name="own"):
    """The image of a kernel that is one C file."""
    source, elf = tmp_path / f"{name}.c", tmp_path / f"{name}.elf"
    source.write_text(text)
    subprocess.run(["gcc", "-g", "-ffreestanding", "-fno-pie", "-static",
                    "-nostdlib", "-mno-red-zone", "-Ttext=0x200000",
                    "-Wl,--build-id=none", "-o", elf, source], check=True)
    image = tmp_path / f"{name}.img"
    recipe.mkimage(recipe.Recipe(kernel=elf), image)
    return image


STORES = """
_Alignas(4096) volatile char page[4096];

void _start(void)
{
	page[16] = 1; /* the writer */
	*(volatile int *)&page[101] = 2;
	for (int i = 201; i < 3000; i += 4)
		*(volatile int *)&page[i] = 3;
	for (;;)
		__asm__ volatile("hlt");
}
"""


def test_a_store_farther_on_in_the_page_is_no_writer(tmp_path):
    """QEMU 7.2 says so of one to an odd address."""
    output = debug(tmp_path, "at _start", "tbreak own.c:10", "c",
                   "when-written &page[16] 1", "x/i $pc",
                   image=own_kernel(tmp_path, STORES))
    assert re.search(r"^6\t\tpage\[16\] = 1;", output, re.M), output


SPIN = "void _start(void) { for (;;) __asm__ volatile(\"nop\"); }\n"


def test_a_guest_that_waits_is_remembered_meanwhile(tmp_path):
    """Its wait comes again only after as long: not all of it has to."""
    output = debug(
        tmp_path, "at _start", "delete", "monitor info snapshots",
        "python import threading, os, signal; threading.Timer(15, os.kill,"
        " (os.getpid(), signal.SIGINT)).start()", "c", "echo interrupted\\n",
        "monitor info snapshots", "monitor firstlight now", "back 1000",
        image=own_kernel(tmp_path, SPIN))
    before, after = (len(set(re.findall(r" (point\d+) ", part)))
                     for part in output.split("interrupted"))
    assert after >= before + 2, output  # that, and where it was interrupted
    first, back = counts(output)
    assert back == first - 1000


def test_the_last_of_few_stops_and_of_many(tmp_path):
    """Each is looked for in another way."""
    output = debug(tmp_path, "at stage2_main", "delete", "break idt_fill",
                   "reverse-continue", "monitor firstlight now", "delete",
                   "at stage2_main", "break idt_fill.gate",
                   "reverse-continue", "monitor firstlight now")
    once, last = counts(output)
    assert 0 < last - once < 2000, output


def test_says_why_there_is_no_way_back(tmp_path):
    output = debug(tmp_path, "back", QEMU_FLAGS="-icount shift=0")
    assert "No way back: with -icount nothing is recorded." in output
