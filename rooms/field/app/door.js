// Somebody at the door who is on no list: a name is enough.

import { h, page, plain, run } from "./dom.js";
import { check, field, input, refuse, values } from "./form.js";
import { newId } from "./ids.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { t } from "./words.js";

const ROLES = ["president", "vice_president", "treasurer", "secretary", "manager", "board_member", "member", "other"];

export async function door(id, half) {
  const found = model.session(id);
  if (!found?.days.some((one) => one.id === half)) return undefined;
  const submit = async (event) => {
    event.preventDefault();
    const typed = values(event.target);
    if (!refuse(event.target, check("person", ["name", "sex", "birth_year"], typed))) return;
    const participant = newId();
    const host = found.hosts.find(([host]) => host === typed.organisation);
    await state.send([
      {
        path: `/training/sessions/${id}/roll-call/people`,
        form: [["id", participant], ["half_day", half], ...Object.entries(typed).filter(([, text]) => text.trim()), ["at", Date.now()]],
        local: { kind: "door", session: id, half, participant, name: typed.name.trim(), organisation: host?.[1], role: typed.role || undefined, title: `${t("app.door.title")} · ${typed.name.trim()}` },
      },
    ]);
    location.hash = `#/s/${id}/${half}`;
  };
  const name = { ...field("person", "name"), kind: "line", needed: true };
  const organisation = { table: "door", name: "organisation", kind: "reference", needed: false, codes: [], label: t("app.door.organisation") };
  const role = { table: "participant", name: "role", kind: "choice", needed: false, codes: ROLES, words: "participant.role", label: t("app.door.role") };
  return page(
    { title: t("app.door.title"), back: { href: `#/s/${id}/${half}`, word: t("app.rollcall.title") }, sub: run(found.name) },
    h(
      "form.card",
      { onsubmit: submit, novalidate: true },
      input(name),
      h("fieldset.choices", {}, h("legend", {}, t("person.sex")), field("person", "sex").codes.map((code) => h("label.tick", {}, h("input", { type: "radio", name: "sex", value: code }), h("span", {}, t(`person.sex.${code}`))))),
      input(field("person", "birth_year")),
      found.hosts.length > 0 && input(organisation, { options: found.hosts.map(([host, text]) => [host, plain(text)]) }),
      input(role),
      h("label.tick", {}, h("input", { type: "checkbox", name: "member", value: "yes" }), h("span", {}, t("app.door.member"))),
      h("button.btn.primary.wide", {}, t("app.door.save")),
    ),
  );
}
