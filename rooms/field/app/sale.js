// A sale where it happens: at a souk, at a fair, at the door. Big numbers, one thumb, the sum at the foot.

import { code, h, joined, page, plain, run, soon } from "./dom.js";
import { refuse, toLatin, values } from "./form.js";
import { newId, today } from "./ids.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { amount, t } from "./words.js";

/** The ways of paying that are asked for; nothing stands for what is still owed. */
const MEANS = ["cash", "transfer", "mobile", "cheque", ""];

const TYPED = /^\d{1,9}([.,]\d{1,3})?$/;

/** A typed price in minor units; nothing if it is none. */
export function minor(text, places) {
  const plainText = toLatin(text ?? "").replace(/\s/g, "");
  if (!TYPED.test(plainText)) return undefined;
  const found = Math.round(Number(plainText.replace(",", ".")) * 10 ** places);
  return found > 0 ? found : undefined;
}

/** What was typed, by article: how many at which price; without those of which none was sold. */
export const sold = (articles, typed) =>
  articles
    .map((article) => ({
      ...article,
      count: Math.trunc(Number(toLatin(typed[`count.${article.id}`] ?? "")) || 0),
      each: minor(typed[`price.${article.id}`], article.places),
    }))
    .filter(({ count }) => count > 0);

/** What it comes to, by currency. */
export function sums(lines) {
  const found = new Map();
  for (const { count, each, currency, places } of lines)
    if (each) found.set(currency, { minor: (found.get(currency)?.minor ?? 0) + count * each, currency, places });
  return [...found.values()];
}

/** What is wrong with a sale, by field; the same rules as the page of the house. */
export function refusals(lines, typed) {
  const errors = {};
  if (!lines.length) errors.count = t("app.sale.nothing");
  for (const { id, each, count, most } of lines) {
    if (!each) errors[`price.${id}`] = t("app.sale.price_needed");
    else if (most && count > most) errors[`price.${id}`] = t("app.sale.only_one");
  }
  if (sums(lines).length > 1) errors.count ??= t("app.sale.one_currency");
  if (!typed.place?.trim()) errors.place = t("error.needed");
  return errors;
}

/** The form of a sale as the page of the house posts it. */
export const saleForm = (id, lines, typed) => [
  ["id", id],
  ["day", today()],
  ["place", typed.place.trim()],
  ["means", typed.means || undefined],
  ...lines.flatMap(({ id: article, count, currency }) => [
    [`count.${article}`, count],
    [`price.${article}`, toLatin(typed[`price.${article}`]).replace(/\s/g, "")],
    [`price.${article}.currency`, currency],
  ]),
];

const money = (sum) => code(amount(sum));

/** An article on the counter: what it is called, what one costs, how many. */
function offered(article, typed, changed) {
  const count = h("input", {
    id: `c-${article.id}`,
    name: `count.${article.id}`,
    inputmode: "numeric",
    dir: "ltr",
    class: "count",
    value: typed[`count.${article.id}`] ?? "",
    placeholder: "0",
  });
  const step = (by) => () => {
    const now = Math.min(Math.max(0, Math.trunc(Number(toLatin(count.value)) || 0) + by), article.most ?? Infinity);
    count.value = now ? String(now) : "";
    changed();
  };
  const button = (by, sign, word) =>
    h("button.btn.step", { type: "button", onclick: step(by), "aria-label": `${t(word)} · ${plain(article.name)}` }, sign);
  return h(
    "div.offered",
    {},
    h("label", { for: `c-${article.id}` }, run(article.name)),
    h(
      "div.steps",
      {},
      h("input", {
        name: `price.${article.id}`,
        inputmode: "decimal",
        dir: "ltr",
        class: "each",
        "aria-label": `${t("app.sale.price")} · ${plain(article.name)}`,
        value: typed[`price.${article.id}`] ?? article.price,
      }),
      h("span.more", {}, code(article.currency)),
      button(-1, "−", "app.sale.less"),
      count,
      button(1, "+", "app.sale.more"),
    ),
    h("p.error", { "data-error": `price.${article.id}`, role: "alert" }),
  );
}

export async function sale(id) {
  const cooperative = model.cooperative(id);
  if (!cooperative?.sells.length) return undefined;
  const name = `sale ${id}`;
  const kept = (await state.draft(name)) ?? { typed: {} };
  const total = h("strong", { "aria-live": "polite" });
  const add = () => {
    const found = sums(sold(cooperative.sells, values(form)));
    total.replaceChildren(...(found.length ? found.flatMap((sum, i) => [i ? " + " : "", money(sum)]) : ["–"]));
  };
  const keep = soon(() => state.keepDraft(name, { typed: values(form) }));
  const changed = () => {
    // What was missing may be there now; saving says so if it is not.
    form.querySelector('[data-error="count"]').textContent = "";
    add();
    keep();
  };
  const save = async (event) => {
    event.preventDefault();
    const typed = values(form);
    const lines = sold(cooperative.sells, typed);
    if (!refuse(form, refusals(lines, typed))) return;
    const [sum] = sums(lines);
    await state.send([
      {
        path: `/organisations/${id}/spot-sales`,
        form: saleForm(newId(), lines, typed),
        local: {
          kind: "sale",
          organisation: id,
          day: today(),
          sum,
          names: Object.fromEntries(lines.map((line) => [line.id, plain(line.name)])),
          title: `${t("app.sale.title")} · ${amount(sum)} · ${plain(cooperative.name)}`,
        },
      },
    ]);
    keep.stop();
    // The next customer stands before the same counter: the place stays.
    await state.keepDraft(name, { typed: { place: typed.place, means: typed.means } });
    location.hash = `#/c/${id}`;
  };
  const means = (code) =>
    h(
      "label.tick",
      {},
      h("input", { type: "radio", name: "means", value: code, checked: (kept.typed.means ?? "cash") === code }),
      h("span", {}, t(`app.sale.means.${code || "owed"}`)),
    );
  const form = h(
    "form",
    { onsubmit: save, oninput: changed, novalidate: true },
    h(
      "section.card",
      {},
      h("h2", {}, t("app.sale.what")),
      cooperative.sells.map((article) => offered(article, kept.typed, changed)),
      h("p.error", { "data-error": "count", role: "alert" }),
    ),
    h(
      "section.card",
      {},
      h(
        "div.field",
        {},
        h("label", { for: "f-place" }, t("app.sale.place")),
        h("input", { id: "f-place", name: "place", maxlength: 120, dir: "auto", value: kept.typed.place ?? "" }),
        h("p.error", { id: "f-place-e", role: "alert" }),
      ),
      h("fieldset.choices", {}, h("legend", {}, t("app.sale.means")), MEANS.map(means)),
    ),
    h("div.foot.sum", {}, h("span", {}, t("app.sale.sum"), " ", total), h("button.btn.primary", {}, t("app.sale.sold"))),
  );
  add();
  return page(
    { title: t("app.sale.title"), back: { href: `#/c/${id}`, word: plain(cooperative.name) }, sub: run(cooperative.name) },
    form,
  );
}

/** The way to the counter, and what was sold over it today. */
export function counter(cooperative) {
  if (!cooperative.sells.length) return undefined;
  const all = sums(model.soldToday(cooperative.id).map((sum) => ({ ...sum, count: 1, each: sum.minor })));
  return h(
    "section.card",
    {},
    h("h2", {}, t("app.sale.title")),
    all.length > 0 && h("p.more", {}, joined(t("app.sale.today"), ...all.map(money))),
    h("a.btn.wide", { href: `#/c/${cooperative.id}/sale` }, t("app.sale.new")),
  );
}
