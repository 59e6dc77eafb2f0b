// From an address to a screen. Addresses stand behind the #: the page itself is one, and opens without a network.

import { action } from "./actions.js";
import { apply } from "./apply.js";
import { begin } from "./assessment.js";
import { cooperative, list } from "./cooperative.js";
import { question, result } from "./diagnosis.js";
import { door } from "./door.js";
import { h, page, put, show, typed } from "./dom.js";
import { inspection } from "./equipment.js";
import { declare } from "./form.js";
import { home } from "./home.js";
import { member } from "./member.js";
import { newcomer } from "./newcomer.js";
import { enter, mine } from "./people.js";
import { prepare } from "./prepare.js";
import { rescue } from "./rescue.js";
import { half, session } from "./rollcall.js";
import { sale } from "./sale.js";
import * as state from "./state.js";
import { visit } from "./visit.js";
import { bar, correction, waiting } from "./waiting.js";
import { dirOf, speak, t } from "./words.js";

const version = document.documentElement.dataset.version;
const base = `/field/app/${version}/`;
const main = document.getElementById("main");

/** Screens by address; a live one is drawn again when something changes beneath it. */
const SCREENS = [
  [/^$/, home, { live: true }],
  [/^prepare$/, prepare],
  [/^cooperatives$/, list],
  [/^c\/([^/]+)$/, cooperative],
  [/^c\/([^/]+)\/diagnosis$/, begin],
  [/^c\/([^/]+)\/visit(?:\/([^/]+))?$/, visit],
  [/^c\/([^/]+)\/action\/([^/]+)$/, action],
  [/^c\/([^/]+)\/apply\/([^/]+)$/, apply],
  [/^c\/([^/]+)\/equipment\/([^/]+)$/, inspection],
  [/^c\/([^/]+)\/member$/, member],
  [/^c\/([^/]+)\/sale$/, sale],
  [/^s\/([^/]+)$/, session],
  [/^s\/([^/]+)\/([^/]+)$/, half],
  [/^s\/([^/]+)\/([^/]+)\/door$/, door],
  [/^d\/([^/]+)$/, result],
  [/^d\/([^/]+)\/(\d+)$/, question],
  [/^new$/, newcomer],
  [/^waiting$/, waiting, { live: true }],
  [/^waiting\/([^/]+)$/, correction],
  [/^rescue$/, rescue],
  [/^me$/, mine],
];

let current;

async function draw() {
  const place = location.hash.replace(/^#\/?/, "");
  const [pattern, screen, options = {}] = SCREENS.find(([pattern]) => pattern.test(place)) ?? SCREENS[0];
  const shown = (current = { place, options });
  let drawn;
  try {
    drawn = state.me ? await screen(...(place.match(pattern) ?? []).slice(1)) : await enter();
  } catch (error) {
    drawn = page(
      { title: t("app.error.title"), back: { href: "#/", word: t("app.home.title") } },
      h("p.card", {}, t("app.error.text")),
      h("p.more", {}, typed(String(error.message ?? error))),
    );
  }
  // Whoever went on meanwhile does not see the page before.
  if (current !== shown) return;
  main.replaceChildren();
  put(
    main,
    drawn ??
      page({ title: t("app.gone.title"), back: { href: "#/", word: t("app.home.title") } }, h("p.card", {}, t("app.gone.text"))),
  );
}

async function go() {
  await draw();
  drawBar();
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

const drawBar = () => document.getElementById("bar").replaceChildren(...bar());

/** What happens beneath: the bar follows at once, a live page unless somebody types on it. */
let again;
function heard() {
  drawBar();
  if (!current?.options.live || !state.me) return;
  clearTimeout(again);
  again = setTimeout(() => !main.querySelector(":focus-within, dialog[open]") && draw(), 200);
}

/** Takes the words of a language, and keeps the choice. */
export async function chooseLanguage(code) {
  const found = await fetch(`${base}words.${code}.json`);
  speak(code, await found.json());
  document.documentElement.lang = code;
  document.documentElement.dir = dirOf(code);
  document.title = t("app.name");
  localStorage.setItem("tiwizi_lang", code);
}

/** The phone is put down: after a while it asks for the PIN again. */
const PATIENCE = 10 * 60_000;
let hidden = 0;
document.addEventListener("visibilitychange", () => {
  // A phone that sleeps runs no clock: what counts is when it was put down.
  if (document.visibilityState === "hidden") hidden = Date.now();
  else if (state.me && Date.now() - hidden > PATIENCE) leave();
});
export function leave() {
  state.lock();
  show("#/");
}

// What could not be kept on the phone is said at once: it is not saved while this stands there.
addEventListener("unhandledrejection", ({ reason }) => {
  const full = reason?.name === "QuotaExceededError";
  const note = h(
    "p.note.clay",
    { role: "alert" },
    t(full ? "app.error.full" : "app.error.not_kept"),
    " ",
    h("button.btn", { onclick: () => note.remove() }, t("app.error.close")),
  );
  document.getElementById("bar").after(note);
});

async function install() {
  const found = await navigator.serviceWorker?.register("/field/worker.js", { scope: "/field/" });
  found?.addEventListener("updatefound", () => {
    const worker = found.installing;
    worker?.addEventListener("statechange", () => {
      // A newer version waits until this page is left, or the person takes it.
      if (worker.state === "installed" && navigator.serviceWorker.controller) {
        const take = () => {
          navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
          worker.postMessage("now");
        };
        document
          .getElementById("bar")
          .after(h("p.note", {}, t("app.update.ready"), " ", h("button.btn", { onclick: take }, t("app.update.take"))));
      }
    });
  });
}

const forms = fetch(`${base}forms.json`).then((found) => found.json());
await chooseLanguage(
  new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("tiwizi_lang") ?? document.documentElement.lang,
);
declare(await forms);
addEventListener("hashchange", go);
state.listen(heard);
await go();
install().catch(() => {});
