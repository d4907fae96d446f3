// executed.mjs - how many lines of source a good boot executes, for make path.

import { boot, NAMES } from "./boot.mjs";

const { record, journey } = await boot();
const end = record.indexAt(journey.step("kernel_main"));
const lines = new Set(), files = new Set();
for (const address of new Set(record.log("trace").words.subarray(0, end))) {
	const place = NAMES.line(address);
	if (place) {
		lines.add(place.join(":"));
		files.add(place[0]);
	}
}
console.log(`       ${`executed by a good boot, in ${files.size} files`.padEnd(28)} ${String(lines.size).padStart(5)}`);
