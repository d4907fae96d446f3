// timeline.mjs - the milestones of a boot, in the terminal.
//
//	make timeline

import { boot } from "./boot.mjs";
import { number } from "../names.mjs";
import { modeSpans } from "../spans.mjs";

const KINDS = { m16: "16", m32: "32", m64: "64" };

const { record, journey, ready } = await boot();
console.log("     from step       steps   BIOS  bits      milestone");
for (const { name, what, from, to } of journey.chapters(ready)) {
	const ours = record.indexAt(to) - record.indexAt(from);
	const share = Math.round((to - from - ours) / (to - from || 1) * 100);
	const bits = [...new Set(modeSpans(record, from, to).map(({ kind }) => KINDS[kind]))].sort().join(" ");
	console.log(`${number(from).padStart(14)}${number(to - from).padStart(12)}${(share + " %").padStart(7)}  ` +
		`${bits.padEnd(8)}  ${name.padEnd(10)} ${what}`);
}
console.log(`${number(ready).padStart(14)}  firstlight: ready; ${number(record.length)} steps are ours, ` +
	`${record.log("bios").count} BIOS calls, ${number(record.log("calls").count)} calls of routines`);
