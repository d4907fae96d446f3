/*
 * rules.h - does an image obey HW-1 to HW-6 of docs/hardware.md?
 *
 * A pure judgement of sector 0 and the size, for images of any make.
 */
#ifndef IMAGE_RULES_H
#define IMAGE_RULES_H

#include "tools/file/bytes.h"

#define RULES 6

enum verdict {
	RULE_OBEYED,
	RULE_NOTED, /* obeyed, but there is something to know */
	RULE_BROKEN,
};

struct rule {
	enum verdict verdict;
	char text[240]; /* why, with the numbers; for HW-(index + 1) */
};

/* `sector` is LBA 0, 512 bytes; `size` the image's, in bytes. */
void rules_check(const uint8_t *sector, uint64_t size,
		 struct rule rules[RULES]);

#endif
