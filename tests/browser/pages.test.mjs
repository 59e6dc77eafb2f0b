// Every page, in French on a laptop and in Arabic on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, launch, readers, visit } from "./browser.mjs";
import { axe, contrast, contrastInTheDark, listen, noSidewaysScroll, targets } from "./checks.mjs";
import { nameOf, pages } from "./pages.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const [device, reader] of Object.entries(readers)) {
  for (const role of new Set(pages.map((page) => page.role))) {
    test(`${device}, ${role ?? "visitor"}`, async (t) => {
      const page = await enter(browser, reader, role);
      const complaints = listen(page);
      for (const entry of pages.filter((entry) => entry.role === role)) {
        await t.test(nameOf(entry), async () => {
          complaints.length = 0;
          const answer = await visit(page, entry);
          assert.equal(answer.status(), 200);
          const html = page.locator("html");
          assert.deepEqual([await html.getAttribute("lang"), await html.getAttribute("dir")], [reader.lang, reader.dir]);
          const checks = { noSidewaysScroll, contrast, contrastInTheDark, axe, ...(device === "phone" && { targets }) };
          const found = { browser: [...complaints] };
          for (const [name, check] of Object.entries(checks)) found[name] = await check(page);
          assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length)), {});
        });
      }
      await page.context().close();
    });
  }
}
