// A look at equipment where it stands.

import { h, page, plain, run } from "./dom.js";
import { check, field, input, refuse, values } from "./form.js";
import { newId, today } from "./ids.js";
import { photoButton, thumbnail } from "./media.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { day, t } from "./words.js";

export async function inspection(id, pieceId) {
  const cooperative = model.cooperative(id);
  const piece = cooperative?.equipment.find((one) => one.id === pieceId);
  if (!piece) return undefined;
  let photo;
  const shown = h("div", {});
  const save = async (event) => {
    event.preventDefault();
    const typed = values(event.target);
    const errors = check("inspection", ["inspected", "occasion", "state"], typed);
    if (!errors.inspected && (typed.inspected > today() || typed.inspected < piece.handed))
      errors.inspected = t("app.equipment.when");
    if (typed.state && typed.state !== "works" && !typed.note.trim()) errors.note = t("inspection.say_why");
    if (!refuse(event.target, errors)) return;
    const form = [
      ["id", newId()],
      ["equipment", pieceId],
      ["inspected", typed.inspected],
      ["occasion", typed.occasion],
      ["state", typed.state],
      ["note", typed.note.trim() || undefined],
    ];
    await state.send([
      {
        path: `/funding/${piece.funding}/inspections`,
        form,
        files: photo ? [photo] : [],
        local: { kind: "inspection", title: `${plain(piece.name)} · ${t(`inspection.state.${typed.state}`)}` },
      },
    ]);
    location.hash = `#/c/${id}`;
  };
  const of = (name, options) => input(field("inspection", name), options);
  return page(
    {
      title: run(piece.name),
      back: { href: `#/c/${id}`, word: plain(cooperative.name) },
      sub: t("app.equipment.handed", { when: day(piece.handed, { dateStyle: "medium" }) }),
    },
    h(
      "form.card",
      { onsubmit: save, novalidate: true },
      h(
        "fieldset.choices",
        {},
        h("legend", {}, t("inspection.state")),
        field("inspection", "state").codes.map((code) =>
          h(
            "label.tick",
            {},
            h("input", { type: "radio", name: "state", value: code }),
            h("span", {}, t(`inspection.state.${code}`)),
          ),
        ),
        h("p.error", { "data-error": "state", role: "alert" }),
      ),
      of("note"),
      shown,
      photoButton("photo", t("app.photo.take"), (file) => {
        photo = file;
        shown.replaceChildren(thumbnail(file));
      }),
      of("inspected", { value: today() }),
      of("occasion", { value: piece.next?.[0] ?? "other" }),
      h("button.btn.primary.wide", {}, t("app.form.save")),
    ),
  );
}
