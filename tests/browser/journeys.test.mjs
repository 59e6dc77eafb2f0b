// What people come to do, from the first visit to the map: in French on a laptop, in Arabic on a phone, and without a script.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, launch, readers } from "./browser.mjs";
import { complaintsAbout, listen } from "./checks.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** 22 invented cooperatives; the first two are known already under another spelling. */
const list = (mark) => {
  const communes = ["08.577.01.05", "08.401.01.09", "08.587.01.13", "08.577.05.21", "08.401.03.15", "07.351.02.01"];
  const known = ["تعاونية تينيري ن دادس;08.577.01.05;34;31;", "Coop. Asays Taznakhte;08.401.01.09;46;44;"];
  const fresh = Array.from({ length: 20 }, (_, n) => `Coopérative ${mark}${"abcdefghijklmnopqrst"[n]}ouz;${communes[n % 6]};${10 + n};${5 + n};06 61 5${mark.length} ${String(10 + n)} 00`);
  return `Liste fictive\n\nNom de la coopérative;Commune;Nb adhérents;dont femmes;Tél\n${[...known, ...fresh].join("\n")}\n`;
};

for (const [device, reader] of Object.entries(readers)) {
  for (const javaScriptEnabled of [true, false]) {
    test(`${device}${javaScriptEnabled ? "" : ", no script"}: from a list to the map and the overlaps`, async () => {
      const mark = `${device}${javaScriptEnabled ? "s" : "n"}`;
      const page = await enter(browser, reader, "administrator", { javaScriptEnabled });
      const complaints = javaScriptEnabled ? listen(page) : [];
      const press = async (selector) => {
        await page.locator(selector).first().click();
        await page.waitForLoadState();
      };

      const look = async (what) => {
        if (javaScriptEnabled) assert.deepEqual(await complaintsAbout(page, device), {}, what);
      };

      // Import 22 cooperatives.
      await page.goto("/imports");
      await page.setInputFiles("input[type=file]", { name: "liste.csv", mimeType: "text/csv", buffer: Buffer.from(list(mark), "utf8") });
      await press("main form:has(input[type=file]) button");
      await look("the columns of the list");
      await press("form[action$='/mapping'] button.primary");
      await settled(page);
      await look("what was found in the list");
      // Two look known: the first is the same, the second is another.
      await page.goto(`${page.url().split("?")[0]}?list=maybe`);
      assert.ok((await page.locator("form[action$='/decisions'] fieldset").count()) >= 2, "two are thought to be known");
      await look("those that look known");
      await decide(page);
      await press("form[action$='/apply'] button");
      await settled(page);
      await look("what became of the list");
      await page.goto(`/organisations?q=${mark}`);
      assert.ok((await page.locator("main tbody tr").count()) >= 20, "the new ones are registered");

      // Open a programme, with a partner, a convention and a contribution.
      await page.goto("/programmes/new");
      await page.fill("[name='name.fr']", `Programme ${mark}`);
      await page.fill("[name='name.ar']", `برنامج ${mark}`);
      await page.fill("[name=territory]", "Tinghir ; Ouarzazate");
      await page.fill("[name=since]", "2026-01-01");
      await page.fill("[name=until]", "2027-12-31");
      await page.selectOption("[name=status]", "running");
      await press("main form button.primary");
      const programme = new URL(page.url()).pathname;
      assert.match(programme, /^\/programmes\/[0-9a-f-]{36}$/);
      await page.goto(`${programme}/partners/new`);
      await page.selectOption("[name=organisation]", { index: 1 });
      await page.selectOption("[name=role]", "funder");
      await press("main form button.primary");
      await page.goto(`${programme}/conventions/new`);
      await page.fill("[name='title.fr']", "Convention de Tinghir");
      await press("main form button.primary");
      await press("#conventions a[href^='/conventions/']");
      await press("a[href$='/contributions/new']");
      await page.selectOption("[name=organisation]", { index: 1 });
      await page.selectOption("[name=nature]", "cash");
      await page.fill("[name=promised]", "beaucoup");
      await press("main form button.primary");
      assert.equal(await page.locator(".errors").count(), 1, "an amount that is none is refused with a sentence");
      await look("a form with a mistake");
      await page.fill("[name=promised]", "120 000,50");
      await press("main form button.primary");
      assert.equal(await page.locator("main tbody tr").count(), 1);

      // Enrol, see the board and the map.
      await page.goto(`${programme}/promotions/new`);
      await page.fill("[name='name.fr']", "Promotion 1");
      await page.fill("[name=since]", "2026-02-01");
      await press("main form button.primary");
      await page.goto(`${programme}/enrol?q=${mark}`);
      const boxes = page.locator("[name=organisation]");
      for (let n = 0; n < 6; n++) await boxes.nth(n).check();
      await press("main form[method=post] button.primary");
      assert.equal(await page.locator(".board article").count(), 6);
      await look("the board");
      await page.goto(programme);
      assert.ok((await page.locator("figure.map svg a").count()) >= 2, "the map shows where they are");
      assert.equal(await page.locator("figure.map svg").getAttribute("dir") === "rtl", false, "a map is never mirrored");

      // The overlaps of the demonstration.
      await page.goto("/convergence");
      assert.ok((await page.locator("#overlaps li").count()) >= 2);
      assert.ok((await page.locator("#gaps tbody tr").count()) > 0);
      // The browser itself tells of the refusal that was provoked above.
      assert.deepEqual(complaints.filter((said) => !said.includes("422")), []);
      await page.context().close();
    });
  }
}

/** Waits until the work in the background is done; without a script the page is asked again. */
async function settled(page) {
  for (let n = 0; n < 60; n++) {
    await page.waitForTimeout(500);
    await page.goto(page.url());
    if (!(await page.locator("progress").count())) return;
  }
  assert.fail("the work never ended");
}

/** The first row that looks known is the same, every other one is new; page after page until nothing waits. */
async function decide(page) {
  const home = page.url();
  for (let round = 0; round < 5; round++) {
    await page.goto(`${home.split("?")[0]}?list=maybe`);
    const rows = page.locator("form[action$='/decisions'] fieldset");
    const waiting = await rows.count();
    if (!waiting || !(await page.locator(".note.wait").count())) break;
    for (let n = 0; n < waiting; n++) {
      const same = round === 0 && n === 0;
      await rows.nth(n).locator(same ? "input[value^='same:']" : "input[value=new]").first().check();
    }
    await page.locator("form[action$='/decisions']:has(fieldset) button.primary").click();
    await page.waitForLoadState();
  }
}
