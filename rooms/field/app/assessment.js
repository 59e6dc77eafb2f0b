// To begin a round of a diagnosis: which instrument, how much of it.

import { h, page, plain, run } from "./dom.js";
import { newId, today } from "./ids.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { count, t } from "./words.js";

export async function begin(id) {
  const one = model.cooperative(id);
  const instruments = model.instruments();
  if (!one || !instruments.length) return undefined;
  const start = async (event) => {
    event.preventDefault();
    const { instrument, extent } = Object.fromEntries(new FormData(event.target));
    const [assessment, held] = [newId(), today()];
    const newcomer = state.outbox.commands.find(({ local }) => local.kind === "newcomer" && local.organisation === id);
    const form = [
      ["id", assessment],
      ["instrument", instrument],
      ["extent", extent],
      ["held", held],
    ];
    // A newcomer is in no programme yet.
    if (one.stage !== "new") form.push(["programme", model.programme().id]);
    await state.send([
      {
        path: `/organisations/${id}/assessments`,
        form,
        after: [newcomer?.id],
        local: {
          kind: "round",
          organisation: id,
          assessment,
          instrument,
          extent,
          held,
          title: `${t("app.diagnosis.title")} · ${plain(one.name)}`,
        },
      },
    ]);
    location.hash = `#/d/${assessment}/1`;
  };
  const first = one.last ? "full" : "short";
  const asked = (extent, { items }) => items.filter(({ short }) => extent === "full" || short).length;
  return page(
    { title: t("app.diagnosis.begin"), back: { href: `#/c/${id}`, word: plain(one.name) }, sub: run(one.name) },
    h(
      "form.card",
      { onsubmit: start },
      h(
        "fieldset.choices",
        { hidden: instruments.length === 1 },
        h("legend", {}, t("app.diagnosis.instrument")),
        instruments.map(({ id, name, edition }, i) =>
          h(
            "label.tick",
            {},
            h("input", { type: "radio", name: "instrument", value: id, checked: i === 0 }),
            h("span", {}, run(name), ` ${edition}`),
          ),
        ),
      ),
      h(
        "fieldset.choices",
        {},
        h("legend", {}, t("app.diagnosis.extent")),
        ["short", "full"].map((extent) =>
          h(
            "label.tick",
            {},
            h("input", { type: "radio", name: "extent", value: extent, checked: extent === first }),
            h(
              "span.what",
              {},
              h("strong", {}, t(`assessment.extent.${extent}`)),
              h("span.more", {}, count("app.diagnosis.questions", asked(extent, instruments[0]))),
            ),
          ),
        ),
      ),
      h("button.btn.primary.wide", {}, t("app.diagnosis.start")),
    ),
  );
}
