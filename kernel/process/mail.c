/*
 * mail.c - what programs wait for: keys, for the job in front, and values from
 * other programs.
 */
#include "kernel/process/parts.h"
#include "kernel/thread/thread.h"

static uint32_t front_job; /* 0: the prompt has the keys */
static struct wait_queue readers = WAIT_QUEUE("keys");
static uint32_t readers_count;
static char key; /* given to them; '\0': none. The others stay in the input. */

void keys_set_front(uint32_t job)
{
	front_job = job;
	key = '\0';
	wait_wake_all(&readers);
}

bool keys_wanted(void)
{
	SCHED_HOLD();

	return readers_count && !key;
}

void keys_give(char character)
{
	SCHED_HOLD();

	key = character;
	wait_wake_all(&readers);
}

int64_t keys_read(struct process *me, char *to)
{
	bool goes_on = true;
	SCHED_HOLD();

	readers_count++;
	thread_wake_interrupt_waiters();
	while (goes_on && me->job == front_job && !key)
		goes_on = process_wait_in(&readers);
	readers_count--;
	if (!goes_on)
		return -CALL_E_KILLED;
	if (me->job != front_job)
		return -CALL_E_NOT_FRONT;
	*to = key;
	key = '\0';
	return 1;
}

/* ---- Mail ---------------------------------------------------------------- */

/* It may have ended whenever the lock was released. The lock is held. */
static struct process *receiver(uint64_t number)
{
	struct process *to =
		number > UINT32_MAX ? NULL : process_find((uint32_t)number);

	return to && to->state == PROCESS_RUNS ? to : NULL;
}

int64_t mail_send(struct process *me, uint64_t number, uint64_t value)
{
	struct process *to;
	SCHED_HOLD();

	for (;;) {
		to = receiver(number);
		if (!to)
			return -CALL_E_NO_SUCH;
		if (to->sent - to->received < MAILBOX)
			break;
		if (!process_wait_in(&to->room))
			return -CALL_E_KILLED;
	}
	to->box[to->sent % MAILBOX].from = me->number;
	to->box[to->sent++ % MAILBOX].value = value;
	wait_wake_one(&to->mail);
	return 0;
}

int64_t mail_take(struct process *me, uint64_t *value)
{
	uint64_t place;
	SCHED_HOLD();

	while (me->sent == me->received)
		if (!process_wait_in(&me->mail))
			return -CALL_E_KILLED;
	place = me->received++ % MAILBOX;
	wait_wake_one(&me->room);
	*value = me->box[place].value;
	return me->box[place].from;
}
