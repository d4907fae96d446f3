/*
 * provoke.h - panics and exceptions on purpose: panic=KIND on the command line,
 * `fault KIND` at the prompt. kinds.h says how each is caused.
 */
#ifndef KERNEL_FAULT_PROVOKE_H
#define KERNEL_FAULT_PROVOKE_H

#include <stdbool.h>
#include <stddef.h>

/* If the command line says panic=KIND, panic in that way (provoke.c). Called
 * once `before` and once after the console has been started. */
enum fault_when { FAULT_BEFORE_CONSOLE, FAULT_AFTER_CONSOLE };
void fault_provoke(enum fault_when when);

/* The n-th KIND, from 0; NULL: there are no more. */
const char *fault_kind(size_t n);

/* Panic in that way, at once; false: there is no such kind. True: it is a
 * fault that can be survived. */
bool fault_cause(const char *kind);

#endif
