/*
 * spin.c - never ends, and never calls the kernel.
 */
int main(void);

int main(void)
{
	for (;;)
		__asm__ volatile("");
}
