/*
 * stack_protector.h - the value between a function's arrays and its return
 * address (gcc, clang: -fstack-protector-strong,
 * -mstack-protector-guard=global). A function that finds it changed panics.
 */
#ifndef KERNEL_PANIC_STACK_PROTECTOR_H
#define KERNEL_PANIC_STACK_PROTECTOR_H

#include <stdint.h>

#define NO_STACK_PROTECTOR __attribute__((no_stack_protector))

/* Make the value hard to guess. To be called where no protected function is
 * running: one would find a value other than the one it saved. */
void stack_protector_start(uint64_t random);

#endif
