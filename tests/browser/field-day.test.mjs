// A whole day of two coaches: a roll-call of thirty, diagnoses and visits with photos, telephones that go out, a house that
// is killed while they send, one field that both changed; and the night in which the house goes back to its backup.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before as first, test } from "node:test";
import { launch, load, open, readers, signIn } from "./browser.mjs";
import { before } from "./field-house.mjs";
import { run, start } from "./house.mjs";
import { asked, at, chip, diagnose, enrol, go, hash, photo, unlock, visit } from "./phone.mjs";

const { chromium } = load("playwright-core");
const folder = mkdtempSync(join(tmpdir(), "tiwizi-day-"));
let house;
let gate;
let browser;
first(async () => {
  house = await start("demo", join(folder, "house"));
  gate = await before(house.address);
  browser = await launch();
});
after(async () => {
  await browser.close();
  await gate.close();
  await house.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A telephone whose storage is a folder, as that of a real one outlives its battery. */
class Phone {
  constructor(name, lang) {
    this.folder = join(folder, name);
    this.reader = { ...readers.phone, lang, device: { ...readers.phone.device, locale: lang === "ar" ? "ar-MA" : "fr-FR" } };
  }

  async on({ offline = false } = {}) {
    this.context = await chromium.launchPersistentContext(this.folder, {
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
      baseURL: gate.address,
      timezoneId: "Africa/Casablanca",
      ...this.reader.device,
    });
    this.context.setDefaultTimeout(15_000);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    if (offline) await this.context.setOffline(true);
    return this.page;
  }

  /** The battery is empty: every process of it is killed. */
  async dies() {
    const closed = this.context.waitForEvent("close", { timeout: 15_000 }).catch(() => {});
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.folder)) process.kill(Number(pid), "SIGKILL");
      } catch {
        // It ended meanwhile.
      }
    }
    await closed;
    for (const lock of ["SingletonLock", "SingletonCookie", "SingletonSocket"]) rmSync(join(this.folder, lock), { force: true });
  }

  /** Off and on again, without a network. */
  async restarts() {
    await this.dies();
    await this.on({ offline: true });
    await this.page.goto("/field/");
    await this.page.locator("[name=pin]").waitFor();
    await unlock(this.page);
    return this.page;
  }

  /** Enrols its holder and takes everything along, then loses the network. */
  async leaves(role) {
    await this.on();
    await enrol(this.page, role, house);
    await this.page.click("form .primary");
    await this.page.waitForFunction(() => location.hash === "#/", null, { timeout: 60_000 });
    await this.page.evaluate(() => navigator.serviceWorker.ready);
    await this.page.waitForFunction(() => navigator.serviceWorker.controller);
    await this.context.setOffline(true);
  }

  /** Waits until the house has all of it. */
  async sent() {
    await chip(this.page, "good")
      .waitFor({ timeout: 120_000 })
      .catch(async () => {
        await go(this.page, "#/waiting");
        assert.fail(`not everything arrived: ${await this.page.locator("main").innerText()}`);
      });
  }
}

/** A page of the house for somebody. */
async function desk(role) {
  const context = await open(browser, readers.laptop, { baseURL: gate.address });
  const page = await context.newPage();
  await signIn(page, role, house);
  return page;
}

/** What came of the day, as the manager finds it. */
async function found(page, { session, half, cooperatives, seen }) {
  const called = await asked(page, `/training/sessions/${session}/roll-call?half_day=${half}`);
  const visits = [];
  const scores = [];
  for (const cooperative of cooperatives) {
    await page.goto(`/organisations/${cooperative}`);
    scores.push(await page.locator("main").innerText());
    const links = await page.locator("main a[href^='/visits/']").evaluateAll((all) => all.map((a) => new URL(a.href).pathname));
    for (const path of new Set(links.filter((path) => /^\/visits\/[0-9a-f-]{36}$/.test(path)))) {
      await page.goto(path);
      const text = await page.locator("main").innerText();
      if (seen.some((sentence) => text.includes(sentence))) visits.push(await asked(page, path));
    }
  }
  return { called, visits, scores };
}

test("a day in the field, and the night after it", { timeout: 600_000 }, async (t) => {
  const hanane = new Phone("hanane", "fr");
  const brahim = new Phone("brahim", "ar");
  t.after(() => Promise.all([hanane.dies(), brahim.dies()]));
  await hanane.leaves("coach");
  await brahim.leaves("coach-2");
  const backup = join(folder, "evening.backup");
  run(join(folder, "house"), "backup", backup, "--with-secret");
  const manager = await desk("manager");
  const conflicts = async (page) => (await asked(page, "/conflicts")).lines.map(({ id }) => id);
  const before = await conflicts(manager);

  // A roll-call: everybody tapped one by one, five more at the door.
  let { page } = hanane;
  const taps = { list: 0, door: 0 };
  const tap = async (what, locator) => {
    taps[what]++;
    await locator.click();
  };
  const session = await page.locator("a.row[href^='#/s/']").first().getAttribute("href");
  await tap("list", page.locator("a.row[href^='#/s/']").first());
  await page.locator("main h1").first().waitFor();
  if (await page.locator(`a.row[href^='${session}/']`).count()) await tap("list", page.locator(`a.row[href^='${session}/']`).first());
  await page.locator("[role=switch]").first().waitFor();
  const list = hash(page);
  const people = await page.locator("[role=switch]").count();
  const began = Date.now();
  for (let n = 0; n < people; n++) if (!(await page.locator("[role=switch]").nth(n).isChecked())) await tap("list", page.locator("[role=switch]").nth(n));
  const tapped = Date.now() - began;
  for (let n = people; n < 30; n++) {
    await tap("door", page.locator("a[href$='/door']"));
    await page.fill("[name=name]", `Invitée du jour ${n}`);
    await tap("door", page.locator("[name=sex][value=woman]"));
    await tap("door", page.locator("form .primary"));
    await page.waitForFunction((count) => document.querySelectorAll("[role=switch]").length === count, n + 1);
  }
  await tap("list", page.locator(".foot .primary"));
  await page.waitForFunction((from) => location.hash !== from, list);
  t.diagnostic(`a roll-call of 30: ${taps.list} taps for ${people} on the list (${tapped} ms for the telephone), ${taps.door} for ${30 - people} at the door`);
  // Two minutes are a tap every three seconds.
  assert.ok(taps.list <= 40, `${taps.list} taps`);

  page = await hanane.restarts();
  await chip(page, "wait").waitFor();
  await go(page, "#/cooperatives");
  const all = await page.locator("main a.row[href^='#/c/']").evaluateAll((rows) => rows.map((row) => row.getAttribute("href")));
  let shared;
  for (const one of all) {
    await go(page, one);
    const action = page.locator("a.row[href*='/action/']").first();
    if (await action.count()) {
      shared = { cooperative: one, action: await action.getAttribute("href") };
      break;
    }
  }
  assert.ok(shared, "the demonstration has an action");
  const others = all.filter((one) => one !== shared.cooperative);

  // Two diagnoses, each with a photo.
  const scores = [];
  for (const cooperative of others.slice(3, 5)) {
    const score = await diagnose(page, cooperative, async (n) => {
      if (n !== 1) return;
      await page.locator("input[type=file]").setInputFiles(await photo(page, "registre.png"));
      await page.locator("img.thumb").waitFor();
    });
    scores.push(score);
  }

  page = await hanane.restarts();
  // Three visits; in one an action is done.
  const seen = ["Matin : la caisse est tenue.", "Midi : le four chauffe.", "Soir : les comptes sont faits."];
  for (const [n, cooperative] of [...others.slice(3, 5), shared.cooperative].entries())
    await visit(page, cooperative, seen[n], async () => {
      await page.locator("input[type=file]").setInputFiles(await photo(page, `visite-${n}.png`));
      await page.locator(".album figure").waitFor();
    });
  const move = async (page, status) => {
    await go(page, shared.action);
    await page.locator(`[name=status][value=${status}]`).check();
    await page.click("form .primary");
    await at(page, /^#\/c\/[^/]+$/);
  };
  const was = await (async () => {
    await go(page, shared.action);
    return page.locator("[name=status]:checked").inputValue();
  })();
  const [one, other] = ["done", "dropped", "doing"].filter((status) => status !== was);
  await move(page, one);
  await move(brahim.page, other);

  // On the road the house is killed in the middle of it, then serves again.
  const middle = new Promise((resolve) => (gate.heard = (path) => path.startsWith("/field/uploads/") && resolve()));
  await hanane.context.setOffline(false);
  await middle;
  await house.kill();
  house = { ...(await start("serve", join(folder, "house"))), accounts: house.accounts };
  gate.to(house.address);
  await go(page, "#/waiting");
  await page.locator("main .primary").click().catch(() => {});
  await hanane.sent();
  await brahim.context.setOffline(false);
  await brahim.sent();

  const [, , id, half = ""] = list.split("/");
  const day = { session: id, half, cooperatives: [...others.slice(3, 5), shared.cooperative].map((c) => c.split("/")[2]), seen };
  const wholeDay = async (page) => {
    const { called, visits, scores: shown } = await found(page, day);
    assert.equal(called.rows.length, 30);
    assert.equal(called.present, 30);
    assert.equal(visits.length, 3, "three visits");
    for (const one of visits) assert.equal(one.photos.length, 1, "each with its photo");
    for (const [n, score] of scores.entries()) assert.match(shown[n], new RegExp(score));
  };
  await wholeDay(manager);

  // Both values stand side by side, once: for the manager and for the two.
  const fresh = (await conflicts(manager)).filter((id) => !before.includes(id));
  assert.equal(fresh.length, 1, "one field was given two values");
  const [conflict] = fresh;
  for (const role of ["coach", "coach-2"]) {
    const page = await desk(role);
    assert.ok((await conflicts(page)).includes(conflict), `${role} is asked`);
    await page.context().close();
  }
  // The first one is shown; one tap takes the other, another takes that back.
  const choose = () => manager.locator(".two-values section:not(.current) form button");
  await manager.goto(`/conflicts/${conflict}`);
  assert.equal(await manager.locator(".two-values section").count(), 2);
  await Promise.all([manager.waitForEvent("load"), choose().click()]);
  assert.ok(!(await conflicts(manager)).includes(conflict));
  await manager.goto(`/conflicts/${conflict}`);
  await Promise.all([manager.waitForEvent("load"), manager.locator("form[action$='/undo'] button").click()]);
  assert.ok((await conflicts(manager)).includes(conflict));

  // In the night the disk dies, and the house goes back to what was backed up before all this.
  await house.kill();
  const restored = join(folder, "restored");
  run(restored, "restore", backup);
  house = { ...(await start("serve", restored)), accounts: house.accounts };
  gate.to(house.address);
  const morning = await desk("manager");
  assert.ok(!(await conflicts(morning)).includes(conflict), "nobody there knows of that day");
  for (const { page } of [hanane, brahim]) {
    await go(page, "#/prepare");
    await page.locator("[name=programme]").waitFor();
    await page.click("main form .primary");
    await page.waitForFunction(() => location.hash === "#/", null, { timeout: 60_000 });
  }
  await hanane.sent();
  await brahim.sent();
  await wholeDay(morning);
  assert.equal((await conflicts(morning)).filter((id) => !before.includes(id)).length, 1, "and it is asked again");
});
