/*
 * hello.c - the smallest program that says something.
 */
#include "user/print.h"

int main(void);

int main(void)
{
	print("hello, world\n");
	return 0;
}
