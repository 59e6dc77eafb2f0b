// What stands only on this phone, what the house has, what needs its writer: in plain words, at all times.

import { face, h, icon, page, row, svg, typed } from "./dom.js";
import * as state from "./state.js";
import { signedOut } from "./people.js";
import { count, instant, t } from "./words.js";

const TONES = {
  here: "wait",
  received: "info",
  waiting: "info",
  held: "info",
  done: "good",
  needs_you: "late",
  clash: "late",
  aside: "",
  set_aside: "",
};

/** The bar of every screen: where one is, and where one's work is. */
export function bar() {
  const mark = svg(
    "svg",
    { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true" },
    svg("path", { d: "M12 3v18M6 4v3.500a6 6 0 0012 0V4M6 20v-3.500a6 6 0 0112 0V20" }),
  );
  const brand = h("a.brand", { href: "#/" }, mark, h("span", { lang: "en", dir: "ltr" }, "Tiwizi"));
  if (!state.me) return [brand];
  const { here, received, needs } = state.outbox.counts();
  const sending = state.sender?.sending && here > 0;
  const [tone, text] =
    state.sender?.trouble === "signed_out"
      ? ["late", t("app.bar.signed_out")]
      : needs > 0
        ? ["late", count("app.bar.needs", needs)]
        : sending
          ? ["info", count("app.bar.sending", here)]
          : here > 0
            ? ["wait", count("app.bar.here", here)]
            : received > 0
              ? ["info", count("app.bar.received", received)]
              : ["good", t("app.bar.nothing")];
  return [
    brand,
    h("span.where", { role: "status" }, h(`a.chip.${tone}`, { href: "#/waiting" }, text)),
    h("a.person", { href: "#/me", "aria-label": t("app.me.title") }, face(state.me.name)),
  ];
}

function line(command) {
  const { id, state: how, local, at, sentence, files } = command;
  const needs = how === "needs_you" || how === "clash" || how === "aside";
  const what = h(
    "span.what",
    {},
    h("strong", {}, typed(local.title ?? command.path)),
    h("span.more", {}, instant(at), files.length > 0 && ` · ${count("app.waiting.files", files.length)}`),
    needs && sentence && h("span.sentence", {}, typed(sentence)),
    h("span.chips", {}, h(`span.chip${TONES[how] ? `.${TONES[how]}` : ""}`, {}, t(`app.state.${how}`))),
  );
  return needs ? h("a.row", { href: `#/waiting/${id}` }, what, icon("next")) : h("div.row", {}, what);
}

export async function waiting() {
  const all = [...state.outbox.commands].reverse();
  const of = (...states) => all.filter((command) => states.includes(command.state));
  const group = (title, commands) =>
    commands.length > 0 && h("section.card", {}, h("h2", {}, title), h("div.rows", {}, commands.map(line)));
  const trouble = state.sender?.trouble;
  const now = async (event) => {
    event.target.disabled = true;
    await state.sender.round();
    event.target.disabled = false;
  };
  return page(
    { title: t("app.waiting.title"), back: { href: "#/", word: t("app.home.title") }, sub: t("app.waiting.about") },
    trouble === "signed_out" && signedOut(),
    trouble === "offline" && h("p.note", { role: "status" }, t("app.waiting.offline")),
    trouble === "refused" && h("p.note", { role: "status" }, t("app.waiting.refused")),
    all.length === 0 && h("p.card", {}, t("app.bar.nothing")),
    group(t("app.waiting.needs"), of("needs_you", "clash")),
    group(t("app.waiting.here"), of("here")),
    group(t("app.waiting.received"), of("received", "waiting", "held")),
    group(t("app.waiting.done"), of("done")),
    group(t("app.waiting.aside"), of("aside", "set_aside")),
    h("button.btn.primary.wide", { onclick: now }, t("app.waiting.now")),
    state.outbox.pending().length > 0 && row("#/rescue", t("app.rescue.make_title"), t("app.rescue.make_about")),
  );
}

/** Fields that the person never typed. */
const HIDDEN = /^(id|version|at|half_day|listed|present|was\..*|_fields|instrument|equipment|programme|organisation|price\..*\.currency)$/;

/** What was refused and why; to correct it and send it anew, or to put it aside. */
export async function correction(id) {
  const command = state.outbox.find(id);
  if (!command) return undefined;
  const refused = (name) => command.errors?.find(({ field }) => field === name)?.detail;
  const aside = command.state === "aside";
  const put = async () => {
    await state.outbox.setAside(id, !aside);
    location.hash = "#/waiting";
  };
  const send = async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const form = command.form.map(([name, value], i) => [name, data.get(`field-${i}`) ?? value]);
    // A similar cooperative was found, and this one is another.
    if (data.get("force")) form.push(["force", "yes"]);
    await state.correct(id, form);
    location.hash = "#/waiting";
  };
  const fields = command.form.map(([name, value], i) => {
    if (HIDDEN.test(name)) return undefined;
    const [table] =
      command.path.startsWith("/visits") || command.path.endsWith("/visits")
        ? ["visit"]
        : command.path === "/organisations"
          ? ["organisation"]
          : command.path.endsWith("/inspections")
            ? ["inspection"]
            : command.path.startsWith("/actions")
              ? ["plan_action"]
              : command.path.endsWith("/spot-sales")
                ? ["app.sale"]
                : ["person"];
    const [part, of] = name.split(".");
    const key = `${table}.${part}`;
    const word = [t(key) === key ? t("app.correct.value") : t(key), command.local.names?.[of]].filter(Boolean).join(" · ");
    return h(
      "div.field",
      {},
      h("label", { for: `field-${i}` }, word),
      h(value.length > 60 ? "textarea" : "input", { id: `field-${i}`, name: `field-${i}`, dir: "auto", value }),
      h("p.error", {}, refused(name)),
    );
  });
  return page(
    {
      title: t("app.correct.title"),
      back: { href: "#/waiting", word: t("app.waiting.title") },
      sub: typed(command.local.title ?? ""),
    },
    h(
      "p.note.clay",
      {},
      command.sentence
        ? typed(command.sentence)
        : command.state === "clash"
          ? t("app.state.clash_about")
          : t("app.correct.no_sentence"),
    ),
    command.errors?.map(({ detail }) => h("p.error", {}, typed(detail))),
    h(
      "form.card",
      { onsubmit: send },
      fields,
      command.path === "/organisations" &&
        h("label.tick", {}, h("input", { type: "checkbox", name: "force" }), h("span", {}, t("app.correct.another"))),
      h("button.btn.primary.wide", {}, t("app.correct.send")),
    ),
    h("button.btn.wide", { onclick: put }, aside ? t("app.correct.take_up") : t("app.correct.aside")),
    h("p.more", {}, t("app.correct.aside_about")),
  );
}
