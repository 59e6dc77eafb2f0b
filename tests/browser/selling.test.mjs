// A buyer finds, asks, orders and pays; the cooperative quotes, prepares, delivers: in French on a laptop, in Arabic on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, fill, launch, press, readers } from "./browser.mjs";
import { complaintsAbout, listen } from "./checks.mjs";

const ROSE_WATER = "/products/e46bcc43-b451-8ef4-a723-5ed77c5cfcbc";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const [device, reader] of Object.entries(readers)) {
  test(`${device}: from the basket to the payment`, async () => {
    const buyer = await enter(browser, reader, null);
    const team = await enter(browser, reader, "coach");
    const heard = [listen(buyer), listen(team)];
    const look = async (page, what) => assert.deepEqual(await complaintsAbout(page, device), {}, what);

    // The buyer has no account.
    await buyer.goto(ROSE_WATER);
    await buyer.locator("#buy input[name=count]").first().fill("6");
    await press(buyer, "#buy button");
    await look(buyer, "the basket");
    await press(buyer, "main form[action='/basket/orders'] button[value=quote]");
    assert.equal(new URL(buyer.url()).pathname, "/basket", "a name is needed");
    const name = `Épicerie ${device}`;
    await fill(buyer, { name, buyer: "shop", phone: "0522000000", town: "Casablanca" });
    await press(buyer, "main form[action='/basket/orders'] button[value=quote]");
    const link = new URL(buyer.url()).pathname;
    assert.match(link, /^\/bought\/[0-9a-f]{64}$/);
    await look(buyer, "what was asked");

    // The cooperative quotes, at the price of shops.
    await team.goto("/sales?status=asked");
    const row = team.locator("main tbody tr", { hasText: name });
    const sale = await row.locator("a[href^='/sales/']").getAttribute("href");
    await team.goto(sale);
    await look(team, "an order that is asked for");
    assert.equal(await team.locator("input[name^='price.']").inputValue(), "32");
    await team.locator("input[name^='price.']").fill("30");
    await fill(team, { delivery: "25" });
    await press(team, "form[action$='/quotations'] button.primary");

    await buyer.goto(link);
    assert.match(await buyer.locator("main").innerText(), /205\s*MAD/);
    await look(buyer, "a quotation");
    await press(buyer, "form[action$='/acceptance'] button");

    // It is prepared from the lot that ends first, and delivered.
    await team.goto(sale);
    await look(team, "an order to prepare");
    assert.equal(await team.locator("input[name^='take.']").first().inputValue(), "6");
    await press(team, "form[action$='/preparation'] button.primary");
    await press(team, "form[action$='/delivery'] button.primary");

    // The buyer says that they paid; the cooperative says that it came.
    await buyer.goto(link);
    await buyer.locator("details:has(form[action$='/payments']) summary").click();
    await fill(buyer, { amount: "205", means: "transfer" });
    await press(buyer, "form[action$='/payments'] button:not([type=button])");
    await look(buyer, "what was paid");
    await team.goto(`${sale}#payments`);
    await press(team, "form[action$='/receipt'] button");
    assert.equal(await team.locator("form[action$='/receipt']").count(), 0);
    await look(team, "an order that is paid");
    await buyer.goto(link);
    assert.equal(await buyer.locator("main .chip.good").count() >= 1, true, "delivered and paid");
    assert.deepEqual(heard.flat(), []);
    await buyer.context().close();
    await team.context().close();
  });
}
