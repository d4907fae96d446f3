/*
 * cat.c - shows what is typed, until ctrl-D.
 */
#include "user/call.h"
#include "user/print.h"

#define CTRL_D 4

int main(void);

int main(void)
{
	char key;
	int64_t count;

	while ((count = call_read(&key, 1)) == 1 && key != CTRL_D)
		call_write(&key, 1);
	if (count < 0) {
		print("cat: %s\n", call_error_text(count));
		return 1;
	}
	return 0;
}
