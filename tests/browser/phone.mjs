// What people do on a telephone with the field app, whatever they came for.

import { signIn } from "./browser.mjs";

export const PIN = "246813";

/** Goes to a screen of the app. */
export async function go(page, hash) {
  await page.evaluate((hash) => (location.hash = hash), hash);
  await page.waitForFunction((hash) => location.hash === hash, hash);
  await page.locator("main h1").first().waitFor();
}

/** Waits until the app is on such a screen. */
export const at = (page, pattern) => page.waitForFunction((pattern) => new RegExp(pattern).test(location.hash), pattern.source);

export const hash = (page) => new URL(page.url()).hash;

/** What the bar says of one's work. */
export const chip = (page, tone) => page.locator(`#bar .chip.${tone}`);

/** Enrols somebody on the phone; `house` has their account, if it is not the demonstration of all tests. */
export async function enrol(page, role, house) {
  await signIn(page, role, house);
  await page.goto("/field/");
  await page.fill("[name=first]", PIN);
  await page.fill("[name=second]", PIN);
  await page.click("form .primary");
  await page.locator("[name=programme]").waitFor({ timeout: 30_000 });
}

/** Enrols somebody and takes their programme along. */
export async function prepare(page, role) {
  await enrol(page, role);
  await page.click("form .primary");
  await page.waitForFunction(() => location.hash === "#/", null, { timeout: 60_000 });
  await page.locator("main a[href='#/prepare']").waitFor();
}

/** Opens the phone of somebody who is on it. */
export async function unlock(page) {
  await page.fill("[name=pin]", PIN);
  await page.click("form .primary");
  await page.locator("#bar .person").waitFor({ timeout: 30_000 });
}

/** A large photo of nothing in particular. */
export async function photo(page, name = "photo.png") {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2400, 1800);
    canvas.getContext("2d").fillRect(0, 0, 2400, 1200);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  return { name, mimeType: "image/png", buffer: Buffer.from(bytes) };
}

/** Answers a short round of a diagnosis to its end; `asked(n)` is told of each question before it is answered, then of its end. */
export async function diagnose(page, cooperative, asked = async () => {}) {
  await go(page, `${cooperative}/diagnosis`);
  await page.locator("[name=extent][value=short]").check();
  await page.click("form .primary");
  for (let n = 1; ; n++) {
    await page.waitForFunction((n) => location.hash.endsWith(`/${n}`) && document.querySelector("progress")?.value === n, n);
    await asked(n);
    const total = Number(await page.locator("main progress").getAttribute("max"));
    await page.locator(".level").nth(1).click();
    await page.locator("[name=evidence][value=seen]").check();
    await page.fill("[name=note]", "vu sur place");
    await page.click(".foot .primary");
    if (n === total) break;
  }
  await page.locator(".radar").waitFor();
  await asked("end");
  const [score] = (await page.locator("main .big").textContent()).match(/\d+,\d/);
  await page.locator(".foot .primary").click();
  await page.waitForFunction((there) => location.hash === there, cooperative);
  return score;
}

/** Reports a visit; `more()` fills in the rest. */
export async function visit(page, cooperative, seen, more = async () => {}) {
  await go(page, `${cooperative}/visit`);
  await page.fill("[name=seen]", seen);
  await page.fill("[name=minutes]", "90");
  await more();
  await page.locator(".foot .primary").click();
  await page.waitForFunction((there) => location.hash === there, cooperative);
}

/** What the house says as JSON. */
export const asked = async (page, path) =>
  (await page.request.get(path, { headers: { accept: "application/json" } })).json();
