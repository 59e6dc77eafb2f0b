// A member who is not registered yet: a name is enough.

import { h, page, plain, run } from "./dom.js";
import { check, field, input, refuse, values } from "./form.js";
import { newId } from "./ids.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { t } from "./words.js";

export async function member(id) {
  const cooperative = model.cooperative(id);
  if (!cooperative) return undefined;
  const save = async (event) => {
    event.preventDefault();
    const typed = values(event.target);
    if (
      !refuse(event.target, {
        ...check("person", ["sex", "birth_year", "phone"], typed),
        ...(typed.name.trim() ? {} : { name: t("error.needed") }),
      })
    )
      return;
    const [made, name] = [newId(), typed.name.trim()];
    const newcomer = state.outbox.commands.find(({ local }) => local.kind === "newcomer" && local.organisation === id)?.id;
    await state.send([
      {
        path: `/organisations/${id}/members`,
        form: [["id", made], ["active", "yes"], ...Object.entries(typed).filter(([, text]) => text.trim())],
        after: [newcomer],
        local: { kind: "member", organisation: id, member: made, name, title: `${t("app.member.title")} · ${name}` },
      },
    ]);
    location.hash = `#/c/${id}`;
  };
  return page(
    { title: t("app.member.title"), back: { href: `#/c/${id}`, word: plain(cooperative.name) }, sub: run(cooperative.name) },
    h(
      "form.card",
      { onsubmit: save, novalidate: true },
      input({ ...field("person", "name"), kind: "line", needed: true }),
      h(
        "fieldset.choices",
        {},
        h("legend", {}, t("person.sex")),
        field("person", "sex").codes.map((code) =>
          h("label.tick", {}, h("input", { type: "radio", name: "sex", value: code }), h("span", {}, t(`person.sex.${code}`))),
        ),
      ),
      input(field("person", "birth_year")),
      input(field("person", "phone")),
      h("button.btn.primary.wide", {}, t("app.form.save")),
    ),
  );
}
