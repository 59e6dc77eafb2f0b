// At the souk without a network: what is sold is counted with the thumb, added up, and arrives as a sale.

import assert from "node:assert/strict";
import { after, before as first, test } from "node:test";
import { demo, launch, open, readers, signIn } from "./browser.mjs";
import { complaintsAbout } from "./checks.mjs";
import { before } from "./field-house.mjs";
import { asked, at, chip, go, hash, prepare } from "./phone.mjs";

let browser;
let house;
first(async () => {
  browser = await launch();
  house = await before(demo.address);
});
after(async () => {
  await browser.close();
  await house.close();
});

for (const [name, reader, place, jar] of [
  ["Arabic", readers.phone, "سوق قلعة مكونة", "ماء"],
  ["French", { ...readers.phone, lang: "fr", device: { ...readers.phone.device, locale: "fr-FR" } }, "Souk de Kelâat M’Gouna", "Eau de rose"],
]) {
  test(`${name}: a sale at the souk`, { timeout: 180_000 }, async () => {
    const context = await open(browser, reader, { baseURL: house.address });
    const page = await context.newPage();
    const look = async (what) => {
      await page.evaluate(() => scrollTo(0, 0));
      assert.deepEqual(await complaintsAbout(page, "phone"), {}, what);
    };
    await page.goto(`/field/?lang=${reader.lang}`);
    // Whoever leaves before the words came has not chosen a language yet.
    await page.waitForFunction((lang) => localStorage.getItem("tiwizi_lang") === lang, reader.lang);
    await prepare(page, "coach");
    house.deaf = true;
    await go(page, "#/cooperatives");
    await page.locator("main a.row", { hasText: /Tiniri|تينيري/ }).click();
    await page.locator("a[href$='/sale']").click();
    await page.locator(".offered", { hasText: jar }).first().waitFor();
    const cooperative = hash(page).replace("/sale", "");
    await page.locator(".foot .primary").click();
    assert.equal(await page.locator(".error:not(:empty)").count(), 2, "what is sold and where are asked for");
    await look("a sale that says nothing");

    const article = page.locator(".offered", { hasText: jar }).first();
    for (let i = 0; i < 3; i++) await article.locator(".step").last().click();
    await article.locator(".step").first().click();
    await article.locator(".each").fill("30,50");
    await page.fill("[name=place]", place);
    assert.match(await page.locator(".foot strong").innerText(), /61/, "two at 30.50");
    assert.equal(await page.locator("[data-error=count]").innerText(), "", "what was missing is there");
    const currency = await page.locator(".steps .more").first().boundingBox();
    assert.ok(currency.height < currency.width, "the currency stands on one line");
    await look("a sale");
    await page.locator(".foot .primary").click();
    await at(page, /^#\/c\/[^/]+$/);
    assert.match(await page.locator("main").innerText(), /61/, "sold today");
    await look("a cooperative that sold");
    await chip(page, "wait").waitFor();
    // The next customer: the place is still there, what the first one took is not.
    await go(page, `${cooperative}/sale`);
    assert.equal(await page.inputValue("[name=place]"), place);
    assert.equal(await article.locator(".count").inputValue(), "");

    house.deaf = false;
    await go(page, "#/waiting");
    await page.locator("main .primary").click();
    await chip(page, "good")
      .waitFor({ timeout: 15_000 })
      .catch(async () => assert.fail(await page.locator("main").innerText()));
    await go(page, cooperative);
    assert.match(await page.locator("main").innerText(), /61/, "what was sent is still sold today");

    const desk = await (await open(browser, reader, { baseURL: demo.address })).newPage();
    await signIn(desk, "coach");
    const sales = await asked(desk, "/sales?status=delivered");
    const sale = sales.orders.find((order) => order.name === place);
    assert.deepEqual(sale.total, { minor: 6100, currency: "MAD" });
    const told = await asked(desk, `/sales/${sale.id}`);
    assert.ok(told.spot && told.order.due.minor === 0, "it is paid in cash");
    await desk.context().close();
    await context.close();
  });
}
