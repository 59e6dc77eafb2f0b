// What a sponsor comes to see: the portfolio, a figure, what stands behind it, the report and its paper.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inflateSync } from "node:zlib";
import { enter, fill, launch, press, readers } from "./browser.mjs";
import { complaintsAbout, listen } from "./checks.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** How many pages a PDF has: its objects stand in the open or in compressed streams. */
function pagesOf(bytes) {
  const text = bytes.toString("latin1");
  const streams = [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body]) => {
    try {
      return inflateSync(Buffer.from(body, "latin1")).toString("latin1");
    } catch {
      return "";
    }
  });
  return [text, ...streams].join("\n").match(/\/Type\s*\/Page(?![a-zA-Z])/g)?.length ?? 0;
}

for (const [device, reader] of Object.entries(readers)) {
  test(`${device}: a sponsor goes from the portfolio to a figure, its records, the report and its paper`, async () => {
    const page = await enter(browser, reader, "partner");
    const complaints = listen(page);
    const look = async (what) => assert.deepEqual(await complaintsAbout(page, device), {}, what);

    await page.goto("/day");
    assert.ok(await page.locator("a[href='/portfolio']").count(), "the portfolio is in the navigation");
    await page.goto("/portfolio");
    assert.equal(await page.locator("html").getAttribute("dir"), reader.dir);
    await look("the portfolio");

    // A figure: whole, then by sex; few people stay hidden, and the total is told.
    const said = await page.locator("main td a[href^='/indicators/people-trained']").first().textContent();
    await press(page, "main td a[href^='/indicators/people-trained']");
    assert.equal(await page.locator(".figure b").first().textContent(), said, "the same figure everywhere");
    await fill(page, { by: "sex", and: "cooperative" });
    await press(page, "form.filters button");
    await look("a figure by sex and cooperative");
    assert.ok((await page.locator("#table tbody tr").count()) >= 3, "women, men, and what was not stated");
    assert.ok(await page.locator("#table tfoot").textContent().then((foot) => foot.includes(said)));

    // Its records: how many there are, and of nobody the name.
    await press(page, ".figure a[href*='/records']");
    await look("the records");
    assert.ok((await page.locator("main .lead").textContent()).includes(said), "as many records as the figure says");
    assert.equal(await page.locator("main .list li").count(), 0);
    assert.equal(await page.locator("main a[href^='/people/']").count(), 0);
    assert.equal(await page.locator("main .empty p").count(), 1, "a sentence says why");

    // The report that was frozen, on screen and on paper.
    await page.goto("/portfolio");
    await press(page, "main th a[href$='/impact']");
    await look("the programme's figures");
    await press(page, "main a[href$='/reports']");
    await look("the reports");
    const title = await page.locator("main .list a[href^='/reports/']").first().textContent();
    await press(page, "main .list a[href^='/reports/']");
    assert.ok((await page.locator("main h1").first().textContent()).includes(title));
    assert.equal(await page.locator("#freeze, #add, a[href$='/edit']").count(), 0, "a sponsor reads and changes nothing");
    await look("the report");
    const paper = await page.request.get(await page.locator("a[href$='/pdf']").first().getAttribute("href"));
    assert.equal(paper.headers()["content-type"], "application/pdf");
    const bytes = await paper.body();
    assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
    assert.ok(pagesOf(bytes) >= 3, `${pagesOf(bytes)} pages`);
    // The description of the document is in the open, for whoever files it.
    assert.ok(bytes.toString("utf8").includes(title), "the paper bears the title of the report");
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
}
