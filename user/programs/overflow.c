/*
 * overflow.c - a recursion that is too deep: its stack is too small for it.
 */
int main(void);

static int recurse(volatile int depth)
{
	return depth ? recurse(depth - 1) + depth : 0;
}

int main(void)
{
	return recurse(1000000);
}
