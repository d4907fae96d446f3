/*
 * exception.h - the CPU's exceptions in words (SDM 3A, "Exception and
 * Interrupt Reference"; vectors 28 to 30: APM 2, "Vectors"). Any context.
 */
#ifndef LIB_EXCEPTION_H
#define LIB_EXCEPTION_H

#include <stdbool.h>

/* "#PF page fault"; "reserved" where the manuals name nothing; for vectors
 * from 32 on "not an exception". Never NULL. */
const char *exception_name(unsigned int vector);

/* Whether the CPU pushes an error code (0 counts) on the handler's stack. */
bool exception_has_error_code(unsigned int vector);

#endif
