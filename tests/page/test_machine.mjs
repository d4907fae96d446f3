// test_machine.mjs - the machine in the page: it boots, goes back, and knows what happened.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { boot, BUILD, finish, NAMES, PARTS, READY, ROOT, test, unpack } from "./parts.mjs";
import { bootBroken, BREAKS, firstDifference } from "../../tools/page/breaks.mjs";
import { askMachine, QUESTIONS } from "../../tools/page/questions.mjs";
import { CONTROLS, EVENTS } from "../../tools/page/record.mjs";
import { keyNumber, keysOf, screenText } from "../../tools/page/screen.mjs";
import { stackName } from "../../tools/page/sentence.mjs";
import { callSpans, stackSpans } from "../../tools/page/spans.mjs";
import { UNITS } from "../../tools/page/steps.mjs";
import { gdtRows, pageWalk } from "../../tools/page/tables.mjs";
import { biosWords, pageFaultWords } from "../../tools/page/words.mjs";

const booted = await boot();
const { machine, record, journey, ready } = booted;

// The address of a symbol, as nm says it
function symbol(elf, name) {
	const { stdout } = spawnSync("nm", [path.join(BUILD, elf)], { encoding: "utf8" });
	return stdout.match(new RegExp(`^0*([0-9a-f]+) . ${name}$`, "m"))[1].toUpperCase();
}

// All that can be seen of a machine
function fingerprint(one = machine) {
	const state = Object.entries(one.state()).map(([name, value]) => `${name}=${value}`).join();
	const hash = createHash("sha256").update(state).update(one.text);
	for (let at = 0; at < 0x200000; at += 0x10000)
		hash.update(one.memory(at, 0x10000));
	return hash.digest("hex");
}

// The same numbers each time: no test depends on chance
function* numbers(count, below, seed = 1) {
	for (let i = 0, value = seed; i < count; i++) {
		value = (value * 1103515245 + 12345) % 2147483648;
		yield value % below;
	}
}

function type(one, line) {
	for (const character of line + "\r")
		for (const [code, released] of keysOf(character)) {
			one.act({ kind: "key", args: [keyNumber(code), released] });
			one.run(one.steps + 3000);
		}
}

await test("boots to the prompt", () => {
	assert.ok(machine.text.includes(READY));
	assert.ok(screenText(machine.screen()).includes(READY));
});

await test("every instruction of ours is recorded, none is lost", () => {
	for (const log of ["writes", "events", "calls", "bios", "gaps", "trace"])
		assert.equal(record.log(log).lost, 0, log);
	assert.equal(record.address(0), 0x7C00);
	for (const i of [0, 100, 5000, 100000, record.length - 1])
		assert.equal(record.indexAt(record.stepOf(i)), i);
});

await test("any moment comes back the same, from before and from behind", () => {
	for (const step of numbers(8, ready)) {
		machine.goto(step);
		assert.equal(machine.steps, step);
		const first = fingerprint();
		machine.goto(Math.max(0, step - 12345));
		machine.goto(step);
		assert.equal(fingerprint(), first, `step ${step}`);
		machine.goto(ready);
		machine.goto(step);
		assert.equal(fingerprint(), first, `step ${step}, from the end`);
	}
});

await test("running again records nothing twice", () => {
	machine.goto(ready);
	const before = ["writes", "calls", "trace", "bios"].map((log) => record.log(log).count);
	machine.goto(record.stepOf(5));
	machine.goto(ready);
	assert.deepEqual(["writes", "calls", "trace", "bios"].map((log) => record.log(log).count), before);
});

await test("two machines count the same steps to every milestone", async () => {
	const other = await boot();
	const milestones = (one) => one.journey.chapters(one.ready).map(({ name, from }) => [name, from]);
	assert.deepEqual(milestones(other), milestones(booted));
	assert.equal(milestones(booted).length, 17, "chapters: a symbol of journey.mjs was renamed");
	for (const one of [machine, other.machine])
		one.goto(ready);
	assert.equal(fingerprint(other.machine), fingerprint());
});

await test("each instruction of the boot stages has its source line", () => {
	const stages = new Set(record.log("trace").words.filter((address) => address < 0x100000));
	const bare = [...stages].filter((address) => !NAMES.line(address));
	assert.deepEqual(bare.map((address) => address.toString(16)), []);
	assert.ok(stages.size > 1000, `${stages.size} addresses`);
	console.log(`# ${stages.size} addresses of the boot stages were executed`);
});

await test("a write that is found is the one that made the byte", () => {
	for (const address of [0x7E00, 0x8000, 0x9D70, 0x18000, 0xB8000, 0x100000, 0x101234,
		...numbers(12, 0x160000, 7)]) {
		const write = record.write(address, 1, ready);
		if (!write)
			continue;
		machine.goto(ready);
		const [value] = machine.memory(address, 1);
		machine.goto(write.step);
		assert.equal(machine.state().at >>> 0, write.code, "the instruction that writes");
		machine.goto(write.step + 1);
		assert.equal(machine.memory(address, 1)[0], value, address.toString(16));
	}
});

await test("a question about a byte is looked up: nothing runs for it", () => {
	machine.goto(ready - 5000);
	const print = fingerprint(), start = performance.now();
	for (let i = 0; i < 10; i++)
		record.write(0xB8000 + i, 1, ready);
	console.log(`# an answer took ${((performance.now() - start) / 10).toFixed(1)} ms`);
	assert.equal(fingerprint(), print);
});

await test("who changed a register is found by running again", () => {
	const step = journey.step("a20_test.again") + 1;
	machine.goto(step);
	const es = machine.state();
	const when = machine.whenChanged("rax", step);
	assert.equal(machine.steps, step);
	machine.goto(when);
	const after = machine.state();
	machine.goto(when - 1);
	assert.notEqual(machine.state().rax, after.rax);
	assert.equal(after.rax, es.rax);
});

await test("who changed a control register is recorded, and the same as by running again", () => {
	const step = journey.step("stage2_main"), events = record.items("events");
	for (const [i, register] of CONTROLS.entries()) {
		const event = events.findLast((one) => EVENTS[one.kind] === "control" && one.value === i && one.step <= step);
		assert.equal(event?.step ?? 0, machine.whenChanged(register, step), register);
		if (["cr3", "efer"].includes(register))
			assert.equal(NAMES.routine(event.code), "long_mode_enter", register);
	}
	machine.goto(machine.whenChanged("cs", step) - 1);
	assert.equal(NAMES.routine(machine.state().at), "long_mode_enter");
});

await test("who reads a byte first is found by running again", () => {
	const write = record.write(NAMES.address("boot_drive"), 1, journey.step("console_init"));
	machine.goto(write.step + 1);
	machine.watchRead(NAMES.address("boot_drive"), NAMES.address("boot_drive") + 1);
	assert.equal(machine.run(ready), "read");
	machine.watchRead(0, 0);
	machine.goto(machine.steps - 1);
	assert.match(NAMES.where(machine.state().at), /^stage2\/start\.asm/);
});

await test("moments have names that find them again", () => {
	for (const index of numbers(12, 110000, 3)) {
		const step = record.stepOf(index), name = journey.name(step);
		assert.equal(journey.step(name), step, name);
	}
	assert.equal(journey.step("no_such_symbol"), -1);
});

await test("every lab's moment is one of this boot", () => {
	const folder = path.join(ROOT, "tests/labs");
	for (const lab of fs.readdirSync(folder).filter((name) => /^\d+-/.test(name))) {
		const text = fs.readFileSync(path.join(folder, lab, "lab.py"), "utf8");
		assert.ok(journey.step(/^ {4}page="(.*?)"/m.exec(text)?.[1]) > 0, lab);
	}
});

await test("every moment that the documents name is one of this boot", () => {
	const folder = path.join(ROOT, "docs/tour");
	const documents = [path.join(ROOT, "docs/page.md"), ...fs.readdirSync(folder).map((name) => path.join(folder, name))];
	const moments = documents.flatMap((file) => [...fs.readFileSync(file, "utf8").matchAll(/#at=([\w.*+]+)/g)]);
	assert.ok(moments.length >= 40, `${moments.length} moments`);
	assert.deepEqual(moments.map(([, name]) => name).filter((name) => journey.step(name) < 0), []);
});

await test("steps of each kind go forward and come back", () => {
	const find = (name, at, direction) => {
		machine.goto(at);
		const page = { machine, record, journey, names: NAMES, look: 0xB8000, state: machine.state(),
			previous: (s) => record.stepOf(record.indexAt(s) - 1) };
		return UNITS.find((unit) => unit.name === name).find(page, at, direction);
	};
	const start = journey.step("a20_enable");
	for (const unit of ["instruction", "line", "over"]) {
		const there = find(unit, start, 1);
		assert.ok(there > start, unit);
		assert.equal(find(unit, there, -1), start, `${unit}, back`);
	}
	const call = start + 1;
	assert.equal(NAMES.routine(machine.state().at), "a20_enable");
	assert.ok(find("over", call, 1) > find("line", call, 1), "over passes the routine");
	for (const unit of ["BIOS call", "mode", "interrupt", "write"]) {
		const there = find(unit, start, 1);
		assert.ok(there > start, unit);
		assert.ok(find(unit, there, -1) < there, `${unit}, back`);
	}
	const inside = journey.step("a20_test.again");
	assert.equal(NAMES.routine(at(find("out", inside, 1))), "a20_enable");
	assert.equal(NAMES.routine(at(find("out", inside, -1))), "a20_enable");
	assert.ok(find("here again", inside, 1) > inside);
});

function at(step) {
	machine.goto(step);
	return machine.state().at;
}

await test("loops are folded: the first three turns, the last, and how many", () => {
	const from = journey.step("header_crc"), call = record.open(from + 1).at(-1);
	const path = journey.path(call.step, call.end);
	const loop = path.find((place) => place.loop);
	assert.equal(loop.count, 512);
	assert.equal(loop.loop.length, 4);
	assert.ok(loop.loop[0].some((place) => place.loop?.length === 4 && place.count === 8));
});

await test("each thread has a stack, on which its calls go on where it waited", () => {
	machine.goto(ready);
	machine.run(ready + 400000);
	const left = [], names = new Set(), { step: begin } = record.events("stack").find(({ value }) => value === 3);
	let back = 0;
	for (const { step, value, code } of record.events("stack").filter((event) => event.step > begin)) {
		assert.equal(NAMES.routine(code), "thread_switch");
		const before = record.stepOf(record.indexAt(step) - 1), now = record.open(step, value);
		left[record.stack(before)] = record.open(before).map(({ index }) => index);
		if (left[value])
			assert.deepEqual(now.map(({ index }) => index), left[value], `step ${step}`);
		back += Boolean(left[value]);
		names.add(stackName({ record, names: NAMES }, value, step));
	}
	assert.ok(back > 10);
	assert.deepEqual([...names].sort(), ["", "idle", "kernel_main"]);
	const lines = callSpans(record, { from: begin, to: machine.known }, 1000);
	const runs = stackSpans(record, begin, machine.known);
	assert.ok(runs.every(({ to }, i) => to === (runs[i + 1]?.from ?? machine.known)));
	assert.ok(lines.every((one) => lines.every((other) => one === other || one.row !== other.row ||
		one.to <= other.from || other.to <= one.from)), "two calls in one place");
	machine.goto(ready);
});

await test("the tables that the CPU reads are decoded", () => {
	machine.goto(journey.step("stage2_main"));
	const state = machine.state();
	assert.deepEqual(gdtRows(machine, state).map(({ what }) => what), ["null", "16-bit code",
		"data, writable", "32-bit code", "data, writable", "64-bit code", "TSS"]);
	for (const address of [0x8000, 0xB8000, 0x12345678])
		assert.equal(pageWalk(machine, state, address).physical, address);
	machine.goto(ready);
	assert.match(pageWalk(machine, machine.state(), 0).fault, /page fault/);
	assert.equal(machine.physical(0), -1);
});

await test("BIOS calls are recorded with their answers", () => {
	const calls = record.biosCalls();
	assert.ok(calls.every(({ end, step }) => end > step));
	const vectors = new Set(calls.map(({ vector }) => vector));
	assert.deepEqual([...vectors].sort(), [0x10, 0x12, 0x13, 0x15, 0x16]);
	const e820 = calls.filter(({ before }) => (before.ax & 0xFFFF) === 0xE820);
	assert.equal(biosWords(e820[0]).answer, "0h to 9F000h, usable");
	assert.equal(biosWords(e820[4]).ask, "what memory is there? (E820, continuation 5)");
	const edd = calls.find(({ before }) => (before.ax & 0xFFFF) >> 8 === 0x41);
	assert.match(biosWords(edd).answer, /^yes: version 30h/);
	assert.match(biosWords({ ...edd, after: { ...edd.after, bx: 0x55AA } }).answer, /^no: .*BX 55AAh/);
	assert.match(biosWords(calls[1]).ask, /^read 1 sector, LBA 1, to 7E00h$/);
	machine.goto(journey.step("video_init"));
	assert.equal(machine.word(NAMES.address("raw_count"), 2), e820.length);
});

await test("keys make another future, and are pressed again when it comes back", () => {
	machine.goto(ready);
	machine.run(ready + 400000);
	type(machine, "help");
	machine.run(machine.steps + 3e6);
	assert.match(machine.text, /help GROUP/);
	const end = machine.steps, print = fingerprint();
	machine.goto(ready - 1000);
	assert.doesNotMatch(machine.text, /help GROUP/);
	machine.goto(end);
	assert.equal(fingerprint(), print);
	machine.goto(ready + 399000);
	type(machine, "boot");
	assert.ok(machine.known <= machine.steps + 1, "the other future is forgotten");
});

await test("what is written to the disk is undone when an earlier moment comes back", () => {
	machine.goto(ready + 399000);
	const { disk } = machine, was = disk.contents[600];
	disk.stream_ops.write({ node: disk, position: 0 }, new Uint8Array([was ^ 255]), 0, 1, 600);
	assert.equal(disk.contents[600], was ^ 255);
	machine.goto(ready - 1000);
	assert.equal(disk.contents[600], was);
});

await test("COM1 takes bytes as keys are taken: in another future, and again in the same", () => {
	machine.goto(ready + 398500);
	for (const byte of Buffer.from("help\r")) {
		machine.act({ kind: "serial", args: [byte] });
		machine.run(machine.steps + 100000);
	}
	machine.run(machine.steps + 3e6);
	assert.match(machine.text, /help GROUP/);
	const end = machine.steps, print = fingerprint();
	machine.goto(ready - 1000);
	machine.goto(end);
	assert.equal(fingerprint(), print);
});

await test("a page fault says which address, and the walk ends where a page is missing", () => {
	machine.goto(ready + 398200);
	type(machine, "fault pf");
	machine.run(machine.steps + 3e6);
	const fault = record.items("events").find(({ kind, value }) => kind === 2 && (value & 255) === 14);
	machine.goto(fault.step + 1);
	const { cr2 } = machine.state();
	assert.equal(BigInt(fault.cr2High) << 32n | BigInt(fault.cr2), cr2);
	assert.equal(pageFaultWords(fault.value >> 8, "0"), "a write at 0h, where no page is present");
	assert.match(pageWalk(machine, machine.state(), cr2).fault, /page fault/);
});

await test("a fault on purpose and the power switch end in words", () => {
	machine.goto(ready + 398000);
	type(machine, "fault ud");
	machine.run(machine.steps + 3e6);
	assert.match(machine.text, /#UD invalid opcode/);
	assert.ok(record.items("events").some(({ kind, value }) => kind === 2 && (value & 255) === 6));
	machine.goto(ready + 397000);
	type(machine, "poweroff");
	machine.run(machine.steps + 3e6);
	assert.ok(machine.off);
	machine.goto(ready);
	assert.ok(!machine.off);
});

// ---- Break it -------------------------------------------------------------------

const ENDS = { "A20 stays shut": /error 21: A20 stays closed/, "A20 is closed, but opens": /firstlight: ready/,
	"No long mode": /error 11: .*lacks.*64-bit CPU is needed/, "A flipped byte": /error 40: .*damaged/,
	"A sector that cannot be read": /error 34: .*can't read LBA/, "A wrong DL": /firstlight: ready/ };
const LBA = NAMES.kernelLba;
const VALUES = { "A flipped byte": LBA * 512, "A sector that cannot be read": LBA, "A wrong DL": 0x12 };

machine.goto(ready);
for (const flaw of BREAKS)
	await test(`break it: ${flaw.name}`, async () => {
		const broken = await bootBroken(PARTS, flaw, VALUES[flaw.name]);
		assert.match(broken.machine.text.replace(/\r?\n/g, " "), ENDS[flaw.name]);
		const difference = firstDifference(record, broken.record);
		assert.ok(difference, "the boots differ");
		assert.equal(record.address(difference.index - 1), broken.record.address(difference.index - 1));
	});

// ---- Predict --------------------------------------------------------------------

// What is known of the boot without the page
const ANSWERS = ["EB 58", "0000h", "-2", "AA55h", "FLIT", "00000000h", "100000h", "6", "0018h", "0",
	`${symbol("stage2.elf", "page_tables")}h: page_tables`, "yes, both", "8", "no"];

for (const [i, question] of QUESTIONS.entries())
	await test(`predict ${i + 1}: ${question.at}`, () => {
		const { answer, choices, after } = askMachine(question, booted);
		assert.equal(answer, ANSWERS[i]);
		assert.ok(choices.includes(answer) && choices.length >= 2);
		assert.ok(!question.wrong.includes(answer));
		assert.equal(machine.steps, after);
	});

// ---- Your kernel ----------------------------------------------------------------

await test("mkimage in the page makes the image that mkimage makes", async () => {
	if (!await unpack("mkimage"))
		return "made without mkimage";
	const { makeImage } = await import("../../tools/page/kernel.mjs");
	const elf = fs.readFileSync(path.join(BUILD, "kernel.elf"));
	assert.deepEqual(Buffer.from(await makeImage(elf, unpack)), Buffer.from(PARTS.image));
	await assert.rejects(makeImage(Buffer.from("\x7fELF, but no more"), unpack), /kernel\.elf/);
});

await test("keys have the numbers that Bochs gives them", () => {
	const header = path.join(process.env.PAGE_ENGINE ?? path.join(BUILD, "page-engine"), "bochs/gui/gui.h");
	if (!fs.existsSync(header))
		return "no Bochs here";
	const text = fs.readFileSync(header, "utf8");
	const names = [...text.slice(text.indexOf("BX_KEY_CTRL_L"), text.indexOf("BX_KEY_NBKEYS"))
		.matchAll(/BX_KEY_(\w+)/g)].map(([, name]) => name);
	for (const [code, name] of [["KeyA", "A"], ["Digit9", "9"], ["Enter", "ENTER"], ["Space", "SPACE"],
		["ArrowUp", "UP"], ["ArrowRight", "RIGHT"], ["Tab", "TAB"], ["PageDown", "PAGE_DOWN"]])
		assert.equal(keyNumber(code), names.indexOf(name), code);
});

// ---- Pictures ---------------------------------------------------------------------

await test("the drawings in docs/img say what this boot says", () => {
	const { status, stdout } = spawnSync(process.execPath, ["tools/page/node/pictures.mjs", "--check", "docs/img"],
		{ cwd: ROOT, encoding: "utf8", env: { ...process.env, BUILD } });
	assert.equal(status, 0, stdout);
});

finish("page-machine");
