#include "kernel/panic/panic.h"
#include "kernel/symbols.h"

/* Names that the compilers give. */
extern uint64_t __stack_chk_guard;
_Noreturn void __stack_chk_fail(void);

uint64_t __stack_chk_guard = 0x5A17C0DE5A17C000;

void stack_protector_start(uint64_t random)
{
	/* The lowest byte stays 0: no string that overflows can restore it. */
	__stack_chk_guard ^= random << 8;
}

void __stack_chk_fail(void)
{
	uint64_t caller = (uint64_t)__builtin_return_address(0);
	struct symbol symbol = { "?", 0, "?", 0 };
	struct place place;

	symbols_find(caller - 1, &symbol);
	place = (struct place){ symbol.file, symbol.function,
				(int)symbol.line };
	panic_at(&place,
		 "stack smashed: the function that contains %#lx wrote past "
		 "the end of an array",
		 caller);
}
