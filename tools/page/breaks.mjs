// breaks.mjs - break it: the same boot with one flaw, beside the good one.

import { hex, number, safe } from "./names.mjs";
import { code } from "./sentence.mjs";
import { Machine } from "./machine.mjs";
import { modeChip } from "./panes.mjs";
import { modeOf, registerName } from "./words.mjs";
import { Record } from "./record.mjs";
import { screenText } from "./screen.mjs";

const RDX = 2;
const STEPS_MAX = 40e6, SILENT_STEPS = 3e6;

// image(bytes): changes the disk; input: what is done at the boot sector's start
export const BREAKS = [
	{ name: "A20 stays shut", input: { kind: "close_a20", args: [1] },
		what: "Address line 20 is closed when the boot sector starts, and nothing opens it." },
	{ name: "A20 is closed, but opens", input: { kind: "close_a20", args: [0] },
		what: "As on an old PC: the first way that is tried opens it." },
	{ name: "No long mode", input: { kind: "take_long_mode" }, what: "CPUID says that the CPU has no 64-bit mode." },
	{ name: "A flipped byte", what: "One byte of the disk, in the kernel.",
		image: (bytes, at) => { bytes[at ?? bytes.length >> 3] ^= 1; }, field: "byte" },
	{ name: "A sector that cannot be read", what: "The disk reports an error for one sector.", field: "LBA" },
	{ name: "A wrong DL", input: { kind: "set_register", args: [RDX, 0x12] },
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
		machine.act(flaw.field === "DL" ? { ...flaw.input, args: [RDX, number] } : flaw.input);
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
	let index = 0;
	while (index < a.length && a[index] === b[index])
		index++;
	return index === a.length && index === b.length ? null
		: { index, good: good.stepOf(index - 1), bad: bad.stepOf(index - 1) };
}

// One of the two boots: where they part, and the screen that it ends with
function sideHTML({ names }, title, machine, end, other) {
	const state = machine.state(), step = machine.steps;
	const registers = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rsp", "rflags"].map((name) =>
		`<span class="${state[name] === other[name] ? "" : "changed"}">${registerName(name, state)}=` +
		`${hex(state[name])}</span>`).join(" ");
	machine.goto(end);
	const screen = machine.screen(), lines = machine.text.trim().split("\n");
	const said = lines.findLast((line) => /error|ready/.test(line)) ?? lines.at(-1);
	machine.goto(step);
	return `<div><h3>${title}</h3><p>${modeChip(modeOf(state))} <b>${safe(names.label(state.at))}</b> ` +
		`<span class="soft mono">${names.where(state.at) ?? ""}</span></p><p><code>` +
		`${code({ machine, state, names }, state.at)}</code></p><p class="mono">${registers}</p>` +
		`<p>It says: <b class="mono">${safe(said)}</b></p>` +
		`<p class="soft">Its last screen, at step ${number(end)}:</p>` +
		`<pre class="screen">${screen ? safe(screenText(screen)) : "graphics"}</pre></div>`;
}

function resultHTML(page) {
	const { machine, difference, flaw } = page.broken;
	if (!difference)
		return `<h3>${flaw.name}</h3><p>Both boots execute the same instructions.</p>`;
	const sides = [["The good boot", page.machine, page.readyStep, machine],
		[flaw.name, machine, machine.known - 1, page.machine]].map(([title, one, end, other]) =>
		sideHTML(page, title, one, end, other.state()));
	return `<p><b>Here they part</b>, after ${number(difference.index)} of our instructions that are the same in both. ` +
		`Each is about to execute the last that they have in common; what differs is marked.</p>` +
		`<div class="sides">${sides.join("")}</div>`;
}

export function breakHTML(page) {
	const { broken } = page;
	const lba = page.names.kernelLba || 1;
	const first = { DL: "12h", LBA: `${hex(lba)}h`, byte: `${hex(lba * 512)}h` };
	const cards = BREAKS.map((flaw, i) => `<div class="card"><h3>${flaw.name}</h3><p>${flaw.what}</p>` +
		(flaw.field ? `<label>${flaw.field} <input size="9" value="${first[flaw.field]}"></label> ` : "") +
		`<button data-flaw="${i}">Boot it so</button></div>`).join("");
	const result = !broken ? "" : broken.working ? `<p role="status">Booting: ${broken.flaw.name} ...</p>`
		: resultHTML(page);
	return `${result}<h3>What shall be wrong?</h3><div class="cards">${cards}</div>`;
}
