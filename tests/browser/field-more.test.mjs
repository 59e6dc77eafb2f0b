// What else is done in the village, what is refused and corrected, a phone that two people share, and one that can send
// no more.

import assert from "node:assert/strict";
import { after, before as first, test } from "node:test";
import { demo, launch, open, readers, signIn } from "./browser.mjs";
import { complaintsAbout } from "./checks.mjs";
import { before } from "./field-house.mjs";
import { PIN, asked, at, chip, go, prepare, visit } from "./phone.mjs";

const reader = { ...readers.phone, lang: "fr", device: { ...readers.phone.device, locale: "fr-FR" } };
let browser;
let house;
first(async () => {
  // A microphone that hums, and that nobody has to allow.
  browser = await launch(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
  house = await before(demo.address);
});
after(async () => {
  await browser.close();
  await house.close();
});

/** From the top: what the bar covers for a moment is no complaint. */
const look = async (page, what) => {
  await page.evaluate(() => scrollTo(0, 0));
  assert.deepEqual(await complaintsAbout(page, "phone"), {}, what);
};

test(
  "a newcomer, a member, an action, equipment: everything arrives; what is refused is corrected",
  { timeout: 180_000 },
  async () => {
    const context = await open(browser, reader, {
      baseURL: house.address,
      permissions: ["geolocation"],
      geolocation: { latitude: 31.24, longitude: -6.01 },
    });
    const page = await context.newPage();
    await prepare(page, "coach");
    house.deaf = true;

    // A cooperative that is very like one that is known.
    await go(page, "#/new");
    await page.click("form .primary");
    assert.ok((await page.locator(".error:not(:empty)").count()) >= 2, "what is needed is asked for");
    await look(page, "a newcomer");
    const known = (await asked(page, "/directory?q=tiniri").catch(() => null)) && "Coopérative Tiniri n’Dadès";
    await page.fill("[name=name]", known || "Coopérative Tiniri n’Dadès");
    const commune = await page
      .locator("[name=place] option", { hasText: /Kal.at M/ })
      .first()
      .getAttribute("value");
    await page.selectOption("[name=place]", commune);
    await page.fill("[name=members]", "12");
    await page.click("form .primary");
    await at(page, /^#\/c\//);
    const newcomer = new URL(page.url()).hash;
    await page.locator(`a[href='${newcomer}/member']`).click();
    await page.fill("[name=name]", "Itto Bnou Essai");
    await page.locator("[name=sex][value=woman]").check();
    await page.click("form .primary");
    await page.waitForFunction((hash) => location.hash === hash, newcomer);

    // An action moves, equipment is looked at, the place of a cooperative is noted with a visit.
    await go(page, "#/cooperatives");
    const all = await page.locator("main a.row[href^='#/c/']").evaluateAll((rows) => rows.map((row) => row.getAttribute("href")));
    let action, equipment;
    for (const cooperative of all) {
      await go(page, cooperative);
      action ??= await page
        .locator("a.row[href*='/action/']")
        .first()
        .getAttribute("href", { timeout: 300 })
        .catch(() => undefined);
      equipment ??= await page
        .locator("a.row[href*='/equipment/']")
        .first()
        .getAttribute("href", { timeout: 300 })
        .catch(() => undefined);
      if (action && equipment) break;
    }
    assert.ok(action && equipment, "the demonstration has both");
    await go(page, action);
    await page.locator("[name=status][value=done]").check();
    await look(page, "an action");
    await page.click("form .primary");
    await at(page, /^#\/c\/[^/]+$/);
    await go(page, equipment);
    await page.locator("[name=state][value=broken]").check();
    await page.click("form .primary");
    await page.locator("#f-note-e:not(:empty)").waitFor();
    await page.fill("[name=note]", "La vanne fuit.");
    await look(page, "equipment");
    await page.click("form .primary");
    await at(page, /^#\/c\/[^/]+$/);
    const visited = new URL(page.url()).hash;
    await go(page, `${visited}/visit`);
    await page.fill("[name=seen]", "Atelier propre.");
    await page.locator("button", { has: page.locator(".icon.pin") }).click();
    await page.waitForFunction(
      () =>
        document.querySelector("main span.more[role=status]:last-of-type") &&
        [...document.querySelectorAll("main span.more[role=status]")].some((el) => /position sera/.test(el.textContent)),
    );
    await page.locator(".foot .primary").click();
    await page.waitForFunction((hash) => location.hash === hash, visited);

    // Sent: the newcomer is like one that is known, and needs its writer; her member waits for it.
    house.deaf = false;
    await go(page, "#/waiting");
    await page.locator("main .primary").click();
    await chip(page, "late").waitFor({ timeout: 60_000 });
    await look(page, "what needs its writer");
    await page.locator("main a.row[href^='#/waiting/']").first().click();
    await page.locator("[name=force]").waitFor();
    await look(page, "a correction");
    await page.locator("[name=force]").check();
    await page.click("form .primary");
    await chip(page, "good")
      .waitFor({ timeout: 90_000 })
      .catch(async () => assert.fail(await page.locator("main").innerText()));

    const desk = await (await open(browser, reader, { baseURL: demo.address })).newPage();
    await signIn(desk, "administrator");
    const [, , organisation] = newcomer.split("/");
    const members = await asked(desk, `/organisations/${organisation}/members`);
    assert.match(JSON.stringify(members), /Itto Bnou Essai/);
    const plan = await asked(desk, `/organisations/${visited.split("/")[2]}`);
    assert.match(JSON.stringify(plan), /31\.24/);
    await desk.context().close();
    await context.close();
  },
);

test("two people share a phone; what waits of one is told to the other, and shown to nobody", { timeout: 180_000 }, async () => {
  const context = await open(browser, reader, { baseURL: house.address });
  const page = await context.newPage();
  await prepare(page, "coach");
  const cookies = await context.cookies();
  assert.ok(!cookies.some(({ name }) => name === "tiwizi_session"), "the phone works with a token, and leaves no session behind");
  house.deaf = true;
  await go(page, "#/cooperatives");
  const first = await page.locator("main a.row[href^='#/c/']").first().getAttribute("href");
  await visit(page, first, "Secret de la visite");
  await chip(page, "wait").waitFor();
  await go(page, "#/me");
  await page.locator("main .primary").click();
  await page.locator("[name=pin]").waitFor();
  await prepare(page, "trainer");
  assert.equal(await page.locator("a.row[href='#/cooperatives']").count(), 0, "a trainer takes no files along");
  await go(page, "#/me");
  await page.locator("main .primary").click();
  await page.locator("button.row").first().waitFor();
  assert.equal(await page.locator("button.row").count(), 2);
  assert.match(await page.locator("main").innerText(), /2 travaux attendent/);
  await look(page, "who works on this phone");
  // Nothing of it lies on the disk in the clear.
  const stored = await page.evaluate(async () => {
    const db = await new Promise(
      (resolve) => (indexedDB.open("tiwizi-field").onsuccess = ({ target }) => resolve(target.result)),
    );
    const texts = [];
    for (const name of db.objectStoreNames) {
      const rows = await new Promise(
        (resolve) => (db.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => resolve(target.result)),
      );
      texts.push(
        JSON.stringify(rows, (_, value) => (value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : value)),
      );
    }
    return texts.join("");
  });
  assert.ok(!/Secret de la visite|Tiniri|authorization|"token"/i.test(stored));
  house.deaf = false;
  await context.close();
});

test(
  "a phone that is signed out keeps what was done, and sends it once its holder signs in again",
  { timeout: 120_000 },
  async () => {
    const context = await open(browser, reader, { baseURL: house.address, permissions: ["microphone"] });
    const page = await context.newPage();
    await prepare(page, "coach");
    const desk = await (await open(browser, readers.laptop, { baseURL: demo.address })).newPage();
    await signIn(desk, "administrator");
    await desk.goto("/field/devices");
    assert.deepEqual(await complaintsAbout(desk, "laptop"), {});
    const phone = await page.evaluate(async () => {
      const { version } = document.documentElement.dataset;
      return (await import(`/field/app/${version}/state.js`)).me.secret.device;
    });
    await desk.locator(`form[action='/field/devices/${phone}/end'] button`).click();
    await desk.locator(`form[action='/field/devices/${phone}/end']`).waitFor({ state: "detached" });
    await go(page, "#/cooperatives");
    const first = await page.locator("main a.row[href^='#/c/']").nth(1).getAttribute("href");
    await go(page, `${first}/visit`);
    await page.fill("[name=seen]", "Une voix le raconte.");
    const voice = page.locator("button", { has: page.locator(".icon.mic") });
    await voice.click();
    await page.locator("main p.more[role=status]", { hasText: /[12] s/ }).waitFor();
    await voice.click();
    await page.locator(".album figure").waitFor();
    await page.locator(".foot .primary").click();
    await page.waitForFunction((hash) => location.hash === hash, first);
    await chip(page, "late").waitFor();
    await go(page, "#/waiting");
    await look(page, "a phone that is signed out");
    await signIn(page, "coach");
    await page.goto("/field/");
    await page.fill("[name=pin]", PIN);
    await page.click("form .primary");
    await chip(page, "good").waitFor({ timeout: 60_000 });
    await desk.context().close();
    await context.close();
  },
);

test("who forgot the PIN signs in on the phone and chooses another: what waited is sent", { timeout: 120_000 }, async () => {
  const context = await open(browser, reader, { baseURL: house.address });
  const page = await context.newPage();
  await prepare(page, "coach");
  house.deaf = true;
  await go(page, "#/cooperatives");
  const first = await page.locator("main a.row[href^='#/c/']").nth(3).getAttribute("href");
  await visit(page, first, "Avant l’oubli");
  await chip(page, "wait").waitFor();
  house.deaf = false;
  await page.reload();
  await page.locator("summary").click();
  await look(page, "a forgotten PIN");
  assert.equal(await page.locator("details button").count(), 0, "nobody is signed in yet");
  await signIn(page, "coach");
  await page.goto("/field/");
  await page.locator("summary").click();
  await page.locator("details button").click();
  await page.fill("[name=first]", "123456");
  await page.fill("[name=second]", "123456");
  await page.click("form .primary");
  await page.locator(".error:not(:empty)").waitFor();
  await look(page, "another PIN");
  await page.fill("[name=first]", "975318");
  await page.fill("[name=second]", "975318");
  await page.click("form .primary");
  await chip(page, "good").waitFor({ timeout: 60_000 });
  await page.reload();
  await page.fill("[name=pin]", PIN);
  await page.click("form .primary");
  await page.locator(".error:not(:empty)", { hasText: /code/ }).waitFor({ timeout: 30_000 });
  await page.fill("[name=pin]", "975318");
  await page.click("form .primary");
  await page.locator("#bar .person").waitFor({ timeout: 30_000 });
  await context.close();
});

test("what a phone cannot send is brought in as a file with its code", { timeout: 120_000 }, async () => {
  const context = await open(browser, reader, { baseURL: house.address, acceptDownloads: true });
  const page = await context.newPage();
  await prepare(page, "coach");
  house.deaf = true;
  await go(page, "#/cooperatives");
  const first = await page.locator("main a.row[href^='#/c/']").nth(2).getAttribute("href");
  await visit(page, first, "Avant la panne");
  await go(page, "#/rescue");
  await page.locator("main button.btn").click();
  await page.locator(".code-big").waitFor({ timeout: 30_000 });
  await look(page, "a rescue");
  const code = await page.locator(".code-big").textContent();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[download]").click()]);
  const desk = await (await open(browser, reader, { baseURL: demo.address })).newPage();
  await signIn(desk, "manager");
  await desk.goto("/field/rescue");
  await look(desk, "where it is brought in");
  await desk.fill("[name=code]", "1111 2222 3333");
  await desk.setInputFiles("[name=file]", await download.path());
  await desk.locator("main form .primary").click();
  await desk.locator(".errors").waitFor({ timeout: 30_000 });
  await desk.fill("[name=code]", code);
  await desk.setInputFiles("[name=file]", await download.path());
  await desk.locator("main form .primary").click();
  await desk.waitForFunction(() => /2 travaux/.test(document.querySelector("main").innerText), null, { timeout: 30_000 });
  await desk.goto("/field/devices");
  house.deaf = false;
  await desk.context().close();
  await context.close();
});

test("an application that is taken in the village has its number at once, and keeps it", { timeout: 120_000 }, async () => {
  const context = await open(browser, reader, { baseURL: house.address });
  const page = await context.newPage();
  await prepare(page, "coach");
  house.deaf = true;
  await context.setOffline(true);
  await go(page, "#/cooperatives");
  const all = await page.locator("main a.row[href^='#/c/']").evaluateAll((rows) => rows.map((row) => row.getAttribute("href")));
  let call;
  for (const cooperative of all.slice(5)) {
    await go(page, cooperative);
    const open = page.locator("a.row[href*='/apply/']:not(:has(.chip))").first();
    if (await open.count()) call = await open.getAttribute("href");
    if (call) break;
  }
  await go(page, call);
  await page.locator(".foot .primary").click();
  assert.ok((await page.locator(".error:not(:empty)").count()) >= 6, "what is needed is asked for");
  await look(page, "an application");
  const typed = {
    phone: "0661000001",
    members: "12",
    women: "10",
    women_or_young: "13",
    title: "Un four",
    cost: "10 000",
    asked: "7000",
    own_cash: "2000,50",
    own_kind: "1000",
  };
  for (const [name, text] of Object.entries(typed)) await page.fill(`[name=${name}]`, text);
  for (const choice of await page.locator("main select[name^='q.']").all()) await choice.selectOption({ index: 1 });
  await page.locator(".foot .primary").click();
  assert.deepEqual(await page.locator(".error:not(:empty)").count(), 2, "more than the members, and money that does not add up");
  await page.fill("[name=women_or_young]", "11");
  await page.fill("[name=own_cash]", "2000");
  await page.locator(".foot .primary").click();
  const number = await page.locator(".code-big").textContent();
  await look(page, "a receipt");
  house.deaf = false;
  await context.setOffline(false);
  await chip(page, "good")
    .waitFor({ timeout: 60_000 })
    .catch(async () => assert.fail(await page.locator("main").innerText()));
  const desk = await (await open(browser, reader, { baseURL: demo.address })).newPage();
  await signIn(desk, "manager");
  const answer = await asked(desk, `/calls/${call.split("/").at(-1)}/ranking`);
  assert.match(JSON.stringify(answer), new RegExp(`"(number|receipt)":"?0*${Number(number)}\\b`));
  await desk.context().close();
  await context.close();
});
