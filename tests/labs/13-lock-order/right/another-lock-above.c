/* Before the two, in any order of them: only one processor has two. */
static struct spinlock above = SPINLOCK("both accounts");

bool transfer(struct account *from, struct account *to, uint64_t amount)
{
	SPINLOCK_HOLD(&above);
	SPINLOCK_HOLD(from < to ? &from->lock : &to->lock);

	if (from->balance < amount)
		return false;
	if (from != to) {
		SPINLOCK_HOLD(from < to ? &to->lock : &from->lock);

		if (from->balance < amount)
			return false;
		from->balance -= amount;
		to->balance += amount;
	}
	return true;
}

uint64_t transfer_sum(struct account *one, struct account *other)
{
	SPINLOCK_HOLD(&above);
	SPINLOCK_HOLD(&one->lock);
	SPINLOCK_HOLD(&other->lock);

	return one->balance + other->balance;
}
