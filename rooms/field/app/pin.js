// The PIN of a phone: to enter with it, to choose one when the phone is enrolled, to choose another when it was forgotten.

import { face, h, icon, page, show, typed } from "./dom.js";
import { newId } from "./ids.js";
import * as state from "./state.js";
import { DIGITS } from "./vault.js";
import { count, t } from "./words.js";

export const signInLink = (word) => h("a.btn.primary.wide", { href: "/sign-in?next=/field/" }, word);

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
export function pin(person, session) {
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
  return [
    h(
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
    ),
    ...(person.spare ? [forgotten(person, session)] : []),
  ];
}

/** For who forgot the PIN: the account opens the work, which stays where it is, and another PIN is chosen. */
function forgotten(person, session) {
  const own = session?.account === person.id;
  const choose = ({ target }) => target.closest("main").replaceChildren(...another(person).filter(Boolean));
  return h(
    "details.card",
    {},
    h("summary", {}, t("app.forgot.title")),
    h("p", {}, t(own ? "app.forgot.about" : navigator.onLine ? "app.forgot.sign_in" : "app.forgot.offline")),
    own
      ? h("button.btn.wide", { type: "button", onclick: choose }, t("app.forgot.choose"))
      : navigator.onLine && h("a.btn.wide", { href: "/sign-in?next=/field/" }, t("app.enter.sign_in")),
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

/** Why this PIN will not do; nothing if it will. */
function wrong(first, second) {
  if (!/^\d+$/.test(first) || first.length < DIGITS) return count("app.enrol.short", DIGITS);
  if (/^(\d)\1+$/.test(first) || "01234567890123456789".includes(first) || "98765432109876543210".includes(first))
    return t("app.enrol.easy");
  return first === second ? undefined : t("app.enrol.differ");
}

/** Somebody chooses a PIN, typed twice; what to do with it may fail with a sentence. */
function choosing({ title, about, name }, chosen) {
  const error = h("p.error", { role: "alert" });
  const button = h("button.btn.primary.wide", {}, t("app.enrol.action"));
  const submit = async (event) => {
    event.preventDefault();
    const { first, second } = Object.fromEntries(new FormData(event.target));
    error.textContent = wrong(first, second) ?? t("app.enter.opening");
    if (wrong(first, second)) return;
    button.disabled = true;
    try {
      await chosen(first);
    } catch (failure) {
      button.disabled = false;
      error.textContent = failure.message;
    }
  };
  return page(
    { title, sub: about },
    h(
      "form.card.door",
      { onsubmit: submit },
      h("div.row", {}, face(name), h("strong", {}, typed(name))),
      pinInput("first", t("app.enrol.pin")),
      pinInput("second", t("app.enrol.again")),
      error,
      button,
    ),
  );
}

/** The first time: a PIN of one's own, and the phone is known to the house. */
export const enrolment = ({ account, name }) =>
  choosing({ title: t("app.enrol.title"), about: t("app.enrol.about"), name }, async (first) => {
    const { token: text, device, spare } = await token(newId());
    await state.enrol({ account, name, token: text, device, spare }, first);
    show("#/prepare");
  });

/** Another PIN for who forgot theirs. */
const another = (person) =>
  choosing({ title: t("app.forgot.choose"), about: t("app.forgot.about"), name: person.name }, async (first) => {
    const { token: text, spare } = await token(person.device);
    await state.reopen({ account: person.id, token: text, spare }, first).catch(() => {
      throw new Error(t("app.forgot.lost"));
    });
    show("#/");
  });
