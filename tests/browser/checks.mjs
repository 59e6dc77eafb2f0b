// What every page must hold. Each check gives a list of complaints; an empty list is a pass.

import { load } from "./browser.mjs";
import { colours } from "./contrast.mjs";

/** Complaints of the browser itself: errors on the console, scripts that throw, what the content policy stopped. */
export function listen(page) {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
}

/** WCAG 2.2 A and AA, as far as axe sees. It is injected by the browser, not by the page: no policy is loosened. */
export async function axe(page) {
  await page.evaluate(load("axe-core").source);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`));
}

/** Contrast of all visible text, whatever its script, by WCAG's formula: a check that owes nothing to axe. */
export const contrast = (page) => page.evaluate(colours);

/** The same for those whose device is set to dark. */
export async function contrastInTheDark(page) {
  await page.emulateMedia({ colorScheme: "dark" });
  const complaints = await contrast(page);
  await page.emulateMedia({ colorScheme: "light" });
  return complaints;
}

/** Nothing is wider than the screen. */
export const noSidewaysScroll = async (page) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  const { width } = page.viewportSize();
  return wide > width ? [`${wide} px wide on a screen of ${width} px`] : [];
};

/** A finger hits it: what is pressed is at least 44 px tall, links inside a sentence apart. */
export const targets = (page) =>
  page.evaluate(() => {
    const pressed = "a[href], button, summary, select, textarea, input:not([type=hidden])";
    const inSentence = (el) => {
      const around = el.parentElement.innerText?.trim().length ?? 0;
      return el.matches("a") && getComputedStyle(el).display === "inline" && around > (el.innerText?.trim().length ?? 0);
    };
    return [...document.querySelectorAll(pressed)]
      .filter((el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !el.closest("svg") && !inSentence(el))
      .map((el) => [el, (el.matches("[type=checkbox], [type=radio]") && el.closest("label")) || el])
      .map(([el, area]) => [el, area.getBoundingClientRect()])
      .filter(([, { width, height, bottom, right }]) => width > 1 && bottom > 0 && right > 0 && height < 43.5)
      .map(([el, { height }]) => `${el.outerHTML.slice(0, 90)} is ${Math.round(height)} px tall`);
  });

/** All of these on the page as it stands: what is wrong, by check; nothing if all is well. */
export async function complaintsAbout(page, device) {
  const checks = { noSidewaysScroll, contrast, contrastInTheDark, axe, ...(device === "phone" && { targets }) };
  const found = [];
  for (const [name, check] of Object.entries(checks)) found.push([name, await check(page)]);
  return Object.fromEntries(found.filter(([, list]) => list.length));
}
