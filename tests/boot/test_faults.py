"""Every exception caused on purpose, a boot each, and the words it must end in
(kernel/fault/kinds.h)."""

import collections
import re

import pytest

from booting import (FAILURE, SANITIZED, SUCCESS, boot, check_trace,
                     panic_page, plain_kernel, run, wait_halted)
from harness.debugger import Debugger
from harness.run import Row
from harness.run import run as run_row
from harness.machine import Machine
from harness.recipe import Recipe
from harness.words import defines
from monitor_session import Serial

FAULT = r"kernel/fault/fault.c:\d+$"
MEMORY = r"kernel/fault/fault_memory.c:\d+$"
NOWHERE = "0x0000001234568000"
DOUBLE = "#DF double fault: an exception, and another one on the way to its " \
    "handler; "
PF = "#PF page fault: "

# kind -> where, and what, as regular expressions
FAULTS = {
    "de": (rf"divide_error\(\) at {FAULT}",
           "#DE divide error: division by zero, or a quotient that is too "
           "large"),
    "db": (rf"single_step\(\) at {FAULT}",
           "#DB debug: single step, RFLAGS.TF is set"),
    "db-watch": (rf"watched_write\(\) at {FAULT}",
                 "#DB debug: breakpoint register 0"),
    "nmi": (rf"nmi\(\) at {FAULT}", "NMI interrupt: neither memory nor an "
            "I/O card: a button, a watchdog, or a debugger"),
    "nmi-locked": (rf"nmi_while_locked\(\) at {FAULT}",
                   "NMI interrupt: .*"),
    "bp": (rf"breakpoint\(\) at {FAULT}", "#BP breakpoint: INT3 before RIP"),
    "of": (r"fault_into\(\) at kernel/fault/fault_modes.asm:\d+$",
           "#OF overflow: INTO found OF set"),
    "br": (r"fault_bound\(\) at kernel/fault/fault_modes.asm:\d+$",
           "#BR bound range exceeded: BOUND found an index outside its "
           "array"),
    "ud": (rf"invalid_opcode\(\) at {FAULT}",
           "#UD invalid opcode: UD2, put where no execution is expected"),
    "nm": (rf"no_fpu\(\) at {FAULT}", "#NM no x87 FPU: CR0.TS is set"),
    "df": (rf"fault_lost_stack\(\) at {MEMORY}",
           f"{DOUBLE}RSP is {NOWHERE}, where no stack is"),
    "df-recursion": (rf"recurse\(\) at {MEMORY}",
                     DOUBLE + r"RSP is (\d+ bytes below|at the end of) the "
                     "boot stack: stack overflow"),
    "ts": (rf"short_tss\(\) at {FAULT}",
           "#TS invalid TSS, error 0x38: selector 7 of the GDT"),
    "np": (rf"absent_segment\(\) at {FAULT}",
           "#NP segment not present, error 0x20: selector 4 of the GDT"),
    "ss": (rf"absent_stack_segment\(\) at {FAULT}",
           "#SS stack fault, error 0x20: selector 4 of the GDT"),
    "gp": (rf"no_such_segment\(\) at {FAULT}",
           "#GP general protection, error 0xfff8: selector 8191 of the GDT, "
           "which has 135"),
    "gp-address": (rf"not_canonical\(\) at {FAULT}",
                   r"#GP general protection, error 0: r\w+(, r\w+)* "
                   "holds? no canonical address"),
    "pf": (rf"fault_nowhere\(\) at {MEMORY}",
           f"{PF}write to a not-present page at {NOWHERE}, where the memory "
           "map lists nothing"),
    "pf-null": (rf"fault_null\(\) at {MEMORY}",
                f"{PF}null pointer: read at 0x8"),
    "pf-null-call": ("0$", f"{PF}null pointer: jump to 0"),
    "pf-jump": ("0x1234568000$", f"{PF}execute of a not-present page at "
                f"{NOWHERE}: a jump or return to nowhere"),
    "pf-text": (rf"fault_write_text\(\) at {MEMORY}",
                f"{PF}write to a read-only page at 0x0000000000100000, in "
                "the kernel's text"),
    "pf-constant": (rf"fault_write_constant\(\) at {MEMORY}",
                    PF + r"write to a read-only page at 0x\w{13}000, in the "
                    "kernel's constants"),
    "pf-data": (r"0x\w+$", PF + r"execute of a no-execute page at 0x\w{16}, "
                "in the kernel's variables"),
    "pf-stack": (r"0x\w+$", PF + r"execute of a no-execute page at "
                 r"0x\w{16}, in the boot stack"),
    "pf-guard": (rf"fault_guard_page\(\) at {MEMORY}",
                 PF + r"write to a not-present page at 0x\w{13}fe8, 24 bytes "
                 "below the boot stack, in its guard page: stack overflow"),
    "pf-reserved": (rf"fault_reserved_bit\(\) at {MEMORY}",
                    f"{PF}a reserved bit is set in a page table entry on the "
                    "way to 0x00000000000ff000"),
    "mf": (rf"x87_division\(\) at {FAULT}",
           "#MF x87 FPU error: division by zero, by an x87 instruction "
           "before this one"),
    "mc": (rf"machine_check\(\) at {FAULT}",
           "#MC machine check: MCG_STATUS 0"),
    "interrupt": (rf"unexpected_interrupt\(\) at {FAULT}",
                  "interrupt 0x50: this vector has no handler"),
    "handler": (rf"divide_in_handler\(\) at {FAULT}",
                "#DE divide error: division by zero, or a quotient that is "
                "too large"),
}

# What the TCG of QEMU 7.2 does not do, but Bochs does.
BOCHS = {
    "ac": (r"fault_user_code\(\) at kernel/fault/fault_modes.asm:\d+$",
           "#AC alignment check: ring 3 accessed an address that is not "
           "aligned"),
    "xm": (rf"sse_division\(\) at {FAULT}",
           "#XM SIMD error: division by zero"),
}


# What stands between the steps of a backtrace.
BETWEEN = {
    "pf-null-call": r"code .*\n\n#0  0 is not the kernel's code\n#1 ",
    "df": r" cr2 0000001234567ff8 ",
    "df-recursion": r"^#1 .* recurse\(\) .*\n--- \d+ times more ---\n"
                    r"#2 .* fault_recursion\(\)",
    "handler": r"^#1 .* interrupt_enter\(\) .*\n--- interrupt 0x50 ---\n"
               r"#2 .* fault_in_handler\(\)",
}


@plain_kernel
def test_a_long_backtrace_ends(tmp_path):
    _, serial, _ = run(tmp_path, "exit panic=df-turns")
    page = panic_page(serial)
    assert re.search("^#DF double fault: .*: stack overflow$", page,
                     re.MULTILINE)
    steps = re.findall(r"^#(\d+) +\w+ (recurse_turn|recurse_by_turns)\(\) at ", page,
                       re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(64))
    assert re.search(r"^#63 .*\n--- and so on ---\n\|", page, re.MULTILINE)


def test_fault_of_the_screen_itself(tmp_path):
    """Its window is not mapped any more: all is on COM1."""
    status, serial, _ = run(tmp_path, "exit panic=pf-window")
    page = panic_page(serial)
    assert status == FAILURE
    assert re.search(rf"^KERNEL PANIC in fault_no_window\(\) at {MEMORY}",
                     page, re.MULTILINE)
    assert f"\n{PF}write to a not-present page at 0x00000000000b8000, " in page
    assert page.count("PANIC") == 1
    check_trace(page)


def head_of(where):
    return f"^KERNEL PANIC in {where}"


@pytest.mark.parametrize("kind", FAULTS)
def test_fault(kind, tmp_path):
    if SANITIZED and kind == "df-recursion":
        pytest.skip("the stack ends in a check of the compiler's")
    status, serial, debugcon = run(tmp_path, f"exit panic={kind}")
    where, words = FAULTS[kind]
    assert status == FAILURE
    page = panic_page(serial)
    assert page == panic_page(debugcon)
    assert re.search(head_of(where), page, re.MULTILINE)
    assert re.search(f"^{words}$", page, re.MULTILINE)
    assert page.count("PANIC") == 1
    assert ("fault_provoke", "kernel/fault/provoke.c") in [
        step[:2] for step in check_trace(page)]
    assert re.search(BETWEEN.get(kind, ""), page, re.MULTILINE)


@pytest.mark.parametrize("kind", ["df-recursion", "nmi", "pf-guard",
                                  "handler", "of"])
def test_fault_on_screen(kind, tmp_path):
    """Whatever stack and mode it came from."""
    with boot(tmp_path, f"panic={kind}") as qemu:
        qemu.wait_text("The machine is stopped")
        wait_halted(qemu)
        text = re.sub(r"\s+", "", qemu.screen().text)
        where, words = FAULTS[kind]
        assert re.search(re.sub(r"\s+|\$$", "", where), text)
        assert re.search(re.sub(r"\s+", "", words), text)


@pytest.mark.parametrize("kind", BOCHS)
def test_fault_on_bochs(kind, tmp_path):
    where, words = BOCHS[kind]
    row = Row(f"fault {kind}",
              Machine(emulator="bochs", cpu="corei7_haswell_4770"),
              Recipe(cmdline=f"panic={kind}"),
              says=(head_of(where), f"^{words}$", "The machine is stopped"))
    if row.missing():
        pytest.skip(f"no {', '.join(row.missing())}")
    done = run_row(row, tmp_path / "row")
    assert done.passed(), done.report()


@pytest.mark.parametrize("kind", BOCHS)
def test_fault_that_does_not_come(kind, tmp_path):
    """Then the kernel says so and goes on."""
    status, serial, _ = run(tmp_path, f"exit panic={kind}")
    assert f"panic={kind}: this processor does not do it\n" in serial
    assert status == SUCCESS


# kind -> what is asked before and after it has come back
PAGES = {"ac": "fault_user_code", "pf-reserved": "0xff000"}


@pytest.mark.parametrize("kind, cpu", [("ac", "qemu64"),
                                       ("pf-reserved", "max,phys-bits=52")])
def test_a_fault_that_does_not_come_leaves_its_page(kind, cpu, tmp_path):
    """As it was: what was opened for it is closed (and so is all else, see
    kernel/test/test_fault.c)."""
    with boot(tmp_path, "", cpu=cpu) as qemu:
        monitor = Serial(qemu)
        before = monitor.ask(f"pagewalk {PAGES[kind]}")
        assert not any(" user" in row for row in before[3:])
        assert monitor.ask(f"fault {kind}") == \
            [f"{kind}: this processor does not do it"]
        after = monitor.ask(f"pagewalk {PAGES[kind]}")
        assert [row.replace(" accessed", "") for row in after[-2:]] == \
            [row.replace(" accessed", "") for row in before[-2:]]


def test_a_fault_after_one_that_does_not_come(tmp_path):
    """A function that is no longer NULL would make none of it."""
    with boot(tmp_path, "", cpu="qemu64,-nx") as qemu:
        monitor = Serial(qemu)
        assert monitor.ask("fault pf-data") == \
            ["pf-data: this processor does not do it"]
        monitor.press("fault pf-null-call\r")
        qemu.wait_text("The machine is stopped")
        assert f"\n{FAULTS['pf-null-call'][1]}\n" in \
            panic_page(qemu.serial.text)


def test_without_nx_data_can_be_executed(tmp_path):
    """All else is protected by such a CPU as well."""
    cpu = "max,-nx"
    status, serial, _ = run(tmp_path, "exit panic=pf-data", cpu=cpu)
    assert "panic=pf-data: this processor does not do it\n" in serial
    assert status == SUCCESS
    for kind in ("pf-text", "pf-jump", "pf-null-call", "df-recursion"):
        _, serial, _ = run(tmp_path, f"exit panic={kind}", cpu=cpu)
        assert re.search(f"^{FAULTS[kind][1]}$", panic_page(serial),
                         re.MULTILINE)


@pytest.mark.parametrize("bits", [36, 51])
def test_reserved_address_bit(bits, tmp_path):
    """A page table entry has room for 52; the CPU has fewer."""
    status, serial, _ = run(tmp_path, "exit panic=pf-reserved",
                            cpu=f"max,phys-bits={bits}")
    assert re.search(f"^{FAULTS['pf-reserved'][1]}$", panic_page(serial),
                     re.MULTILINE)
    assert status == FAILURE


def test_no_address_bit_is_reserved(tmp_path):
    """The CPU has all 52: the kernel says so, and its page stays where it is."""
    with boot(tmp_path, "", cpu="max,phys-bits=52") as qemu:
        monitor = Serial(qemu)
        assert monitor.ask("fault pf-reserved") == \
            ["pf-reserved: this processor does not do it"]
        assert monitor.answers("pagewalk 0xff000", "^0xff000 is physical "
                               "0xff000, in a page of 4 KiB: read$")


# ---- From outside ---------------------------------------------------------

def test_nmi_from_outside(tmp_path):
    """Held back by the loader, let through by the kernel (HW-27)."""
    with boot(tmp_path, "") as qemu:
        qemu.wait_text("^firstlight: ready$")
        wait_halted(qemu)
        qemu.inject_nmi()
        qemu.wait_text("The machine is stopped")
        page = panic_page(qemu.serial.text)
        assert re.search(f"^{FAULTS['nmi'][1]}$", page, re.MULTILINE)


@pytest.mark.parametrize("kind", ["nmi", "df-recursion", "interrupt"])
def test_nmis_during_the_page(kind, tmp_path):
    """They do not harm it, whatever stack it is written on."""
    with boot(tmp_path, f"panic={kind}") as qemu:
        qemu.wait_text("KERNEL PANIC")
        for _ in range(40):
            qemu.inject_nmi()
        qemu.wait_text("The machine is stopped")
        wait_halted(qemu)
        page = panic_page(qemu.serial.text)
        assert re.search(f"^{FAULTS[kind][1]}$", page, re.MULTILINE)
        assert page.count("PANIC") == 1
        assert qemu.status is None


# A way into the page -> where it begins, and what it must say all the same.
ENTRIES = {
    "plain": ("panic_at", "the command line asked for a panic"),
    "ud": ("panic_trap", FAULTS["ud"][1]),
    "df-recursion": ("panic_trap", FAULTS["df-recursion"][1]),
}
NMI_ENTRY = 2 * 16	# behind interrupt_entries: see ENTRY_SIZE
BOUNDARIES = 4000	# until the tables of the CPU have been made anew


def nmi_before(debugger, rip):
    """One at the next instruction: it is taken, and comes back."""
    debugger.qemu.inject_nmi()
    assert debugger.let_interrupt() == \
        debugger.address("interrupt_entries") + NMI_ENTRY
    debugger.run_to("interrupt_return")
    while debugger.step() != rip:
        pass


@plain_kernel
@pytest.mark.parametrize("kind", ENTRIES)
def test_nmi_at_each_instruction_before_the_page(kind, tmp_path):
    """From where the panic begins on, in loops in the first two rounds: the
    first message is never lost."""
    start, words = ENTRIES[kind]
    visits = collections.Counter()
    with boot(tmp_path, f"panic={kind}", extra=("-S",)) as qemu:
        with Debugger(qemu) as debugger:
            debugger.run_to(start)
            rip = debugger.address(start)
            for _ in range(BOUNDARIES):
                visits[rip] += 1
                if visits[rip] <= 2:
                    nmi_before(debugger, rip)
                rip = debugger.step()
        qemu.wait_text("The machine is stopped")
        page = panic_page(qemu.serial.text)
    assert len(visits) > 150
    assert debugger.address("interrupt_start_again") in visits
    assert re.search(f"^{words}$", page, re.MULTILINE)
    assert page.count("PANIC") == 1


def machine_check(qemu, bank, status, global_status, address):
    command = f"mce 0 {bank} {status:#x} {global_status} {address:#x} 0"
    qemu.qmp("human-monitor-command", **{"command-line": command})


@pytest.mark.parametrize("cpu", ["max", "qemu64"])
def test_machine_check_from_outside(cpu, tmp_path):
    """Errors that were corrected come first, one of them before the boot
    (HW-42); then one that was not (SDM 3B,
    "IA32_MCi_STATUS MSRs")."""
    corrected, uncorrected = 0x9400000000000135, 0xBE00000000000800
    with boot(tmp_path, "", cpu=cpu, extra=("-S",)) as qemu:
        machine_check(qemu, 1, corrected, 0, 0x9999)
        qemu.qmp("cont")
        qemu.wait_text("^firstlight: ready$")
        wait_halted(qemu)
        machine_check(qemu, 4, corrected, 0, 0x7654000)
        machine_check(qemu, 3, uncorrected, 5, 0x1234)
        qemu.wait_text("The machine is stopped")
        page = panic_page(qemu.serial.text).replace("\n", " ")
        assert ("#MC machine check: MCG_STATUS 0x5, bank 3 says "
                f"{uncorrected:#x} at 0x1234, bank 4 says {corrected:#x} at "
                "0x7654000 ") in page


def test_nmi_while_the_console_is_locked(tmp_path):
    _, serial, _ = run(tmp_path, "exit panic=nmi-locked")
    assert re.search("^console lock: held by CPU 0 since kernel/fault/fault.c:",
                     panic_page(serial), re.MULTILINE)


def test_every_exception_has_a_test():
    """Vectors that software cannot cause are named in fault.h."""
    vectors = {name for name in defines("x86.h") if re.match("VECTOR_..$",
                                                              name)}
    kinds = {kind.upper() for kind in {**FAULTS, **BOCHS}}
    assert {name[-2:] for name in vectors} <= kinds
