/*
 * scenarios.c - who meets whom: the short pieces of code on which all that runs
 * at once relies.
 */
#include "kernel/console/console.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/explore/scenario.h"
#include "kernel/explore/stepped.h"
#include "kernel/explore/transfer.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/sync/mutex.h"
#include "kernel/sync/semaphore.h"
#include "kernel/sync/spinlock.h"
#include "kernel/thread/thread.h"
#include "string.h"

/* Two that add without a lock lose one: it is read, then written. */
static volatile uint64_t sum;

void scenario_add_to_sum(void)
{
	uint64_t before = sum;

	sum = before + 1;
}

void scenario_clear_sum(void)
{
	sum = 0;
}

const char *scenario_check_sum(void)
{
	return sum == 2 ? NULL : "two have added 1 to 0, and it is not 2";
}

/* ---- Locks --------------------------------------------------------------- */

static struct spinlock lock = SPINLOCK("explored");
SPINLOCK_LISTED(lock);

static void add_locked(void)
{
	SPINLOCK_HOLD(&lock);

	scenario_add_to_sum();
}

static struct mutex mutex = MUTEX("explored");

static void add_with_mutex(void)
{
	mutex_lock(&mutex);
	scenario_add_to_sum();
	mutex_unlock(&mutex);
}

static const char *check_mutex(void)
{
	if (mutex.owner || mutex.queue.first)
		return "nobody has the mutex, and it is not free";
	return scenario_check_sum();
}

/* ---- Two locks at once --------------------------------------------------- */

#define EACH 5

static struct account accounts[2] = { { .lock = SPINLOCK("account 0") },
				      { .lock = SPINLOCK("account 1") } };
static bool moved_3, moved_4, moved_back, to_itself;
static uint64_t seen_sum;

static void fill_accounts(void)
{
	accounts[0].balance = accounts[1].balance = EACH;
	to_itself = transfer(&accounts[0], &accounts[0], EACH) &&
		    !transfer(&accounts[0], &accounts[0], EACH + 1);
	moved_3 = moved_4 = moved_back = false;
	seen_sum = 2 * EACH;
}

static void transfer_3(void)
{
	moved_3 = transfer(&accounts[0], &accounts[1], 3);
}

/* There is enough for this, or for the other one. */
static void transfer_4(void)
{
	moved_4 = transfer(&accounts[0], &accounts[1], 4);
}

static void transfer_back(void)
{
	moved_back = transfer(&accounts[1], &accounts[0], 1);
}

static void look_at_sum(void)
{
	seen_sum = transfer_sum(&accounts[1], &accounts[0]);
}

static const char *check_transfers(void)
{
	uint64_t moved = (moved_3 ? 3U : 0) + (moved_4 ? 4U : 0);

	if (!to_itself)
		return "an account could move to itself what it has not, or "
		       "not what it has";
	if (moved > EACH)
		return "more was moved than there was";
	if (!moved)
		return "there was enough, and it was not moved";
	if (seen_sum != 2 * EACH)
		return "a sum was seen while some was in neither or in both";
	return accounts[0].balance == EACH - moved + moved_back &&
			       accounts[1].balance ==
				       EACH + moved - moved_back ?
		       NULL :
		       "what was moved is not where it should be";
}

/* ---- Waiting and waking -------------------------------------------------- */

static struct semaphore semaphore = SEMAPHORE("explored", 0);

static void semaphore_wait(void)
{
	semaphore_down(&semaphore);
}

static void semaphore_wake(void)
{
	semaphore_up(&semaphore);
}

static const char *check_semaphore(void)
{
	return semaphore.count || semaphore.queue.first ?
		       "one up and one down do not leave the semaphore at 0" :
		       NULL;
}

/* Up and down do not get into each other's way. */
static void set_to_1(void)
{
	semaphore.count = 1;
}

static const char *check_up_and_down(void)
{
	uint64_t count = semaphore.count;

	semaphore.count = 0;
	return count != 1 || semaphore.queue.first ?
		       "one up and one down do not leave the semaphore at 1" :
		       NULL;
}

/* Who has taken it may take it again before the one that was woken does. */
static void one_is_free(void)
{
	scenario_clear_sum();
	semaphore.count = 1;
}

static void add_with_semaphore(void)
{
	semaphore_down(&semaphore);
	scenario_add_to_sum();
	semaphore_up(&semaphore);
}

static void add_twice_with_semaphore(void)
{
	add_with_semaphore();
	add_with_semaphore();
}

static const char *check_one_is_free(void)
{
	uint64_t count = semaphore.count;

	semaphore.count = 0;
	return count != 1 || semaphore.queue.first || sum != 3 ?
		       "a semaphore of 1 let two in" :
		       NULL;
}

/* Who was woken looks again: somebody else may have been faster. */
static void none_is_free(void)
{
	scenario_clear_sum();
	semaphore.count = 0;
}

static void free_and_overtake(void)
{
	semaphore_up(&semaphore);
	add_with_semaphore();
}

static const char *check_overtaken(void)
{
	uint64_t count = semaphore.count;

	semaphore.count = 0;
	return count != 1 || semaphore.queue.first || sum != 2 ?
		       "a semaphore of 1 let two in" :
		       NULL;
}

static struct condition full = CONDITION("explored: full");
static bool is_full;

static void consume(void)
{
	mutex_lock(&mutex);
	while (!is_full)
		condition_wait(&full, &mutex);
	is_full = false;
	scenario_add_to_sum();
	mutex_unlock(&mutex);
}

static void produce(void)
{
	mutex_lock(&mutex);
	is_full = true;
	scenario_add_to_sum();
	condition_signal(&full);
	mutex_unlock(&mutex);
}

/* ---- Threads ------------------------------------------------------------- */

static void yield_twice(void)
{
	thread_yield();
	thread_yield();
}

const char *scenario_check_nothing(void)
{
	return NULL;
}

static int64_t add_one(void *argument)
{
	(void)argument;
	scenario_add_to_sum();
	return 0;
}

static void create_and_join(void)
{
	thread_join(thread_create("c", add_one, NULL));
	scenario_add_to_sum();
}

/* ---- Memory -------------------------------------------------------------- */

#define BLOCK 48
#define BLOCK_SHARED 700

/* Each takes one, and then releases the one that it has. */
static uint8_t *blocks[2];
static size_t block_bytes;

static void keep_blocks(size_t bytes, uint64_t most)
{
	for (uint32_t i = STEPPED_FIRST; i <= STEPPED_LAST; i++)
		cpus[i].heap.most = most;
	if (bytes == block_bytes)
		return;
	block_bytes = bytes;
	for (int i = 0; i < 2; i++) {
		kfree(blocks[i]);
		blocks[i] = NULL;
	}
}

/* Each processor has some of these for itself. */
static void use_kept_blocks(void)
{
	keep_blocks(BLOCK, HEAP_KEPT_MAX);
}

/* None keeps any of this size: all are taken from the heap that they share. */
static void use_shared_blocks(void)
{
	keep_blocks(BLOCK_SHARED, 0);
}

static void renew_block(size_t i)
{
	uint8_t *old = blocks[i], *block = kmalloc(block_bytes);

	if (block)
		block[0] = block[block_bytes - 1] = (uint8_t)i;
	blocks[i] = block;
	kfree(old);
}

static void renew_block_a(void)
{
	renew_block(0);
}

static void renew_block_b(void)
{
	renew_block(1);
}

/* What a processor keeps nobody uses, and it keeps it once. */
static bool is_kept(const uint8_t *block)
{
	for (uint32_t cpu = STEPPED_FIRST; cpu <= STEPPED_LAST; cpu++) {
		for (size_t i = 0; i < HEAP_CLASSES; i++) {
			const struct heap_kept *kept =
				&cpus[cpu].heap.classes[i];

			for (size_t n = 0; n < kept->count; n++)
				if (kept->blocks[n] == block)
					return true;
		}
	}
	return false;
}

static const char *check_blocks(void)
{
	if (is_kept(blocks[0]) || is_kept(blocks[1]))
		return "a block is in use, and is kept to be used";
	for (size_t i = 0; i < 2; i++)
		if (!blocks[i] || blocks[i][0] != i ||
		    blocks[i][block_bytes - 1] != i)
			return "two have the same block, or one has none";
	return NULL;
}

/* ---- Printing ------------------------------------------------------------ */

static const char *const sinks[] = { "vga", "serial", "e9" };

void scenario_use_sinks(bool use)
{
	for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++)
		console_use(sinks[i], use);
}

static void print_to_log(void)
{
	scenario_use_sinks(false);
}

static void print_a(void)
{
	kprintf("a%d\n", 1);
}

static void print_b(void)
{
	kprintf("b%d\n", 2);
}

static bool is_line(const struct log_line *line, const char *text)
{
	return line->ends && line->length == strlen(text) &&
	       memcmp(line->text, text, line->length) == 0;
}

static const char *check_log(void)
{
	uint64_t position = log_last(2);
	struct log_line first, second;

	scenario_use_sinks(true);
	if (!log_next(&position, &first) || !log_next(&position, &second))
		return "a line is missing in the log";
	if (!(is_line(&first, "a1") && is_line(&second, "b2")) &&
	    !(is_line(&first, "b2") && is_line(&second, "a1")))
		return "two lines in the log are torn";
	return NULL;
}

/* ---- Shootdown ----------------------------------------------------------- */

static bool other_has_not;

/* With interrupts off. What the other one served before does not count. */
static void shoot_and_look(void)
{
	const struct cpu *other =
		&cpus[STEPPED_FIRST + STEPPED_LAST - cpu_here()->number];
	uint64_t before = other->shootdowns;

	shootdown();
	other_has_not |= other->shootdowns <= before;
}

/* Each waits for the other, one of them with a lock that the other wants. */
static void shoot_down(void)
{
	SPINLOCK_HOLD(&lock);

	scenario_add_to_sum();
	shoot_and_look();
}

/* Each waits for the other with interrupts off. */
static void shoot_down_unlocked(void)
{
	cpu_interrupts_off();
	shoot_and_look();
	cpu_interrupts_on();
}

static void clear_forgotten(void)
{
	scenario_clear_sum();
	other_has_not = false;
}

static const char *check_forgotten(void)
{
	if (other_has_not)
		return "who asked goes on, and the other CPU has not forgotten "
		       "its TLB";
	return cpus[STEPPED_FIRST].shootdowns == cpus[STEPPED_LAST].shootdowns ?
		       NULL :
		       "a CPU has not forgotten its TLB";
}

static const char *check_shootdown(void)
{
	const char *wrong = check_forgotten();

	return wrong ? wrong : scenario_check_sum();
}

/* ---- All of them --------------------------------------------------------- */

const struct scenario right_scenarios[] = {
	{ "lock", "cti", scenario_clear_sum, add_locked, add_locked,
	  scenario_check_sum },
	{ "transfer", "cti", fill_accounts, transfer_3, transfer_back,
	  check_transfers },
	{ "transfers", "cti", fill_accounts, transfer_3, transfer_4,
	  check_transfers },
	{ "transfer-sum", "cti", fill_accounts, transfer_3, look_at_sum,
	  check_transfers },
	{ "mutex", "ct", scenario_clear_sum, add_with_mutex, add_with_mutex,
	  check_mutex },
	{ "semaphore", "cti", NULL, semaphore_wait, semaphore_wake,
	  check_semaphore },
	{ "up-and-down", "cti", set_to_1, semaphore_wait, semaphore_wake,
	  check_up_and_down },
	{ "turns", "ct", one_is_free, add_twice_with_semaphore,
	  add_with_semaphore, check_one_is_free },
	{ "overtake", "ct", none_is_free, add_with_semaphore, free_and_overtake,
	  check_overtaken },
	{ "condition", "ct", scenario_clear_sum, consume, produce,
	  check_mutex },
	{ "yield", "ct", NULL, yield_twice, yield_twice,
	  scenario_check_nothing },
	{ "join", "ct", scenario_clear_sum, create_and_join, yield_twice,
	  scenario_check_sum },
	{ "kmalloc", "cti", use_kept_blocks, renew_block_a, renew_block_b,
	  check_blocks },
	{ "heap", "cti", use_shared_blocks, renew_block_a, renew_block_b,
	  check_blocks },
	{ "kprintf", "cti", print_to_log, print_a, print_b, check_log },
	{ "shootdown", "c", clear_forgotten, shoot_down, shoot_down,
	  check_shootdown },
	{ "shootdowns", "c", clear_forgotten, shoot_down_unlocked,
	  shoot_down_unlocked, check_forgotten },
};

const size_t right_scenario_count =
	sizeof(right_scenarios) / sizeof(right_scenarios[0]);
