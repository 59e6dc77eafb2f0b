// From the call to the certificate, as the people who live it: in French on a laptop and in Arabic on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { askForCorrection, enter, enterByCard, fill, launch, links, press, readers } from "./browser.mjs";
import { complaintsAbout } from "./checks.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const [device, reader] of Object.entries(readers)) {
  const look = async (page, what) => assert.deepEqual(await complaintsAbout(page, device), {}, what);

  test(`${device}: a cooperative applies without an account, in two sittings`, async () => {
    const page = await enter(browser, reader, null);
    await page.goto("/calls");
    await press(page, "main a[href^='/calls/']");
    await press(page, "main a[href$='/apply']");
    await page.fill(`[name='name.${reader.lang}']`, "Tamounte");
    await page.fill("[name=place]", "08.577.01.05");
    await press(page, "button[value=keep]");
    const own = new URL(page.url()).pathname;
    assert.match(own, /^\/apply\/[0-9a-f]{64}$/);
    await look(page, "a draft");
    // The link is enough to go on, on another device.
    const later = await enter(browser, reader, null);
    await later.goto(own);
    assert.equal(await later.inputValue(`[name='name.${reader.lang}']`), "Tamounte");
    await fill(later, { phone: "06 61 00 00 00", members: 12, women: 10, young: 3, women_or_young: 11 });
    await fill(later, { [`title.${reader.lang}`]: "Séchoir", summary: "Sécher les roses à l’abri du vent." });
    await fill(later, { cost: "beaucoup", asked: "100 000", own_cash: "60 000", own_kind: "40 000" });
    for (const select of await later.locator("select[name^='q.']").all()) await select.selectOption({ index: 1 });
    await press(later, "button[value=send]");
    assert.equal(await later.locator(".errors").count(), 1, "an amount that is none is refused with a sentence");
    await look(later, "an application with a mistake");
    await later.fill("[name=cost]", "200 000");
    await press(later, "button[value=send]");
    assert.match(await later.locator(".figure b").first().textContent(), /\d/, "a receipt with a number");
    await look(later, "the receipt");
    await page.context().close();
    await later.context().close();
  });

  test(`${device}: a coach begins a diagnosis, one question a screen`, async () => {
    const page = await enter(browser, reader, "coach");
    await page.goto("/organisations?q=tiniri");
    const [organisation] = await links(page, "main td a[href^='/organisations/']");
    await page.goto(`${organisation}/assessments/new`);
    await press(page, "main form button.primary");
    const first = new URL(page.url()).pathname;
    assert.match(first, /^\/assessments\/[0-9a-f-]{36}\/questions\//);
    await press(page, "main form button.primary");
    assert.equal(await page.locator(".errors").count(), 1, "a question without an answer is not saved");
    await look(page, "a question");
    await page.locator("[name=level][value='2']").check();
    await page.locator("[name=evidence][value=seen]").check();
    await press(page, "main form button.primary");
    assert.notEqual(new URL(page.url()).pathname, first, "the next question");
    await page.goto(first);
    assert.ok(await page.locator("[name=level][value='2']").isChecked(), "what was answered is kept");
    // It was a trial: it goes, and leaves no answer.
    await page.goto(first.split("/questions/")[0]);
    await press(page, "form[action$='/removal'] button");
    await page.context().close();
  });

  test(`${device}: a certificate is verified by anybody, and no longer once it is taken back`, async () => {
    const team = await enter(browser, reader, "manager");
    await team.goto("/training");
    let verify, session;
    for (session of await links(team, "main a[href^='/training/sessions/']")) {
      await team.goto(`${session}/results`);
      [verify] = await links(team, "tr:has(form[action$='/revocation']) a[href^='/verify/']");
      if (verify) break;
    }
    assert.ok(verify, "the demonstration has certificates");
    const anybody = await enter(browser, reader, null);
    await anybody.goto(verify);
    assert.equal(await anybody.locator(".big-answer .chip.good").count(), 1);
    await look(anybody, "a certificate that holds");
    const paper = await anybody.request.get(`${verify}/pdf`);
    assert.equal((await paper.body()).subarray(0, 5).toString(), "%PDF-");
    // Those of the whole session in one document, made while one does something else.
    await team.goto(`${session}/certificates`);
    await look(team, "the document of a session");
    await press(team, "form[action$='/certificates/print'] button");
    const ready = team.locator("main a[href$='/certificates/pdf']");
    await ready.waitFor({ timeout: 60_000 });
    await look(team, "the document is ready");
    const all = await team.request.get(await ready.getAttribute("href"));
    assert.equal((await all.body()).subarray(0, 5).toString(), "%PDF-");
    await team.goto(`${session}/results`);
    const row = team.locator("tr", { has: team.locator(`a[href='${verify}']`) });
    await team.locator(`details:has(a[href='${verify}']) > summary`).first().click();
    await row.locator("summary").click();
    await row.locator("[name=reason]").fill("Essai");
    await row.locator("form button").click();
    await team.waitForLoadState();
    await anybody.goto(verify);
    assert.equal(await anybody.locator(".big-answer .chip.late").count(), 1);
    await look(anybody, "a certificate that was taken back");
    await team.context().close();
    await anybody.context().close();
  });

  test(`${device}: a cooperative enters with its card and asks for a correction`, async () => {
    const team = await enter(browser, reader, "manager");
    await team.goto("/organisations?q=tiniri");
    const [organisation] = await links(team, "main td a[href^='/organisations/']");
    const own = await enterByCard(browser, reader, team, organisation, "Fadma (fictive)", device === "phone" ? "06 61 77 00 01" : "06 61 77 00 02");
    await look(team, "the card");
    assert.ok((await own.locator(".tile").count()) >= 6);
    await look(own, "the space of a cooperative");
    await askForCorrection(own, "Nous sommes 31 membres.");
    await own.context().close();
    await team.context().close();
  });
}
