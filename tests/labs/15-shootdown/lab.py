"""15. Every processor forgets."""

from definition import Check, Guest, Lab, Piece

HEADER = "kernel/cpu/cpus.h"
LEFT = """\
void shootdown_serve(void)
{
}

void shootdown(void)
{
	if (!shootdown_send)
		return;
	atomic_fetch_add(&shootdown_wanted, 1);
	shootdown_send();
}
"""


def explored(scenario, promise):
    return Guest((Check(promise, "0 findings$"),),
                 cmdline=f"explore={scenario}")


LAB = Lab(
    Piece("kernel/cpu/shootdown.c", "void shootdown_serve(void)", "", LEFT),
    "pages that became absent leave the TLBs of all", "shootdown",
    "and the other CPU has not forgotten its TLB",
    (explored("shootdowns", "it is waited until each has forgotten all since"),
     explored("shootdown", "nobody waits for somebody who waits for him"),
     Guest((Check("Let all processors that run forget their TLBs",
                  r"^ok \d+ - pages_shootdown_forgets"),),
           cmdline="test=pages_shootdown"),
     Guest((Check("Before a frame is used for something else",
                  r"^ok \d+ - threads_storm"),), machine=("-smp", "4"),
           cmdline="test=threads_storm", seconds=10)),
    header=HEADER,
    moves=SEED.move("#define LOOKS_MAX 1000000000",
                    range(1000000001, 1000100000)),
    page="pages_start")
