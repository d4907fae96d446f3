/*
 * console.h - where the pages go and where keys come from: the BIOS's screen
 * and keyboard, COM1, port E9h. What is absent is skipped.
 */
#ifndef DIAG_CONSOLE_H
#define DIAG_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#define CONSOLE_COLUMNS 80
#define CONSOLE_ROWS 25

/* Attributes of the colour text screen; readable in monochrome, too. */
#define LOOK_PLAIN 0x07
#define LOOK_LABEL 0x0B
#define LOOK_TITLE 0x1F
#define LOOK_WARNING 0x0E
#define LOOK_BAR 0x70

/* Finds the ports, makes sure of a text mode, and forgets keys pressed so
 * far. Once, before anything else in here. */
void console_open(void);

/* Is there a UART at COM1, and a debug port at E9h? */
bool console_has_serial(void);
bool console_has_debugcon(void);

/* Blanks `rows` rows of the screen from column `from` on. */
void console_fill(unsigned int row, unsigned int rows, unsigned int from,
		  uint8_t look);

/* The screen alone; what is beyond column 80 is left out. */
void console_show(unsigned int row, unsigned int column, const char *text);

/* COM1 and port E9h alone; '\n' ends a line. */
void console_send(const char *text);

/* Waits for a key, of the keyboard or on COM1. Letters come in lower case,
 * keys without a character as 0. If keys were lost on COM1, the next ones are
 * dropped and a line on COM1 says so. */
char console_key(void);

#endif
