// One cooperative from the call it answers to the certificate of one of its members, and back to its own file: everybody
// who has a hand in it, in French on a laptop and in Arabic on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { askForCorrection, enter, enterByCard, fill, launch, links, press, readers } from "./browser.mjs";
import { complaintsAbout } from "./checks.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** The day so many days ago, where the house is. */
const ago = (days) => new Intl.DateTimeFormat("en-CA", { timeZone: "Africa/Casablanca" }).format(Date.now() - days * 86_400_000);

for (const [device, reader] of Object.entries(readers)) {
  const look = async (page, what) => assert.deepEqual(await complaintsAbout(page, device), {}, what);
  const people = {};
  /** The page of somebody of the team: everybody keeps the one she has. */
  const as = async (role) => (people[role] ??= await enter(browser, reader, role));
  const name = device === "phone" ? "تعاونية تافسوت" : "Coopérative Tafsut";
  const said = (field, text) => ({ [`${field}.${reader.lang}`]: `${text} ${device}` });
  const save = (page) => press(page, "main form button.primary");

  test(`${device}: from a call to a certificate, and back to the file`, async () => {
    const manager = await as("manager");
    const anybody = await enter(browser, reader, null);

    // The manager opens a call with a criterion and an assessor.
    await manager.goto("/programmes");
    const [programme] = await links(manager, "main a[href^='/programmes/']:not([href$='/new'])");
    await manager.goto(`${programme}/calls/new`);
    await fill(manager, { ...said("title", "Tafsut"), opens: ago(3), closes: ago(-3), places: 1 });
    await save(manager);
    const title = manager.locator("main a[href^='/calls/']", { hasText: `Tafsut ${device}` });
    const call = new URL(await title.first().evaluate((link) => link.href)).pathname;
    await manager.goto(`${call}/criteria/new`);
    await fill(manager, { position: 1, ...said("name", "Tafsut"), weight: 1, highest: 20 });
    await save(manager);
    await manager.goto(`${call}/assessors/new`);
    await manager.selectOption("[name=account]", { label: "Mehdi Azeroual" });
    await save(manager);
    await manager.goto(call);
    await press(manager, "form[action$='/opening'] button");
    await look(manager, "a call that was opened");

    // A cooperative that nobody knows applies.
    await anybody.goto(`${call}/apply`);
    await fill(anybody, { [`name.${reader.lang}`]: name, place: "08.577.01.05", phone: "06 61 88 00 00" });
    await fill(anybody, { members: 12, women: 10, young: 3, women_or_young: 11, ...said("title", "Tafsut"), summary: "Tafsut" });
    await fill(anybody, { cost: "200 000", asked: "100 000", own_cash: "60 000", own_kind: "40 000" });
    await press(anybody, "button[value=send]");
    assert.match(await anybody.locator(".figure b").first().textContent(), /\d/, "a receipt with a number");

    // The call closes; its assessor marks, its committee decides, the cooperative is enrolled.
    await manager.goto(`${call}/edit`);
    await fill(manager, { closes: ago(1) });
    await save(manager);
    await anybody.goto(`${call}/apply`);
    assert.equal(await anybody.locator("button[value=send]").count(), 0, "the call is closed");
    const assessor = await as("coach-2");
    await assessor.goto(call);
    await press(assessor, "#applications a[href^='/applications/']");
    await assessor.locator("[name^='c.']").fill("15");
    await look(assessor, "an application to be marked");
    await press(assessor, "#marks button.primary");
    await manager.goto(`${call}/ranking`);
    await manager.locator("select[name^='outcome.']").selectOption("selected");
    await manager.locator("[name^='reason.']").fill("Tafsut");
    await look(manager, "the ranking");
    await press(manager, "form[action$='/decisions'] button.primary");
    await manager.selectOption("#promotion", { index: 1 });
    await press(manager, "form[action$='/enrolments'] button");
    const card = manager.locator(".board article a", { hasText: name });
    const organisation = new URL(await card.first().evaluate((link) => link.href)).pathname;

    // A coach finds out where it stands, question by question, and agrees with it on what to do.
    const coach = await as("coach");
    await coach.goto(`${organisation}/assessments/new`);
    await fill(coach, { extent: "short" });
    await save(coach);
    const assessment = new URL(coach.url()).pathname.split("/questions/")[0];
    for (let n = 0; coach.url().includes("/questions/"); n++) {
      assert.ok(n < 60, "the questions end");
      await coach.locator("[name=level][value='1']").check();
      await coach.locator("[name=evidence][value=seen]").check();
      // Where the records propose another level, one says why.
      await coach.fill("[name=note]", "Tafsut");
      await save(coach);
    }
    await press(coach, "form[action$='/conclusion'] button");
    assert.equal(await coach.locator(".answer-card .chip").count(), 1, "a stage");
    await look(coach, "what the diagnosis says");
    await coach.goto(`${assessment}/plan`);
    await coach.locator("[name=remedy]").first().check();
    await coach.locator("[name=remedy]").nth(1).check();
    await fill(coach, { due: ago(-60) });
    await save(coach);
    assert.equal(new URL(coach.url()).pathname, organisation);
    assert.equal(await coach.locator("#plan a[href^='/actions/']").count(), 2, "two actions stand in the plan");
    await look(coach, "the cooperative with its plan");

    // A session for the programme, today; the cooperative is invited, since the session serves what it lacks.
    await manager.goto(`${programme}/sessions/new`);
    const modules = manager.locator("[name=module] option");
    const module = (await modules.allTextContents()).findIndex((text) => text.startsWith("GF2"));
    assert.ok(module > 0, "the demonstration has this module");
    await fill(manager, { module, ...said("title", "Tafsut"), capacity: 20, status: "open", first_day: ago(0), half_day_minutes: 120 });
    for (const part of ["morning", "afternoon"]) await manager.locator(`[name=parts][value=${part}]`).setChecked(part === "morning");
    await save(manager);
    const line = manager.locator("main a[href^='/training/sessions/']", { hasText: `Tafsut ${device}` });
    const session = new URL(await line.first().evaluate((link) => link.href)).pathname;
    await manager.goto(`${session}/invitations`);
    const lacks = manager.locator("#need form > ul > li", { has: manager.locator(`a[href='${organisation}']`) });
    assert.match(await lacks.locator(".chip").first().textContent(), /1\/4/, "what it lacks");
    await lacks.locator("[name=organisation]").check();
    await fill(manager, { places: 3 });
    await look(manager, "whom to invite");
    await press(manager, "#need form button.primary");
    await press(manager, "#invited button[value=confirmed]");

    // At the door stands somebody whom nobody knows yet.
    const trainer = await as("trainer");
    await trainer.goto(`${session}/roll-call`);
    const door = trainer.locator("#door");
    if (!(await door.evaluate((found) => found.open))) await door.locator("summary").click();
    await fill(trainer, { name: `Tuda ${device} (fictive)`, birth_year: 1990, role: "member" });
    await door.locator("[name=organisation]").selectOption(organisation.split("/").pop());
    await door.locator("[name=sex][value=woman]").check();
    await door.locator("[name=member]").check();
    await press(trainer, "#door button.primary");
    assert.equal(await trainer.locator("#roll [name=present]:checked").count(), 1, "she is there");
    await press(trainer, "button.roll-save");
    await look(trainer, "the roll-call");

    // Her certificate, which anybody verifies.
    await coach.goto(`${session}/results`);
    await press(coach, "form[action$='/certificates'] button");
    await look(coach, "what the session gave");
    const [verify] = await links(coach, "a[href^='/verify/']");
    await anybody.goto(verify);
    assert.equal(await anybody.locator(".big-answer .chip.good").count(), 1, "it holds");
    assert.match(await anybody.locator("dl.facts").first().textContent(), new RegExp(`Tuda ${device}`));
    await look(anybody, "her certificate");

    // The cooperative reads its file and asks for a correction; the team sees it.
    const own = await enterByCard(browser, reader, manager, organisation, "Tuda (fictive)", device === "phone" ? "06 61 88 00 01" : "06 61 88 00 02");
    await look(own, "the space of the cooperative");
    await askForCorrection(own, "Tafsut");
    await manager.goto(`${organisation}#corrections`);
    assert.ok(await manager.locator("#corrections form[action$='/answer']").count(), "the team can answer");
    for (const page of [anybody, own, ...Object.values(people)]) await page.context().close();
  });
}
