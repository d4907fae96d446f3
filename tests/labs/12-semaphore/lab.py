"""12. Sleep and wake-up."""

from definition import Check, Guest, Lab, Piece

HEADER = "kernel/sync/semaphore.h"
LEFT = """\
void semaphore_up(struct semaphore *semaphore)
{
	semaphore->count++;
}

void semaphore_down(struct semaphore *semaphore)
{
	(void)semaphore;
}

bool semaphore_down_for(struct semaphore *semaphore, uint64_t ns)
{
	(void)semaphore;
	(void)ns;
	return true;
}
"""


def explored(scenario, promise):
    return Guest((Check(promise, "0 findings$"),),
                 cmdline=f"explore={scenario}")


LAB = Lab(
    Piece("kernel/sync/semaphore.c", "void semaphore_up(", "", LEFT),
    "a number that is waited for until it is not 0.", "semaphore_down",
    "one up and one down do not leave the semaphore at 0",
    (explored("semaphore", "in a thread: waits while it is 0"),
     explored("up-and-down", "semaphore_up(&full);"),
     explored("overtake", "a number that is waited for until it is not 0"),
     explored("turns", "a number that is waited for until it is not 0"),
     Guest((Check("The same for at most so long",
                  r"^ok \d+ - semaphores_time_out"),
            Check("in a thread: waits while it is 0",
                  r"^ok \d+ - semaphores_ping_pong")),
           cmdline="test=semaphores")),
    header=HEADER,
    page="wait_in")
