/*
 * print.h - text for the screen, by the formats of lib/format.h.
 */
#ifndef USER_PRINT_H
#define USER_PRINT_H

__attribute__((format(printf, 1, 2))) void print(const char *format, ...);

#endif
