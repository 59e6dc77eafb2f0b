// Every page, in French on a laptop and in Arabic on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, launch, readers, visit } from "./browser.mjs";
import { complaintsAbout, listen } from "./checks.mjs";
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
          assert.equal(answer.status(), entry.status ?? 200);
          const html = page.locator("html");
          assert.deepEqual([await html.getAttribute("lang"), await html.getAttribute("dir")], [reader.lang, reader.dir]);
          assert.deepEqual(await complaintsAbout(page, device), {});
          // The browser itself tells of an answer that is meant to be a refusal.
          assert.deepEqual(complaints.filter((said) => !entry.status || !said.includes(String(entry.status))), []);
        });
      }
      await page.context().close();
    });
  }
}
