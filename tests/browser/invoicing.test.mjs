// An order is delivered and invoiced, the buyer takes the invoice away, and a broken bottle is taken back: in French on a laptop,
// in Arabic on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, fill, launch, press, readers } from "./browser.mjs";
import { complaintsAbout, listen } from "./checks.mjs";

const ROSE_WATER = "/products/e46bcc43-b451-8ef4-a723-5ed77c5cfcbc";
/** The total of four bottles, and of what is left after one came back, in words. */
const WORDS = {
  fr: ["cent quatre-vingts dirhams", "quarante-cinq dirhams"],
  ar: ["مائة وثمانون درهما", "خمسة وأربعون درهما"],
};

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const [device, reader] of Object.entries(readers)) {
  test(`${device}: from the delivery to the invoice and the credit note`, async () => {
    const buyer = await enter(browser, reader, null);
    const team = await enter(browser, reader, "coach");
    const heard = [listen(buyer), listen(team)];
    const look = async (page, what) => assert.deepEqual(await complaintsAbout(page, device), {}, what);

    await buyer.goto(ROSE_WATER);
    await buyer.locator("#buy input[name=count]").first().fill("4");
    await press(buyer, "#buy button");
    const name = `Facturée ${device}`;
    await fill(buyer, { name, buyer: "individual", phone: "0522000000", town: "Casablanca" });
    await press(buyer, "main form[action='/basket/orders'] button[value=order]");
    const link = new URL(buyer.url()).pathname;
    assert.match(link, /^\/bought\/[0-9a-f]{64}$/);

    await team.goto("/sales?status=ordered");
    const sale = await team.locator("main tbody tr", { hasText: name }).locator("a[href^='/sales/']").getAttribute("href");
    await team.goto(sale);
    await press(team, "form[action$='/preparation'] button.primary");
    await press(team, "form[action$='/delivery'] button.primary");
    await look(team, "a delivered order without an invoice");

    // What will be frozen is read first; a day that is past is refused at its field.
    await press(team, "#invoices a[href$='/invoice']");
    await look(team, "the preview of an invoice");
    await fill(team, { due: "2020-01-01" });
    await press(team, "button[value=preview]");
    assert.equal(await team.locator(".errors").count(), 1);
    assert.equal(await team.locator("button[value=issue]").count(), 0);
    await look(team, "a refused preview");
    await team.goto(`${sale}/invoice`);
    await press(team, "button[value=issue]");
    const invoice = new URL(team.url()).pathname;
    assert.match(invoice, /^\/invoices\/[0-9a-f-]{36}$/);
    assert.ok((await team.locator("main").innerText()).includes(WORDS[reader.lang][0]));
    await look(team, "an invoice");

    // The buyer finds it by the link, reads it, and takes it away.
    await buyer.goto(link);
    await look(buyer, "an order with its invoice");
    await press(buyer, "#invoices .what a");
    assert.ok((await buyer.locator("main").innerText()).includes(WORDS[reader.lang][0]));
    await look(buyer, "an invoice for its buyer");
    const own = new URL(buyer.url()).pathname;
    const file = async (page, path) => page.context().request.get(path);
    const pdf = await file(buyer, `${own}/pdf?in=${reader.lang}`);
    assert.equal(pdf.status(), 200);
    assert.ok((await pdf.body()).subarray(0, 5).equals(Buffer.from("%PDF-")));
    assert.match(await (await file(buyer, `${own}/ubl`)).text(), /urn:cen\.eu:en16931:2017/);

    // One bottle came back broken.
    await press(team, "a[href$='/credit']");
    await look(team, "the form of a credit note");
    await fill(team, { reason: "Un flacon cassé", "count.0": "9" });
    await press(team, "main form button.primary");
    assert.equal(await team.locator(".errors").count(), 1, "more than there is");
    await look(team, "a refused credit note");
    await fill(team, { "count.0": "1" });
    await press(team, "main form button.primary");
    assert.ok((await team.locator("main").innerText()).includes(WORDS[reader.lang][1]));
    await look(team, "a credit note");
    await buyer.goto(link);
    assert.equal(await buyer.locator("#invoices .what a").count(), 2, "the buyer reads both");

    // The list, the register, and what invoices say.
    await team.goto("/invoices");
    await look(team, "the list of invoices");
    const register = await file(team, await team.locator("a[href^='/invoices/export/']").getAttribute("href"));
    assert.ok((await register.body()).subarray(0, 2).equals(Buffer.from("PK")));
    assert.deepEqual(heard.flat().filter((line) => !line.includes("422")), [], "but for the mistakes that were made on purpose");
    await buyer.context().close();
    await team.context().close();
  });
}
