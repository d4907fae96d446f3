// record.mjs - what the engine has recorded of a machine, see engine/record.cc.
//
// The logs are read where they lie. Nothing here runs the machine.

import { countBefore } from "./names.mjs";

const LOGS = ["writes", "events", "calls", "bios", "gaps", "trace"];
const REGISTERS = ["ax", "cx", "dx", "bx", "si", "di", "bp", "es", "ds", "flags"];
const FIELDS = {
	writes: ["step", "code", "address", "bytes"],
	events: ["step", "kind", "value", "code", "cr2", "cr2High"],
	calls: ["step", "end", "address", "depth", "kind", "rsp", "stack", "outer"],
};
export const EVENTS = ["mode", "interrupt", "exception", "reset", "start", "control", "stack"];
export const CONTROLS = ["cr0", "cr3", "cr4", "efer", "a20"];	// of an event "control"
export const CALLS = ["", "interrupt", "exception"];

export class Record {
	constructor(machine) { this.machine = machine; }

	// {words, count, size, lost}: a log's words, fresh: the engine moves on.
	log(name) {
		const { HEAPU32, _pc_logs } = this.machine.engine;
		const at = (_pc_logs() >> 2) + 5 * LOGS.indexOf(name);
		const [items, count, , size, lost] = HEAPU32.subarray(at, at + 5);
		return { words: HEAPU32.subarray(items >> 2, (items >> 2) + count * size), count, size, lost };
	}

	item(name, index) {
		const { words, size } = this.log(name);
		const item = { index };
		FIELDS[name].forEach((field, i) => { item[field] = words[index * size + i]; });
		return item;
	}

	items(name) {
		return Array.from({ length: this.log(name).count }, (_, i) => this.item(name, i));
	}

	// Events of some kinds, as EVENTS has them
	events(...kinds) {
		return this.items("events").filter(({ kind }) => kinds.includes(EVENTS[kind]));
	}

	// How many items of a log began before a step; field: by another number that grows.
	before(name, step, field = 0) {
		const { words, count, size } = this.log(name);
		return countBefore(count, (i) => words[i * size + field] < step);
	}

	// ---- The trace: instructions that are not the BIOS's -----------------------

	get length() { return this.log("trace").count; }

	address(index) { return this.log("trace").words[index]; }

	stepOf(index) {
		const gap = Math.max(0, this.before("gaps", index + 1, 1) - 1), { words } = this.log("gaps");
		return words[2 * gap] + index - words[2 * gap + 1];
	}

	// The first traced instruction at a step or later.
	indexAt(step) {
		const gap = this.before("gaps", step + 1) - 1;
		if (gap < 0)
			return 0;
		const { words, count } = this.log("gaps");
		const end = gap + 1 < count ? words[2 * gap + 3] : this.length;
		return Math.min(words[2 * gap + 1] + step - words[2 * gap], end);
	}

	// Where `matches(address)` holds next after a step (or last before it).
	find(matches, step, backwards = false) {
		const trace = this.log("trace").words;
		let i = backwards ? this.indexAt(step) - 1 : this.indexAt(step + 1);
		while (i >= 0 && i < trace.length && !matches(trace[i]))
			i += backwards ? -1 : 1;
		return i >= 0 && i < trace.length ? this.stepOf(i) : -1;
	}

	// The step at which an address was executed for the nth time, or -1.
	visit(address, nth = 1) {
		const trace = this.log("trace").words;
		for (let i = trace.indexOf(address); i >= 0; i = trace.indexOf(address, i + 1))
			if (!--nth)
				return this.stepOf(i);
		return -1;
	}

	// How often until a step, that one included.
	visits(address, step) {
		const trace = this.log("trace").words;
		const end = this.indexAt(step + 1);
		let count = 0;
		for (let i = 0; i < end; i++)
			count += trace[i] === address;
		return count;
	}

	// ---- Calls -------------------------------------------------------------------

	// The stack in use at a step: its number.
	stack(step) {
		const { words, size } = this.log("events");
		let i = this.before("events", step + 1) - 1;
		while (i >= 0 && EVENTS[words[i * size + 1]] !== "stack")
			i--;
		return i < 0 ? 0 : words[i * size + 2];
	}

	// The calls that are open at a step on a stack, outermost first.
	open(step, stack = this.stack(step)) {
		const { words, size } = this.log("calls"), open = [];
		let i = this.before("calls", step + 1) - 1;
		while (i >= 0 && words[i * size + 6] !== stack)
			i--;
		for (; i >= 0; i = words[i * size + 7] - 1) {
			const end = words[i * size + 1];
			if (!end || end > step)
				open.unshift(this.item("calls", i));
		}
		return open;
	}

	// ---- BIOS calls ----------------------------------------------------------------

	// {step, end, vector, code, before, after, asked, told}: registers before and
	// after, and what lay at DS:SI before and at ES:DI after, as words of 32 bits
	biosCall(index) {
		const { words, size } = this.log("bios");
		const [step, end, vector, code, ...rest] = words.subarray(index * size, (index + 1) * size);
		const named = (from) => Object.fromEntries(REGISTERS.map((name, i) => [name, rest[from + i]]));
		return { index, step, end, vector, code, before: named(0), after: named(10),
			asked: rest.slice(20, 24), told: rest.slice(24) };
	}

	biosCalls() {
		return Array.from({ length: this.log("bios").count }, (_, i) => this.biosCall(i));
	}

	// ---- Memory ----------------------------------------------------------------------

	// The write that touched bytes last before a step, or first from it on.
	write(from, bytes, step, later = false) {
		const { words, count, size } = this.log("writes"), first = this.before("writes", step);
		const touches = (i) => words[i * size + 2] < from + bytes &&
			words[i * size + 2] + words[i * size + 3] > from;
		let i = later ? first : first - 1;
		while (i >= 0 && i < count && !touches(i))
			i += later ? 1 : -1;
		return i >= 0 && i < count ? this.item("writes", i) : null;
	}

	// For 512 blocks from an address: who wrote last before a step, 0: nobody.
	owners(from, block, step) {
		const { words, size } = this.log("writes"), owners = new Uint32Array(512);
		for (let i = 0, end = this.before("writes", step) * size; i < end; i += size) {
			const first = Math.max(0, Math.floor((words[i + 2] - from) / block));
			const last = Math.min(511, Math.floor((words[i + 2] + words[i + 3] - 1 - from) / block));
			for (let k = first; k <= last; k++)
				owners[k] = words[i + 1];
		}
		return owners;
	}
}
