/*
 * main.c - the part of the kernel that runs where it is linked.
 */
_Noreturn void high_main(void);

static volatile int counted;

_Noreturn void high_main(void)
{
	for (counted = 0; counted < 3; counted++)
		;
	for (;;)
		__asm__ volatile("hlt");
}
