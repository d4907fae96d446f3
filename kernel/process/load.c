/*
 * load.c - from a file in the archive to a program's memory.
 */
#include "boot/layout.h"
#include "kernel/memory/frames.h"
#include "kernel/process/archive.h"
#include "kernel/process/parts.h"
#include "program.h"
#include "string.h"
#include "words.h"

#define WORDS_MAX 16
static const char *why_not_runnable;

const char *load_why_not_runnable(void)
{
	return why_not_runnable;
}

/* ---- The file ------------------------------------------------------------ */

static struct memory_area area_of(const struct program_segment *segment)
{
	return (struct memory_area){
		.start = address_page(segment->address),
		.end = address_page(segment->address + segment->memory +
				    PAGE_SIZE - 1),
		.rights = segment->write   ? PAGES_WRITE :
			  segment->execute ? PAGES_EXECUTE :
					     PAGES_READ,
		.bytes = segment->bytes,
		.size = segment->size,
		.address = segment->address,
	};
}

static int64_t read_file(struct process *process, const char *name)
{
	struct program program;
	enum program_error error;
	size_t size = 0;
	const void *file = archive_find(name, &size);

	if (!file)
		return archive_exists() ? -CALL_E_NO_PROGRAM :
					  -CALL_E_NO_ARCHIVE;
	error = program_read(file, size, PROGRAM_STACK_TOP, PROGRAM_MAPS,
			     &program);
	if (error != PROGRAM_OK) {
		why_not_runnable = program_error_text(error);
		return -CALL_E_NOT_RUNNABLE;
	}
	for (size_t i = 0; i < program.count; i++) {
		struct memory_area area = area_of(&program.segments[i]);

		memory_add(&process->memory, &area);
	}
	process->entry = program.entry;
	return 0;
}

_Static_assert(PROGRAM_SEGMENTS_MAX + 1 < MEMORY_AREAS, "there is room");

/* ---- The stack, and words on top of it ----------------------------------- */

static const struct memory_area stack = {
	.start = PROGRAM_STACK_TOP - PROGRAM_STACK_BYTES,
	.end = PROGRAM_STACK_TOP,
	.rights = PAGES_WRITE,
};

_Static_assert(CALL_LINE_MAX + 1 + (WORDS_MAX + 1) * sizeof(vaddr_t) + 16 <=
		       PAGE_SIZE,
	       "all of it fits into the first page");

/* The line's words at the very top, below them an array of their addresses,
 * which ends with a 0. */
static int64_t put_words(struct process *process, const char *line,
			 char **words, size_t count)
{
	const vaddr_t page = PROGRAM_STACK_TOP - PAGE_SIZE;
	const vaddr_t line_at = PROGRAM_STACK_TOP - CALL_LINE_MAX - 1;
	uint8_t *to = memory_page(&process->memory, page);
	vaddr_t at = line_at - (count + 1) * sizeof(at);

	if (!to)
		return -CALL_E_MEMORY;
	process->words = count;
	process->words_at = at;
	process->stack = at & ~15ULL;
	memcpy(to + (line_at - page), line, CALL_LINE_MAX + 1);
	for (size_t i = 0; i < count; i++, at += sizeof(at)) {
		vaddr_t word = line_at + (size_t)(words[i] - line);

		memcpy(to + (at - page), &word, sizeof(word));
	}
	return 0;
}

static int64_t fill(struct process *process, const char *line, char **words,
		    size_t count)
{
	int64_t error = read_file(process, words[0]);

	if (error)
		return error;
	memory_add(&process->memory, &stack);
	return put_words(process, line, words, count);
}

int64_t load(struct process *process, const char *line)
{
	char copy[CALL_LINE_MAX + 1] = "";
	char *words[WORDS_MAX];
	size_t count, length = strlen(line);
	int64_t error;

	if (length > CALL_LINE_MAX)
		return -CALL_E_TOO_LONG;
	memcpy(copy, line, length);
	count = words_split(copy, words, WORDS_MAX);
	if (!count || count > WORDS_MAX)
		return -CALL_E_TOO_LONG;
	length = strlen(words[0]);
	if (length > PROCESS_NAME_MAX)
		return -CALL_E_NO_PROGRAM;
	memcpy(process->name, words[0], length + 1);
	if (!memory_start(&process->memory))
		return -CALL_E_MEMORY;
	error = fill(process, copy, words, count);
	if (error)
		memory_end(&process->memory);
	return error;
}
