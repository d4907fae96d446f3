/*
 * report.h - collect the regions of an image, then print them in order.
 *
 * Readers of formats add regions with report_region(); what nobody added is
 * found by report_print() and said to be zeros or unexplained, so that every
 * byte of the image belongs to a line. A region may lie inside another.
 */
#ifndef EXPLAIN_REPORT_H
#define EXPLAIN_REPORT_H

#include <stdio.h>

#include "tools/image/disk.h"

#define REGIONS_MAX 320 /* 128 GPT partitions and some */

struct report;
struct region;

/* Prints the fields of a region, with report_field(). */
typedef void region_details(struct report *report, const struct region *region);

struct region {
	uint64_t start; /* bytes */
	uint64_t end;
	char what[96];
	const char *source; /* the file of ours that makes it, or NULL */
	region_details *details; /* or NULL */
	uint32_t argument; /* for `details` */
	unsigned int order; /* of adding */
};

struct report {
	const struct disk *disk;
	FILE *out;
	int hex; /* print the bytes beside their meaning */
	unsigned int wrong; /* how often report_wrong() was called */
	unsigned int count;
	unsigned int dropped; /* regions beyond REGIONS_MAX */
	struct region regions[REGIONS_MAX];
};

/* Adds [start, end), cut at the end of the disk; the empty ones are left out.
 * Returns the region, for `source`, `details` and `argument` to be filled in;
 * never NULL. */
struct region *report_region(struct report *report, uint64_t start,
			     uint64_t end, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A line about `size` bytes at `offset`. */
void report_field(struct report *report, uint64_t offset, uint64_t size,
		  const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A line about damage. */
void report_wrong(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints all regions, in the order of the disk. */
void report_print(struct report *report);

#endif
