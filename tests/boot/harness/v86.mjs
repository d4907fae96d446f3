// v86.mjs - a PC in JavaScript, for v86.py
//
//	node v86.mjs LIBRARY COM1 E9 OPTIONS
//
// LIBRARY is v86's libv86.mjs. COM1 and E9 are the file descriptors to which
// those ports go. OPTIONS is v86's options as JSON, with files' names where v86
// wants their bytes. A line on standard input is a command: "screen" answers
// with the text screen as a line of JSON, "keys N N.." sends scan codes, "com1
// N N.." bytes to that port.

import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";

const IMAGES = ["bios", "vga_bios", "hda", "hdb", "fda", "cdrom"];

const [library, com1, e9, json] = process.argv.slice(2);
const options = JSON.parse(json);
for (const name of IMAGES)
	if (options[name])
		options[name] = {
			buffer: new Uint8Array(
				fs.readFileSync(options[name])).buffer,
		};

const { V86 } = await import(library);
const pc = new V86({
	...options,
	wasm_path: path.join(path.dirname(library), "v86.wasm"),
	autostart: true,
});

// A port that reads back its own number is how guests find it.
pc.add_listener("emulator-ready", () => {
	pc.v86.cpu.io.register_read(0xE9, pc, () => 0xE9);
	pc.v86.cpu.io.register_write(0xE9, pc, byte =>
		fs.writeSync(Number(e9), Uint8Array.of(byte)));
});
pc.add_listener("serial0-output-byte", byte =>
	fs.writeSync(Number(com1), Uint8Array.of(byte)));

readline.createInterface({ input: process.stdin }).on("line", line => {
	const [command, ...numbers] = line.split(" ");
	if (command === "screen")
		console.log(JSON.stringify(pc.screen_adapter.get_text_screen()));
	else if (command === "keys")
		pc.keyboard_send_scancodes(numbers.map(Number));
	else if (command === "com1")
		pc.serial_send_bytes(0, Uint8Array.from(numbers.map(Number)));
}).on("close", () => process.exit(0));
