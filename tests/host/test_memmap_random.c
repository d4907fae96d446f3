/*
 * test_memmap_random.c - the sanitiser against a page-by-page model.
 */
#include "cmocka_test.h"
#include "memmap_model.h"
#include "random.h"

#define ROUNDS 20000
#define RAW_MAX 12
#define ROOM 64

static struct mem_range clean[ROOM];

/* Addresses near each other, now and then at the very end of the 64 bits. */
static uint64_t random_address(struct random *rng, uint64_t origin)
{
	uint64_t page = random_below(rng, 24);

	switch (random_below(rng, 3)) {
	case 0:
		return origin + page * PAGE_SIZE;
	case 1:
		return origin + page * PAGE_SIZE + random_below(rng, 3) - 1;
	default:
		return origin + page * PAGE_SIZE + random_below(rng, PAGE_SIZE);
	}
}

static struct mem_range random_entry(struct random *rng, uint64_t origin)
{
	struct mem_range entry = {
		.base = random_address(rng, origin),
		.type = random_below(rng, 7),
		.attributes = random_below(rng, 8) ? 1 : random_below(rng, 4),
	};

	entry.length = random_address(rng, origin) - entry.base;
	if (entry.length > 32 * PAGE_SIZE && random_below(rng, 16))
		entry.length = random_below(rng, 4 * PAGE_SIZE);
	return entry;
}

static void check_random_map(struct random *rng)
{
	uint64_t origin = random_below(rng, 4) ? 0 : 0 - 20ull * PAGE_SIZE;
	struct mem_range raw[RAW_MAX];
	struct model model = { .raw = raw };
	size_t count;
	const char *wrong;

	model.raw_count = random_below(rng, RAW_MAX + 1);
	for (size_t i = 0; i < model.raw_count; i++)
		raw[i] = random_entry(rng, origin);
	for (;;) {
		struct mem_range *own = &model.own[model.own_count];

		count = model_ask(&model, clean, ROOM);
		wrong = model_check(&model, clean, count);
		if (wrong) {
			model_print("raw", raw, model.raw_count);
			model_print("own", model.own, model.own_count);
			model_print("clean", clean, count);
			fail_msg("%s", wrong);
		}
		if (model.own_count == 4)
			return;
		*own = random_entry(rng, origin);
		own->type = MEM_LOADER + random_below(rng, 4);
		model.own_count++;
	}
}

static void test_random_maps(void **state)
{
	struct random rng = { 5 };

	(void)state;
	for (int i = 0; i < ROUNDS; i++)
		check_random_map(&rng);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
