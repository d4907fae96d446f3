// events.mjs - what clicks and keys do.
//
// Elements say it themselves: data-go="STEP" goes there, and so on, see ACTIONS;
// a form says data-form, see FORMS; a button that always does the same has its id
// in COMMANDS.

import { askReader, askWord, COMMON } from "./ask.mjs";
import { keyNumber, keysOf } from "./screen.mjs";
import { safe } from "./names.mjs";
import { UNITS } from "./steps.mjs";

const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const paced = (ms) => new Promise((done) => setTimeout(done, ms));

// ---- The PC's keyboard -----------------------------------------------------

const held = new Set();	// keys that are down, as the PC knows them

function pressKey(page, code, released) {
	const key = keyNumber(code);
	if (key < 0 || released && !held.has(code))
		return false;
	if (released)
		held.delete(code);
	else
		held.add(code);
	page.machine.act({ kind: "key", args: [key, Number(released)] });
	page.run();
	return true;
}

// On the keyboard, or, when COM1 is shown, by COM1
async function typeLine(page, line) {
	for (const character of line + "\r") {
		if (!$("serial-pane").hidden) {
			page.machine.act({ kind: "serial", args: [character.charCodeAt(0) & 0x7F] });
			page.run();
		} else
			for (const [key, released] of keysOf(character))
				pressKey(page, key, released);
		await paced(30);
	}
}

function screenKey(page, event, released) {
	if (event.code === "Escape" && !released)
		return $("typed").focus();
	if (event.code === "Tab" || event.metaKey)	// Tab goes on in the page
		return;
	if (pressKey(page, event.code, released))
		event.preventDefault();
	event.stopPropagation();
}

function screenClick(page, event) {
	const screen = page.machine.screen(), box = $("screen").getBoundingClientRect();
	if (!screen)
		return;
	const pad = parseFloat(getComputedStyle($("screen")).paddingLeft);
	const x = Math.floor((event.clientX - box.left - pad) / (box.width - 2 * pad) * screen.columns);
	const y = Math.floor((event.clientY - box.top - pad) / (box.height - 2 * pad) * screen.rows);
	if (x >= 0 && x < screen.columns && y >= 0 && y < screen.rows)
		page.ask(screen.start + 2 * (y * screen.columns + x), 1);
}

// ---- The page ---------------------------------------------------------------

// One of several tabs or choices; the others are reached with the arrows
function select(group, chosen, state) {
	for (const one of group.children) {
		one.setAttribute(state, one === chosen);
		one.tabIndex = one === chosen ? 0 : -1;
	}
}

function choose(page, unit) {
	page.unit = unit;
	select($("units"), $("units").querySelector(`[data-unit="${unit}"]`), "aria-checked");
}

function showOutput(page, output) {
	select($("tab-" + output).parentElement, $("tab-" + output), "aria-selected");
	$("screen-pane").hidden = output !== "screen";
	$("serial-pane").hidden = output !== "serial";
}

const COMMANDS = {
	run: (page) => (page.running ? page.stop() : page.run()),
	power: (page) => {
		page.goto(0);
		page.run();
	},
	back: (page) => page.move(-1),
	forward: (page) => page.move(1),
	theme: (page) => {
		root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
		page.drawTrack();
	},
	bigger: (page) => {
		root.dataset.size = root.dataset.size === "big" ? "" : "big";
		$("bigger").setAttribute("aria-pressed", root.dataset.size === "big");
		page.drawTrack();
	},
	link: (page) => page.copyLink(),
	pin: (page) => {
		page.pinned.push(page.step);
		page.tell(`On the handout: ${page.pinned.length} moments.`);
	},
	print: () => window.print(),
};

const ACTIONS = {
	go: (page, step) => page.goto(Number(step)),
	ask: (page, address, { bytes }) => page.ask(Number(address), Number(bytes ?? 1)),
	register: (page, name) => page.askRegister(name),
	reader: (page) => page.tell(askReader(page)),
	pane: (page, pane) => page.openPane(pane),
	look: (page, address) => page.openPane("bytes", Math.max(0, Number(address))),
	unit: (page, unit) => {
		choose(page, unit);
		$("forward").focus();	// so that the arrows step, and do not choose on
	},
	output: showOutput,
	line: (page, line, data, event) => page.toLine(Number(line), event.shiftKey),
	predict: (page, index) => page.predict(Number(index)),
	guess: (page, choice) => page.guess(choice),
	flaw: (page, index, data, event) => {
		const field = event.target.parentElement.querySelector("input");
		const value = field && page.names.parse(field.value.trim(), 10);
		if (Number.isNaN(value))
			return page.tell(`<b>${safe(field.value)}</b> is no number: 100, or 64h.`);
		page.breakIt(Number(index), value);
	},
	common: (page, index) => {
		$("answer").hidden = true;	// of another question
		COMMON[index][1](page);
	},
	walk: (page, address) => {
		page.walk = BigInt("0x" + address);
		page.openPane("tables");
	},
	close: () => { $("answer").hidden = true; },
};

function click(page, event) {
	const target = event.target.closest("button, [data-line]");
	if (!target || !page.machine)
		return;
	for (const [name, value] of Object.entries(target.dataset))
		if (ACTIONS[name])
			return ACTIONS[name](page, value, target.dataset, event);
	COMMANDS[target.id]?.(page);
}

const FORMS = {
	type: typeLine,
	ask: askWord,
	look: (page, word) => page.openPane("bytes", page.names.parse(word, 16) || 0),
	walk: (page, word) => {
		page.walk = page.names.parse(word, 16) || 0;
		page.drawPane();
	},
};

function submit(page, event) {
	event.preventDefault();
	const input = event.target.querySelector("input"), word = input.value.trim();
	FORMS[event.target.dataset.form](page, word);
	if (event.target.dataset.form === "type")
		input.value = "";
}

// Arrows within tabs and choices; true: it was that
function moveFocus(event, sideways) {
	const item = event.target.closest("[role=tab], [role=radio]");
	if (!item || !sideways)
		return false;
	const group = [...item.parentElement.children];
	const next = group[(group.indexOf(item) + sideways + group.length) % group.length];
	next.click();
	(document.getElementById(next.id) ?? next).focus();
	return true;
}

function shortcut(page, event) {
	if (event.target.matches("input, #screen") || event.ctrlKey || event.metaKey || event.altKey || !page.machine)
		return;
	const key = event.key.toLowerCase(), unit = UNITS.find((one) => one.key === key);
	const sideways = { arrowleft: -1, arrowright: 1 }[key];
	const keys = { home: () => page.goto(0), end: () => page.goto(page.machine.known - 1),
		pagedown: () => page.moveChapter(1), pageup: () => page.moveChapter(-1),
		p: () => COMMANDS.power(page) };
	if (moveFocus(event, sideways))
		;
	else if (sideways)
		page.move(sideways);
	else if (key === " " && !event.target.closest("button, summary"))
		COMMANDS.run(page);
	else if (keys[key])
		keys[key]();
	else if (unit)
		choose(page, unit.name);
	else
		return;
	event.preventDefault();
}

export function listen(page) {
	$("units").innerHTML = UNITS.map(({ name, key, title }) => `<button role="radio" data-unit="${name}" ` +
		`title="${title} (${key.toUpperCase()})">${name}</button>`).join("");
	choose(page, page.unit);
	$("common").innerHTML = COMMON.map(([question], i) =>
		`<button class="link" data-common="${i}">${question}</button>`).join(" ");
	const on = (element, type, act) => element.addEventListener(type, (event) => act(page, event));
	on(document, "click", click);
	on(document, "keydown", shortcut);
	on(document, "submit", submit);
	on($("screen"), "keydown", (_, event) => screenKey(page, event, 0));
	on($("screen"), "keyup", (_, event) => screenKey(page, event, 1));
	on($("screen"), "click", screenClick);
	on($("detail"), "pointerdown", (_, event) => {
		$("detail").setPointerCapture(event.pointerId);
		page.goto(page.stepAt(event.offsetX, event.offsetY, true));
	});
	on($("detail"), "pointermove", (_, event) => {
		$("detail").title = page.boxAt(event.offsetX, event.offsetY)?.text ?? "";
		if (event.buttons)
			page.goto(page.stepAt(event.offsetX, event.offsetY, false));
	});
	on(window, "hashchange", () => page.follow());
	on(window, "beforeprint", () => page.handout());
	on(window, "resize", () => page.machine && page.drawTrack());
	on(window, "dragover", (_, event) => event.preventDefault());
	on(window, "drop", (_, event) => {
		event.preventDefault();
		page.dropped(event.dataTransfer.files[0]);
	});
	on(document, "change", (_, { target }) => target.type === "file" && page.dropped(target.files[0]));
}
