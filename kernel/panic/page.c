#include "kernel/panic/page.h"

#include "exception.h"
#include "format.h"
#include "kernel/console/console.h"
#include "kernel/cpu/cpu.h"
#include "kernel/panic/paper.h"

#define TRACE_MAX 8
#define TRACE_STACK_MAX 0x10000 /* bytes that a backtrace may span */

/* Page fault error code, SDM 3A, 4.7. */
#define PF_PROTECTED 0x1
#define PF_WRITE 0x2
#define PF_RESERVED_BIT 0x8
#define PF_FETCH 0x10

static void write_page_fault(uint64_t error)
{
	const char *what = error & PF_FETCH ? "execute" :
			   error & PF_WRITE ? "write to" :
					      "read from";
	const char *why = error & PF_RESERVED_BIT ? "broken page table" :
			  error & PF_PROTECTED	  ? "not allowed" :
						    "not present";

	paper_printf(", %s %#018lx: %s", what, cpu_cr2(), why);
}

static void write_exception(const struct trap_frame *frame)
{
	unsigned int vector = (unsigned int)frame->vector;

	paper_printf(" at %#018lx\n\n%s", frame->rip, exception_name(vector));
	if (vector == VECTOR_PF)
		write_page_fault(frame->error);
	else if (exception_has_error_code(vector))
		paper_printf(", error code %#lx", frame->error);
	paper_write("\n");
}

static void write_message(const struct panic_cause *cause)
{
	char message[512];

	paper_printf(" in %s() at %s:%d\n\n", cause->place->function,
		     cause->place->file, cause->place->line);
	kvsnprintf(message, sizeof(message), cause->format, *cause->args);
	paper_printf("%s\n", message);
}

static void write_registers(const struct trap_frame *frame)
{
	paper_printf("rax %016lx   rbx %016lx   rcx  %016lx\n"
		     "rdx %016lx   rsi %016lx   rdi  %016lx\n",
		     frame->rax, frame->rbx, frame->rcx, frame->rdx, frame->rsi,
		     frame->rdi);
	paper_printf("r8  %016lx   r9  %016lx   r10  %016lx\n"
		     "r11 %016lx   r12 %016lx   r13  %016lx\n",
		     frame->r8, frame->r9, frame->r10, frame->r11, frame->r12,
		     frame->r13);
	paper_printf("r14 %016lx   r15 %016lx   rflg %016lx\n"
		     "rip %016lx   rsp %016lx   rbp  %016lx\n",
		     frame->r14, frame->r15, frame->rflags, frame->rip,
		     frame->rsp, frame->rbp);
	paper_printf("cr0 %016lx   cr2 %016lx   cr3  %016lx\n"
		     "cr4 %016lx   cs  %04lx   ss  %04lx    efer %016lx\n",
		     cpu_cr0(), cpu_cr2(), cpu_cr3(), cpu_cr4(),
		     frame->cs & 0xFFFF, frame->ss & 0xFFFF,
		     cpu_read_msr(MSR_EFER));
}

static void write_lock(const struct spinlock *lock)
{
	uint32_t owner =
		atomic_load_explicit(&lock->owner, memory_order_relaxed);
	const struct place *place =
		atomic_load_explicit(&lock->place, memory_order_relaxed);

	if (!owner)
		paper_printf("%s lock: free\n", lock->name);
	else
		paper_printf("%s lock: held by CPU %u since %s:%d\n",
			     lock->name, owner - 1, place ? place->file : "?",
			     place ? place->line : 0);
}

/* Return addresses along the frame pointers, as long as those climb the stack
 * on which it happened. */
static void write_trace(const struct trap_frame *frame)
{
	uint64_t low = frame->rsp;
	uint64_t high = frame->rsp + TRACE_STACK_MAX;
	uint64_t base = frame->rbp;

	paper_write("called from");
	for (int i = 0; i < TRACE_MAX; i++) {
		const uint64_t *link = (const uint64_t *)base;

		if (base < low || base >= high || base % sizeof(*link))
			break;
		if (link[1])
			paper_printf(" %lx", link[1]);
		low = base + sizeof(*link);
		base = link[0];
	}
	paper_write("\n");
}

void page_write(const struct panic_cause *cause)
{
	paper_write("KERNEL PANIC");
	if (cause->format)
		write_message(cause);
	else
		write_exception(cause->frame);
	paper_write("\n");
	write_registers(cause->frame);
	paper_write("\n");
	write_lock(&console_lock);
	write_trace(cause->frame);
}

void page_write_nested(const struct panic_cause *cause)
{
	paper_last_row();
	paper_write("PANIC INSIDE PANIC: ");
	if (cause->format)
		paper_printf("\"%s\" at %s:%d\n", cause->format,
			     cause->place->file, cause->place->line);
	else
		paper_printf("%s at %#lx\n",
			     exception_name((unsigned int)cause->frame->vector),
			     cause->frame->rip);
}
