// A pooled order from the buyer's demand to the statement: in French on a laptop, in Arabic on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, launch, readers } from "./browser.mjs";
import { complaintsAbout, listen } from "./checks.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A day so many days from today. */
const day = (from) => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);

for (const [device, reader] of Object.entries(readers)) {
  test(`${device}: an order is written, pledged, shared, collected and settled`, async () => {
    const mark = `Acheteur ${device}`;
    const people = {};
    for (const role of ["manager", "coach", "representative"]) {
      const page = await enter(browser, reader, role);
      people[role] = { page, complaints: listen(page) };
    }
    const { manager, coach, representative } = Object.fromEntries(Object.entries(people).map(([role, { page }]) => [role, page]));
    const press = async (page, selector) => {
      await page.locator(selector).first().click();
      await page.waitForLoadState();
    };
    const look = async (page, what) => assert.deepEqual(await complaintsAbout(page, device), {}, what);

    // The lead writes down what the buyer wants, with a mistake, and opens the call.
    await manager.goto("/pooled-orders");
    await look(manager, "the list of orders");
    await press(manager, "main a[href^='/pooled-orders/']");
    const lead = new URL(await manager.locator(".crumbs a").first().getAttribute("href"), manager.url()).pathname;
    await manager.goto(`${lead}/pooled-orders/new`);
    const typed = { buyer: mark, country: "Belgique", "product.fr": `Eau de rose ${device}`, "product.ar": `ماء الورد ${device}`, pack: "250", packs: "100", tolerance: "50", second_grade: "80", price: "3,10", place: "Ouarzazate", deliver: day(40), closes: day(10) };
    for (const [name, value] of Object.entries(typed)) await manager.fill(`[name='${name}']`, value);
    const chosen = { unit: "ml", "price.currency": "EUR", incoterm: "FCA", mode: "lead", rule: "pledge" };
    for (const [name, value] of Object.entries(chosen)) await choose(manager, name, value);
    await press(manager, "main form button.primary");
    assert.equal(await manager.locator(".errors").count(), 1, "a country is two letters");
    await look(manager, "a form with a mistake");
    await manager.fill("[name=country]", "BE");
    await press(manager, "main form button.primary");
    await manager.goto("/pooled-orders");
    await press(manager, `main li:has-text("${mark}") a`);
    const order = new URL(manager.url()).pathname;
    await look(manager, "an order being prepared");
    await press(manager, "form[action$='/opening'] button");
    assert.ok((await manager.locator("#call tbody tr").count()) >= 9, "the members of the grouping are invited");
    await look(manager, "an order that is open");

    // A cooperative pledges by itself; for another a coach writes down what it said on the telephone.
    await representative.goto("/pooled-orders");
    await press(representative, `main li:has-text("${device === "phone" ? "ماء الورد" : "Eau de rose"} ${device}") a`);
    const mine = new URL(representative.url()).pathname;
    await press(representative, "a[href*='/pooled-pledges/new']");
    await representative.fill("[name=most]", "60");
    await representative.fill("[name=ready]", day(30));
    await choose(representative, "how", "own");
    await look(representative, "the form of a pledge");
    await press(representative, "main form button.primary");
    assert.equal(new URL(representative.url()).pathname, mine);
    await look(representative, "the part of a cooperative");
    await manager.reload();
    const other = await manager.locator("#call td a[href^='/pooled-parts/']").evaluateAll((links, mine) => links.map((link) => link.getAttribute("href")).filter((href) => href !== mine)[0], mine);
    await coach.goto(`${other}/pooled-pledges/new`);
    await coach.fill("[name=most]", "40");
    await coach.fill("[name=ready]", day(30));
    await choose(coach, "how", "phone");
    await press(coach, "main form button.primary");
    assert.match(await coach.locator("main").innerText(), /Hanane Benali/, "who wrote it stands there");

    // Shared, accepted, confirmed.
    await manager.goto(order);
    await press(manager, "form[action$='/allocation'] button");
    await look(manager, "an order that is shared");
    await representative.goto(mine);
    await look(representative, "a share that asks for an answer");
    await press(representative, "#answer button[value=accepted]");
    await coach.goto(other);
    await press(coach, "#answer button[value=accepted]");
    await manager.goto(order);
    await press(manager, "form[action$='/confirmation'] button");

    // Collected from a lot; the other one brings nothing.
    await press(manager, "a[href*='/pooled-receptions/new']");
    await choose(manager, "part", mine.split("/").pop());
    const lot = await manager.locator("[name=lot] option", { hasText: "EDR-26-A" }).first().getAttribute("value");
    await choose(manager, "lot", lot);
    for (const [name, value] of Object.entries({ day: day(0), brought: "60", accepted: "58", note: "2 flacons fêlés" })) await manager.fill(`[name=${name}]`, value);
    await choose(manager, "grade", "first");
    await look(manager, "the form of a reception");
    await press(manager, "main form button.primary");
    await press(manager, `form[action='${other}/closing'] button`);
    await look(manager, "an order that is collected");

    // What was accepted goes into boxes, and no more; their papers name the cooperative.
    await press(manager, "#shipment a[href$='/shipment']");
    await look(manager, "a shipment without packages");
    await press(manager, ".actions a[href$='/packages/new']");
    await manager.locator("input[name^='hold.']").first().fill("59");
    await manager.fill("[name=net]", "14500");
    await manager.fill("[name=gross]", "26000");
    await press(manager, "main form button.primary");
    assert.equal(await manager.locator(".errors").count(), 1, "more than was accepted");
    await look(manager, "a refused package");
    await manager.locator("input[name^='hold.']").first().fill("58");
    await press(manager, "main form button.primary");
    assert.equal(await manager.locator("#packages tbody tr").count(), 1);
    assert.equal(await manager.locator("#over").count(), 0);
    await look(manager, "a shipment of a pooled order");
    for (const paper of ["packing-list", "delivery-note", "origin-data"]) {
      const pdf = await manager.context().request.get(`${order}/${paper}?in=${reader.lang}`);
      assert.equal(pdf.status(), 200);
      assert.ok((await pdf.body()).subarray(0, 5).equals(Buffer.from("%PDF-")), paper);
    }

    // Paid, worked out, signed by two, and the cooperative reads its statement.
    await manager.goto(`${order}/pooled-receipts/new`);
    for (const [name, value] of Object.entries({ day: day(0), amount: "179,80", credited: "1 931,05" })) await manager.fill(`[name=${name}]`, value);
    await choose(manager, "amount.currency", "EUR");
    await press(manager, "main form button.primary");
    await press(manager, "#settlement form[action$='/settlement'] button");
    await look(manager, "a settlement that one has signed");
    await coach.goto(order);
    await press(coach, "form[action$='/signature'] button");
    await look(coach, "an order that is settled");
    await representative.goto(mine);
    await press(representative, "a[href$='/statement']");
    assert.match((await representative.locator("main").innerText()).replace(/[\u2066-\u2069\u00a0\u202f.\s]/g, ""), /1931,05/, "to the centime");
    await look(representative, "the statement");
    for (const { complaints } of Object.values(people)) assert.deepEqual(complaints.filter((line) => !line.includes("422")), [], "but for the mistake that was made on purpose");
  });
}

/** Chooses a value, whether it is a list or buttons. */
async function choose(page, name, value) {
  const list = page.locator(`select[name='${name}']`);
  if (await list.count()) await list.selectOption(value);
  else await page.locator(`input[name='${name}'][value='${value}']`).check();
}
