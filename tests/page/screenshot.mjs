// screenshot.mjs FILE.png - the page at one moment, for the README.

import { Browser, sleep } from "./browser.mjs";
import { PAGE } from "./parts.mjs";

const browser = await Browser.open("file://" + PAGE, { width: 1280, height: 1180 });
// the third range of memory that the BIOS is asked for, and a question
await browser.run("page.goto(page.record.biosCalls().filter(({ before }) => (before.ax & 0xFFFF) === 0xE820)[2].step)");
await browser.run("page.ask(0xB8000, 1)");
await browser.run("document.activeElement.blur()");
await sleep(300);
await browser.picture(process.argv[2]);
await browser.close();
