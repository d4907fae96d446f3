/* A program in ring 3 of Firstlight's kernel. The calls: user/call.h. */
#include "user/call.h"

static const char text[] = "Hello from my own program.\n";

int main(void)
{
	call_write(text, sizeof(text) - 1);
	return 0; /* with another number the guest ends as a failure */
}
