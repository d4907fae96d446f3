/*
 * primes.c - a long computation: counts primes below a number, 10,000,000 if
 * none is given. It calls the kernel only at its end.
 */
#include "user/print.h"
#include "words.h"

int main(int count, char **words);

static int is_prime(uint64_t number)
{
	for (uint64_t i = 2; i * i <= number; i++)
		if (number % i == 0)
			return 0;
	return number > 1;
}

int main(int count, char **words)
{
	uint64_t below = 10000000, primes = 0;

	if (count > 1 && number_parse(words[1], NULL, &below)) {
		print("usage: primes [BELOW]\n");
		return 1;
	}
	for (uint64_t i = 0; i < below; i++)
		primes += (uint64_t)is_prime(i);
	print("%lu primes below %lu\n", primes, below);
	return 0;
}
