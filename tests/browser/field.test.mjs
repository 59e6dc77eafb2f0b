// A day in the village: prepared in town, worked without a network, sent on the way back. In French and in Arabic.

import assert from "node:assert/strict";
import { after, before as first, test } from "node:test";
import { demo, launch, open, readers, signIn } from "./browser.mjs";
import { complaintsAbout, listen } from "./checks.mjs";
import { before } from "./field-house.mjs";
import { PIN, asked, chip, diagnose, go, hash, photo, unlock, visit } from "./phone.mjs";

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

const leaves = (page, from) => page.waitForFunction((from) => location.hash !== from, from);

for (const [name, reader] of Object.entries({
  phone: readers.phone,
  small: { ...readers.phone, lang: "fr", device: { ...readers.phone.device, locale: "fr-FR" } },
})) {
  test(`${name}: a day without a network`, { timeout: 240_000 }, async () => {
    const context = await open(browser, reader, { baseURL: house.address });
    const page = await context.newPage();
    const complaints = listen(page);
    const look = async (what) => assert.deepEqual(await complaintsAbout(page, "phone"), {}, what);

    // Nobody is shown anything but the way in.
    await page.goto(`/field/?lang=${reader.lang}`);
    await page.locator("a[href^='/sign-in']").waitFor();
    assert.equal(await page.locator("main .card").count(), 0);
    await look("the way in");

    // In town: a PIN of one's own, a programme, everything comes along.
    await signIn(page, "coach");
    await page.goto("/field/");
    await page.fill("[name=first]", "123456");
    await page.fill("[name=second]", "123456");
    await page.click("form .primary");
    await page.waitForFunction(() => document.querySelector("main .error").textContent.length > 5);
    await page.fill("[name=first]", PIN);
    await page.fill("[name=second]", PIN);
    await page.click("form .primary");
    await page.locator("[name=programme]").waitFor({ timeout: 30_000 });
    await look("what to take along");
    await page.click("form .primary");
    await page.waitForFunction(() => location.hash === "#/", null, { timeout: 60_000 });
    await page.locator("a.row[href^='#/s/']").first().waitFor();
    await look("the first screen");
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    const session = await page.locator("a.row[href^='#/s/']").first().getAttribute("href");

    await context.setOffline(true);
    house.deaf = true;
    complaints.length = 0;

    // A roll-call: all but one, and somebody at the door.
    await go(page, session);
    const halves = await page.locator(`a.row[href^='${session}/']`).all();
    const half = halves.length ? await halves[0].getAttribute("href") : `${session}/x`;
    if (halves.length) await go(page, half);
    const list = hash(page);
    await page.locator(".pair .btn").first().click();
    const people = await page.locator("[role=switch]").count();
    assert.ok(people > 3);
    await page.locator("[role=switch]").nth(1).click();
    await look("a roll-call");
    await page.locator("a[href$='/door']").click();
    await page.fill("[name=name]", reader.lang === "ar" ? "مينة من الباب" : "Mina de la porte");
    await page.locator("[name=sex][value=woman]").check();
    await look("somebody at the door");
    await page.click("form .primary");
    await page.waitForFunction((count) => document.querySelectorAll("[role=switch]").length === count + 1, people);
    assert.equal(await page.locator("[role=switch]:checked").count(), people, "what was ticked is kept while somebody is added");
    await page.locator(".foot .primary").click();
    await leaves(page, list);
    await chip(page, "wait").waitFor();

    // The phone goes out and on again, still without a network: it asks for the PIN, and everything is there.
    await page.reload();
    await page.locator("[name=pin]").waitFor();
    assert.equal(await page.locator("#bar .chip").count(), 0, "who does not know the PIN sees nothing");
    await page.fill("[name=pin]", "864202");
    await page.click("form .primary");
    await page.waitForFunction(
      () => document.querySelector("main .error").textContent && !document.querySelector("form .primary").disabled,
    );
    await unlock(page);
    await chip(page, "wait").waitFor();
    if (halves.length) await go(page, half);
    else await go(page, session);
    assert.equal(await page.locator("[role=switch]:checked").count(), people);

    // A diagnosis, one question a screen.
    await go(page, "#/cooperatives");
    const cooperative = await page
      .locator("main a.row[href^='#/c/']")
      .nth(name === "phone" ? 4 : 6)
      .getAttribute("href");
    const score = await diagnose(page, cooperative, async (n) => {
      if (n === "end") await look("what a diagnosis says");
      if (n !== 2) return;
      await page.click(".foot .primary");
      assert.ok((await page.locator(".error:not(:empty)").count()) >= 1, "a question without an answer is not kept");
      await look("a question");
    });

    // A visit with a photo.
    await visit(page, cooperative, "La caisse est tenue chaque jour.", async () => {
      await page.locator("input[type=file]").setInputFiles(await photo(page, "caisse.png"));
      await page.locator(".album figure").waitFor();
      await look("a visit");
    });
    await go(page, "#/waiting");
    const waits = await page.locator("main .rows .row").count();
    assert.ok(waits >= 20, `${waits} pieces wait`);
    await look("what waits");
    const offline = complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch|net::ERR_/.test(text));
    assert.deepEqual(offline, []);

    // Back on the road: everything leaves by itself.
    house.deaf = false;
    await context.setOffline(false);
    await chip(page, "good")
      .waitFor({ timeout: 90_000 })
      .catch(async () => {
        assert.fail(`not everything was sent: ${await page.locator("main").innerText()}`);
      });

    // The house has it all.
    const manager = await open(browser, reader, { baseURL: demo.address });
    const desk = await manager.newPage();
    await signIn(desk, "manager");
    const told = (path) => asked(desk, path);
    const [, , id] = list.split("/");
    const called = await told(`/training/sessions/${id}/roll-call?half_day=${list.split("/")[3] ?? ""}`);
    assert.equal(called.rows.length, people + 1);
    assert.equal(called.present, people);
    const organisation = cooperative.split("/")[2];
    await desk.goto(`/organisations/${organisation}`);
    assert.match(await desk.locator("main").innerText(), new RegExp(score), "the phone and the house find the same score");
    await desk.locator("main a[href^='/visits/']").first().waitFor();
    const visits = await desk
      .locator("main a[href^='/visits/']")
      .evaluateAll((all) => all.map((link) => new URL(link.href).pathname));
    const pages = [];
    for (const path of new Set(visits.filter((path) => /^\/visits\/[0-9a-f-]{36}$/.test(path)))) pages.push(await told(path));
    assert.ok(
      pages.some(({ photos, status }) => status === "done" && photos.length === 1),
      "the visit came with its photo",
    );
    await manager.close();

    // The phone is left to somebody else: nothing is shown, and who waits is said.
    await go(page, "#/me");
    await look("what is one's own");
    await page.locator("main .primary").click();
    await page.locator("[name=pin]").waitFor();
    await context.close();
  });
}
