// screenshot.mjs FILE.png - the page at one moment, for the README.

import { Browser, sleep } from "./browser.mjs";
import { PAGE } from "./parts.mjs";

const browser = await Browser.open("file://" + PAGE, { width: 1280, height: 1010 });
await browser.run("page.goto(page.journey.step('page_tables_build.page*3') + 1); page.openPane('memory'); scrollTo(0, 0)");
await browser.run("document.activeElement.blur()");
await sleep(300);
await browser.picture(process.argv[2]);
await browser.close();
