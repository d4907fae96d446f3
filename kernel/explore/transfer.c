#include "kernel/explore/transfer.h"

static struct account *lower(struct account *one, struct account *other)
{
	return one < other ? one : other;
}

static struct account *higher(struct account *one, struct account *other)
{
	return one < other ? other : one;
}

bool transfer(struct account *from, struct account *to, uint64_t amount)
{
	SPINLOCK_HOLD(&lower(from, to)->lock);

	if (from == to)
		return from->balance >= amount;
	SPINLOCK_HOLD(&higher(from, to)->lock);
	if (from->balance < amount)
		return false;
	from->balance -= amount;
	to->balance += amount;
	return true;
}

uint64_t transfer_sum(struct account *one, struct account *other)
{
	SPINLOCK_HOLD(&lower(one, other)->lock);
	SPINLOCK_HOLD(&higher(one, other)->lock);

	return one->balance + other->balance;
}
