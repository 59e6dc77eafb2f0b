// The roll-call: a row a person, one tap, one save for all. Everything stands on the phone before it says so.

import { face, h, icon, joined, page, row, run, typed } from "./dom.js";
import { newId, today } from "./ids.js";
import { photoButton } from "./media.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { count, day, t } from "./words.js";

const when = (half) => `${day(half.day)} · ${t(`half_day.part.${half.part}`)}`;

export async function session(id) {
  const found = model.session(id);
  if (!found) return undefined;
  // One half-day is the half-day.
  if (found.days.length === 1) return half(id, found.days[0].id);
  return page(
    {
      title: run(found.name),
      back: { href: "#/", word: t("app.home.title") },
      sub: joined(found.at, found.venue && typed(found.venue)),
    },
    h(
      "section.card",
      {},
      h("h2", {}, t("app.rollcall.choose")),
      found.days.map((one) => {
        const marks = found.people.map(({ marks }) => marks.get(one.id));
        const taken = marks.some((mark) => mark !== undefined);
        const chip = taken
          ? h("span.chip.good", {}, count("app.rollcall.present", marks.filter(Boolean).length))
          : one.day <= today() && h("span.chip.wait", {}, t("app.rollcall.to_take"));
        return row(`#/s/${id}/${one.id}`, when(one), "", { chip });
      }),
    ),
  );
}

/** The form of a roll-call as the page of the house posts it, with what the phone knew before. */
export function rollCallForm(session, half, marks, at) {
  const form = [["half_day", half]];
  for (const person of session.people) {
    form.push(["listed", person.id]);
    if (marks.get(person.id)) form.push(["present", person.id]);
    const was = person.was.get(half);
    if (was !== undefined) form.push([`was.${person.id}`, was ? "present" : "absent"]);
  }
  return [...form, ["at", at]];
}

export async function half(id, halfId) {
  const found = model.session(id);
  const one = found?.days.find((half) => half.id === halfId);
  if (!one) return undefined;
  const marks = new Map(found.people.map((person) => [person.id, person.marks.get(halfId) ?? false]));
  const kept = await state.draft(`rollcall ${halfId}`);
  for (const [person, there] of Object.entries(kept ?? {})) if (marks.has(person)) marks.set(person, there);
  const status = h("p.big", { role: "status" });
  const tell = () =>
    (status.textContent = t("app.rollcall.of", { there: [...marks.values()].filter(Boolean).length, all: marks.size }));
  const boxes = [];
  const line = (person) => {
    const box = h("input", {
      type: "checkbox",
      role: "switch",
      checked: marks.get(person.id),
      onchange: () => mark(person.id, box.checked),
    });
    boxes.push([person.id, box]);
    const more = joined(person.role && t(`participant.role.${person.role}`), person.organisation && run(person.organisation));
    return h(
      "label.row.person",
      {},
      face(person.name),
      h("span.what", {}, h("strong", {}, run(person.name)), h("span.more", {}, more)),
      box,
    );
  };
  const mark = (person, there) => {
    marks.set(person, there);
    tell();
    state.keepDraft(`rollcall ${halfId}`, Object.fromEntries(marks));
  };
  const all = (there) => {
    for (const [person, box] of boxes) {
      box.checked = there;
      mark(person, there);
    }
  };
  const save = async () => {
    const doors = found.people.map(({ door }) => door);
    const before = state.outbox.commands.filter(({ local }) => local.kind === "rollcall" && local.half === halfId).at(-1);
    // A save that was never sent is replaced by this one.
    const replaced = before && (await state.outbox.takeBack(before.id));
    await state.send([
      {
        path: `/training/sessions/${id}/roll-call`,
        form: rollCallForm(found, halfId, marks, Date.now()),
        after: [...doors, !replaced && before?.id],
        local: {
          kind: "rollcall",
          session: id,
          half: halfId,
          marks: Object.fromEntries(marks),
          title: [t("app.rollcall.title"), when(one)].join(" · "),
        },
      },
    ]);
    await state.dropDraft(`rollcall ${halfId}`);
    location.hash = found.days.length > 1 ? `#/s/${id}` : "#/";
  };
  const sheet = async (file) => {
    const form = [
      ["id", newId()],
      ["half_day", halfId],
    ];
    await state.send([
      {
        path: `/training/sessions/${id}/roll-call/sheets`,
        form,
        files: [file],
        local: { kind: "sheet", title: [t("app.rollcall.sheet"), when(one)].join(" · ") },
      },
    ]);
    sheets.textContent = t("app.rollcall.sheet_kept");
  };
  const sheets = h("p.more", { role: "status" });
  tell();
  const back =
    found.days.length > 1 ? { href: `#/s/${id}`, word: t("app.rollcall.days") } : { href: "#/", word: t("app.home.title") };
  return page(
    { title: run(found.name), back, sub: when(one) },
    h(
      "section.card",
      {},
      h(
        "div.split",
        {},
        status,
        h(
          "div.pair",
          {},
          h("button.btn", { type: "button", onclick: () => all(true) }, t("app.rollcall.all")),
          h("button.btn", { type: "button", onclick: () => all(false) }, t("app.rollcall.none")),
        ),
      ),
      found.people.length ? h("div.rows", {}, found.people.map(line)) : h("p", {}, t("app.rollcall.nobody")),
      h("a.btn.wide", { href: `#/s/${id}/${halfId}/door` }, icon("plus"), t("app.door.title")),
      photoButton("file", t("app.rollcall.sheet"), sheet),
      sheets,
    ),
    h("div.foot", {}, h("button.btn.primary.wide", { onclick: save, disabled: !found.people.length }, t("app.rollcall.save"))),
  );
}
