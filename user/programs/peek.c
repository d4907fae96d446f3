/*
 * peek.c - reads the kernel's memory, at the address where its text begins.
 */
#include "boot/layout.h"
#include "user/print.h"

int main(void);

int main(void)
{
	print("the kernel begins with %#x\n",
	      *(const volatile unsigned int *)LOAD_ADDR);
	return 0;
}
