// words.mjs - what the machine does, in words.

import { hex } from "./names.mjs";

// By the CPU's mode: a name, and a class for colour and shape.
export const MODES = [
	{ name: "16-bit real mode", kind: "m16" },
	{ name: "virtual 8086 mode", kind: "m16" },
	{ name: "32-bit protected mode", kind: "m32" },
	{ name: "compatibility mode", kind: "m32" },
	{ name: "64-bit long mode", kind: "m64" },
];

export function modeOf(state) {
	if (state.mode === 2 && !state.big)
		return { name: "protected mode, 16-bit code", kind: "m32" };
	return MODES[state.mode];
}

// {mode, big} of what is recorded of a change of mode
export const codeMode = (value) => ({ mode: value & 7, big: BigInt(value >> 3) });

// Those of [[bit, name, what it does]] that are set
export function bitsSet(bits, value) {
	return bits.filter(([bit]) => value >> BigInt(bit) & 1n);
}

// Instructions that other programs seldom have: [pattern, what they are for]
export const INSTRUCTIONS = [
	[/^cli/, "interrupts off"], [/^sti/, "interrupts on"], [/^hlt/, "wait for an interrupt"],
	[/^lgdt/, "tells the CPU where its table of segments lies"],
	[/^lidt/, "tells the CPU where its table of interrupts lies"], [/^ltr/, "loads the task register"],
	[/^mov cr0/, "switches protected mode (PE) and paging (PG)"], [/^mov cr3/, "where the page tables begin"],
	[/^mov cr4/, "switches what came after the 386: entries of 8 bytes (PAE), SSE"],
	[/^mov [c-gs]s,/, "loads a segment register"], [/^jmpf/, "a far jump: loads CS, too"],
	[/^int /, "calls the BIOS"], [/^iret/, "back from an interrupt: IP, CS and flags"],
	[/^in /, "reads from a device's port"], [/^out /, "writes to a device's port"],
	[/^wrmsr/, "writes the model-specific register that ECX names"], [/^rdmsr/, "reads the model-specific register that ECX names"],
	[/^cpuid/, "asks the CPU what it can do"], [/^invlpg/, "forgets how an address is translated"],
	[/^rep/, "repeats, CX (ECX, RCX) times at most"], [/^cld/, "strings go upwards"], [/^rdtsc/, "reads the time stamp counter"],
];

// By the error code (SDM 3A, "Page-Fault Exceptions")
export function pageFaultWords(code, address) {
	const what = code & 16 ? "fetching an instruction" : code & 2 ? "a write" : "a read";
	return `${what} at ${address}h, ` + (code & 8 ? "whose page tables have a reserved bit set"
		: code & 1 ? "which its page does not allow" : "where no page is present");
}

// ---- The BIOS --------------------------------------------------------------

const far = (segment, offset) => hex((segment << 4) + (offset & 0xFFFF), 4) + "h";
const high = (value) => value >> 8 & 0xFF;
const low = (value) => value & 0xFF;
const ok = (call, words) => (call.after.flags & 1 ? `refused: status ${hex(high(call.after.ax), 2)}h` : words);

const times = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

// An EDD call's disk address packet
const packetWords = ([size, to, lba]) => `read ${times(size >> 16, "sector")}, LBA ${lba}, ` +
	`to ${far(to >>> 16, to)}`;

// An entry of the memory map that E820 has written
const RANGES = ["", "usable", "reserved", "ACPI tables", "ACPI NVS", "bad"];
const rangeWords = ([base, baseHigh, bytes, bytesHigh, type]) => {
	const from = base + 2 ** 32 * baseHigh, to = from + bytes + 2 ** 32 * bytesHigh;
	return `${hex(from)}h to ${hex(to)}h, ${RANGES[type] ?? "type " + type}`;
};

// [vector, AH or AX or null, question, answer]: by Ralf Brown's list
const BIOS_CALLS = [
	[0x10, 0x00, (c) => `set screen mode ${low(c.before.ax)}`],
	[0x10, 0x01, () => "set the cursor's shape"],
	[0x10, 0x02, (c) => `put the cursor to row ${high(c.before.dx)}, column ${low(c.before.dx)}`],
	[0x10, 0x03, () => "where is the cursor?", (c) => `row ${high(c.after.dx)}, column ${low(c.after.dx)}`],
	[0x10, 0x05, (c) => `show screen page ${low(c.before.ax)}`],
	[0x10, 0x0E, (c) => `print ${JSON.stringify(String.fromCharCode(low(c.before.ax)))}`],
	[0x10, 0x0F, () => "which screen mode is it?",
		(c) => `mode ${low(c.after.ax)}, ${high(c.after.ax)} columns`],
	[0x10, 0x1003, (c) => `attribute bit 7: ${low(c.before.bx) ? "blinking" : "bright background, not blinking"}`],
	[0x12, null, () => "how much low memory is there?", (c) => `${c.after.ax & 0xFFFF} KiB`],
	[0x13, 0x00, () => "reset the drive", (c) => ok(c, "done")],
	[0x13, 0x02, (c) => `read ${times(low(c.before.ax), "sector")}, cylinder ` +
		`${high(c.before.cx) | (c.before.cx & 0xC0) << 2}, head ${high(c.before.dx)}, sector ` +
		`${c.before.cx & 63}, to ${far(c.before.es, c.before.bx)}`, (c) => ok(c, "read")],
	[0x13, 0x08, () => "what is the drive's geometry?", (c) => ok(c,
		`${high(c.after.dx) + 1} heads, ${c.after.cx & 63} sectors per track`)],
	[0x13, 0x41, (c) => `drive ${hex(low(c.before.dx), 2)}h: does it take sector numbers (EDD)?`,
		(c) => ok(c, `${(c.after.bx & 0xFFFF) === 0xAA55 ? "yes" : "no"}: version ` +
			`${hex(high(c.after.ax), 2)}h, BX ${hex(c.after.bx & 0xFFFF, 4)}h`)],
	[0x13, 0x42, (c) => packetWords(c.asked), (c) => ok(c, "read")],
	[0x15, 0xE820, (c) => `what memory is there? (E820, continuation ${c.before.bx})`,
		(c) => ok(c, rangeWords(c.told) + (c.after.bx ? "" : "; the last"))],
	[0x15, 0xE801, () => "how much memory is there? (E801)", (c) => ok(c, "told")],
	[0x15, 0x2401, () => "open A20", (c) => ok(c, "open")],
	[0x15, 0xEC00, () => "a 64-bit system is coming", (c) => ok(c, "noted")],
	[0x16, 0x00, () => "wait for a key", (c) => `scan code ${hex(high(c.after.ax), 2)}h`],
	[0x16, 0x01, () => "is a key waiting?", (c) => (c.after.flags & 0x40 ? "no" : "yes")],
	[0x16, 0x02, () => "which shift keys are down?", (c) => `${hex(low(c.after.ax), 2)}h`],
	[0x18, null, () => "give up: try another boot device"],
];

// {name: "INT 13h/42h", ask, answer} of a recorded call
export function biosWords(call) {
	const ax = call.before.ax & 0xFFFF;
	const known = BIOS_CALLS.find(([vector, code]) => vector === call.vector &&
		(code === null || (code > 0xFF ? code === ax : code === ax >> 8)));
	const name = `INT ${hex(call.vector, 2)}h` +
		(known?.[1] === null ? "" : "/" + hex(known?.[1] ?? ax >> 8, 2) + "h");
	const done = call.end ? known?.[3]?.(call) ?? "" : "no answer yet";
	return { name, ask: known?.[2](call) ?? `AX = ${hex(ax, 4)}h`, answer: done };
}

// ---- One step ------------------------------------------------------------------

export const GENERAL = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
export const SEGMENTS = ["cs", "ds", "es", "ss", "fs", "gs"];
export const CHANGEABLE = [...GENERAL, ...SEGMENTS, "cr0", "cr2", "cr3", "cr4", "efer", "rflags",
	"a20", "gdt", "idt", "tr"];	// all but RIP

// A register's name as the mode has it: rax, eax; 16-bit code uses 32 bits, too.
export function registerName(name, state) {
	return state.mode === 4 || !/^r[a-z]/.test(name) ? name.toUpperCase() : "E" + name.slice(1).toUpperCase();
}

// Names of registers that two states hold differently.
export function changes(before, after) {
	return CHANGEABLE.filter((name) => before[name] !== after[name]);
}

// "EAX becomes 3Ch; ZF clears"
export function changeWords({ before, state: after, names }) {
	const words = changes(before, after).filter((name) => name !== "rflags").map((name) => {
		if (name === "a20")
			return after.a20 ? "A20 opens" : "A20 closes";
		return `${registerName(name, after)} becomes ${hex(after[name])}h`;
	});
	for (const [bit, flag] of names.bits.rflags) {
		const [was, is] = [before, after].map((s) => s.rflags >> BigInt(bit) & 1n);
		if (was !== is && flag !== "RF")
			words.push(`${flag} ${is ? "is set" : "clears"}`);
	}
	if (before.mode !== after.mode)
		words.push(`the CPU enters ${modeOf(after).name}`);
	return words.join("; ");
}
