// Chromium, the people who sit before it, and the way in.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

export const load = createRequire(`${process.env.TIWIZI_MODULES}/`);
const { chromium } = load("playwright-core");

/** Address and accounts of the demonstration that runs for these tests. */
export const demo = JSON.parse(process.env.TIWIZI_DEMO ?? "{}");

/** Who reads: language, direction, and what a browser tells of its device. */
export const readers = {
  laptop: { lang: "fr", dir: "ltr", device: { locale: "fr-FR", viewport: { width: 1280, height: 800 } } },
  phone: {
    lang: "ar",
    dir: "rtl",
    device: { locale: "ar-MA", viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  },
};

/** Chromium; `more` are switches of its own. */
export const launch = (more = []) =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...more],
  });

/** A browser profile of its own for this reader; `more` are options of Playwright's, such as `javaScriptEnabled`. */
export async function open(browser, reader, more = {}) {
  const context = await browser.newContext({ baseURL: demo.address, timezoneId: "Africa/Casablanca", ...reader.device, ...more });
  context.setDefaultTimeout(10_000);
  return context;
}

/** Signs in through the form, as the demonstration's account of this role. */
export async function signIn(page, role, { accounts } = demo) {
  const account = accounts[role];
  assert.ok(account, `the demonstration has no account for ${role}`);
  await page.goto("/sign-in");
  await page.fill("[name=login]", account.login);
  await page.fill("[name=password]", account.password);
  await Promise.all([page.waitForURL((url) => url.pathname !== "/sign-in"), page.locator("form:has([name=password]) button").first().click()]);
}

/** A page for this reader in this role (or none), who chose the reader's language whatever the account's is. */
export async function enter(browser, reader, role, more) {
  const context = await open(browser, reader, more);
  const page = await context.newPage();
  if (role) await signIn(page, role);
  await context.addCookies([{ name: "tiwizi_lang", value: reader.lang, url: demo.address }]);
  return page;
}

/** Opens a page of the list in `pages.mjs` and gives the server's answer. */
export async function visit(page, { path, follow, then = "" }) {
  const answer = await page.goto(path);
  if (!follow) return answer;
  const href = await page.locator(follow).first().getAttribute("href");
  return page.goto(new URL(href, page.url()).href + then);
}

/** Presses the first of these and waits for the page it leads to. */
export async function press(page, selector) {
  await page.locator(selector).first().click();
  await page.waitForLoadState();
}

/** Addresses of the links that match, once each. */
export const links = (page, selector) =>
  page.locator(selector).evaluateAll((found) => [...new Set(found.map((link) => new URL(link.href).pathname))]);

/** Fills fields by their names; what a select takes is chosen, a number being a position in its list. */
export async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[name='${name}']`).first();
    if ((await field.evaluate((found) => found.tagName)) === "SELECT") await field.selectOption(typeof value === "number" ? { index: value } : value);
    else await field.fill(String(value));
  }
}

/** The team gives somebody the card of a cooperative; answers the page of whoever enters with it. */
export async function enterByCard(browser, reader, team, organisation, name, phone) {
  await team.goto(`${organisation}/card`);
  await fill(team, { name, phone });
  await press(team, "main form button.primary");
  const [login, password] = await team.locator(".key-card .big-number").allTextContents();
  const own = await enter(browser, reader, null);
  await own.goto("/sign-in");
  await fill(own, { login, password });
  await press(own, "form:has([name=password]) button");
  assert.equal(new URL(own.url()).pathname, "/space");
  return own;
}

/** The cooperative asks that something of its file be corrected, and finds it in its space. */
export async function askForCorrection(own, text) {
  const asked = async () => Number((await own.locator(".tile[href$='/corrections/new'] b").allTextContents())[0] ?? 0);
  const before = await asked();
  await press(own, ".tile[href$='/corrections/new']");
  await fill(own, { part: 1 });
  await own.locator("main form textarea").fill(text);
  await press(own, "main form button.primary");
  await own.goto("/space");
  assert.equal(await asked(), before + 1, "it waits for the team");
}
