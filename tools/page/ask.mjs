// ask.mjs - who wrote this, who reads it, when did it change?

import { biosWords, CHANGEABLE, registerName, SEGMENTS } from "./words.mjs";
import { go } from "./panes.mjs";
import { CONTROLS } from "./record.mjs";
import { hex, number, safe } from "./names.mjs";

const ASKABLE = [...CHANGEABLE, "rip"];

const place = (names, address) => `<b>${safe(names.label(address))}</b> ` +
	`(${names.where(address) ?? names.owner(address)})`;

const when = (step) => "at " + go(step, "step " + number(step));

// The BIOS call that a write was made in
function callWords(record, { step }) {
	const call = record.biosCalls().find((one) => one.step < step && step < one.end);
	const { name, ask } = call ? biosWords(call) : {};
	return call ? `, for ${name}: ${safe(ask)}` : "";
}

export function askBytes(page, address, bytes) {
	const { record, names, machine, step } = page;
	const value = machine.memory(address, Math.min(bytes, 8));
	const last = record.write(address, bytes, step), next = record.write(address, bytes, step, true);
	const who = (write) => `${place(names, write.code)}, ${when(write.step)}${callWords(record, write)}`;
	const name = names.symbol(address)?.offset < 256 ? ` (${safe(names.label(address))})` : "";
	const range = names.range(address), ran = record.visit(address);
	page.look = address;
	page.asked = { from: address, to: address + bytes, since: last ? last.step + 1 : 0 };
	return `<b class="mono">${hex(address)}h</b>${name} holds <b class="mono">` +
		`${[...value].map((byte) => hex(byte, 2)).join(" ")}</b>.` +
		(range ? ` It lies in ${range[0]}: ${safe(range[3])}` : "") + "<br>" +
		(last ? `Last written by ${who(last)}. ` : "Nobody has written it since power-on. ") +
		(next ? `Written next by ${who(next)}. ` : "Nobody writes it again so far. ") +
		(ran > 0 ? `First executed ${when(ran)}. ` : "") +
		'<br><button class="link" data-reader>Who reads it first?</button> &ensp; ' +
		`<button class="link" data-look="${address}">Show the bytes around it</button>`;
}

// By running again from the write on, with an eye on the bytes
export function askReader({ machine, asked, step, names }) {
	machine.goto(asked.since);
	machine.watchRead(asked.from, asked.to);
	const found = machine.run(machine.known - 1) === "read", there = machine.steps - 1;
	machine.watchRead(0, 0);
	machine.goto(there);
	const { at } = machine.state();
	machine.goto(step);
	return found ? `First read, since it was written last, by ${place(names, at)}, ${when(there)}.`
		: "Nobody has read it since it was written last.";
}

// {there, code, next}: the step that gave a register what it holds, and the instruction;
// the next event that changes it. there is -1: it has held that since power-on. Registers
// that are not in the record are found by running again.
function whoChanged({ machine, record, step }, name) {
	const events = record.events("control").filter(({ value }) => CONTROLS[value] === name);
	const event = events.findLast((one) => one.step <= step), next = events.find((one) => one.step > step);
	if (CONTROLS.includes(name))
		return { there: (event?.step ?? 0) - 1, code: event?.code, next };
	const there = machine.whenChanged(name, step) - 1;
	machine.goto(Math.max(0, there));
	const { at } = machine.state();
	machine.goto(step);
	return { there, code: at };
}

export function askRegister(page, name) {
	const { names, state } = page, { there, code, next } = whoChanged(page, name), value = state[name];
	const symbol = ["cr3", "gdt", "idt"].includes(name) && names.symbol(Number(value));
	const holds = `<b>${registerName(name, state)}</b> holds <b class="mono">${hex(value)}h</b>` +
		(symbol ? ` (${safe(names.label(Number(value)))})` : "") +
		(SEGMENTS.includes(name) ? `, base ${hex(state[name + "Base"])}h, limit ${hex(state[name + "Limit"])}h` : "") +
		(name !== "cr3" ? "" : value ? ", where the page tables begin" : ": there are no page tables yet");
	return `${holds}. ` + (there < 0 ? "Nothing has changed it since power-on. "
		: `Put there by ${place(names, code)}, ${when(there)}. `) +
		(next ? `Changed next by ${place(names, next.code)}, ${when(next.step - 1)}. ` : "") +
		(name === "cr3" && value ? '<button class="link" data-pane="tables">Follow an address through them</button>' : "");
}

// Where our code leaves real mode
function askModes({ record, names }) {
	const all = record.events("mode"), [start] = record.events("start");
	const changes = all.filter(({ step }) => step > start?.step);
	const before = all.some(({ step, value }) => step < start?.step && value & 7);
	const modes = changes.map(({ value }) => value & 7);
	const leaves = changes.filter((_, i) => modes[i] && !modes[i - 1]), wide = changes[modes.indexOf(4)];
	const told = (event) => `${place(names, event.code)}, ${when(event.step)}`;
	if (!wide)
		return "In this boot the CPU never comes to 64 bits.";
	return `The BIOS ${before ? "has been in protected mode, but " : ""}hands over in real mode. ` +
		`Our code leaves it ${leaves.length} times: first in ` +
		`${told(leaves[0])}. It comes back, because the BIOS needs real mode, until it leaves for good in ` +
		`${told(leaves.at(-1))}. 64-bit code begins after ${told(wide)}.`;
}

// What is often asked: [question, what to do]
export const COMMON = [
	["When does the CPU leave real mode?", (page) => page.tell(askModes(page))],
	["Which BIOS calls are made?", (page) => page.openPane("bios")],
	["What is at 8000h?", (page) => page.ask(0x8000, 1)],
	["What does CR3 point to?", (page) => page.askRegister("cr3")],
	["Who wrote B8000h, on the screen?", (page) => page.ask(0xB8000, 1)],
	["What if A20 stays shut?", (page) => {
		page.openPane("break");
		page.breakIt(0);
	}],
];

// Whatever somebody types: a register, an address, a name
export function askWord(page, word) {
	const register = word.toLowerCase().replace(/^e(?=[a-z]{2}$)/, "r");
	const address = page.names.parse(word, 16);
	if (ASKABLE.includes(register))
		page.askRegister(register);
	else if (address >= 0)
		page.ask(address, 1);
	else
		page.tell(`Nothing here is called <b>${safe(word)}</b>. Ask for an address (7C00), a register ` +
			"(CR3), a routine or a variable (a20_test, boot_drive).");
}
