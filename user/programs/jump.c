/*
 * jump.c - goes on at an address where nothing is.
 */
int main(void);

int main(void)
{
	void (*volatile nowhere)(void) = (void (*)(void))0x612345678000;

	nowhere();
	return 0;
}
