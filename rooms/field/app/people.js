// Who works on this phone: to enter with a PIN, to enrol once with a network, and what is one's own.

import { code, face, h, icon, page, row, show, typed } from "./dom.js";
import { newId } from "./ids.js";
import { chooseLanguage, leave } from "./main.js";
import * as state from "./state.js";
import { DIGITS } from "./vault.js";
import { count, instant, lang, t } from "./words.js";

const LANGUAGES = [
  ["fr", "Français"],
  ["ar", "العربية"],
  ["en", "English"],
  ["zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ"],
];

/** The languages, each in itself. */
const languages = () =>
  h(
    "nav.langs",
    { "aria-label": t("app.me.language") },
    LANGUAGES.map(([code, name]) =>
      h(
        "button",
        { type: "button", lang: code, "aria-pressed": String(code === lang), onclick: () => chooseLanguage(code).then(() => show()) },
        name,
      ),
    ),
  );

/** Who has a session with the house in this browser; nobody without a network. */
async function signedIn() {
  try {
    const answer = await fetch("/field/choices", { headers: { Accept: "application/json" }, cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

const signInLink = (word) => h("a.btn.primary.wide", { href: "/sign-in?next=/field/" }, word);

/** The door of the app: the people of this phone; a way to sign in for who is new. */
export async function enter() {
  const [people, session] = [await state.people(), navigator.onLine ? await signedIn() : null];
  if (session?.account && !people.some(({ id }) => id === session.account)) return enrolment(session);
  if (!people.length) {
    const offline = !navigator.onLine && h("p.note", { role: "status" }, t("app.enter.offline"));
    return [...page({ title: t("app.name"), sub: t("app.about") }, offline, signInLink(t("app.enter.sign_in"))), languages()];
  }
  if (people.length === 1) return [pin(people[0], session), others(), languages()];
  return [
    ...page(
      { title: t("app.enter.who") },
      h(
        "div.card.rows",
        {},
        people.map((person) =>
          h(
            "button.row",
            {
              type: "button",
              onclick: ({ target }) => target.closest("main").replaceChildren(pin(person, session), languages()),
            },
            face(person.name),
            h(
              "span.what",
              {},
              h("strong", {}, typed(person.name)),
              person.waits > 0 && h("span.more", {}, count("app.enter.waits", person.waits)),
            ),
            icon("next"),
          ),
        ),
      ),
    ),
    others(),
    languages(),
  ];
}

const others = () => h("p", {}, h("a.btn.wide", { href: "/sign-in?next=/field/" }, t("app.enter.another")));

const pinInput = (name, label) =>
  h(
    "div.field",
    {},
    h("label", { for: name }, label),
    h("input.pin", {
      id: name,
      name,
      type: "password",
      inputmode: "numeric",
      autocomplete: "off",
      pattern: "[0-9]*",
      minlength: DIGITS,
      maxlength: 12,
      dir: "ltr",
      required: true,
    }),
  );

/** Asks somebody for their PIN. A session of theirs in this browser renews a phone that was signed out. */
function pin(person, session) {
  const error = h("p.error", { role: "alert" });
  const button = h("button.btn.primary.wide", {}, icon("lock"), t("app.enter.open"));
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    error.textContent = t("app.enter.opening");
    const { wait } = await state.unlock(person.id, event.target.elements.pin.value);
    button.disabled = false;
    if (wait === undefined) {
      if (session?.account === person.id) await renew();
      return show();
    }
    event.target.elements.pin.value = "";
    error.textContent = wait > 0 ? count("app.enter.wait", wait) : t("app.enter.wrong");
  };
  return h(
    "form.card.door",
    { onsubmit: submit },
    h(
      "div.row",
      {},
      face(person.name),
      h(
        "span.what",
        {},
        h("h1", {}, typed(person.name)),
        h("span.more", {}, person.waits > 0 ? count("app.enter.waits", person.waits) : t("app.enter.nothing_waits")),
      ),
    ),
    pinInput("pin", t("app.enter.pin")),
    error,
    button,
  );
}

/** Asks the house for a token for this phone, then ends the browser's session: on a shared phone it would open to all. */
async function token(device) {
  const body = new URLSearchParams({ id: device, name: nameOfPhone() });
  const answer = await fetch("/field/devices", { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(t("app.enrol.failed"));
  const told = await answer.json();
  await fetch("/sign-out", { method: "POST", headers: { Accept: "application/json" } }).catch(() => {});
  return told;
}

async function renew() {
  try {
    await state.keepSecret({ token: (await token(state.me.secret.device)).token });
    state.sender.round();
  } catch {
    // The old token may still hold; if not, the bar says so.
  }
}

/** What a phone is called until somebody calls it otherwise. */
const nameOfPhone = () => /\(([^)]*)\)/.exec(navigator.userAgent)?.[1].split(";").slice(0, 3).join(",").slice(0, 60) ?? "–";

/** The first time: a PIN of one's own, and the phone is known to the house. */
function enrolment({ account, name }) {
  const error = h("p.error", { role: "alert" });
  const button = h("button.btn.primary.wide", {}, t("app.enrol.action"));
  const submit = async (event) => {
    event.preventDefault();
    const { first, second } = Object.fromEntries(new FormData(event.target));
    if (!/^\d+$/.test(first) || first.length < DIGITS) return void (error.textContent = count("app.enrol.short", DIGITS));
    if (/^(\d)\1+$/.test(first) || "01234567890123456789".includes(first) || "98765432109876543210".includes(first))
      return void (error.textContent = t("app.enrol.easy"));
    if (first !== second) return void (error.textContent = t("app.enrol.differ"));
    button.disabled = true;
    error.textContent = t("app.enter.opening");
    try {
      const told = await token(newId());
      await state.enrol({ account, name, token: told.token, device: told.device }, first);
      show("#/prepare");
    } catch (failure) {
      button.disabled = false;
      error.textContent = failure.message;
    }
  };
  return [
    ...page(
      { title: t("app.enrol.title"), sub: t("app.enrol.about") },
      h(
        "form.card.door",
        { onsubmit: submit },
        h("div.row", {}, face(name), h("strong", {}, typed(name))),
        pinInput("first", t("app.enrol.pin")),
        pinInput("second", t("app.enrol.again")),
        error,
        button,
      ),
    ),
    languages(),
  ];
}

/** What is one's own: language, whether the phone keeps what it holds, leaving it, what waits. */
export async function mine() {
  const [kept, estimate] = [await navigator.storage?.persisted?.(), await navigator.storage?.estimate?.()];
  const n = state.outbox.pending().length;
  const { secret, name, id } = state.me;
  const remove = async () => {
    if (state.outbox.pending().length) return;
    state.lock();
    await state.forget(id);
    show("#/");
  };
  return [
    ...page(
      { title: typed(name), back: { href: "#/", word: t("app.home.title") } },
      h(
        "section.card",
        {},
        h("h2", {}, t("app.me.phone")),
        h("p", {}, kept ? t("app.me.kept") : t("app.me.may_go")),
        estimate &&
          h(
            "p.more",
            {},
            t("app.me.room", {
              used: Math.max(1, Math.round((estimate.usage ?? 0) / 1e6)),
              left: Math.round(((estimate.quota ?? 0) - (estimate.usage ?? 0)) / 1e6),
            }),
          ),
        secret.readAt && h("p.more", {}, t("app.prepare.read_at", { when: instant(secret.readAt) })),
        row("#/prepare", t("app.prepare.title"), t("app.prepare.change")),
        row("#/rescue", t("app.rescue.make_title"), t("app.rescue.make_about")),
      ),
      h(
        "section.card",
        {},
        h("h2", {}, t("app.me.leave")),
        h("p", {}, n > 0 ? count("app.me.leave_waits", n) : t("app.me.leave_about")),
        h("button.btn.primary.wide", { onclick: leave }, icon("lock"), t("app.me.lock")),
        n === 0 &&
          h(
            "details",
            {},
            h("summary", {}, t("app.me.remove")),
            h("p", {}, t("app.me.remove_about")),
            h("button.btn.danger.wide", { onclick: remove }, t("app.me.remove")),
          ),
      ),
      h("p.more", {}, t("app.me.version"), " ", code(document.documentElement.dataset.version)),
    ),
    languages(),
  ];
}

/** For whoever was signed out from afar: what to do. */
export const signedOut = () =>
  h(
    "p.note.clay",
    { role: "alert" },
    t("app.enter.signed_out"),
    " ",
    h("a", { href: "/sign-in?next=/field/" }, t("app.enter.sign_in")),
  );
