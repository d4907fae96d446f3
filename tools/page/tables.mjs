// tables.mjs - the tables that the CPU reads, decoded from memory.

import { bitsSet } from "./words.mjs";
import { hex } from "./names.mjs";

const bits = (value, from, count) => Number(value >> BigInt(from) & (1n << BigInt(count)) - 1n);

// A segment descriptor (SDM 3A, "Segment Descriptors"): what it is, base, limit
function descriptor(value) {
	const base = bits(value, 16, 24) + bits(value, 56, 8) * 0x1000000;
	const pages = bits(value, 55, 1);
	const limit = (bits(value, 0, 16) | bits(value, 48, 4) << 16) * (pages ? 4096 : 1) + (pages ? 4095 : 0);
	const system = !bits(value, 44, 1), code = bits(value, 43, 1);
	const what = !value ? "null"
		: !bits(value, 47, 1) ? "not present"
		: system ? (bits(value, 40, 4) === 2 ? "LDT" : "TSS")
		: code ? (bits(value, 53, 1) ? "64-bit code" : bits(value, 54, 1) ? "32-bit code" : "16-bit code")
		: bits(value, 41, 1) ? "data, writable" : "data, read only";
	return { what, base, limit, ring: bits(value, 45, 2), system: system && value !== 0n };
}

// Rows {selector, what, base, limit, address}
export function gdtRows(machine, state) {
	const rows = [], base = Number(state.gdt), end = Math.min(Number(state.gdtLimit) + 1, 256);
	for (let at = 0; at + 8 <= end; at += 8) {
		const row = { selector: at, address: base + at,
			...descriptor(machine.word(machine.physical(base + at))) };
		rows.push(row);
		if (row.system && state.mode >= 3)
			at += 8;	// 64-bit system descriptors have 16 bytes
	}
	return rows;
}

// Rows {vector, selector, offset, ist}; in real mode the vector table at 0
export function idtRows(machine, state) {
	const base = Number(state.idt), real = state.mode < 2;
	const size = real ? 4 : state.mode >= 3 ? 16 : 8;
	const count = Math.min((Number(state.idtLimit) + 1) / size | 0, 256);
	return Array.from({ length: count }, (_, vector) => {
		const at = base + vector * size, value = machine.word(machine.physical(at));
		if (real) {
			const segment = bits(value, 16, 16), offset = bits(value, 0, 16);
			return { vector, address: at, selector: segment, offset, to: (segment << 4) + offset };
		}
		let to = bits(value, 0, 16) + bits(value, 48, 16) * 65536;
		if (size === 16)
			to += Number(machine.word(machine.physical(at + 8)) & 0xFFFFFFFFn) * 4294967296;
		return { vector, address: at, selector: bits(value, 16, 16), to,
			present: bits(value, 47, 1), ist: size === 16 ? bits(value, 32, 3) : 0 };
	});
}

const LEVELS = ["PT", "PD", "PDPT", "PML4"];

const PAGE_BITS = [[0, "present"], [1, "writable"], [2, "user"], [3, "write-through"], [4, "uncached"],
	[5, "accessed"], [6, "dirty"], [7, "large"], [8, "global"], [63, "no-execute"]];

// The walk of a linear address in long mode (SDM 3A, "4-Level Paging and 5-Level
// Paging"): rows {table, index, address, entry, bits}, then {physical, size} or {fault}
export function pageWalk(machine, state, linear) {
	const rows = [], at = BigInt.asUintN(64, BigInt(linear));
	let table = state.cr3 & 0xFFFFFFFFFF000n;
	for (let level = 3; level >= 0; level--) {
		const index = bits(at, 12 + 9 * level, 9);
		const address = Number(table) + 8 * index;
		const entry = machine.word(address);
		rows.push({ table: LEVELS[level], index, address, entry, bits: bitsSet(PAGE_BITS, entry).map(([, name]) => name) });
		if (!(entry & 1n))
			return { rows, fault: `no page: touching ${hex(at)}h is a page fault` };
		table = entry & 0xFFFFFFFFFF000n;
		if (level && level < 3 && entry >> 7n & 1n || !level) {
			const size = 2 ** (12 + 9 * level);
			const base = Number(table) - Number(table) % size;
			return { rows, size, physical: base + Number(at % BigInt(size)) };
		}
	}
	return { rows };
}
