// Pictures of the pages: `node screenshots.mjs FOLDER`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { enter, launch, readers, visit } from "./browser.mjs";
import { nameOf, pages } from "./pages.mjs";

const folder = process.argv[2];
await mkdir(folder, { recursive: true });
const browser = await launch();
for (const lang of ["fr", "ar"]) {
  for (const { device } of Object.values(readers)) {
    for (const role of new Set(pages.map((page) => page.role))) {
      const page = await enter(browser, { lang, device }, role);
      for (const entry of pages.filter((entry) => entry.role === role)) {
        await visit(page, entry);
        const name = nameOf(entry).replace(/[^a-z]+/g, "-").replace(/^-/, "");
        await page.screenshot({ path: join(folder, `${name}-${lang}-${device.viewport.width}.png`), fullPage: true });
      }
      await page.context().close();
    }
  }
}
await browser.close();
console.log(folder);
