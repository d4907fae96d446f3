"""8. From a vector to its handler."""

from definition import Check, Guest, Lab, Piece

LEFT = """\
void interrupt_enter(struct trap_frame *frame)
{
	if (cpu_has_smap())
		cpu_user_access_end();
	(void)frame;
}

static struct idt_gate make_gate(const char *entry, uint16_t ist)
{
	(void)entry;
	(void)ist;
	return (struct idt_gate){ 0 };
}

static void fill_idt(void)
{
}

"""

STACKS = "#DF, NMI and #MC run on stacks of their own"
LEAVES = "Another interrupt or exception is about to return to ring 3."

LAB = Lab(
    Piece("kernel/cpu/interrupt.c", "void interrupt_enter(",
          "void interrupt_let_programs(", LEFT),
    "how exceptions and interrupts enter the kernel.", "interrupt_enter",
    "a triple fault",
    (Guest((Check("All 256 vectors enter through stubs",
                  r"PANIC in invalid_opcode\(\) .*\n#UD invalid opcode"),),
           cmdline="exit panic=ud", status=35),
     Guest((Check("call the vector's handler",
                  r"^ok \d+ - interrupt_vectors_arrive"),
            Check("How often the vector came, on all processors",
                  r"^ok \d+ - interrupt_is_counted"),
            Check("with interrupts off and DF clear",
                  r"^ok \d+ - interrupt_handler_starts_with_clean_flags"),
            Check(STACKS, r"^ok \d+ - interrupt_stacks"),
            Check("All 256 vectors enter through stubs",
                  r"^ok \d+ - interrupt_machine_checks_are_reported")),
           cmdline="test=interrupt"),
     Guest((Check(STACKS, "^#DF double fault: .*: stack overflow$"),),
           cmdline="exit panic=df-recursion", status=35),
     Guest((Check("handlers that run, one inside the other",
                  r"^ok \d+ - smp_threads_leave_their_handler",
                  where="kernel/cpu/cpus.h"),),
           machine=("-smp", "2"), cmdline="test=smp_threads_leave"),
     Guest((Check(LEAVES, "spin: killed"),), cmdline="",
           modules=("programs.tar",),
           types=(("^> ", "run spin &\r"), (r"^\[1\]", "run echo one\r"),
                  ("^one", "kill 1\r"), ("^> kill 1", "run primes 2000\r"),
                  ("^303 primes", "run echo two\r")),
           ends=r"\ntwo\n", status=None)),
    header="kernel/cpu/interrupt.h",
    page="interrupt_enter")
