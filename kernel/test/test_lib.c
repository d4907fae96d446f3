/*
 * test_lib.c - lib/ as the kernel's compiler flags make it; the host's tests
 * go deeper.
 */
#include <stddef.h>
#include <stdint.h>

#include "boot/x86.h"
#include "crc32c.h"
#include "exception.h"
#include "format.h"
#include "kernel/test/test.h"
#include "memmap.h"
#include "string.h"
#include "x86/cpuid.h"

TEST(lib_format)
{
	char text[64];
	int length = ksnprintf(text, sizeof(text), "%+d|%-5s|%#06x|%c%%|%.2s",
			       42, "ab", 0xBEEF, 'Z', "xyz");

	EXPECT(strcmp(text, "+42|ab   |0xbeef|Z%|xy") == 0);
	EXPECT(length == (int)strlen(text));
	EXPECT(ksnprintf(text, 4, "%s", "abcdef") == 6);
	EXPECT(strcmp(text, "abc") == 0);
}

TEST(lib_string)
{
	char text[] = "0123456789";

	memmove(text + 2, text, 8);
	EXPECT(strcmp(text, "0101234567") == 0);
	memmove(text, text + 2, 8);
	EXPECT(strcmp(text, "0123456767") == 0);
	memset(text, '-', 3);
	EXPECT(strncmp(text, "---34", 5) == 0);
	EXPECT(memcmp("abc", "abd", 3) < 0);
	EXPECT(strchr(text, '5') == text + 5);
}

/* RFC 3720, B.4: the check value of the nine digits. */
TEST(lib_crc32c)
{
	const char digits[] = "123456789";

	EXPECT(crc32c(0, digits, 9) == 0xE3069283);
	EXPECT(crc32c(crc32c(0, digits, 4), digits + 4, 5) == 0xE3069283);
	if (cpuid_read(1).ecx & CPUID_1_ECX_SSE42)
		EXPECT(crc32c_sse42(0, digits, 9) == 0xE3069283);
}

TEST(lib_memmap)
{
	const struct mem_range raw[] = {
		{ 0x100000, 0x100000, MEM_USABLE, MEM_ATTR_PRESENT },
		{ 0x180800, 0x800, MEM_RESERVED, MEM_ATTR_PRESENT },
		{ 0, 0x9FC00, MEM_USABLE, MEM_ATTR_PRESENT },
	};
	const struct memmap_source source = { raw, 3, NULL, 0 };
	struct mem_range clean[8];

	EXPECT(memmap_sanitise(&source, clean, 8) == 4);
	EXPECT(clean[0].base == 0 && clean[0].length == 0x9F000);
	EXPECT(clean[2].base == 0x180000 && clean[2].type == MEM_RESERVED);
	EXPECT(memmap_total(clean, 4, MEM_USABLE) == 0x9F000 + 0xFF000);
}

TEST(lib_exception)
{
	EXPECT(strncmp(exception_name(VECTOR_PF), "#PF", 3) == 0);
	EXPECT(exception_has_error_code(VECTOR_PF));
	EXPECT(!exception_has_error_code(VECTOR_NMI));
}
