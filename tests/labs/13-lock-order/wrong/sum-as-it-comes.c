/* says: it never ends */
bool transfer(struct account *from, struct account *to, uint64_t amount)
{
	struct account *first = from < to ? from : to;
	struct account *second = from < to ? to : from;
	SPINLOCK_HOLD(&first->lock);

	if (from == to)
		return from->balance >= amount;
	SPINLOCK_HOLD(&second->lock);
	if (from->balance < amount)
		return false;
	from->balance -= amount;
	to->balance += amount;
	return true;
}

uint64_t transfer_sum(struct account *one, struct account *other)
{
	SPINLOCK_HOLD(&one->lock);
	SPINLOCK_HOLD(&other->lock);

	return one->balance + other->balance;
}
