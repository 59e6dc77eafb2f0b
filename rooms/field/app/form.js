// Fields as the records of the house declare them: their kinds, what is needed, their codes; words stand under the
// record's name. What the phone can refuse it refuses at once, in the same sentences.

import { h } from "./dom.js";
import { today } from "./ids.js";
import { knows, lang, t } from "./words.js";

let declared = {};

/** Takes the declarations that the server told. */
export const declare = (found) => (declared = found);

/** A declared field: name, kind, whether it is needed, its codes. */
export function field(table, name) {
  const [, kind = "line", needed = false, codes = [], words = ""] = declared[table]?.find(([other]) => other === name) ?? [];
  return { table, name, kind, needed, codes, words, label: t(`${table}.${name}`) };
}

const LATIN = /^[+()\d\s.\-/]{6,24}$/;
/** Digits as programs read them. */
export const toLatin = (text) =>
  text.replace(/[٠-٩]/g, (d) => d.charCodeAt(0) - 0x660).replace(/[۰-۹]/g, (d) => d.charCodeAt(0) - 0x6f0);

/** The language of a text that was typed here: that of its script. */
export const scriptOf = (text) => (/[\u0600-\u06ff]/.test(text) ? "ar" : lang === "ar" || lang === "zgh" ? "fr" : lang);

/** Why what was typed cannot be right; nothing if it may be. */
export function wrong({ kind, needed, codes }, value) {
  const text = (value ?? "").trim();
  if (!text) return needed ? t("error.needed") : "";
  if (kind === "number" && !/^\d{1,9}$/.test(toLatin(text))) return t("error.number");
  if (kind === "money" && !/^\d{1,10}([.,]\d{1,2})?$/.test(toLatin(text).replace(/\s/g, ""))) return t("error.money");
  if (kind === "date" && !/^\d{4}-\d\d-\d\d$/.test(text)) return t("error.date");
  if (kind === "phone" && !LATIN.test(toLatin(text))) return t("app.error.phone");
  if (kind === "choice" && !codes.includes(text)) return t("error.needed");
  return "";
}

const TYPES = {
  number: { inputmode: "numeric" },
  money: { inputmode: "decimal", dir: "ltr" },
  date: { type: "date" },
  phone: { type: "tel", dir: "ltr" },
  email: { type: "email", dir: "ltr" },
};

function control(field, value, id, options) {
  const common = { id, name: field.name, "aria-describedby": `${id}-e` };
  if (field.kind === "choice" || field.kind === "reference" || field.kind === "place") {
    const offered = options ?? field.codes.map((code) => [code, t(`${field.words}.${code}`)]);
    return h(
      "select",
      common,
      h("option", { value: "" }, "–"),
      offered.map(([code, word]) => h("option", { value: code, selected: code === value }, word)),
    );
  }
  if (field.kind === "lines") return h("textarea", { ...common, rows: 4, dir: "auto", value: value ?? "" });
  return h("input", { ...common, dir: "auto", autocomplete: "off", ...TYPES[field.kind], value: value ?? "" });
}

/** A field with its label, its help and a place for its refusal. */
export function input(field, { value, options, help, refused, label } = {}) {
  const id = `f-${field.name.replaceAll(".", "-")}`;
  const key = `${field.table}.${field.name}.help`;
  const told = help ?? (knows(key) ? t(key) : "");
  return h(
    "div.field",
    {},
    h("label", { for: id }, label ?? field.label, !field.needed && h("small", {}, ` ${t("app.form.optional")}`)),
    told && h("p.help", {}, told),
    control(field, value, id, options),
    h("p.error", { id: `${id}-e`, role: "alert" }, refused),
  );
}

/** Shows the refusals at their fields and goes to the first; true if there is none. */
export function refuse(form, errors) {
  for (const place of form.querySelectorAll(".error")) place.textContent = "";
  let first;
  for (const [name, sentence] of Object.entries(errors).filter(([, sentence]) => sentence)) {
    const place = form.querySelector(`#f-${name.replaceAll(".", "-")}-e`) ?? form.querySelector(`[data-error="${name}"]`);
    if (place) place.textContent = sentence;
    first ??= place;
  }
  first?.scrollIntoView({ block: "center" });
  first?.parentElement.querySelector("input, select, textarea, button")?.focus();
  return !first;
}

/** What stands in a form, by name. */
export const values = (form) => Object.fromEntries(new FormData(form));

/** Checks fields of a form; `declared` is their table, or how a field is found by its name. Answers the refusals by name. */
export const check = (declared, names, values) => {
  const of = typeof declared === "function" ? declared : (name) => field(declared, name);
  return Object.fromEntries(names.map((name) => [name, wrong(of(name), values[name])]));
};

/** A day that is not yet. */
export const later = (day) => day > today();
