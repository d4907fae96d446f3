/*
 * transfer.h - two accounts with a lock each: how two locks are held at once.
 *
 * Whoever needs both takes that of the account at the lower address first. One
 * order for all: then nobody waits for a processor that waits for him.
 *
 * Context: any but NMI; no account's lock is held.
 */
#ifndef KERNEL_EXPLORE_TRANSFER_H
#define KERNEL_EXPLORE_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/sync/spinlock.h"

struct account {
	struct spinlock lock;
	uint64_t balance;
};

/* Move an amount from one account to another one, or to the same. False: there
 * is less, and nothing was moved. In between nobody sees it in neither account,
 * or in both. */
bool transfer(struct account *from, struct account *to, uint64_t amount);

/* What two accounts that differ hold together, at one moment. */
uint64_t transfer_sum(struct account *one, struct account *other);

#endif
