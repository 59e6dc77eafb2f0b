// How far an action of the plan is.

import { h, joined, page, plain, run, typed } from "./dom.js";
import { field, values } from "./form.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { day, t } from "./words.js";

export async function action(id, actionId) {
  const cooperative = model.cooperative(id);
  const one = cooperative && model.actions(cooperative).find((action) => action.id === actionId);
  if (!one) return undefined;
  const save = async (event) => {
    event.preventDefault();
    const { status } = values(event.target);
    if (status !== one.status) {
      const before = one.before && !(await state.outbox.takeBack(one.before)) ? one.before : undefined;
      await state.send([
        {
          path: `/actions/${actionId}`,
          form: [
            ["version", one.version + (before ? 1 : 0)],
            ["status", status],
          ],
          after: [before],
          local: {
            kind: "action",
            action: actionId,
            status,
            title: `${plain(one.title)} · ${t(`plan_action.status.${status}`)}`,
          },
        },
      ]);
    }
    location.hash = `#/c/${id}`;
  };
  return page(
    {
      title: run(one.title),
      back: { href: `#/c/${id}`, word: plain(cooperative.name) },
      sub: joined(one.owner && typed(one.owner), one.due && day(one.due, { dateStyle: "medium" })),
    },
    h(
      "form.card",
      { onsubmit: save },
      h(
        "fieldset.choices",
        {},
        h("legend", {}, t("app.action.how_far")),
        field("plan_action", "status").codes.map((code) =>
          h(
            "label.tick",
            {},
            h("input", { type: "radio", name: "status", value: code, checked: code === one.status }),
            h("span", {}, t(`plan_action.status.${code}`)),
          ),
        ),
      ),
      h("button.btn.primary.wide", {}, t("app.form.save")),
    ),
  );
}
