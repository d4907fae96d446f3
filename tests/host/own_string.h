/*
 * own_string.h - lib/string.c beside the host libc in one program.
 *
 * Included in front of our own sources, it renames their memcpy to
 * own_memcpy, and so on.
 */
#ifndef OWN_STRING_H
#define OWN_STRING_H

#define memcpy own_memcpy
#define memmove own_memmove
#define memset own_memset
#define memcmp own_memcmp
#define strlen own_strlen
#define strnlen own_strnlen
#define strcmp own_strcmp
#define strncmp own_strncmp
#define strchr own_strchr
#define strchrnul own_strchrnul

#endif
