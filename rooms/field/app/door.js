// Somebody at the door: a member of an invited cooperative is found by her name and listed; of who is not known, a name
// is enough.

import { bare, face, h, icon, joined, page, plain, run } from "./dom.js";
import { check, field, input, refuse, values } from "./form.js";
import { namedId, newId } from "./ids.js";
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
        form: [
          ["id", participant],
          ["half_day", half],
          ...Object.entries(typed).filter(([, text]) => text.trim()),
          ["at", Date.now()],
        ],
        local: {
          kind: "door",
          session: id,
          half,
          participant,
          name: typed.name.trim(),
          organisation: host?.[1],
          role: typed.role || undefined,
          title: `${t("app.door.title")} · ${typed.name.trim()}`,
        },
      },
    ]);
    location.hash = `#/s/${id}/${half}`;
  };
  const list = async (one) => {
    const participant = await namedId(`participant ${one.person} of ${id}`);
    await state.send([
      {
        path: `/training/sessions/${id}/people`,
        form: [["person", one.person]],
        local: { kind: "listed", session: id, participant, ...one, title: `${t("app.door.title")} · ${plain(one.name)}` },
      },
    ]);
    // She stands at the door: she is there.
    const draft = `rollcall ${half}`;
    await state.keepDraft(draft, { ...(await state.draft(draft)), [participant]: true });
    location.hash = `#/s/${id}/${half}`;
  };
  const known = h("div.rows", {});
  const show = (asked) => {
    const wanted = bare(asked);
    const all =
      wanted.length < 2
        ? []
        : found.expected.filter(({ name, organisation }) => bare(name).includes(wanted) || bare(organisation).includes(wanted));
    const line = (one) =>
      h(
        "button.row",
        { type: "button", onclick: () => list(one) },
        face(one.name),
        h(
          "span.what",
          {},
          h("strong", {}, run(one.name)),
          h("span.more", {}, joined(t(`participant.role.${one.role}`), run(one.organisation))),
        ),
        icon("plus"),
      );
    known.replaceChildren(...all.slice(0, 20).map(line));
  };
  const find = h(
    "section.card",
    {},
    h(
      "div.field",
      {},
      h("label", { for: "find" }, t("app.door.find")),
      h("input", { id: "find", type: "search", dir: "auto", autocomplete: "off", oninput: ({ target }) => show(target.value) }),
    ),
    known,
  );
  const name = { ...field("person", "name"), kind: "line", needed: true };
  const organisation = {
    table: "door",
    name: "organisation",
    kind: "reference",
    needed: false,
    codes: [],
    label: t("app.door.organisation"),
  };
  const role = {
    table: "participant",
    name: "role",
    kind: "choice",
    needed: false,
    codes: ROLES,
    words: "participant.role",
    label: t("app.door.role"),
  };
  return page(
    { title: t("app.door.title"), back: { href: `#/s/${id}/${half}`, word: t("app.rollcall.title") }, sub: run(found.name) },
    found.expected.length > 0 && find,
    h(
      "form.card",
      { onsubmit: submit, novalidate: true },
      input(name),
      h(
        "fieldset.choices",
        {},
        h("legend", {}, t("person.sex")),
        field("person", "sex").codes.map((code) =>
          h("label.tick", {}, h("input", { type: "radio", name: "sex", value: code }), h("span", {}, t(`person.sex.${code}`))),
        ),
      ),
      input(field("person", "birth_year")),
      found.hosts.length > 0 && input(organisation, { options: found.hosts.map(([host, text]) => [host, plain(text)]) }),
      input(role),
      h("label.tick", {}, h("input", { type: "checkbox", name: "member", value: "yes" }), h("span", {}, t("app.door.member"))),
      h("button.btn.primary.wide", {}, t("app.door.save")),
    ),
  );
}
