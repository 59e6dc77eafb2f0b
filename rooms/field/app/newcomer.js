// A cooperative that is met on the way: enough to find it again, registered when the phone finds a network.

import { h, page } from "./dom.js";
import { check, field, input, refuse, scriptOf, values } from "./form.js";
import { newId } from "./ids.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { lang, t } from "./words.js";

export async function newcomer() {
  const places = model.programme()?.pl ?? [];
  const save = async (event) => {
    event.preventDefault();
    const typed = values(event.target);
    const activities = new FormData(event.target).getAll("activities");
    const errors = check("organisation", ["kind", "place", "phone", "members", "women"], typed);
    if (!typed.name.trim()) errors.name = t("error.needed");
    if (!refuse(event.target, errors)) return;
    const organisation = newId();
    // A name is written down in the script it was typed in.
    const script = scriptOf(typed.name);
    const form = [
      ["id", organisation],
      ["kind", typed.kind],
      [`name.${script}`, typed.name.trim()],
      ["place", typed.place],
      ["phone", typed.phone || undefined],
      ["members", typed.members || undefined],
      ["women", typed.women || undefined],
      ...activities.map((code) => ["activities", code]),
    ];
    const at = places.find(([code]) => code === typed.place)?.[1];
    await state.send([
      {
        path: "/organisations",
        form,
        local: {
          kind: "newcomer",
          organisation,
          name: script === lang ? typed.name.trim() : [typed.name.trim(), script],
          place: typed.place,
          at,
          phone: typed.phone,
          title: `${t("app.newcomer.title")} · ${typed.name.trim()}`,
        },
      },
    ]);
    location.hash = `#/c/${organisation}`;
  };
  const of = (name, options) => input(field("organisation", name), options);
  return page(
    { title: t("app.newcomer.title"), back: { href: "#/", word: t("app.home.title") }, sub: t("app.newcomer.about") },
    h(
      "form.card",
      { onsubmit: save, novalidate: true },
      of("kind", { value: "cooperative" }),
      input({ ...field("organisation", "name"), kind: "line" }),
      of("place", { options: places, help: "" }),
      of("phone"),
      of("members"),
      of("women"),
      h(
        "details",
        {},
        h("summary", {}, t("organisation.activities")),
        h(
          "div.choices",
          {},
          field("organisation", "activities").codes.map((code) =>
            h(
              "label.tick",
              {},
              h("input", { type: "checkbox", name: "activities", value: code }),
              h("span", {}, t(`activity.${code}`)),
            ),
          ),
        ),
      ),
      h("button.btn.primary.wide", {}, t("app.form.save")),
    ),
  );
}
