// parts.mjs - the page's machine, and how a test says what came of it.

import fs from "node:fs";
import path from "node:path";

import { BUILD } from "../../tools/page/node/boot.mjs";

export * from "../../tools/page/node/boot.mjs";

let failed = 0;
const results = path.join(BUILD, "results");
const lines = [];

export async function test(name, body) {
	let line = `ok page ${name}`;
	try {
		const skipped = await body();
		if (typeof skipped === "string")
			line = `skip page ${name}, ${skipped}`;
	} catch (error) {
		failed++;
		console.log(error.stack);
		line = `not ok page ${name}`;
	}
	lines.push(line);
	console.log(line);
}

export function finish(file) {
	fs.mkdirSync(results, { recursive: true });
	fs.writeFileSync(path.join(results, file + ".txt"), lines.join("\n") + "\n");
	process.exit(failed ? 1 : 0);
}
