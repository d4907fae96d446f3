// bench.mjs - the page's figures, measured here and now in headless Chromium. They are
// the host's: nothing fails because of them.
//
//	make bench-page

import fs from "node:fs";
import zlib from "node:zlib";

import { Browser, sleep } from "./browser.mjs";
import { cost, held, median, steps } from "./measure.mjs";
import { PAGE } from "./parts.mjs";

const say = (what, value, wanted) => console.log(`${what.padEnd(46)}${value.padStart(14)}   ${wanted}`);
const ms = (value) => value.toFixed(value < 20 ? 1 : 0) + " ms";
const bytes = fs.readFileSync(PAGE);
const browser = await Browser.open("file://" + PAGE);

say("page", `${(bytes.length / 1e6).toFixed(2)} MB`, "<= 2 MB");
say("page, gzipped", `${(zlib.gzipSync(bytes, { level: 9 }).length / 1e6).toFixed(2)} MB`, "<= 1 MB");
say("load", ms(await browser.run("page.started")), "<= 2000 ms");
say("power-on to the prompt, the record made", ms(await browser.run(
	"Number(document.documentElement.dataset.ready)")), "<= 2000 ms");
const busy = async () => (await browser.send("Performance.getMetrics")).metrics
	.find(({ name }) => name === "TaskDuration").value;
await sleep(1000);
const before = await busy();
await sleep(5000);
say("idle at the prompt, of a thread", `${((await busy() - before) / 5 * 100).toFixed(1)} %`, "<= 10 %");
await browser.run("page.goto(page.journey.step('blobs_load'))");
for (const [throttle, forward, back] of [[1, 30, 150], [4, 120, 600]]) {
	const medians = await steps(browser, 20, throttle), at = throttle > 1 ? `, ${throttle}x slower CPU` : "";
	say(`a step forward${at} (median of 20)`, ms(medians.forward.ms), `<= ${forward} ms`);
	say(`a step back${at} (median of 20)`, ms(medians.back.ms), `<= ${back} ms`);
}
const ask = async (expression) => {
	const all = [];
	for (let i = 0; i < 20; i++)
		all.push((await cost(browser, expression)).ms);
	return ms(median(all));
};
await browser.run("page.goto(page.readyStep)");
say("who wrote a byte (median of 20)", await ask("page.ask(0xB8000, 1)"), "<= 50 ms");
say("who changed CR3 (median of 20)", await ask("page.askRegister('cr3')"), "<= 50 ms");
say("who changed RAX, by running again", await ask("page.askRegister('rax')"), "");
say("who changed R15, by running all of it again", await ask("page.askRegister('r15')"), "");
await browser.run("page.goto(page.journey.step('blobs_load'))");
await steps(browser, 100);
say("held after 200 steps", `${(await held(browser) / 1e6).toFixed(0)} MB`, "<= 400 MB");
await browser.close();
