// test_browser.mjs - the page in headless Chromium, as somebody uses it.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

import { BUILD, finish, PAGE, test } from "./parts.mjs";
import { Browser, findChromium, sleep } from "./browser.mjs";
import { cost, held, steps } from "./measure.mjs";

const URL_ = "file://" + PAGE;
const HELLO = path.join(BUILD, "test/kernels/foreign-kernel.elf");

if (!findChromium()) {
	await test("in a browser", () => "no chromium here");
	finish("page-browser");
}
const browser = await Browser.open(URL_);
const at = (name) => browser.run(`page.goto(page.journey.step(${JSON.stringify(name)}))`);
const step = () => browser.run("page.step");
const sentence = () => browser.text("#sentence");

await test("loads from a file, boots, and says so", async () => {
	assert.match(await sentence(), /The PC has booted/);
	assert.match(await browser.text("#screen"), /firstlight: ready/);
	assert.ok(fs.statSync(PAGE).size <= 2e6, "page of 2 MB at most");
	assert.ok(zlib.gzipSync(fs.readFileSync(PAGE)).length <= 2 ** 20, "1 MiB when compressed");
	const ready = await browser.run("Number(document.documentElement.dataset.ready)");
	console.log(`# booted in ${ready} ms after load`);
});

await test("takes keys: the prompt answers", async () => {
	await browser.click("#screen");
	for (const key of ["h", "e", "l", "p", "Enter"]) {
		await browser.press(key);
		await sleep(60);
	}
	for (let i = 0; i < 1200 && !/help GROUP/.test(await browser.text("#screen")); i++)
		await sleep(100);
	assert.match(await browser.text("#screen"), /help GROUP/);
	assert.match(await browser.run("page.machine.text"), /> help/);
});

await test("takes what is typed by COM1, and a page fault shows its walk", async () => {
	await browser.click("#tab-serial");
	await browser.run("document.getElementById('typed').value = 'fault pf'; document.getElementById('typing').requestSubmit()");
	for (let i = 0; i < 1200 && !/The machine is stopped/.test(await browser.text("#serial-pane")); i++)
		await sleep(100);
	assert.match(await browser.text("#serial-pane"), /fault pf.*#PF/s);
	await browser.click("#tab-screen");
	await browser.run("page.stop(); page.goto(page.record.items('events').find(({ kind, value }) => " +
		"kind === 2 && (value & 255) === 14).step)");
	assert.match(await sentence(), /a page fault: a write at [\dA-F]+h, where no page is present/);
	await browser.click("[data-walk]");
	assert.match(await browser.text("#pane"), /PML4.*is a page fault/s);
	await browser.load(URL_);
});

await test("steps back and forward with the keyboard alone", async () => {
	await at("a20_test.again");
	await browser.run("document.activeElement.blur()");
	const start = await step();
	await browser.press("ArrowRight");
	assert.equal(await step(), start + 1);
	await browser.press("ArrowLeft");
	assert.equal(await step(), start);
	for (const [key, reached] of [["b", /BIOS/], ["m", /From here on|protected/], ["l", /Next, in/]]) {
		await browser.press(key);
		await browser.press("ArrowRight");
		assert.match(await sentence(), reached);
		assert.ok(await step() > start, key);
		await at("a20_test.again");
	}
	const before = await step();
	await browser.click('[data-unit="mode"]');
	await browser.press("ArrowRight");
	assert.match(await sentence(), /From here on/, "an arrow after a click on a unit");
	assert.ok(await step() > before);
	await browser.press("PageDown");
	await browser.press("PageUp");
	await browser.press("Home");
	assert.equal(await step(), 0);
	await browser.press("i");
	assert.equal(await browser.run("document.querySelector('[aria-checked=true]').dataset.unit"), "instruction");
});

await test("Tab reaches every control, and the PC's screen is left with Escape", async () => {
	await browser.run("document.body.tabIndex = -1; document.body.focus()");
	const seen = new Set();
	for (let i = 0; i < 90; i++) {
		await browser.press("Tab");
		seen.add(await browser.run("document.activeElement.id || document.activeElement.name || ''"));
	}
	for (const id of ["theme", "bigger", "link", "pin", "print", "detail", "power", "run", "back", "forward",
		"source", "tab-screen", "screen", "typed", "asked", "pane"])
		assert.ok(seen.has(id), id);
	await browser.run("document.getElementById('screen').focus()");
	await browser.press("Escape");
	assert.equal(await browser.run("document.activeElement.id"), "typed");
	assert.equal(await step(), 0, "the PC was left alone");
	assert.equal(await browser.run("page.running"), false);
});

await test("says what an instruction is for where the source does not", async () => {
	await at("protected_mode");
	assert.match(await sentence(), /cli interrupts off\./);
	await browser.run("page.goto(0)");
	assert.match(await sentence(), /The power is on/);
});

await test("answers who wrote a byte", async () => {
	await at("pages_start");
	const took = await browser.run("(() => { const t = performance.now(); page.ask(0xB8000, 1); " +
		"return performance.now() - t; })()");
	assert.match(await browser.text("#answer"), /B8000h.*Last written by video_init/s);
	console.log(`# an answer took ${took.toFixed(1)} ms`);
	await browser.click("#answer [data-go]");
	assert.match(await browser.run("page.names.where(page.state.at)"), /^stage2\/video\.asm/);
	await browser.run("page.askRegister('rax')");
	assert.match(await browser.text("#answer"), /EAX holds/);
});

const asked = (word) => browser.run(`(() => { const field = document.getElementById("asked");
	field.value = ${JSON.stringify(word)}; field.form.requestSubmit();
	return document.getElementById("answer").textContent; })()`);

await test("whatever is typed under Ask is answered: register, address, name, or none of them", async () => {
	await at("stage2_main");
	assert.match(await asked("CR3"), /CR3 holds [0-9A-F]+h \(page_tables\), where the page tables begin.*long_mode_enter/);
	assert.match(await asked("eip"), /RIP holds/);
	await at("copy_up.code16");
	assert.match(await asked("ds"), /DS holds 20h, base 0h, limit FFFFFFFFh/);
	await at("cpu_check");
	assert.match(await asked("cr3"), /CR3 holds 0h: there are no page tables yet.*since power-on.*next by long_mode_enter/);
	await at("stage2_main");
	assert.match(await asked("0x8000"), /8000h \(stage2_start\) holds.*It lies in STAGE2.*BIOS.*First executed/s);
	assert.match(await asked("a20_test"), /a20_test.*First executed at step/s);
	assert.match(await asked("07C0:0000"), /7C00h \(bootsector_start\)/);
	assert.match(await asked("<i>"), /Nothing here is called <i>/);
});

await test("what is often asked is a click away, and the machine answers", async () => {
	await at("stage2_main");
	const answers = [/hands over in real mode.*first in protected_mode.*64-bit code begins after long_mode_enter/s,
		/INT 15h\/E820h.*0h to 9F000h, usable/s, /8000h \(stage2_start\).*for INT 13h\/42h: read 1 sector, LBA 2, to 8000h/s, /CR3 holds [0-9A-F]+h \(page_tables\)/, /B8000h holds/];
	for (const [i, answer] of answers.entries()) {
		await browser.click(`[data-common="${i}"]`);
		assert.match(await browser.text(i === 1 ? "#pane" : "#answer"), answer);
	}
});

await test("every pane shows its moment", async () => {
	await at("stage2_main");
	for (const [pane, words] of [["path", /stage2_main executes/], ["memory", /LOADER_DATA/], ["bytes", /Physical address.*000B8000/s],
		["tables", /64-bit code.*PML4/s], ["bios", /INT 13h\/42h.*read 1 sector, LBA 1, to 7E00h/s],
		["predict", /Say what will happen/], ["break", /A20 stays shut/], ["kernel", /mkimage/], ["help", /Keys/]]) {
		await browser.click("#pane-" + pane);
		assert.match(await browser.text("#pane"), words, pane);
	}
});

await test("threads: who runs when, and a switch between their stacks", async () => {
	await browser.run("page.goto(page.readyStep + 400000)");
	await browser.run("page.stop(); page.seek(() => -1)");
	await browser.click('[data-unit="switch"]');
	await browser.click("#back");
	assert.match(await browser.text("#sentence"), /From here on the stack of (idle|kernel_main)\. Next, in thread_switch/);
	await browser.click("#pane-stacks");
	assert.match(await browser.text("#pane"), /kernel_main(runs|waits since).*idle(runs|waits since)/s);
	assert.ok(await browser.run("document.querySelectorAll('.lane button').length") > 10);
	await browser.click('[data-unit="instruction"]');
});

await test("a question is asked, guessed, and answered by the machine", async () => {
	await browser.click("#pane-predict");
	await browser.click('[data-predict="1"]');
	assert.match(await browser.text("#place"), /bootsector\.asm/);
	await browser.run("[...document.querySelectorAll('[data-guess]')].find((b) => b.dataset.guess === '07C0h').click()");
	assert.match(await browser.text("#pane"), /You said 07C0h.*The machine says 0000h/s);
	assert.equal(await browser.run("page.names.label(page.state.at)"), "main.normalised");
});

await test("a broken boot stands beside the good one", async () => {
	await browser.click("#pane-break");
	await browser.click('[data-flaw="0"]');
	for (let i = 0; i < 3000 && await browser.run("!page.broken || Boolean(page.broken.working)"); i++)
		await sleep(100);
	assert.match(await browser.text("#pane"), /Here they part.*The good boot.*A20 stays shut.*It says: firstlight: error 21: A20 stays closed/s);
	assert.equal(await browser.run("page.names.routine(page.state.at)"), "a20_test");
});

await test("a field of Break it takes numbers only", async () => {
	await browser.run("document.querySelector('[data-flaw=\"4\"]').parentElement.querySelector('input').value = 'zz'");
	await browser.click('[data-flaw="4"]');
	assert.match(await browser.text("#answer"), /zz is no number/);
});

await test("Power on boots once more, and says where it is", async () => {
	await browser.click("#power");
	assert.match(await sentence(), /The PC boots\./);
	for (let i = 0; i < 1200 && !/The PC has booted/.test(await sentence()); i++)
		await sleep(100);
	assert.match(await browser.text("#screen"), /firstlight: ready/);
	assert.notEqual(await browser.text("#file"), "No source here");
	await browser.run("page.stop()");
});

await test("links find a moment, and say when the build differs", async () => {
	await browser.run("page.goto(page.journey.step('copy_up*2') + 1); page.copyLink()");
	const hash = await browser.run("location.hash"), there = await step();
	assert.match(hash, /^#at=copy_up\*2\+1&build=/);
	await browser.load(URL_ + hash);
	assert.equal(await step(), there);
	assert.equal(await browser.run("document.getElementById('notice').hidden"), true);
	await browser.run("location.hash = '#at=a20_test&build=0123'");
	await sleep(200);
	assert.match(await browser.text("#notice"), /made with build 0123/);
	await browser.run("location.hash = '#at=a20_test'");
	await sleep(200);
	assert.equal(await browser.run("page.names.label(page.state.at)"), "a20_test");
});

await test("a handout has at most 8 pages", async () => {
	const { data } = await browser.send("Page.printToPDF", { printBackground: false });
	const pages = Buffer.from(data, "base64").toString("latin1").match(/\/Type\s*\/Page\b/g).length;
	console.log(`# the handout has ${pages} pages`);
	assert.ok(pages >= 2 && pages <= 8, `${pages} pages`);
});

await test("nothing is wider than a telephone", async () => {
	await browser.size(360, 740);
	await at("main.try");
	for (const pane of ["path", "memory", "bytes", "tables", "bios", "predict", "break", "help"]) {
		await browser.run(`page.openPane("${pane}")`);
		const [wide, width] = await browser.run("[document.documentElement.scrollWidth, innerWidth]");
		assert.ok(wide <= width, `${pane}: ${wide} pixels`);
	}
	await browser.size(1440, 1000);
});

await test("everything has a name in the screen reader's tree", async () => {
	await browser.send("Accessibility.enable");
	const { nodes } = await browser.send("Accessibility.getFullAXTree");
	const roles = ["button", "tab", "radio", "slider", "textbox", "link"];
	const nameless = nodes.filter(({ ignored, role, name }) => !ignored && roles.includes(role?.value) &&
		!name?.value).map(({ role, backendDOMNodeId }) => role.value + backendDOMNodeId);
	assert.deepEqual(nameless, []);
	assert.equal(await browser.run("document.getElementById('sentence').ariaLive ?? " +
		"document.getElementById('sentence').getAttribute('aria-live')"), "polite");
});

await test("a dropped kernel boots", async () => {
	if (!fs.existsSync(HELLO))
		return "no boot-kernels";
	if (!await browser.run("Boolean(document.getElementById('data-mkimage'))"))
		return "made without mkimage";
	const bytes = [...fs.readFileSync(HELLO)];
	await browser.run(`(() => { delete document.documentElement.dataset.ready; page.dropped(new File(
		[new Uint8Array(${JSON.stringify(bytes)})], "hello.elf")); })()`);
	await browser.booted();
	assert.match(await browser.text("#about"), /hello\.elf/);
	assert.match(await browser.text("#chapters"), /Your kernel/);
});

for (const throttle of [1, 4])
	await test(`a step costs few instructions, on a CPU ${throttle} times slower`, async () => {
		await browser.load(URL_);
		await at("blobs_load");
		const { forward, back } = await steps(browser, 20, throttle);
		console.log(`# a step: ${forward.ms.toFixed(1)} ms forward, ${back.ms.toFixed(1)} ms back (medians of 20)`);
		assert.equal(forward.work, 1);
		assert.ok(back.work <= 50000, `${back.work} instructions for a step back`);
		assert.equal((await cost(browser, "page.ask(0xB8000, 1)")).work, 0);
	});

await test("200 steps back and forth stay below 400 MB", async () => {
	await steps(browser, 100);
	const bytes = await held(browser);
	console.log(`# the page holds ${(bytes / 1e6).toFixed(0)} MB`);
	assert.ok(bytes < 400e6, `${bytes} bytes`);
});

await test("says nothing on the console, and asks the network for nothing", async () => {
	assert.deepEqual(browser.errors, []);
	assert.equal(await browser.run("performance.getEntriesByType('resource').length"), 0);
});

await browser.close();
finish("page-browser");
