"""The kernel's own tests, and each way of ending in a panic, one boot each."""

import re
import struct

import pytest

from booting import (FAILURE, SANITIZED, SUCCESS, boot, check_trace,
                     kernel_text, panic_page, run, wait_halted)
from harness.debugger import Debugger
from harness.recipe import BUILD

PROVOKE = "kernel/fault/provoke.c"
PLACE = rf"at {PROVOKE}:\d+$"
LOCK_HELD = r"^console lock: held by CPU 0 since %s:\d+$"
NOWHERE = "0x0000001234568000"

# kind -> lines that its page must show, as regular expressions
PANICS = {
    "early": [rf"^KERNEL PANIC in provoke_plain\(\) at {PROVOKE}:\d+$",
              "^the command line asked for a panic$"],
    "plain": [rf"^KERNEL PANIC in provoke_plain\(\) at {PROVOKE}:\d+$",
              "^the command line asked for a panic$",
              r"   cs  0008   ss  0010    efer \w{16}$"],
    "assert": [rf"^KERNEL PANIC in provoke_assertion\(\) at {PROVOKE}:\d+$",
               r"^ASSERT\(one \+ one == 3\)$"],
    "stack": [rf"^KERNEL PANIC in provoke_smashed_stack\(\) {PLACE}",
              r"^stack smashed: the function that contains 0x\w+ wrote past "
              "the end of an array$",
              rf"^#1 +\w+ provoke_smashed_stack\(\) {PLACE}"],
    "return": [r"^KERNEL PANIC in kernel_main\(\) at kernel/main.c:\d+$",
               r"^kmain\(\) returned$"],
    "locked": ["^with the console's lock held$", LOCK_HELD % PROVOKE],
    "recursion": [r"^lock 'console' taken twice on CPU 0: provoke_locked_twice\(\) "
                  rf"at {PROVOKE}:\d+, then kvprintf_colored\(\) at "
                  r"kernel/console/kprintf.c:\d+$", LOCK_HELD % PROVOKE],
    "release": ["^lock 'console' released on CPU 0, which does not hold it$"],
    "string": [f"^#PF page fault: read from a not-present page at {NOWHERE}, "
               "where the memory map lists nothing$",
               LOCK_HELD % "kernel/console/kprintf.c",
               f"cr2 {NOWHERE[2:]}"],
    "nested": [rf"^KERNEL PANIC in provoke_nested\(\) at {PROVOKE}:\d+$",
               r"^PANIC INSIDE PANIC: #PF page fault in \w+\(\) at "
               r"lib/string.c:\d+$", "^rax ", "^#1 "],
    "scrolled": ["^the screen had scrolled$"],
    "processors": ["^with other processors$",
                   rf"^CPU 1: stopped in provoke_other_processors\(\) {PLACE}",
                   "^CPU 2: did not stop$"],
    "tick": [rf"^KERNEL PANIC in provoke_in_tick\(\) {PLACE}",
             "^in the timer's interrupt$",
             r"^#\d +\w+ interrupt_enter\(\) .*\n--- interrupt 0x40 ---\n"
             r"#\d +\w+ provoke_in_interrupt\(\) at "],
    "registers": ["rax a1a1a1a1a1a1a1a1   rbx b1b1b1b1b1b1b1b1   "
                  "rcx  c1c1c1c1c1c1c1c1$",
                  "rdx d1d1d1d1d1d1d1d1   rsi 5151515151515151   "
                  "rdi  d2d2d2d2d2d2d2d2$",
                  "r8  0808080808080808   r9  0909090909090909   "
                  "r10  1010101010101010$",
                  "r11 1111111111111111   r12 1212121212121212   "
                  "r13  1313131313131313$",
                  r"r14 1414141414141414   r15 1515151515151515   rflg 0+\w+$",
                  r"cr0 0000000080010033   cr2 \w{16}   cr3  \w{16}$"],
    "frame-nowhere": [rf"^KERNEL PANIC in provoke_frame_nowhere\(\) {PLACE}"],
    "frame-odd": [rf"^KERNEL PANIC in provoke_frame_odd\(\) {PLACE}"],
    "frame-circle": [rf"^KERNEL PANIC in provoke_frame_circle\(\) {PLACE}",
                     rf"^#1 +\w+ \w+\(\) {PLACE}"],
}

# Their stacks do not say who called.
TRACELESS = ("stack", "frame-nowhere", "frame-odd", "frame-circle")


@pytest.mark.parametrize("kind", PANICS)
def test_panic(kind, tmp_path):
    if SANITIZED and kind == "stack":
        pytest.skip("the sanitizer sees it before the stack protector does")
    status, serial, debugcon = run(tmp_path, f"exit panic={kind}")
    assert status == FAILURE
    page = panic_page(serial)
    assert panic_page(debugcon) == page
    for line in PANICS[kind]:
        assert re.search(line, page, re.MULTILINE), line
    assert ("firstlight: ready" in serial) == (kind != "early")
    assert page.count("KERNEL PANIC") == 1
    assert ("console lock: held" in page) == \
        any("lock: held" in line for line in PANICS[kind])
    uptime = r"\d+ ticks" if kind == "early" else r"\d+\.\d{6} s"
    assert re.search(rf"^The machine is stopped. Build \w{{16}}, up {uptime}\.$",
                     page, re.MULTILINE)
    if kind in TRACELESS:
        return
    steps = check_trace(page)
    if kind != "return":
        assert ("fault_provoke", PROVOKE) in [step[:2] for step in steps]


def test_panics_inside_panics_end(tmp_path):
    """Though not one of them can say a word."""
    with boot(tmp_path, "exit panic=nested-always") as qemu:
        assert qemu.wait_end() == FAILURE
        assert not qemu.was_reset()
        assert "KERNEL PANIC" not in qemu.serial.text


def test_panic_with_all_variables_lost(tmp_path):
    """GDT, IDT and who handles what among them."""
    with boot(tmp_path, "exit panic=trashed") as qemu:
        qemu.wait_text(r"^The machine is stopped\. .*\n")
        wait_halted(qemu)
        page = panic_page(qemu.serial.text)
        screen = qemu.screen().text
    assert page.startswith(f"KERNEL PANIC in provoke_trashed() at {PROVOKE}:")
    assert "\nthe kernel's variables are lost\n" in page
    assert "PANIC INSIDE" not in page
    assert "\n| where the log is, and what the clock counts, is overwritten\n" \
        in page
    steps = check_trace(page)
    assert ("fault_provoke", PROVOKE) in [step[:2] for step in steps]
    assert len(page) < 8000
    for line in ("the kernel's variables are lost", "#1 ", "The machine is"):
        assert f"\n {line}" in screen


@pytest.mark.parametrize("kind", ["early", "plain", "string", "scrolled",
                                  "nested"])
def test_panic_is_white_on_red(kind, tmp_path):
    with boot(tmp_path, f"panic={kind}") as qemu:
        qemu.wait_text("KERNEL PANIC")
        wait_halted(qemu)
        screen = qemu.screen()
        screen.save_png(tmp_path / "panic.png")
        text = re.sub(r"\s+", "", screen.text)  # lines may be broken
        for line in PANICS[kind]:
            for words in re.split(r"\\\S*|[^\w ]", line.strip("^$")):
                assert words.replace(" ", "") in text
        for row in screen.cells:
            for cell in row:
                assert cell.background == 4
                assert cell.char == " " or cell.foreground == 15


@pytest.mark.parametrize("kind, cut", [("string", True), ("plain", False)])
def test_a_backtrace_that_does_not_fit(kind, cut, tmp_path):
    """The screen says so; COM1 has no need to."""
    with boot(tmp_path, f"panic={kind}") as qemu:
        qemu.wait_text("The machine is stopped")
        wait_halted(qemu)
        page = panic_page(qemu.serial.text)
        rows = qemu.screen().text.split("\n")
    steps = [row.strip() for row in rows if re.match(r" #\d", row)]
    everything = re.findall(r"^#\d.*$", page, re.MULTILINE)
    assert steps == everything[:len(steps)]
    assert (len(steps) < len(everything)) == cut
    after = rows[rows.index(" " + steps[-1]) + 1]
    assert after.startswith(" ... and so on") == cut
    assert "and so on" not in page
    assert "\n | firstlight: ready\n" in "\n".join(rows)


def test_panic_ends_with_the_log(tmp_path):
    """The last lines that were printed, as many as the screen has room for."""
    _, serial, _ = run(tmp_path, "exit panic=scrolled")
    kept = re.findall(r"^\| (.*)$", panic_page(serial), re.MULTILINE)
    printed = serial[:serial.index("KERNEL PANIC")].split("\n")
    printed = [line for line in printed if line]
    assert len(kept) >= 3
    assert kept == printed[-len(kept):]


def test_panic_without_a_table(tmp_path):
    """The first of the two links has no names: addresses are all it shows."""
    _, serial, _ = run(tmp_path, "exit panic=pf", kernel="kernel-first.elf")
    page = panic_page(serial)
    assert re.search(r"^KERNEL PANIC in 0x\w+$", page, re.MULTILINE)
    assert re.search(r"^#\d+ +(\w+) 0x\1$", page, re.MULTILINE)
    assert "The machine is stopped." in page


# On the command line -> how the boot report names it.
IGNORED = {
    "exti": "no such word",
    "konsole=serial": "no such word",
    "exit=1": "takes no value (exit)",
    "console=none": 'no such value: "none" (console=SINK,...)',
    "irq=foo": 'no such value: "foo" (irq=pic)',
    "irq": "a value is missing (irq=pic)",
    "bench=nosuch": 'no such value: "nosuch" (bench=NAME,...)',
    "bench=print,nosuch": 'no such value: "nosuch" (bench=NAME,...)',
    "fire=abc": 'no such value: "abc" (fire=SECONDS)',
    "fire=1000001": 'no such value: "1000001" (fire=SECONDS)',
    "poweroff=abc": 'no such value: "abc" (poweroff[=WAY,...])',
    "reboot=": 'no such value: "" (reboot[=WAY,...])',
    "panic=nosuch": 'no such value: "nosuch" (panic[=KIND])',
    "diag=1": "takes no value (diag)",
    "colours": "no such word",
}


@pytest.mark.parametrize("word", IGNORED)
def test_what_is_asked_for_in_vain_is_said(word, tmp_path):
    """Once, and nothing else comes of it."""
    # A value for the first word of a name would count.
    also = "" if word.startswith("exit") else " exit"
    with boot(tmp_path, word + also) as qemu:
        if also:
            assert qemu.wait_end() == SUCCESS
        qemu.wait_text("^firstlight: ready\n")
        text = kernel_text(qemu.serial.text)
        assert f"\nignored   {word}: {IGNORED[word]}\n" in text
        assert text.count("\nignored ") == 1
        assert "This machine cannot" not in text and "PANIC" not in text
        assert "\n          cmdline at the prompt lists all words\n" in text


def test_all_that_is_asked_for_in_vain_is_said(tmp_path):
    """In the order of the line, and no more than the screen holds."""
    words = ["exti", "konsole=serial", "console=none", "irq=foo", "fire=abc",
             "bench=nosuch", "poweroff=abc", "panic=nosuch"]
    _, serial, _ = run(tmp_path, " ".join(words * 2 + ["exit"]))
    assert re.findall("^ignored   (.*?): ", serial, re.MULTILINE) == words
    many = [f"w{number}" for number in range(40)]
    _, serial, _ = run(tmp_path, " ".join(many + ["exit"]))
    assert re.findall("^ignored   (.*): ", serial, re.MULTILINE) == many[:16]
    assert "\nignored   further words\n" in serial


def test_what_is_known_is_not_said(tmp_path):
    for cmdline in ("exit console=vga,serial,e9 irq=pic", "exit colors",
                    "exit bench=print panic=xm"):
        status, serial, _ = run(tmp_path, cmdline)
        assert status == SUCCESS
        assert "ignored" not in serial


def test_foreign_boot_info_is_refused(tmp_path):
    """A kernel that expects another magic number than the loader gives."""
    elf = (BUILD / "kernel.elf").read_bytes()
    other = tmp_path / "kernel.elf"
    assert elf.count(b"BOOTINFO") == 1
    other.write_bytes(elf.replace(b"BOOTINFO", b"BOOTINFX"))
    with boot(tmp_path, "", kernel=other) as qemu:
        qemu.wait_text(r"^no boot_info at 0x\w+: magic 0x4f464e49544f4f42 is "
                       "not 0x584")
        wait_halted(qemu)
        assert "KERNEL PANIC in check_boot_info()" in qemu.screen().text


def test_panic_stops_the_machine(tmp_path):
    with boot(tmp_path, "panic") as qemu:
        qemu.wait_text("The machine is stopped")
        wait_halted(qemu)
        assert qemu.status is None


@pytest.mark.parametrize("board, unit", [("pc", "us"),
                                         ("pc,pit=off,acpi=off", "ticks")])
def test_how_long_the_boot_took(board, unit, tmp_path):
    """In ticks where no counter tells how many are a second."""
    _, serial, _ = run(tmp_path, "exit", board=board,
                       extra=("-icount", "shift=0,sleep=off"))
    row = re.search(r"^times     A20 \d+, map \d+, load (\d+), 64 bit \d+, "
                    rf"CRC \d+, kernel \d+ {unit}$", serial, re.MULTILINE)
    assert row, serial
    # An instruction is a nanosecond then, and one tick.
    assert (int(row[1]) > 300000) == (unit == "ticks")


def test_idle_kernel_sleeps(tmp_path):
    with boot(tmp_path, "") as qemu:
        qemu.wait_text("^firstlight: ready$")
        wait_halted(qemu)


@pytest.mark.parametrize("cmdline, made", [("", False),
                                            ("bench=interrupt", True)])
def test_what_benchmarks_print_is_made_when_asked_for(cmdline, made, tmp_path):
    with boot(tmp_path, cmdline) as qemu:
        qemu.wait_text(r"^> \Z")
        with Debugger(qemu) as debugger:
            assert any(debugger.memory("bench_lines", 94 * 80)) == made


def tap(text):
    """(planned, {name: passed})"""
    planned = int(re.search(r"^1\.\.(\d+)$", text, re.MULTILINE)[1])
    results = re.findall(r"^(not )?ok (\d+) - (\w+)$", text, re.MULTILINE)
    assert [int(number) for _, number, _ in results] == \
        list(range(1, planned + 1))
    return planned, {name: not failed for failed, _, name in results}


# Other processors, interrupt controllers and timers (HW-36, HW-37).
MACHINES = {
    "qemu64": {}, "max": {"cpu": "max"}, "q35": {"board": "q35"},
    "isapc": {"board": "isapc"}, "no-apic": {"cpu": "max,-apic"},
    "no-acpi": {"board": "pc,acpi=off"}, "no-hpet": {"board": "pc,hpet=off"},
    "smp": {"extra": ("-smp", "2")},
    "smp-4": {"extra": ("-smp", "4")},
    "smp-sockets-x2apic": {"cpu": "max,x2apic=on",
                           "extra": ("-smp", "3,sockets=3")},
    "above-4G": {"board": "pc,max-ram-below-4g=128M", "memory": "192M",
                 "cpu": "max"},
    "q35-above-4G-small-pages": {"board": "q35,max-ram-below-4g=128M",
                                 "memory": "192M", "cpu": "max,-nx,-pdpe1gb"},
}
if not SANITIZED:  # with its shadow the kernel alone is as large
    MACHINES["4M"] = {"memory": "4M"}


@pytest.mark.parametrize("name", MACHINES)
def test_kernel_tests_pass(name, tmp_path):
    status, serial, _ = run(tmp_path, "test", **MACHINES[name])
    planned, results = tap(kernel_text(serial))
    assert planned >= 24
    assert all(results.values()), serial
    assert status == SUCCESS


@pytest.mark.parametrize("tests", ["threads_", "semaphores_"])
def test_waits_end_where_nothing_ticks(tests, tmp_path):
    """By the clock alone."""
    status, serial, _ = run(tmp_path, f"test={tests}", board="pc,pit=off",
                            cpu="max,-apic")
    assert "the PIT never ticked" in serial
    assert all(tap(serial)[1].values()), serial
    assert status == SUCCESS


@pytest.mark.parametrize("line", [
    r"\w+, 0x4 bytes, is not used: memory lies there",
    "0, 0x4 bytes, is not used: page 0 is never mapped",
    "0x7fffffffffff, 0x4 bytes, is not used: the CPU has no such addresses"])
def test_a_device_that_is_refused_is_said(line, tmp_path):
    status, serial, _ = run(tmp_path, "test=pages_map_no_nonsense")
    assert status == SUCCESS
    assert re.search(f"^# test at {line}$", serial, re.M)


def test_kernel_tests_can_be_chosen(tmp_path):
    status, serial, _ = run(tmp_path, "test=spinlock_")
    _, results = tap(serial)
    assert status == SUCCESS
    assert results and all(name.startswith("spinlock_") for name in results)


def test_no_kernel_test_is_a_failure(tmp_path):
    status, serial, _ = run(tmp_path, "test=no_such_test")
    assert status == FAILURE
    assert "1..0\n" in serial
    assert '\nignored   test=no_such_test: no such value: "no_such_test" ' \
        "(test[=NAME])\n" in serial


# ---- The executable -------------------------------------------------------

def segments():
    """[(flags, offset, address, file size, memory size)], entry"""
    elf = (BUILD / "kernel.elf").read_bytes()
    entry, table = struct.unpack_from("<QQ", elf, 24)
    size, count = struct.unpack_from("<HH", elf, 54)
    headers = [struct.unpack_from("<IIQQQQQ", elf, table + i * size)
               for i in range(count)]
    return [(h[1], h[2], h[4], h[5], h[6]) for h in headers
            if h[0] == 1], entry


def test_each_kind_of_section_is_a_segment():
    loads, entry = segments()
    execute, write, read = 1, 2, 4
    assert [load[0] for load in loads] == [read | execute, read,
                                           read | write, read | write]
    assert loads[0][2] == 0x100000
    assert all(load[2] % 4096 == 0 for load in loads)
    assert loads[0][2] <= entry < loads[0][2] + loads[0][4]
    assert loads[3][3] == 0
