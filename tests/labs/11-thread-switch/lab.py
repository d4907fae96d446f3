"""11. From one thread to another."""

from definition import ROOT, Check, Guest, Lab, Piece

FILE = "kernel/thread/switch.asm"


def headers(text):
    """Comments and labels; each routine only returns."""
    lines = text[text.index("\nthread_switch:") + 1:].splitlines(keepends=True)
    return "".join(line + "\tret\n" * line.endswith(":\n") for line in lines
                   if line[0] in ";t\n")


RETURNS = "returns in the other thread, where that one called this"
FIRST = "as if called: RSP is"

LAB = Lab(
    Piece(FILE, "thread_switch:", "", headers((ROOT / FILE).read_text())),
    "from one thread to another: nothing but registers and a stack.",
    "thread_switch", "Of the stack only the last 64 bytes are written",
    (Guest((Check("Of the stack only the last 64 bytes are written",
                  r"^ok \d+ - switch_first_frame$"),
            Check(RETURNS, r"ok \d+ - switch_first_frame_begins"),
            Check(FIRST, r"^ok \d+ - switch_first_frame_begins"),
            Check("Registers that a function in C may change need not be kept",
                  r"^ok \d+ - switch_keeps_registers")),
           cmdline="test=switch sched=cooperative", ends=r"\nnot ok .*\n"),
     Guest((Check("as C expects to be called",
                  r"^ok \d+ - threads_have_aligned_stacks"),
            Check(RETURNS, r"^ok \d+ - threads_return_results"),
            Check(RETURNS, r"^ok \d+ - threads_are_preempted")),
           cmdline="test=threads"),
     Guest((Check("interrupts are off on both sides", "0 findings$"),),
           cmdline="explore=semaphore")),
    page="thread_switch")
