// ask.mjs - who wrote this, who reads it?

import { go, number, safe } from "./panes.mjs";
import { hex } from "./names.mjs";

const NUMBERED = ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

export function askBytes(page, address, bytes) {
	const { record, names, machine, step } = page;
	const value = machine.memory(address, Math.min(bytes, 8));
	const last = record.write(address, bytes, step), next = record.write(address, bytes, step, true);
	const who = ({ code, step: when }) => `<b>${safe(names.label(code))}</b> (${names.where(code) ??
		names.owner(code)}), ${go(when, number(Math.abs(step - when)) + " steps " +
		(when < step ? "ago" : "from here"))}`;
	const name = names.symbol(address)?.offset < 256 ? ` (${safe(names.label(address))})`
		: names.range(address) ? ` (${names.range(address)[0]})` : "";
	page.look = address;
	page.asked = { from: address, to: address + bytes, since: last ? last.step + 1 : 0 };
	return `<b class="mono">${hex(address)}h</b>${name} holds <b class="mono">` +
		`${[...value].map((byte) => hex(byte, 2)).join(" ")}</b>.<br>` +
		(last ? `Last written by ${who(last)}. ` : "Nobody has written it since power-on. ") +
		(next ? `Written next by ${who(next)}. ` : "Nobody writes it again so far. ") +
		'<br><button class="link" data-reader>Who reads it first?</button> &ensp; ' +
		`<button class="link" data-look="${address}">Show the bytes around it</button>`;
}

// By running again from the write on, with an eye on the bytes
export function askReader({ machine, asked, step, names }) {
	machine.goto(asked.since);
	machine.watchRead(asked.from, asked.to);
	const found = machine.run(machine.known - 1) === "read", when = machine.steps - 1;
	machine.watchRead(0, 0);
	machine.goto(when);
	const { at } = machine.state();
	machine.goto(step);
	return found ? `First read, since it was written last, by <b>${safe(names.label(at))}</b>: ` +
		go(when, `step ${number(when)}`) : "Nobody has read it since it was written last.";
}

export function askRegister({ machine, names, state, step }, name) {
	if (!NUMBERED.includes(name))
		return "Only general registers are followed back. Step by mode, or by line, to see these change.";
	const when = Math.max(0, machine.whenChanged(NUMBERED.indexOf(name), step) - 1);
	machine.goto(when);
	const { at } = machine.state();
	machine.goto(step);
	return `<b>${name.toUpperCase()}</b> holds <b class="mono">${hex(state[name])}h</b> since ` +
		`<b>${safe(names.label(at))}</b>, ${go(when, `${number(step - when)} steps ago`)}.`;
}
