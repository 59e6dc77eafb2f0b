// An application to a call, filled in with the cooperative where it is; its number stands on the receipt at once.

import { h, page, plain, row, run, show, soon } from "./dom.js";
import { check, field, input, refuse, scriptOf, toLatin, values } from "./form.js";
import { newId, today } from "./ids.js";
import { photoButton, thumbnail } from "./media.js";
import * as model from "./model.js";
import { receipt } from "./numbers.js";
import * as state from "./state.js";
import { day, lang, t } from "./words.js";

const WHO = ["contact", "phone"];
const MEMBERS = ["members", "women", "young", "women_or_young"];
const PROJECT = ["title", "summary", "cost", "asked", "own_cash", "own_kind"];
/** What an application says before it is sent, beside what its record needs. */
const NEEDED = ["phone", "members", "women", "women_or_young", "title", "cost", "asked", "own_cash"];

const of = (name) => {
  const declared = field("application", name);
  return { ...declared, needed: NEEDED.includes(name), kind: declared.kind === "multi" ? "line" : declared.kind };
};

/** An amount in hundredths; nothing if none is stated. */
const amount = (text) => (text?.trim() ? Math.round(Number(toLatin(text).replace(/\s/g, "").replace(",", ".")) * 100) : undefined);

/** What is wrong with an application, by field; the same rules as the page of the house. */
export function refusals(typed, questions, photos) {
  const errors = check(of, [...WHO, ...MEMBERS, ...PROJECT], typed);
  for (const part of ["women", "young", "women_or_young"])
    if (!errors[part] && !errors.members && Number(toLatin(typed[part] ?? "")) > Number(toLatin(typed.members ?? "")))
      errors[part] = t("application.more_than_members");
  const [cost, asked, cash] = ["cost", "asked", "own_cash"].map((name) => amount(typed[name]));
  if (!errors.cost && cost !== asked + cash + (amount(typed.own_kind) ?? 0)) errors.cost ||= t("application.sum");
  for (const { id, kind, needed } of questions) {
    const name = `q.${id}`;
    const empty = kind === "file" ? !photos.has(id) : !typed[name]?.trim();
    if (needed && empty) errors[name] = t("error.needed");
    else if (!empty && kind === "number" && !/^\d{1,9}$/.test(toLatin(typed[name].trim()))) errors[name] = t("error.number");
  }
  return errors;
}

/** The form of an application as the page of the house posts it. */
export function applicationForm({ id, secret, number, cooperative, typed }) {
  const form = [
    ["id", id],
    ["secret", secret],
    ["act", "send"],
    ["organisation", cooperative.id],
    ["number", number],
    ["place", cooperative.place],
  ];
  for (const name of [cooperative.name, cooperative.other].filter(Boolean)) {
    const [text, code] = Array.isArray(name) ? name : [name, lang];
    form.push([`name.${code}`, text]);
  }
  for (const [name, value] of Object.entries(typed)) {
    const text = value.trim();
    if (name === "title") form.push([`title.${scriptOf(text)}`, text || undefined]);
    else form.push([name, text || undefined]);
  }
  return form;
}

const secretOf = () => [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The calls to which a cooperative can apply, or has. */
export function calls(cooperative) {
  const open = model.calls().filter((call) => (call.opens <= today() && today() <= call.closes) || model.applied(call, cooperative.id));
  if (!open.length) return undefined;
  return h(
    "section.card",
    {},
    h("h2", {}, t("app.apply.title")),
    open.map((call) => {
      const there = model.applied(call, cooperative.id);
      const chip = there && h("span.chip.good", {}, there.number ? t("app.apply.number", { number: receipt(there.number) }) : t("app.apply.done"));
      return row(`#/c/${cooperative.id}/apply/${call.id}`, run(call.name), t("app.apply.until", { when: day(call.closes) }), { chip });
    }),
  );
}

function told(cooperative, call, { number }) {
  const back = { href: `#/c/${cooperative.id}`, word: plain(cooperative.name) };
  return page(
    { title: t("app.apply.receipt"), back, sub: run(call.name) },
    h(
      "section.card",
      {},
      number
        ? [h("p.code-big", { dir: "ltr" }, receipt(number)), h("p", {}, t("app.apply.copy")), h("p.more", {}, run(cooperative.name))]
        : h("p", {}, t("app.apply.no_number")),
    ),
  );
}

function asked({ id, label, kind, needed, options, hint }, kept, photos, changed) {
  const name = `q.${id}`;
  if (kind === "file") {
    const shown = h("div", {}, photos.has(id) && thumbnail(photos.get(id)));
    return h(
      "div.field",
      {},
      h("p", {}, run(label), !needed && h("small", {}, ` ${t("app.form.optional")}`)),
      hint && h("p.help", {}, run(hint)),
      shown,
      photoButton(name, t("app.visit.photo"), (file) => {
        photos.set(id, file);
        shown.replaceChildren(thumbnail(file));
        changed();
      }),
      h("p.error", { "data-error": name, role: "alert" }),
    );
  }
  const kinds = { text: "lines", number: "number", date: "date", yes: "reference", choice: "reference" };
  const choices = kind === "yes" ? ["yes", "no"].map((code) => [code, t(code)]) : options.map((text, i) => [String(i), text]);
  const declared = { table: "", name, kind: kinds[kind], needed, codes: [] };
  return input(declared, { value: kept[name], options: choices, help: hint ? run(hint) : "", label: run(label) });
}

export async function apply(id, callId) {
  const [cooperative, call] = [model.cooperative(id), model.calls().find((one) => one.id === callId)];
  if (!cooperative || !call) return undefined;
  const there = model.applied(call, id);
  if (there) return told(cooperative, call, there);
  const name = `apply ${callId} ${id}`;
  const kept = (await state.draft(name)) ?? { typed: { phone: cooperative.phone ?? "" }, photos: [] };
  const photos = new Map(kept.photos);
  const keep = soon(() => state.keepDraft(name, { typed: values(form), photos: [...photos] }));
  const save = async (event) => {
    event.preventDefault();
    const typed = values(form);
    if (!refuse(form, refusals(typed, call.questions, photos))) return;
    const number = await state.takeNumber(callId);
    const newcomer = state.outbox.commands.find(({ local }) => local.kind === "newcomer" && local.organisation === id)?.id;
    await state.send([
      {
        path: `/calls/${callId}/applications`,
        form: applicationForm({ id: newId(), secret: secretOf(), number, cooperative, typed }),
        files: [...photos.values()],
        after: [newcomer],
        local: { kind: "application", organisation: id, call: callId, number, title: `${t("app.apply.title")} · ${plain(cooperative.name)}` },
      },
    ]);
    keep.stop();
    await state.dropDraft(name);
    show();
  };
  const group = (word, names) =>
    h("section.card", {}, h("h2", {}, t(word)), names.map((name) => input(of(name), { value: kept.typed[name] })));
  const form = h(
    "form",
    { onsubmit: save, oninput: keep, novalidate: true },
    group("application.group.who", WHO),
    group("application.group.members", MEMBERS),
    group("application.group.project", PROJECT),
    call.questions.length > 0 &&
      h("section.card", {}, h("h2", {}, t("app.apply.questions")), call.questions.map((question) => asked(question, kept.typed, photos, keep))),
    h("div.foot", {}, h("button.btn.primary", {}, t("app.apply.send"))),
  );
  const back = { href: `#/c/${id}`, word: plain(cooperative.name) };
  return page({ title: run(call.name), back, sub: [run(cooperative.name), " · ", t("app.apply.until", { when: day(call.closes) })] }, form);
}
