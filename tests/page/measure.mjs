// measure.mjs - what a step costs: milliseconds, which are only told, and instructions
// that are executed for it, which are the same on every host.

const WORK = `(() => {
	const engine = page.machine.engine, run = engine._pc_run;
	window.work = 0;
	engine._pc_run = (until) => {
		const from = engine._pc_steps(), found = run(until);
		window.work += engine._pc_steps() - from;
		return found;
	};
})()`;

export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

// {ms, work}: a JavaScript expression in the page
export async function cost(browser, expression) {
	if (await browser.run("typeof work") === "undefined")
		await browser.run(WORK);
	return browser.run(`(() => { const before = work, start = performance.now(); ${expression};
		return { ms: performance.now() - start, work: work - before }; })()`);
}

// {forward: {ms, work}, back: {ms, work}}: medians of so many steps, back and forth, at
// one of a CPU's `throttle` speeds
export async function steps(browser, count, throttle = 1) {
	await browser.send("Emulation.setCPUThrottlingRate", { rate: throttle });
	const costs = { forward: [], back: [] };
	for (let i = 0; i < count; i++)
		for (const [name, direction] of [["forward", 1], ["back", -1]])
			costs[name].push(await cost(browser, `page.move(${direction})`));
	await browser.send("Emulation.setCPUThrottlingRate", { rate: 1 });
	return Object.fromEntries(Object.entries(costs).map(([name, all]) => [name,
		{ ms: median(all.map(({ ms }) => ms)), work: median(all.map(({ work }) => work)) }]));
}

// Bytes that the page's JavaScript and its engine hold
export async function held(browser) {
	const { usedSize } = await browser.send("Runtime.getHeapUsage");
	return usedSize + await browser.run("page.machine.engine.HEAPU8.length + page.machine.snapshots.reduce(" +
		"(sum, { pages }) => sum + pages.size * 4096, 0)");
}
