// browser.mjs - headless Chromium over a pipe, without any package.

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync",
	"--remote-debugging-pipe", "about:blank"];
const HANG_MS = 900000;
const VIRTUAL = { ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Home: 36, End: 35,
	PageUp: 33, PageDown: 34, Enter: 13, Tab: 9, Escape: 27, " ": 32 };

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function findChromium() {
	const folders = (process.env.PATH ?? "").split(":");
	return ["chromium", "chromium-browser", "google-chrome"].flatMap((name) =>
		folders.map((folder) => path.join(folder, name))).find((file) => fs.existsSync(file));
}

export class Browser {
	errors = [];	// exceptions and console errors of the page
	#replies = new Map();
	#number = 0;

	static async open(url, { width = 1440, height = 1000, throttle = 1 } = {}) {
		const browser = new Browser();
		await browser.#start(width, height, throttle);
		await browser.load(url);
		return browser;
	}

	async #start(width, height, throttle) {
		this.profile = fs.mkdtempSync(path.join(os.tmpdir(), "page-test-"));
		this.child = spawn(findChromium(), [...FLAGS, `--user-data-dir=${this.profile}`],
			{ stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
		this.hang = setTimeout(() => this.child.kill("SIGKILL"), HANG_MS);
		let rest = "";
		this.child.stdio[4].on("data", (data) => {
			const messages = (rest + data).split("\0");
			rest = messages.pop();
			messages.forEach((text) => this.#receive(JSON.parse(text)));
		});
		const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
		const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
		this.session = sessionId;
		for (const domain of ["Runtime", "Page", "Log", "Performance"])
			await this.send(domain + ".enable");
		await this.size(width, height);
		await this.send("Emulation.setCPUThrottlingRate", { rate: throttle });
	}

	#receive(message) {
		if (message.id)
			this.#replies.get(message.id)?.(message.result ?? message.error);
		else if (message.method === "Runtime.exceptionThrown")
			this.errors.push(message.params.exceptionDetails.exception?.description ?? "exception");
		else if (message.method === "Log.entryAdded" && message.params.entry.level === "error")
			this.errors.push(message.params.entry.text);
	}

	send(method, params = {}) {
		const id = ++this.#number;
		this.child.stdio[3].write(JSON.stringify({ id, method, params,
			...(this.session ? { sessionId: this.session } : {}) }) + "\0");
		return new Promise((done) => this.#replies.set(id, done));
	}

	size(width, height) {
		return this.send("Emulation.setDeviceMetricsOverride",
			{ width, height, deviceScaleFactor: 1, mobile: width < 500 });
	}

	// Loads the page and waits until its PC has booted.
	async load(url) {
		await this.send("Page.navigate", { url: "about:blank" });
		await this.send("Page.navigate", { url });
		await this.booted();
	}

	async booted() {
		for (let i = 0; i < 3000 && !this.errors.length; i++) {
			if (await this.run("Boolean(document.documentElement?.dataset.ready)") === true)
				return;
			await sleep(100);
		}
		throw new Error("the page's PC did not boot: " + this.errors.join());
	}

	async run(expression) {
		const { result, exceptionDetails } = await this.send("Runtime.evaluate",
			{ expression, returnByValue: true, awaitPromise: true });
		if (exceptionDetails)
			throw new Error(exceptionDetails.exception?.description ?? expression);
		return result.value;
	}

	text(selector) {
		return this.run(`document.querySelector(${JSON.stringify(selector)}).textContent`);
	}

	async press(key) {
		const letter = key.length === 1;
		const common = { key, code: key === " " ? "Space" : letter ? "Key" + key.toUpperCase() : key,
			windowsVirtualKeyCode: VIRTUAL[key] ?? key.toUpperCase().charCodeAt(0) };
		await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...common,
			...(letter ? { text: key } : key === "Enter" ? { text: "\r" } : {}) });
		await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...common });
	}

	async click(selector) {
		const { x, y } = await this.run(`(() => { const element = document.querySelector(
			${JSON.stringify(selector)}); element.scrollIntoView({ block: "center" });
			const box = element.getBoundingClientRect();
			return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()`);
		for (const type of ["mousePressed", "mouseReleased"])
			await this.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1,
				buttons: type === "mousePressed" ? 1 : 0 });
	}

	async picture(file) {
		const { data } = await this.send("Page.captureScreenshot", { format: "png" });
		fs.writeFileSync(file, Buffer.from(data, "base64"));
	}

	async close() {
		const ended = new Promise((done) => this.child.once("exit", done));
		this.send("Browser.close");
		await Promise.race([ended, sleep(5000)]);
		this.child.kill("SIGKILL");
		await Promise.race([ended, sleep(5000)]);
		clearTimeout(this.hang);
		fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
	}
}
