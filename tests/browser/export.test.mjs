// What a product still needs for a destination is read, then an order for France is packed and its papers are taken away: in
// French on a laptop, in Arabic on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, fill, launch, press, readers } from "./browser.mjs";
import { complaintsAbout, listen } from "./checks.mjs";

const ROSE_WATER = "/products/e46bcc43-b451-8ef4-a723-5ed77c5cfcbc";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const [device, reader] of Object.entries(readers)) {
  test(`${device}: from what is missing to the boxes`, async () => {
    const buyer = await enter(browser, reader, null);
    const team = await enter(browser, reader, "coach");
    const heard = [listen(buyer), listen(team)];
    const look = async (page, what) => assert.deepEqual(await complaintsAbout(page, device), {}, what);

    // One paper waits to be verified; the rest for France is there.
    await team.goto(ROSE_WATER);
    await press(team, "#export a[href$='to=FR']");
    assert.equal(await team.locator("#waiting li").count(), 1);
    assert.equal(await team.locator("#missing").count(), 0);
    assert.ok((await team.locator("#depends li").count()) > 0, "without a value it cannot be said how origin is told");
    await look(team, "a product that is nearly ready");
    await fill(team, { value: "4500" });
    await press(team, "form.filters button");
    assert.equal(await team.locator("#depends").count(), 0);
    assert.equal(await team.locator("#know #rule-origin_small").count(), 1);
    await fill(team, { to: "US", way: "parcel", value: "beaucoup" });
    await press(team, "form.filters button");
    assert.equal(await team.locator(".errors").count(), 1, "that is no number");
    await look(team, "a refused question");

    // An order for France, prepared and packed.
    await buyer.goto(ROSE_WATER);
    await buyer.locator("#buy input[name=count]").first().fill("6");
    await press(buyer, "#buy button");
    const name = `Emballée ${device}`;
    await fill(buyer, { name, buyer: "individual", phone: "0522000000", country: "FR", town: "Lyon" });
    await press(buyer, "main form[action='/basket/orders'] button[value=order]");
    await team.goto("/sales?status=ordered");
    const sale = await team.locator("main tbody tr", { hasText: name }).locator("a[href^='/sales/']").getAttribute("href");
    await team.goto(`${sale}/shipment`);
    assert.equal(await team.locator("#packages").count(), 0, "nothing is packed before it is prepared");
    await look(team, "an order that was not prepared");
    await team.goto(sale);
    await press(team, "form[action$='/preparation'] button.primary");
    await press(team, "#shipment a[href$='/shipment']");
    await look(team, "a shipment without packages");
    await press(team, ".actions a[href$='/packages/new']");
    await look(team, "the form of a package");
    await team.locator("input[name^='hold.']").first().fill("7");
    await fill(team, { net: "1750", gross: "2400" });
    await press(team, "main form button.primary");
    assert.equal(await team.locator(".errors").count(), 1, "more than was prepared");
    await look(team, "a refused package");
    await team.locator("input[name^='hold.']").first().fill("6");
    await press(team, "main form button.primary");
    assert.equal(await team.locator("#packages tbody tr").count(), 1);
    await look(team, "a shipment with its package");
    for (const paper of ["packing-list", "delivery-note", "origin-data"]) {
      const pdf = await team.context().request.get(`${sale}/${paper}?in=${reader.lang}`);
      assert.equal(pdf.status(), 200);
      assert.ok((await pdf.body()).subarray(0, 5).equals(Buffer.from("%PDF-")), paper);
    }

    // The number that customs gave stays with the order.
    await press(team, "a[href$='/export-papers/new']");
    await fill(team, { kind: "dum", number: "DUM-77", dated: "2026-11-02" });
    await press(team, "main form button.primary");
    assert.ok((await team.locator("#papers").innerText()).includes("DUM-77"));
    await look(team, "a shipment with its papers");
    assert.deepEqual(heard.flat().filter((line) => !line.includes("422")), [], "but for the mistakes that were made on purpose");
    await buyer.context().close();
    await team.context().close();
  });
}
