// breaks.mjs - break it: the same boot with one flaw, beside the good one.

import { hex } from "./names.mjs";
import { Machine } from "./machine.mjs";
import { modeChip, number, safe } from "./panes.mjs";
import { modeOf } from "./words.mjs";
import { Record } from "./record.mjs";
import { screenText } from "./screen.mjs";

const RDX = 2;
const STEPS_MAX = 40e6, SILENT_STEPS = 3e6;

// image(bytes): changes the disk; input: what is done at the boot sector's start
export const BREAKS = [
	{ name: "A20 stays shut", input: { kind: "a20", stuck: 1 },
		what: "Address line 20 is closed when the boot sector starts, and nothing opens it." },
	{ name: "A20 is closed, but opens", input: { kind: "a20", stuck: 0 },
		what: "As on an old PC: the first way that is tried opens it." },
	{ name: "No long mode", input: { kind: "longMode" }, what: "CPUID says that the CPU has no 64-bit mode." },
	{ name: "A flipped byte", what: "One byte of the disk, in the kernel.",
		image: (bytes, at) => { bytes[at ?? bytes.length >> 3] ^= 1; }, field: "byte" },
	{ name: "A sector that cannot be read", what: "The disk reports an error for one sector.", field: "LBA" },
	{ name: "A wrong DL", input: { kind: "register", number: RDX, value: 0x12 },
		what: "The BIOS hands over 12h, which is no drive.", field: "DL" },
];

// Boots with a flaw until nothing more happens; number is what the field says.
// done(): called now and then; a promise.
export async function bootBroken(parts, flaw, number, done = async () => {}) {
	const image = parts.image.slice();
	flaw.image?.(image, number);
	const machine = await Machine.create({ ...parts, image },
		flaw.field === "LBA" ? number : undefined);
	const record = new Record(machine);
	if (flaw.input) {
		while (!record.length && machine.steps < STEPS_MAX)
			machine.run(machine.steps + 50000);
		machine.goto(record.stepOf(0));
		machine.act(flaw.field === "DL" ? { ...flaw.input, value: number } : flaw.input);
	}
	let said = 0, saidAt = machine.steps;
	while (machine.steps < STEPS_MAX) {
		const ended = machine.run(machine.steps + 100000);
		if (machine.serial.length !== said || !record.length)
			saidAt = machine.steps;
		said = machine.serial.length;
		const halted = machine.state().activity && record.length;
		if (ended || halted && machine.steps - saidAt > 20000 || machine.steps - saidAt > SILENT_STEPS)
			break;
		await done();
	}
	return { machine, record };
}

// The first of our own instructions that one boot executes and the other does not:
// {index, good, bad}, steps of the last that both have in common; null: none.
export function firstDifference(good, bad) {
	const a = good.log("trace").words, b = bad.log("trace").words;
	const end = Math.min(a.length, b.length);
	for (let i = 0; i < end; i++)
		if (a[i] !== b[i])
			return { index: i, good: good.stepOf(i - 1), bad: bad.stepOf(i - 1) };
	return a.length === b.length ? null
		: { index: end, good: good.stepOf(end - 1), bad: bad.stepOf(end - 1) };
}

function sideHTML(page, title, machine, names) {
	const state = machine.state(), { text: code } = machine.disassemble(state.at, state);
	const screen = machine.screen();
	const end = page.broken?.machine === machine ? machine.known - 1 : page.readyStep;
	return `<div><h3>${title}</h3><p>${modeChip(modeOf(state))} <b>${safe(names.label(state.at))}</b> ` +
		`<span class="soft mono">${names.where(state.at) ?? ""}</span></p><p><code>${safe(code)}</code></p>` +
		`<p class="mono">${["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rflags"].map((name) =>
			`${name.slice(1).toUpperCase()}=${hex(state[name])}`).join(" ")}</p>` +
		`<pre class="screen">${screen ? safe(screenText(screen)) : ""}</pre>` +
		`<p class="soft">It ends at step ${number(end)}.</p></div>`;
}

export function breakHTML(page) {
	const { broken, names } = page;
	const cards = BREAKS.map((flaw, i) => `<div class="card"><h3>${flaw.name}</h3><p>${flaw.what}</p>` +
		(flaw.field ? `<label>${flaw.field} <input size="9" value="${flaw.field === "DL" ? "12h" : flaw.field === "LBA"
			? "4" : page.parts.image.length >> 3}"></label> ` : "") +
		`<button data-flaw="${i}">Boot it so</button></div>`).join("");
	let result = "";
	if (broken?.working)
		result = `<p role="status">Booting: ${broken.flaw.name} ...</p>`;
	else if (broken) {
		const { machine, difference, flaw } = broken, now = machine.steps;
		machine.goto(machine.known - 1);
		const last = machine.screen(), serial = machine.text;
		machine.goto(now);
		result = `<h3>${flaw.name}</h3>` + (difference
			? `<p>The two boots execute the same ${number(difference.index)} of our instructions. Here they part: ` +
				`each is about to execute the last that both have in common.</p><div class="sides">` +
				`${sideHTML(page, "The good boot", page.machine, names)}${sideHTML(page, flaw.name, machine, names)}</div>` +
				`<h3>How it ends</h3>` : "<p>Both boots execute the same instructions.</p>") +
			`<div class="sides"><div><pre class="screen">${last ? safe(screenText(last)) : ""}</pre></div>` +
			`<div><p>COM1 said:</p><pre class="screen">${safe(serial.slice(-1500))}</pre></div></div>`;
	}
	return `<div class="cards">${cards}</div>${result}`;
}
