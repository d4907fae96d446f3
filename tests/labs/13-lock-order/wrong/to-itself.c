/* says: lock 'account 0' taken twice on CPU 0 */
bool transfer(struct account *from, struct account *to, uint64_t amount)
{
	struct account *first = from < to ? from : to;
	struct account *second = from < to ? to : from;
	SPINLOCK_HOLD(&first->lock);
	SPINLOCK_HOLD(&second->lock);

	if (from->balance < amount)
		return false;
	from->balance -= amount;
	to->balance += amount;
	return true;
}

uint64_t transfer_sum(struct account *one, struct account *other)
{
	struct account *first = one < other ? one : other;
	struct account *second = one < other ? other : one;
	SPINLOCK_HOLD(&first->lock);
	SPINLOCK_HOLD(&second->lock);

	return one->balance + other->balance;
}
