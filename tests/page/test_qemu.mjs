// test_qemu.mjs - the page's record beside what QEMU tells of the same image.
//
// The firmware is another one: what depends on its answers may differ, and is
// named here. All else is the same, BIOS call for BIOS call and address for address.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { boot, BUILD, finish, NAMES, ROOT, test } from "./parts.mjs";
import { callerOf } from "../../tools/page/sentence.mjs";

const PYTHON = "/usr/bin/python3";
const QEMU = process.env.QEMU ?? "qemu-system-x86_64";
const { record, journey } = await boot();

// What the CPU offers beyond what is needed: QEMU's has no invariant TSC
const ALLOWED = ["stage2_main"];

// Neighbours that are the same, once: how many ranges of memory there are, and how
// many sectors go into one read, is the machine's affair.
const once = (list) => list.filter((item, i) => item !== list[i - 1]);

await test("the BIOS calls are those of make bios-calls", () => {
	const said = execFileSync(PYTHON, ["tests/boot/tracing.py", "--all"], { cwd: ROOT, encoding: "utf8",
		env: { ...process.env, BUILD, PYTHONDONTWRITEBYTECODE: "1" } });
	const theirs = [...said.matchAll(/^(\S+) +INT (\w\w)h +AX=(\w{4})/gm)]
		.map(([, caller, vector, ax]) => `${caller} ${vector} ${ax}`);
	const ours = record.biosCalls().map((call) => `${callerOf({ record, names: NAMES }, call)} ` +
		`${call.vector.toString(16).toUpperCase()} ${(call.before.ax & 0xFFFF).toString(16).toUpperCase().padStart(4, "0")}`);
	// AL holds what the BIOS left there, where a function does not look at it
	const plain = (call) => call.replace(/ (13|16|12) (\w\w)\w\w$/, " $1 $2");
	assert.deepEqual(once(ours.map(plain)), once(theirs.map(plain)));
	assert.ok(ours.length > 40);
});

await test("the same addresses are executed, from LBA 0 to the kernel", () => {
	const image = path.join(BUILD, "page/qemu.img"), log = path.join(BUILD, "page/qemu.log");
	execFileSync(path.join(BUILD, "mkimage"), ["--kernel", path.join(BUILD, "kernel.elf"), "--cmdline", "exit",
		"-o", image]);
	const single = execFileSync(PYTHON, ["-c", "import sys; sys.path.insert(0, 'tests/boot'); " +
		"from harness.coverage import single_step; print(*single_step(sys.argv[1]))", QEMU],
	{ cwd: ROOT, encoding: "utf8", env: { ...process.env, BUILD, PYTHONDONTWRITEBYTECODE: "1" } });
	const ended = spawnSync(QEMU, ["-display", "none", "-no-reboot", "-m", "32M", "-cpu", "Nehalem", "-serial",
		"null", "-monitor", "none", "-net", "none", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
		"-drive", `file=${image},format=raw,if=ide,snapshot=on`, ...single.trim().split(" "),
		"-d", "exec,nochain", "-dfilter", "0x7c00+0x8400", "-D", log], { timeout: 300000 });
	assert.equal(ended.status, 33);
	const theirs = new Set([...fs.readFileSync(log, "utf8").matchAll(/\/([0-9a-f]{16})\/[0-9a-f]+\/[0-9a-f]+\]/g)]
		.map(([, at]) => parseInt(at, 16)));
	const ours = new Set(record.log("trace").words.slice(0, record.indexAt(journey.step("kernel_main")))
		.filter((address) => address < 0x10000));
	const label = (address) => NAMES.label(address);
	const differ = [...ours].filter((a) => !theirs.has(a)).concat([...theirs].filter((a) => !ours.has(a)));
	console.log(`# ${ours.size} addresses here, ${theirs.size} in QEMU; they differ in ${differ.length}: ` +
		once(differ.sort((a, b) => a - b).map((a) => NAMES.routine(a))).join(", "));
	assert.deepEqual(differ.map(label).filter((name) => !ALLOWED.some((allowed) => name.startsWith(allowed))), []);
});

finish("page-qemu");
