"""14. Another processor."""

from definition import Check, Guest, Lab, Piece, Tap

LEFT = """\
static void smp_lay_page(paddr_t tables)
{
	(void)tables;
}

static void smp_wake(uint32_t id)
{
	(void)id;
}

"""

SPECIFICATION = "INIT, 10 ms, startup, 200 us"
START = "kernel/smp/start.c"
PAGE = "What ap_page.asm finds in its page"
COMMAND = "+ the page that it starts at"
ONE_BY_ONE = "started one after the other, and sent for"
BOUNDED = "a second for one that does not answer"
AGAIN = "startup again if need be"
LEFT_APIC = "Returns false if it has not left after a while"

LAB = Lab(
    Piece(START, "static void smp_lay_page(", "/* Those that run by now", LEFT),
    "started one after the other", "smp_start", "test_page_is_laid",
    (Tap("smp_start", (
        Check(PAGE, "test_page_is_laid", where=START),
        Check(SPECIFICATION, "test_init_comes_first", where=START),
        Check(COMMAND, "test_startup_names_the_page",
              where="kernel/irq/local_apic.h"),
        Check(AGAIN, "test_one_startup_is_enough|test_startup_again",
              where=START),
        Check(ONE_BY_ONE, "test_slow_one_is_waited_for"),
        Check(BOUNDED, "test_wait_is_bounded"),
        Check(LEFT_APIC, "test_apic_that_does_not_send",
              where="kernel/irq/local_apic.h"),
     ), seconds=5),
     Guest((Check(ONE_BY_ONE, "^irqs .*; 4 of 4 CPUs run$"),),
           machine=("-smp", "4")),
     Guest((Check("so it is right in every context",
                  r"^ok \d+ - smp_threads_leave_their_handler",
                  where="kernel/cpu/cpus.h"),),
           machine=("-smp", "4"), cmdline="test=smp")),
    header="kernel/smp/smp.h",
    moves=SEED.move("#define ANSWER_US 1000000", range(1000001, 1100000)),
    page="smp_start")
