// sentence.mjs - each moment has its sentence, for eyes and for screen readers.

import { biosWords, changeWords, INSTRUCTIONS, modeOf, pageFaultWords } from "./words.mjs";
import { EVENTS } from "./record.mjs";
import { hex, number, safe } from "./names.mjs";
import { modeChip } from "./panes.mjs";

// An instruction with names for the addresses it jumps to
export function code(page, address) {
	const { text } = page.machine.disassemble(address,
		address === page.state.at ? page.state : page.executed?.get(address) ?? page.state);
	return safe(text.trim().replace(/\.[+-]\d+ \(0x([0-9a-f]+)\)/, (all, to) => {
		const symbol = page.names.symbol(parseInt(to, 16));
		return symbol ? page.names.label(parseInt(to, 16)) : hex(parseInt(to, 16)) + "h";
	}).replace(/0x0+(?=[0-9a-f])/g, "0x"));
}

// What the step before has written: "memory at 1A008h (page_directories+8) becomes 400083h"
function writeWords({ record, names, machine, before, step }) {
	const first = record.before("writes", before.step), words = [];
	for (let i = first; i < first + 2 && i < record.log("writes").count; i++) {
		const { step: when, address, bytes } = record.item("writes", i);
		if (when >= step || when !== before.step)
			break;
		const name = names.symbol(address) ? ` (${names.label(address)})` : "";
		words.push(bytes > 8 ? `${bytes} bytes from ${hex(address)}h${name} on are written`
			: `memory at ${hex(address)}h${name} becomes ${hex(machine.word(address, bytes))}h`);
	}
	return words.join("; ");
}

// Routines that only pass a BIOS call on: who calls them is the caller.
const DOORS = ["int13", "read", "disk_bios", "bios_call"];

export function callerOf({ record, names }, call) {
	let code = call.code;
	for (const { address, step } of record.open(call.step).reverse()) {
		if (!DOORS.includes(names.routine(address)))
			break;
		code = record.address(record.indexAt(step) - 1);
	}
	return names.routine(code) ?? "";
}

// The source's own comment on the line
function comment({ names, state }) {
	const place = names.line(state.at);
	const line = place && names.text(place[0])[place[1] - 1];
	const found = /\.(asm|inc)$/.test(place ? names.files[place[0]][0] : "")
		? /;\s*(.*)/.exec(line) : /\/\*\s*(.*?)\s*\*\//.exec(line ?? "");
	return found?.[1]?.replace(/\s*\(HW-\d+\)|\.$/g, "");
}

// What the instruction is for: what the source says, or what it is there for in a boot
function reason(page) {
	const { text } = page.machine.disassemble(page.state.at, page.state);
	const words = comment(page) || INSTRUCTIONS.find(([pattern]) => pattern.test(text))?.[1];
	return words ? ` <i class="c">${safe(words)}.</i>` : "";
}

// Whose stack it is at a step: its outermost routine, but for what starts all threads
export function stackName({ record, names }, stack, step) {
	const open = record.open(step, stack).map(({ address }) => names.routine(address));
	return open.find((name) => name && name !== "thread_main") ?? "";
}

function eventWords({ kind, value, step, cr2, cr2High }, page) {
	const { state } = page;
	if (EVENTS[kind] === "stack" && step)
		return `<b>From here on ${safe(stackName(page, value, step)).replace(/^(?=.)/, "the stack of ") || "a new stack"}.</b> `;
	if (EVENTS[kind] === "mode" && step)
		return `<b>From here on ${modeOf(state).name}.</b> `;
	if (EVENTS[kind] === "interrupt")
		return `<b>A device interrupts: vector ${hex(value, 2)}h.</b> `;
	if (EVENTS[kind] === "exception" && (value & 255) === 14) {
		const address = hex(BigInt(cr2High) << 32n | BigInt(cr2));
		return `<b>Exception #PF, a page fault: ${pageFaultWords(value >> 8, address)}.</b> ` +
			`<button class="link" data-walk="${address}">Its page walk</button>. `;
	}
	if (EVENTS[kind] === "exception")
		return `<b>Exception ${page.names.exceptions[value & 255] || hex(value & 255, 2) + "h"}.</b> `;
	return EVENTS[kind] === "reset" && step ? "<b>The machine is reset.</b> " : "";
}

export function sentenceHTML(page) {
	const { state, names, record, step } = page;
	const changed = [changeWords(page), writeWords(page)].filter(Boolean).join("; ");
	const did = changed ? ` <span class="soft">Just now: ${safe(changed)}.</span>` : "";
	if (page.machine.off)
		return "The power is off. Go back, or power on.";
	if (state.activity === 2n)
		return "The CPU has given up: an exception while an exception was handled, a triple fault." + did;
	const index = record.before("bios", step + 1) - 1, call = index >= 0 ? record.biosCall(index) : null;
	const instruction = `<code>${code(page, state.at)}</code>`;
	if (call?.step === step) {
		const { name, ask, answer } = biosWords(call);
		return `<b>${safe(callerOf(page, call))}</b> asks the BIOS, ${name}: ` +
			`${safe(ask)}${/\?$/.test(ask) ? "" : "."} ` + (answer ? `It will answer: ${safe(answer)}. ` : "") + instruction + did;
	}
	const events = record.items("events").filter((event) => event.step === step)
		.map((event) => eventWords(event, page)).join("");
	if (names.owner(state.at) === "BIOS")
		return `${events}${step ? "The BIOS is at work" : "The power is on, and the CPU begins in the BIOS"}, at ${hex(state.cs, 4)}:${hex(state.rip, 4)}: ${instruction}${did}`;
	let answered = "";
	if (call?.end === step) {
		const { name, answer } = biosWords(call);
		answered = `<b>The BIOS has answered</b> ${name}: ${safe(answer || "done")}. `;
	}
	const waits = state.activity ? " The CPU waits for an interrupt." : "";
	return `${events}${answered}Next, in <b>${safe(names.label(state.at))}</b>: ${instruction}` +
		`${reason(page)}${waits}${did}`;
}

export function placeHTML(page) {
	const { state, names } = page, bios = names.owner(state.at) === "BIOS", mode = modeOf(state);
	const where = names.where(state.at);
	return (bios ? modeChip({ kind: "mbios" }, `BIOS, ${mode.name}`) : modeChip(mode)) +
		`<span>${safe(page.chapter.name)}</span>` + (where ? `<span class="mono">${safe(where)}</span>` : "") +
		`<span>step <b>${number(page.step)}</b></span>` +
		`<span>${(Number(state.microseconds) / 1e6).toFixed(3)} s on the PC's clock</span>`;
}
