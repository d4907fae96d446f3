"""4. One frame for all exceptions."""

from definition import Check, Guest, Lab, Piece


def panics(kind, says, promise):
    return Guest((Check(promise, says),), status=35,
                 cmdline=f"exit panic={kind}")


LAB = Lab(
    Piece("kernel/cpu/interrupt_entry.asm", "%if vector >= EXCEPTIONS",
          "push qword vector", ""),
    "what an exception or interrupt finds on the stack", "interrupt_entries",
    "KERNEL PANIC in interrupt_return()",
    (panics("ud", r"PANIC in invalid_opcode\(\) .*\n#UD invalid opcode",
            "0 if the exception has none"),
     panics("gp", r"^#GP general protection, error 0xfff8",
            "by the CPU (SDM 3A, \"64-Bit Mode Stack Frame\")"),
     panics("pf", r"^#PF page fault: write to a not-present page at "
            "0x0000001234568000", "an exception or interrupt finds on the"),
     panics("interrupt", "^interrupt 0x50: this vector has no handler",
            "0..255, or TRAP_NONE"),
     Guest((Check("offset. The first six are a variadic function's",
                  "^firstlight: ready$"),))),
    header="kernel/cpu/trap.h",
    page="interrupt_start")
