// Who works on this phone, and what is one's own.

import { code, face, h, icon, page, row, show, typed } from "./dom.js";
import { chooseLanguage, leave } from "./main.js";
import { enrolment, pin, signInLink } from "./pin.js";
import * as state from "./state.js";
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

/** The door of the app: the people of this phone; a way to sign in for who is new. */
export async function enter() {
  const [people, session] = [await state.people(), navigator.onLine ? await signedIn() : null];
  if (session?.account && !people.some(({ id }) => id === session.account)) return [...enrolment(session), languages()];
  if (!people.length) {
    const offline = !navigator.onLine && h("p.note", { role: "status" }, t("app.enter.offline"));
    return [...page({ title: t("app.name"), sub: t("app.about") }, offline, signInLink(t("app.enter.sign_in"))), languages()];
  }
  if (people.length === 1) return [...pin(people[0], session), others(), languages()];
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
              onclick: ({ target }) => target.closest("main").replaceChildren(...pin(person, session), languages()),
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
