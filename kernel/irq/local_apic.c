#include "kernel/irq/local_apic.h"

#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/device/mmio.h"
#include "kernel/irq/controllers.h"
#include "kernel/memory/pages.h"
#include "x86/cpuid.h"

#define CPUID_1_EDX_APIC 0x200

#define MSR_APIC_BASE 0x1B /* SDM 3A, "Local APIC Status and Location" */
#define BASE_X2APIC 0x400
#define BASE_ENABLED 0x800
#define BASE_ADDRESS 0xFFFFFFFFFF000

/* SDM 3A, "Local APIC Register Address Map"; as MSRs: "Local APIC Register
 * Address Map Supported by x2APIC" */
#define MSR_X2APIC 0x800 /* + register / 16 */
#define REG_ID 0x20
#define REG_PRIORITY 0x80
#define REG_END 0xB0
#define REG_SPURIOUS 0xF0
#define REG_IN_SERVICE 0x100 /* eight of them */
#define REG_LVT_TIMER 0x320
#define REG_LVT_PIN0 0x350
#define REG_LVT_PIN1 0x360
#define REG_LVT_ERROR 0x370
#define REG_COMMAND 0x300
#define REG_COMMAND_HIGH 0x310
#define REG_TIMER_START 0x380
#define REG_TIMER_COUNT 0x390
#define REG_TIMER_DIVIDE 0x3E0

#define SPURIOUS_ENABLED 0x100

#define LVT_NMI 0x400
#define LVT_EXTERNAL 0x700 /* the 8259 gives the vector */
#define LVT_ACTIVE_LOW 0x2000
#define LVT_LEVEL 0x8000
#define LVT_MASKED 0x10000
#define LVT_PERIODIC 0x20000

#define DIVIDE_BY_16 0x3

#define IN_SERVICE_MAX 256 /* one for each vector */

/* All processors have theirs at this address; NULL: x2APIC mode. */
static volatile uint8_t *local_apic_registers;

static void local_apic_write(uint32_t reg, uint32_t value)
{
	if (local_apic_registers)
		mmio_write32(local_apic_registers + reg, value);
	else
		cpu_write_msr(MSR_X2APIC + reg / 16, value);
}

static uint32_t local_apic_read(uint32_t reg)
{
	if (local_apic_registers)
		return mmio_read32(local_apic_registers + reg);
	return (uint32_t)cpu_read_msr(MSR_X2APIC + reg / 16);
}

static bool local_apic_is_present(void)
{
	return cpuid_read(1).edx & CPUID_1_EDX_APIC &&
	       cpu_read_msr(MSR_APIC_BASE) & BASE_ENABLED;
}

static bool local_apic_map(void)
{
	uint64_t base = cpu_read_msr(MSR_APIC_BASE);

	local_apic_registers = NULL;
	if (!(base & BASE_X2APIC)) {
		local_apic_registers = pages_map_device("local APIC",
							base & BASE_ADDRESS,
							PAGE_SIZE);
		return local_apic_registers != NULL;
	}
	return true;
}

static bool local_apic_in_service(void)
{
	for (uint32_t i = 0; i < 8; i++)
		if (local_apic_read(REG_IN_SERVICE + 16 * i))
			return true;
	return false;
}

static void local_apic_write_pins(const struct acpi_nmi *nmi, bool pics)
{
	static const uint32_t pin[] = { REG_LVT_PIN0, REG_LVT_PIN1 };

	local_apic_write(pin[0], pics ? LVT_EXTERNAL : LVT_MASKED);
	local_apic_write(pin[1], LVT_MASKED);
	if (!(pics && nmi->pin == 0))
		local_apic_write(pin[nmi->pin],
				 LVT_NMI |
					 (nmi->active_low ? LVT_ACTIVE_LOW :
							    0) |
					 (nmi->level ? LVT_LEVEL : 0));
}

bool local_apic_start(void)
{
	return local_apic_is_present() && local_apic_map();
}

void local_apic_start_cpu(unsigned int spurious, const struct acpi_nmi *nmi,
			  bool pics)
{
	char vendor[CPUID_VENDOR_SIZE];

	cpuid_vendor(vendor);
	c1e_switch_off(vendor, cpuid_read(1).eax);
	local_apic_write(REG_PRIORITY, 0);
	local_apic_write(REG_SPURIOUS, SPURIOUS_ENABLED | spurious);
	/* First: a masked entry without vector may count as an error (SDM 3A,
	 * "Valid Interrupt Vectors"). */
	local_apic_write(REG_LVT_ERROR, LVT_MASKED);
	local_apic_write(REG_LVT_TIMER, LVT_MASKED);
	local_apic_write_pins(nmi, pics);
	for (int i = 0; i < IN_SERVICE_MAX && local_apic_in_service(); i++)
		local_apic_end();
}

uint32_t local_apic_id(void)
{
	return local_apic_registers ? local_apic_read(REG_ID) >> 24 :
				      local_apic_read(REG_ID);
}

vaddr_t local_apic_address(void)
{
	return (uint64_t)local_apic_registers;
}

void local_apic_end(void)
{
	local_apic_write(REG_END, 0);
}

void local_apic_timer(unsigned int vector, uint32_t count)
{
	local_apic_write(REG_TIMER_DIVIDE, DIVIDE_BY_16);
	local_apic_write(REG_LVT_TIMER,
			 LVT_PERIODIC | (vector ? vector : LVT_MASKED));
	local_apic_write(REG_TIMER_START, count);
}

uint32_t local_apic_timer_count(void)
{
	return local_apic_read(REG_TIMER_COUNT);
}

/* ---- Other processors ---------------------------------------------------- */

#define COMMAND_PENDING 0x1000
#define COMMAND_OTHERS 0xC0000
#define SEND_LOOKS 100000

static bool local_apic_has_sent(void)
{
	for (int i = 0; i < SEND_LOOKS; i++) {
		if (!(local_apic_read(REG_COMMAND) & COMMAND_PENDING))
			return true;
		cpu_pause();
	}
	return false;
}

/* In x2APIC mode it has left when the instruction ends. */
bool local_apic_send(uint32_t id, uint32_t command)
{
	if (!local_apic_registers) {
		cpu_write_msr(MSR_X2APIC + REG_COMMAND / 16,
			      (uint64_t)id << 32 | command);
		return true;
	}
	if (id > 0xFF || !local_apic_has_sent())
		return false;
	local_apic_write(REG_COMMAND_HIGH, id << 24);
	local_apic_write(REG_COMMAND, command);
	return local_apic_has_sent();
}

bool local_apic_send_others(uint32_t command)
{
	return local_apic_send(0, command | COMMAND_OTHERS);
}
