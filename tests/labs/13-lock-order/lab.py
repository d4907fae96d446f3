"""13. Two locks at once."""

from definition import Check, Guest, Lab, Piece

HEADER = "kernel/explore/transfer.h"
LEFT = """\
bool transfer(struct account *from, struct account *to, uint64_t amount)
{
	(void)from;
	(void)to;
	(void)amount;
	return false;
}

uint64_t transfer_sum(struct account *one, struct account *other)
{
	return one->balance + other->balance;
}
"""

LAB = Lab(
    Piece("kernel/explore/transfer.c", "static struct account *lower(", "",
          LEFT),
    "Move an amount from one account to another one, or to the same.",
    "transfer",
    "an account could move to itself what it has not, or not what it has",
    tuple(Guest((Check(promise, "0 findings$"),),
                cmdline=f"explore={scenario}") for scenario, promise in (
        ("transfer", "Move an amount from one account"),
        ("transfers", "there is less, and nothing was moved"),
        ("transfer-sum", "In between nobody sees it in neither account"))),
    header=HEADER,
    page="threads_start")
