/*
 * check.h - are the page tables as safe as pages.h says?
 *
 * Everything that the processor's tables map is walked and compared
 * (page_check.h): nothing may be written and executed, also not by two
 * addresses; ring 3 reaches programs alone; tables are frames of tables.
 *
 * Context: any but NMI. The kernel's tables are walked without a lock: who maps
 * or unmaps something meanwhile may be reported for nothing. Those of programs
 * are walked with the lock of the tables held, interrupts off.
 */
#ifndef KERNEL_MEMORY_CHECK_H
#define KERNEL_MEMORY_CHECK_H

#include <stddef.h>

/* Print what is wrong, a line each; returns how many lines that were. */
size_t check_pages(void);

#endif
