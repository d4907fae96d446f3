bool transfer(struct account *from, struct account *to, uint64_t amount)
{
	struct account *pair[2] = { from, to };
	struct spinlock_held held[2];
	bool enough;

	if (from > to) {
		pair[0] = to;
		pair[1] = from;
	}
	held[0] = spinlock_take(&pair[0]->lock, HERE);
	if (from != to)
		held[1] = spinlock_take(&pair[1]->lock, HERE);
	enough = amount <= from->balance;
	if (enough) {
		from->balance -= amount;
		to->balance += amount;
	}
	if (from != to)
		spinlock_release(&held[1]);
	spinlock_release(&held[0]);
	return enough;
}

uint64_t transfer_sum(struct account *one, struct account *other)
{
	struct spinlock_held first, second;
	uint64_t sum;

	if (one > other)
		return transfer_sum(other, one);
	first = spinlock_take(&one->lock, HERE);
	second = spinlock_take(&other->lock, HERE);
	sum = one->balance + other->balance;
	spinlock_release(&second);
	spinlock_release(&first);
	return sum;
}
