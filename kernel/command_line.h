/*
 * command_line.h - the kernel's command line: words between blanks, a word
 * being "name" or "name=value".
 *
 *	COMMAND_LINE_WORD(irq, .value = "pic", .needs_value = true,
 *			  .choice = controllers,
 *			  .help = "use the 8259 interrupt controllers");
 *
 * stands in the room that obeys the word; README.md lists them all, as the
 * monitor's `cmdline` does. What no room has asked for, and values that it
 * does not know, are named in the boot report.
 *
 * Context: any, after command_line_set().
 */
#ifndef KERNEL_COMMAND_LINE_H
#define KERNEL_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct command_line_word {
	const char *name;
	const char *value; /* as people read it, "KIND"; NULL: takes none */
	bool needs_value;  /* the name alone is an error */
	bool list;	   /* of values: "part,part,part" */
	/* The n-th allowed value, from 0; NULL: there are no more. */
	const char *(*choice)(size_t n);
	bool beginning; /* the beginning of an allowed value will do */
	/* Where there is no `choice`: whether this value is allowed. */
	bool (*takes)(const char *value);
	const char *help; /* one line of at most 60 characters */
};

/* The linker script collects pointers to all words, by their names. */
#define COMMAND_LINE_WORD(name_, ...)                                   \
	static const struct command_line_word command_line_##name_ = {  \
		.name = #name_, __VA_ARGS__                             \
	};                                                              \
	static const struct command_line_word                           \
		*const command_line_pointer_##name_                       \
		__attribute__((used, section(".command_line." #name_))) = \
			&command_line_##name_

/* The n-th of them, from 0; NULL: there are no more. */
const struct command_line_word *command_line_word(size_t n);

/* "panic[=KIND]", "irq=pic": into COMMAND_LINE_USAGE bytes. */
#define COMMAND_LINE_USAGE 32
void command_line_usage(const struct command_line_word *word, char *usage);

/* ---- The line ------------------------------------------------------------ */

/* Copies at most CMDLINE_MAX characters; the rest is cut. A foreign loader's
 * may be anything: what cannot be printed becomes a question mark. */
void command_line_set(const char *text);

/* What was copied, and whether there was more. */
const char *command_line_text(void);
bool command_line_was_cut(void);

/* Whether the line has a word of that name; of several, the first counts.
 * `value` becomes what follows its '='; NULL: it has no '='. */
bool command_line_find(const char *name, const char **value);

/* Whether the line has the word, without a value. */
bool command_line_has(const char *name);

/* The word's value; NULL: it has none, or the line lacks the word. */
const char *command_line_value(const char *name);

/* Whether `name` is one of the parts of "part,part,part". */
bool list_has(const char *list, const char *name);

/* ---- What is wrong with it ----------------------------------------------- */

struct command_line_error {
	const char *word; /* as it stands there */
	enum {
		COMMAND_LINE_NO_SUCH_WORD,
		COMMAND_LINE_SAID_BEFORE, /* that one counts */
		COMMAND_LINE_NO_VALUE,	  /* it needs one */
		COMMAND_LINE_VALUE,	  /* it takes none */
		COMMAND_LINE_NO_SUCH_VALUE,
	} wrong;
	const char *part; /* the value, or the part of it, that is meant */
	size_t length;	  /* of it */
	const struct command_line_word *meant; /* NULL: no such word */
};

/* The n-th error, from 0; false: there are no more. Of each word the first; a
 * word that stands there several times is named once. */
bool command_line_error(size_t n, struct command_line_error *error);

/* Print them, for the boot report. Needs the console. */
void command_line_report(void);

#endif
