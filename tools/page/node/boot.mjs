// boot.mjs - the page's machine in Node: for pictures, the timeline and tests.
//
// Engine, firmware, image and names are unpacked from build/page.html: it is the
// machine in the page.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";

import { Journey } from "../journey.mjs";
import { loader } from "../kernel.mjs";
import { Machine } from "../machine.mjs";
import { Names } from "../names.mjs";
import { Record } from "../record.mjs";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
export const BUILD = path.resolve(process.env.BUILD ?? path.join(ROOT, "build"));
export const PAGE = path.join(BUILD, "page.html");
const HTML = fs.readFileSync(PAGE, "utf8");

export async function unpack(name) {
	const found = new RegExp(`id="data-${name}">([^<]*)<`).exec(HTML);
	return found && new Uint8Array(zlib.gunzipSync(Buffer.from(found[1], "base64")));
}

// What emscripten's loader wants in Node: a module of CommonJS has it
globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = BUILD;

export const PARTS = { factory: loader(await unpack("engine-js"), "Engine"),
	wasm: await unpack("engine"), bios: await unpack("bios"), vgabios: await unpack("vgabios"),
	image: await unpack("image") };
export const NAMES = Names.unpacked(await unpack("json"));
export const READY = "firstlight: ready";

// A machine that has booted: {machine, record, journey, names, ready}
export async function boot(image = PARTS.image, until = READY) {
	const machine = await Machine.create({ ...PARTS, image });
	while (!machine.text.includes(until) && machine.steps < 6e7)
		machine.run(machine.steps + 20000);
	const record = new Record(machine);
	return { machine, record, journey: new Journey(record, NAMES), names: NAMES, ready: machine.steps };
}
