/*
 * echo.c - prints its words.
 */
#include "user/print.h"

int main(int count, char **words);

int main(int count, char **words)
{
	for (int i = 1; i < count; i++)
		print(i > 1 ? " %s" : "%s", words[i]);
	print("\n");
	return 0;
}
