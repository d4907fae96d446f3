/* says: it never ends */
static void wait_until_free(const struct account *account)
{
	while (!spinlock_is_free(&account->lock))
		cpu_pause();
}

bool transfer(struct account *from, struct account *to, uint64_t amount)
{
	SPINLOCK_HOLD(&from->lock);

	if (from == to)
		return from->balance >= amount;
	wait_until_free(to);
	SPINLOCK_HOLD(&to->lock);
	if (from->balance < amount)
		return false;
	from->balance -= amount;
	to->balance += amount;
	return true;
}

uint64_t transfer_sum(struct account *one, struct account *other)
{
	SPINLOCK_HOLD(&one->lock);
	wait_until_free(other);
	SPINLOCK_HOLD(&other->lock);

	return one->balance + other->balance;
}
