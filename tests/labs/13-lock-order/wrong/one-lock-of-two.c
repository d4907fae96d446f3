/* says: what was moved is not where it should be */
bool transfer(struct account *from, struct account *to, uint64_t amount)
{
	SPINLOCK_HOLD(&from->lock);

	if (from->balance < amount)
		return false;
	from->balance -= amount;
	to->balance += amount;
	return true;
}

uint64_t transfer_sum(struct account *one, struct account *other)
{
	SPINLOCK_HOLD(&one->lock);

	return one->balance + other->balance;
}
