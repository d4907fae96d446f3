/*
 * privileged.c - an instruction that only ring 0 may use: this would switch
 * interrupts off, and nobody would get the processor back.
 */
int main(void);

int main(void)
{
	__asm__ volatile("cli");
	return 0;
}
