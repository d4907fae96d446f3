// breaks.mjs - break it: the same boot with one flaw, beside the good one.

import { Machine } from "./machine.mjs";
import { Record } from "./record.mjs";

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
	let said = 0, saidAt = 0;
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
