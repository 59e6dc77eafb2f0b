// Elements made by hand: a tag with classes, what it does, what stands in it. Text is always text, never markup.

import { dirOf, lang } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

function make(element, given, children) {
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  put(element, children);
  return element;
}

/** Puts children into an element: elements, texts, lists of them; nothing for nothing. */
export function put(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false && child !== "") element.append(child);
  }
  return element;
}

/** Shows a screen, or the one that stands there anew. It is drawn once: drawn twice, what somebody touches goes from under the finger. */
export function show(place = location.hash) {
  if (place === location.hash) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = place;
}

/** `h("button.primary", { onclick }, "…")`. */
export function h(what, given, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  return make(element, given, children);
}

/** The same for pictures. */
export const svg = (tag, given, ...children) => make(document.createElementNS(SVG, tag), given, children);

/** A text of somebody's: alone it is in the reader's language, else `[text, language]`. */
export function run(text) {
  const [said, code] = Array.isArray(text) ? text : [text, lang];
  return h("bdi", { lang: code === lang ? undefined : code, dir: dirOf(code) }, said);
}

/** The bare text of the same. */
export const plain = (text) => (Array.isArray(text) ? text[0] : (text ?? ""));

/** Letters as people type them: without accents, whatever the case. */
export const bare = (text) => plain(text).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Numbers, codes and telephones stand apart, left to right. */
export const code = (text) => h("bdi", { dir: "ltr" }, String(text));

/** What somebody typed in whatever language. */
export const typed = (text) => h("bdi", { dir: "auto" }, text);

const PATHS = {
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.5l4.5 4.5L19 7.5",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3.5 3.5 0 100-7 3.5 3.5 0 000 7z",
  mic: "M12 4a3 3 0 00-3 3v4a3 3 0 006 0V7a3 3 0 00-3-3zM6 11a6 6 0 0012 0M12 17v3",
  pin: "M12 21s6-5.5 6-11a6 6 0 10-12 0c0 5.500 6 11 6 11zM12 12a2 2 0 100-4 2 2 0 000 4z",
  phone: "M6 4h3l2 5-2.500 1.500a11 11 0 005 5L15 13l5 2v3a2 2 0 01-2 2A14 14 0 014 6a2 2 0 012-2z",
  lock: "M7 11V8a5 5 0 0110 0v3M5 11h14v9H5z",
};

/** A small picture beside a word, never alone. */
export const icon = (name) =>
  svg("svg", { viewBox: "0 0 24 24", class: `icon ${name}`, "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));

/** A face for a name: its first letter in a square of its colour. */
export const face = (text) => h("span.face", { "aria-hidden": "true" }, [...plain(text).replace(/^coop[^ ]* /i, "")][0] ?? "·");

/** The frame of a screen: the way back, its title, one line below it, what stands on it. */
export const page = ({ title, back, sub }, ...children) => [
  back && h("a.back", { href: back.href }, icon("back"), h("span", {}, back.word)),
  h("h1", {}, title),
  sub && h("p.sub", {}, sub),
  ...children,
];

/** Parts with a point between them, without those that are empty. */
export const joined = (...parts) => parts.filter(Boolean).flatMap((part, i) => (i ? [" · ", part] : [part]));

/** A link that fills a line of a list: a face, what it is, more about it, and that it opens. */
export const row = (href, what, more, { chip, mark } = {}) =>
  h(
    "a.row",
    { href },
    mark && face(mark),
    h("span.what", {}, h("strong", {}, what), more && h("span.more", {}, more), chip && h("span.chips", {}, chip)),
    icon("next"),
  );

/** Work that is done once nothing was typed for a moment; `stop()` gives it up. */
export function soon(work, pause = 400) {
  let timer;
  const stop = () => clearTimeout(timer);
  const go = () => {
    stop();
    timer = setTimeout(work, pause);
  };
  return Object.assign(go, { stop });
}
