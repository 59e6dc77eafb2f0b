// The words of the interface, handed by the server as they stand in its words.toml: texts with plural forms, which
// follow the language here as they do there.

let texts = {};
let plural = new Intl.PluralRules("fr");
export let lang = "fr";

/** Directions of the scripts that the interface is written in. */
export const dirOf = (code) => (code === "ar" ? "rtl" : "ltr");

/** Takes the words of a language; `found` is what the server told. */
export function speak(code, found) {
  lang = code;
  texts = found;
  // Plural rules of Amazigh are not in browsers; those of French stand in, as on the server.
  plural = new Intl.PluralRules(code === "zgh" ? "fr" : code);
}

const digits = (n) => new Intl.NumberFormat(locale()).format(n);

/** A number as the reader writes it. */
export const num = (n) => digits(n);

/** An amount in minor units, of a currency that has so many places. */
export function amount({ minor, currency, places }) {
  const whole = minor % 10 ** places === 0;
  const shown = new Intl.NumberFormat(locale(), {
    minimumFractionDigits: whole ? 0 : places,
    maximumFractionDigits: places,
  });
  return `${shown.format(minor / 10 ** places)}\u00a0${currency}`;
}

/** A score in permille with one decimal, or a dash. */
export const score = (permille) =>
  permille === null || permille === undefined
    ? "–"
    : new Intl.NumberFormat(lang === "ar" ? "ar-MA-u-nu-latn" : lang, {
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
      }).format(permille / 10);

/** Works out a pattern: `{ $name }` and `{ $n -> [one] … *[other] … }`. */
export function workOut(pattern, args = {}) {
  let out = "";
  let rest = pattern;
  for (;;) {
    const open = rest.indexOf("{");
    if (open < 0) return out + rest;
    const close = closing(rest, open);
    out += rest.slice(0, open) + inside(rest.slice(open + 1, close), args);
    rest = rest.slice(close + 1);
  }
}

function closing(text, open) {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
  }
  return text.length;
}

function inside(text, args) {
  const chosen = text.match(/^\s*\$(\w+)\s*->([\s\S]*)$/);
  if (!chosen) {
    const name = text.match(/\$(\w+)/)?.[1];
    if (name !== undefined) return String(args[name] ?? "");
    return text.match(/^\s*"([^"]*)"\s*$/)?.[1] ?? text;
  }
  const value = args[chosen[1]];
  const category = typeof value === "number" ? plural.select(value) : undefined;
  const forms = [...chosen[2].matchAll(/(\*?)\[\s*([\w-]+)\s*\]([\s\S]*?)(?=\n?\s*\*?\[\s*[\w-]+\s*\]|$)/g)];
  const form =
    forms.find(([, , name]) => name === String(value)) ??
    forms.find(([, , name]) => name === category) ??
    forms.find(([, star]) => star);
  return form ? workOut(form[3].trim(), args) : "";
}

/** True if the key is written. */
export const knows = (key) => key in texts;

/** The text of a key; the key itself if nobody wrote it, which a test notices. */
export const t = (key, args) => (key in texts ? workOut(texts[key], args) : key);

/** The text of a key for a count. */
export const count = (key, n, args = {}) => t(key, { ...args, n, shown: digits(n) });

/** A day as readers say it. */
export function day(text, options = { weekday: "short", day: "numeric", month: "short" }) {
  const [year, month, date] = text.split("-").map(Number);
  return new Intl.DateTimeFormat(locale(), options).format(new Date(year, month - 1, date));
}

/** An instant as readers say it. */
export const instant = (at) =>
  new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at));

const locale = () => ({ ar: "ar-MA-u-nu-latn", zgh: "fr" })[lang] ?? lang;
