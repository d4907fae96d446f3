/*
 * explain_text.h - what the parts of explain() share.
 */
#ifndef KERNEL_PANIC_EXPLAIN_TEXT_H
#define KERNEL_PANIC_EXPLAIN_TEXT_H

#include "kernel/panic/explain.h"

struct text {
	char *at;
	size_t left; /* with the NUL */
};

/* Append; what does not fit is cut. */
__attribute__((format(printf, 2, 3))) void text_add(struct text *text,
						    const char *format, ...);

/* #PF, and what CR2 says. */
void explain_page_fault(struct text *text, const struct trap_facts *facts);

/* #DF, which is most often the end of a stack. */
void explain_double_fault(struct text *text, const struct trap_facts *facts);

/* #TS, #NP, #SS, #GP: a selector to blame, or an address, or neither. */
void explain_selector(struct text *text, const struct trap_facts *facts);

#endif
