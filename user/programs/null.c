/*
 * null.c - reads where a null pointer points: a page that nobody has.
 */
#include <stddef.h>

int main(void);

static int read_from(const volatile int *pointer)
{
	return *pointer;
}

int main(void)
{
	return read_from(NULL);
}
