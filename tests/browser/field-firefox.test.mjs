// The field app in the other browser: taken along, worked with while nothing answers, shut and opened, sent.

import assert from "node:assert/strict";
import { after, before as first, test } from "node:test";
import { demo, load } from "./browser.mjs";
import { before } from "./field-house.mjs";
import { PIN } from "./phone.mjs";

const puppeteer = load("puppeteer-core");
let browser;
let house;
first(async () => {
  browser = await puppeteer.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true });
  house = await before(demo.address);
});
after(async () => {
  await browser.close();
  await house.close();
});

test("firefox: a visit is told while nothing answers, kept over a restart, and sent", { timeout: 180_000 }, async () => {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  await page.setViewport({ width: 360, height: 740 });
  // A screen may be drawn between finding a button and pressing it: a locator looks again.
  const press = (selector) => page.locator(selector).click();
  const write = (name, text) => page.locator(`[name=${name}]`).fill(text);
  const go = (hash) => page.evaluate((hash) => (location.hash = hash), hash);
  const { login, password } = demo.accounts.coach;
  await page.goto(`${house.address}/sign-in`);
  await write("login", login);
  await write("password", password);
  await Promise.all([page.waitForNavigation(), press("form:has([name=password]) button")]);
  await page.goto(`${house.address}/field/`);
  await page.waitForSelector("[name=first]");
  await write("first", PIN);
  await write("second", PIN);
  await press("form .primary");
  await page.waitForSelector("[name=programme]");
  await press("form .primary");
  await page.waitForSelector("main a[href='#/prepare']");

  house.deaf = true;
  await go("#/cooperatives");
  await page.waitForSelector("main a.row[href^='#/c/']");
  const cooperative = await page.$eval("main a.row[href^='#/c/']", (link) => link.getAttribute("href"));
  await go(`${cooperative}/visit`);
  await page.waitForSelector("[name=seen]");
  await write("seen", "Vu avec l’autre navigateur.");
  await press(".foot .primary");
  await page.waitForSelector("#bar .chip.wait");

  await page.reload();
  await page.waitForSelector("[name=pin]");
  await write("pin", PIN);
  await press("form .primary");
  await page.waitForSelector("#bar .chip.wait");
  house.deaf = false;
  await page.waitForSelector("#bar .chip.good");
  assert.deepEqual(wrong, []);
});
