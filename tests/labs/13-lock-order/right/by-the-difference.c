/* With both locks held: adds to one and takes from the other, or not at all. */
static bool shift(struct account *low, struct account *high, int64_t up)
{
	SPINLOCK_HOLD(&low->lock);
	SPINLOCK_HOLD(&high->lock);

	if ((up > 0 && low->balance < (uint64_t)up) ||
	    (up < 0 && high->balance < (uint64_t)-up))
		return false;
	low->balance -= (uint64_t)up;
	high->balance += (uint64_t)up;
	return true;
}

bool transfer(struct account *from, struct account *to, uint64_t amount)
{
	if (from < to)
		return shift(from, to, (int64_t)amount);
	if (from > to)
		return shift(to, from, -(int64_t)amount);
	SPINLOCK_HOLD(&from->lock);
	return from->balance >= amount;
}

uint64_t transfer_sum(struct account *one, struct account *other)
{
	SPINLOCK_HOLD(one < other ? &one->lock : &other->lock);
	SPINLOCK_HOLD(one < other ? &other->lock : &one->lock);

	return one->balance + other->balance;
}
