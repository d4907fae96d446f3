// main.mjs - the page: one machine, one moment, and what can be done with it.

import { askBytes, askRegister } from "./ask.mjs";
import { askMachine, predictHTML, QUESTIONS } from "./questions.mjs";
import { bootBroken, breakHTML, BREAKS, firstDifference } from "./breaks.mjs";
import { chaptersHTML, drawChapter, LEGEND } from "./draw.mjs";
import { AROUND, HELP, instructionsHTML, PANES, registersHTML, sourceHTML } from "./panes.mjs";
import { Journey } from "./journey.mjs";
import { kernelHTML, loader, makeImage } from "./kernel.mjs";
import { listen } from "./events.mjs";
import { Machine } from "./machine.mjs";
import { Names, number, safe } from "./names.mjs";
import { placeHTML, sentenceHTML } from "./sentence.mjs";
import { codeMode } from "./words.mjs";
import { Record } from "./record.mjs";
import { screenHTML } from "./screen.mjs";
import { UNITS } from "./steps.mjs";

const element = (id) => document.getElementById(id);
const SLICE = 12;	// ms of running before the browser has its turn
const LIVE = 200;	// ms between two drawings of a machine that boots
const IDLE = 1000;	// ... that waits at its prompt
const HANDOUT = 14;	// moments that 8 pages have room for
const FRAME = 40;	// ms between two looks at that
const READY = "firstlight: ready";
const ALL_PANES = [...PANES, ["predict", "Predict", predictHTML], ["break", "Break it", breakHTML],
	["kernel", "Your kernel", kernelHTML], HELP];

async function unpack(name) {
	const packed = element("data-" + name);
	if (!packed)
		return null;
	const bytes = Uint8Array.from(atob(packed.textContent), (c) => c.charCodeAt(0));
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

// HTML that has not changed is left alone: what has the focus keeps it.
const shown = {};
function fill(id, html) {
	if (shown[id] !== html)
		element(id).innerHTML = html;
	shown[id] = html;
}

class Page {
	running = false;
	look = 0x7C00;		// an address, of the pane Bytes
	pane = "path";
	unit = "instruction";	// how far a step goes
	pinned = [];		// steps, for the handout

	async start() {
		const parts = ["json", "engine", "engine-js", "bios", "vgabios", "image"];
		const [json, wasm, js, bios, vgabios, image] = await Promise.all(parts.map(unpack));
		this.parts = { factory: loader(js, "Engine"), wasm, bios, vgabios };
		this.names = Names.unpacked(json);
		listen(this);
		await this.powerOn(image);
	}

	// A new machine with this image
	async powerOn(image) {
		this.pause();
		this.parts.image = image;
		this.machine = await Machine.create(this.parts);
		this.record = new Record(this.machine);
		this.journey = new Journey(this.record, this.names);
		this.executed = new Map();	// addresses that ever ran, and in which mode
		this.marked = this.readyStep = 0;
		this.pathKnown = undefined;
		this.broken = this.question = undefined;
		this.state = this.before = this.machine.state();
		element("about").textContent = `${this.names.image}, build ${this.names.build}`;
		this.started = performance.now();
		this.run();
	}

	get step() { return this.machine.steps; }

	// ---- Running ----------------------------------------------------------------

	run() {
		if (this.running)
			return;
		this.running = true;
		this.paced = false;
		element("run").textContent = "Pause";
		const channel = new MessageChannel();
		channel.port1.onmessage = () => this.slice();
		this.kick = () => channel.port2.postMessage(0);
		this.show();
		this.kick();
	}

	pause() {
		this.running = false;
		element("run").textContent = "Run";
	}

	stop() {
		this.pause();
		this.mark();
		this.before = this.machine.state();	// of all that ran, nothing has just changed
		this.show();
	}

	// As fast as it can until the prompt; then the PC's clock keeps to ours, and a
	// PC that waits costs little.
	slice() {
		if (!this.running)
			return;
		const end = performance.now() + SLICE, waiting = this.readyStep && this.step >= this.readyStep;
		if (waiting && !this.paced)
			this.show();	// the boot has been run again
		const off = this.runUntil(end, waiting);
		if (!this.readyStep && this.isReady())
			return this.ready();
		if (off)
			return this.stop();
		if (performance.now() - (this.drawn ?? 0) > (waiting ? IDLE : LIVE)) {
			this.before = this.machine.state();
			this.showState();
		} else
			this.drawScreen();
		if (waiting)
			setTimeout(() => this.slice(), FRAME);
		else
			this.kick();
	}

	runUntil(end, waiting) {
		const late = () => performance.now() - this.paced - this.machine.engine._pc_milliseconds();
		if (waiting && !(this.paced && late() <= 250))
			this.paced = performance.now() - this.machine.engine._pc_milliseconds() - FRAME;
		const there = waiting ? () => late() <= 0
			: () => (this.readyStep ? this.step >= this.readyStep : this.isReady());
		let off = "";
		while (!off && performance.now() < end && !there())
			off = this.machine.run(this.step + (waiting ? 200 : 20000));
		return off;
	}

	// Our kernel says so. Another one waits, or has been at work for long.
	isReady() {
		const { record, machine } = this;
		if (this.names.address("kernel_main"))
			return machine.serial.slice(-100).map(([, said]) => said).join("").includes(READY);
		return record.length > 2e6 || record.length > 0 && Boolean(machine.state().activity);
	}

	ready() {
		this.readyStep = this.step;
		const time = performance.now() - this.started;
		this.stop();
		document.documentElement.dataset.ready = Math.round(time);
		this.booted = `The PC has booted, in ${(time / 1000).toFixed(1)} s and ${number(this.step)} ` +
			`steps: ${number(this.step - this.record.length)} are the BIOS's, ${number(this.record.length)} ours. ` +
			"Step back with ◀, choose a chapter above, ask something, or type to it below its screen.";
		if (location.hash.length > 1)
			this.follow();
		else
			this.run();
	}

	// Remembers which instructions have ever run, and how the CPU read them.
	mark() {
		const { record } = this, trace = record.log("trace").words;
		const changes = record.events("mode");
		changes.forEach(({ step, value }, i) => {
			const end = changes[i + 1] ? record.indexAt(changes[i + 1].step) : trace.length;
			const mode = codeMode(value);
			for (let k = Math.max(this.marked, record.indexAt(step)); k < end; k++)
				this.executed.set(trace[k], mode);
		});
		this.marked = trace.length;
	}

	// ---- Moments ------------------------------------------------------------------

	// Shows a step, and what has changed since the step before or since `from`.
	goto(step, from) {
		this.pause();
		const to = Math.max(0, Math.min(step, this.machine.known - 1));
		if (from === undefined)
			this.stand(to);
		else
			this.before = this.state;
		this.machine.goto(to);
		this.show();
	}

	stand(step) {
		this.machine.goto(this.previous(step));
		this.before = this.machine.state();
		this.machine.goto(step);
		this.state = this.machine.state();
	}

	previous(step) {
		const index = this.record.indexAt(step);
		return index > 0 ? this.record.stepOf(index - 1) : Math.max(0, step - 1);
	}

	move(direction) {
		this.pause();
		const from = this.step, unit = UNITS.find(({ name }) => name === this.unit);
		this.state = this.machine.state();
		const find = () => unit.find(this, from, direction), to = direction > 0 ? this.seek(find) : find();
		this.machine.goto(from);
		if (to < 0)
			return this.tell(`There is no ${direction > 0 ? "later" : "earlier"} ${unit.title} in what has run so far.`);
		this.goto(to, direction > 0 && to - from < 200000 ? from : undefined);
	}

	// What find() finds in the record, or after running on for a while; else -1
	seek(find) {
		let found = find();
		for (let i = 0, off = ""; found < 0 && !off && i < 25; i++) {
			this.machine.goto(this.machine.known - 1);
			off = this.machine.run(this.step + 20000);
			this.mark();
			found = find();
		}
		return found;
	}

	moveChapter(direction) {
		const starts = this.chapters.map(({ from }) => from), { step } = this;
		this.goto((direction > 0 ? starts.find((from) => from > step) : starts.findLast((from) => from < step)) ?? step);
	}

	// To the next time that a line runs, or the last before
	toLine(line, backwards) {
		const [file] = this.names.line(this.state.at);
		const wanted = new Set(this.names.addresses(file, line));
		const find = (back) => this.record.find((address) => wanted.has(address), this.step, back);
		const there = [find(backwards), find(!backwards)].find((step) => step >= 0);
		if (there === undefined)
			return this.tell(`Line ${line} has not run in this boot.`);
		this.goto(there);
	}

	// ---- Showing ------------------------------------------------------------------

	show() {
		this.showState();
		element("sentence").innerHTML = !this.running ? sentenceHTML(this)
			: this.step < (this.readyStep || Infinity) ? "The PC boots." : this.booted;
		this.drawSource();
		this.drawPane();
	}

	// What is shown of a PC that runs, too
	showState() {
		this.drawn = performance.now();
		this.state = this.machine.state();
		this.drawTrack();
		fill("place", placeHTML(this));
		fill("registers", registersHTML(this));
		this.drawScreen();
	}

	// ... and what COM1 has said
	drawScreen() {
		const screen = this.machine.screen();
		fill("screen", screen ? screenHTML(screen)
			: "No text: the screen is off, or in a graphics mode, which is not shown here.");
		const serial = element("serial-pane"), said = this.machine.text;
		if (serial.textContent !== said) {
			serial.textContent = said;
			serial.scrollTop = serial.scrollHeight;
		}
	}

	drawTrack() {
		this.chapters = this.journey.chapters(Math.max(this.machine.known, 1));
		this.chapter = this.chapters.findLast(({ from }) => from <= this.step);
		const { from, to, name, what } = this.chapter, slider = element("detail");
		fill("chapters", chaptersHTML(this));
		const strip = element("chapters"), current = strip.querySelector("[aria-current=true]");
		strip.scrollLeft = current.offsetLeft - strip.offsetLeft - strip.clientWidth / 3;
		this.boxes = drawChapter(slider, this);
		slider.setAttribute("aria-valuenow", Math.round((this.step - from) / (to - from || 1) * 1000));
		slider.setAttribute("aria-valuetext", `step ${this.step}, ${name}`);
		fill("legend", `${LEGEND}<span class="what"><b>${name}.</b> ${safe(what)}</span>` +
			`<span class="count">${number(to - from)} steps, left to right</span>`);
	}

	boxAt(x, y) {
		return this.boxes?.findLast((box) => x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h);
	}

	// The step under a pointer: what is drawn there, or our nearest
	stepAt(x, y, exact) {
		const box = exact ? this.boxAt(x, y) : null, { from, to } = this.chapter, { record } = this;
		const share = Math.max(0, Math.min(1, x / element("detail").clientWidth));
		const step = box?.step ?? Math.round(from + share * (to - from - 1));
		if (box || !record.length || step < record.stepOf(0))
			return step;
		return record.stepOf(Math.min(record.indexAt(step), record.length - 1));
	}

	drawSource() {
		const place = this.names.line(this.state.at), source = element("source");
		element("file").textContent = place ? this.names.files[place[0]][0] : "No source here";
		element("contract").textContent = this.names.contract(this.state.at);
		fill("source", sourceHTML(this));
		if (place)
			this.markSource(source.children, ...place);
		const here = source.querySelector(".here"), top = here?.offsetTop - source.offsetTop - source.scrollTop;
		if (here && !(top > 0 && top < source.clientHeight - 40))
			source.scrollTop += top - source.clientHeight / 3;
	}

	// In a file: which line is here, and the instructions of those around
	markSource(lines, file, line) {
		for (const old of [...lines].filter((one) => one.classList.contains("here")))
			old.classList.remove("here");
		lines[line - 1].classList.add("here");
		for (let i = Math.max(1, line - AROUND + 1); i < line + AROUND && i <= lines.length; i++) {
			const html = instructionsHTML(this, file, i), code = lines[i - 1].lastChild;
			if (code.innerHTML !== html)
				code.innerHTML = html;
		}
	}

	openPane(pane, look) {
		this.pane = pane;
		this.look = look ?? this.look;
		this.drawPane();
		element("pane-" + pane).focus();
	}

	drawPane() {
		const tabs = ALL_PANES.map(([id, title]) => `<button role="tab" data-pane="${id}" id="pane-${id}" ` +
			`aria-controls="pane" aria-selected="${id === this.pane}" tabindex="${id === this.pane ? 0 : -1}">` +
			`${title}</button>`).join("");
		fill("pane-tabs", tabs);
		element("pane").setAttribute("aria-labelledby", "pane-" + this.pane);
		element("pane").innerHTML = ALL_PANES.find(([id]) => id === this.pane)[2](this);
		const path = element("pane").querySelector("ol.whole"), here = path?.querySelector(".here");
		if (here)
			path.scrollTop = here.offsetTop - path.offsetTop - path.clientHeight / 3;
	}

	tell(html) {
		element("answer").innerHTML = html + '<button class="close" data-close="" aria-label="Close">×</button>';
		element("answer").hidden = false;
	}

	ask(address, bytes) { this.tell(askBytes(this, address, bytes)); }
	askRegister(name) { this.tell(askRegister(this, name)); }

	// ---- Links and the handout ------------------------------------------------------

	// #at=a20_test*2&build=...&pane=memory
	follow() {
		const words = new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B"));
		const name = words.get("at") ?? "";
		const step = this.seek(() => this.journey.step(name));
		const build = words.get("build"), notice = element("notice");
		if (ALL_PANES.some(([id]) => id === words.get("pane")))
			this.pane = words.get("pane");
		notice.hidden = step >= 0 && (!build || build === this.names.build);
		notice.textContent = step < 0 ? `This boot never comes to "${name}".` : `That link was made with build ` +
			`${build}; this is ${this.names.build}. The moment is found by its name, its numbers may differ.`;
		if (step >= 0)
			this.goto(step);
		else
			this.show();
	}

	async copyLink() {
		history.replaceState(null, "", `#at=${this.journey.name(this.step)}&build=${this.names.build}`);
		await navigator.clipboard?.writeText(location.href).catch(() => {});
		this.tell(`The address bar holds a link to this moment: <code>${safe(location.hash)}</code>`);
	}

	handout() {
		const now = this.step, chosen = this.pinned.length ? this.pinned
			: this.chapters.slice(1, 11).map(({ from }) => from);
		const articles = [...new Set(chosen)].slice(0, HANDOUT).map((step) => {
			this.stand(step);
			this.drawSource();
			const [, line = 6] = this.names.line(this.state.at) ?? [];
			const source = [...element("source").children].slice(Math.max(0, line - 6), line + 5);
			return `<article><h2>${safe(this.names.label(this.state.at))}</h2><p>${sentenceHTML(this)}</p>` +
				`<div class="mono">${source.map((one) => one.outerHTML).join("")}</div>` +
				`<div class="mono">${registersHTML(this)}</div></article>`;
		});
		element("handout").innerHTML = `<h1>Firstlight: see it boot</h1><p>${safe(this.names.image)}, build ` +
			`${this.names.build}</p>${articles.join("")}`;
		this.goto(now);
	}

	// ---- Predict, break, your kernel --------------------------------------------------

	predict(index) {
		const result = askMachine(QUESTIONS[index], this);
		this.question = result && { index, ...result };
		if (!result)
			return this.tell("This boot never comes there.");
		this.goto(result.before);
	}

	guess(choice) {
		this.question.guess = choice;
		this.goto(this.question.after, this.question.before);
	}

	async breakIt(index, value) {
		this.pause();
		this.broken = { flaw: BREAKS[index], working: true };
		this.drawPane();
		const breathe = () => new Promise((done) => setTimeout(done));
		await breathe();
		const { machine, record } = await bootBroken(this.parts, BREAKS[index], value, breathe);
		const difference = firstDifference(this.record, record);
		this.broken = { flaw: BREAKS[index], machine, record, difference };
		if (difference)
			machine.goto(difference.bad);
		this.goto(difference?.good ?? this.step);
	}

	async dropped(file) {
		if (!file)
			return;
		let image = new Uint8Array(await file.arrayBuffer());
		try {
			if (image[0] === 0x7F && image[1] === 0x45)	// an ELF file
				image = await makeImage(image, unpack);
		} catch (error) {
			return this.tell(`<b>${safe(file.name)} does not boot.</b> ${safe(error.message)}`);
		}
		this.names = new Names({ ...this.names, image: file.name, build: "not known",
			symbols: this.names.symbols.filter(([, , stage]) => stage !== "kernel"),
			lines: this.names.lines.filter(([address]) => address < 0x100000) });
		this.tell(`Booting <b>${safe(file.name)}</b>.`);
		delete document.documentElement.dataset.ready;
		await this.powerOn(image);
	}
}

document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const page = new Page();
window.page = page;	// for the curious, and for the tests
page.start().catch((error) => {
	element("notice").hidden = false;
	element("notice").textContent = "The PC did not start: " + error.message;
	throw error;
});
