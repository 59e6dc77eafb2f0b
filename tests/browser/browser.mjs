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

export const launch = () =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

/** A browser profile of its own for this reader; `more` are options of Playwright's, such as `javaScriptEnabled`. */
export async function open(browser, reader, more = {}) {
  const context = await browser.newContext({ baseURL: demo.address, timezoneId: "Africa/Casablanca", ...reader.device, ...more });
  context.setDefaultTimeout(10_000);
  return context;
}

/** Signs in through the form, as the demonstration's account of this role. */
export async function signIn(page, role) {
  const account = demo.accounts[role];
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
