// A visit told where it is made: what was seen, what moved, photos, a voice, where the cooperative is.

import { h, icon, page, plain, run, soon } from "./dom.js";
import { check, field, input, later, refuse, values } from "./form.js";
import { newId, today } from "./ids.js";
import { photoButton, thumbnail, voiceButton } from "./media.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { day, t } from "./words.js";

const REPORT = ["held", "minutes", "met", "seen", "next_step", "next_visit"];

/** Where the phone is; nothing if it cannot tell. */
const whereAmI = () =>
  new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(undefined);
    const found = ({ coords }) => resolve([coords.latitude, coords.longitude].map((n) => n.toFixed(5)));
    navigator.geolocation.getCurrentPosition(found, () => resolve(undefined), { enableHighAccuracy: true, timeout: 20_000 });
  });

/** The forms that tell a visit: planned first if it was not, then its report, then what hangs on it. */
export function visitForms({ cooperative, visit, known, typed, moved, files, point, newcomer, programme }) {
  const title = `${t("app.visit.title")} · ${plain(cooperative.name)}`;
  const local = {
    kind: "visit",
    organisation: cooperative.id,
    visit,
    held: typed.held,
    purpose: typed.purpose,
    actions: moved,
    title,
  };
  const forms = [];
  const [made, report] = [newId(), newId()];
  if (!known) {
    const form = [
      ["id", visit],
      ["held", typed.held],
      ["purpose", typed.purpose || undefined],
    ];
    if (programme) form.push(["programme", programme]);
    forms.push({
      id: made,
      path: `/organisations/${cooperative.id}/visits`,
      form,
      after: [newcomer],
      local: { kind: "visit_made", title },
    });
  }
  const told = REPORT.map((name) => [name, typed[name] ?? ""]);
  const actions = Object.entries(moved).map(([id, status]) => [`action.${id}`, status]);
  forms.push({
    id: report,
    path: `/visits/${visit}/report`,
    form: [["version", known?.version || 1], ...told, ...actions],
    after: [known ? undefined : made],
    local,
  });
  for (const { file, caption } of files) {
    const form = [
      ["id", newId()],
      ["caption", caption || undefined],
    ];
    forms.push({
      path: `/visits/${visit}/photos`,
      form,
      files: [file],
      after: [report],
      local: { kind: "visit_photo", title: `${caption || t("app.photo.one")} · ${plain(cooperative.name)}` },
    });
  }
  if (point) {
    const form = [
      ["version", cooperative.version],
      ["place", cooperative.place],
      ["place.lat", point[0]],
      ["place.lon", point[1]],
    ];
    forms.push({
      path: `/organisations/${cooperative.id}`,
      form,
      after: [newcomer],
      local: { kind: "point", title: `${t("app.visit.point")} · ${plain(cooperative.name)}` },
    });
  }
  return forms;
}

export async function visit(id, visitId) {
  const cooperative = model.cooperative(id);
  if (!cooperative) return undefined;
  const known = model.visits(cooperative).find((one) => one.id === visitId);
  if (visitId && !known) return undefined;
  const name = `visit ${visitId ?? id}`;
  const kept = (await state.draft(name)) ?? {};
  const files = kept.files ?? [];
  let point = kept.point;
  const actions = model.actions(cooperative);
  const typed = { held: known && !later(known.held) ? known.held : today(), ...kept.typed };
  const album = h("div.album", {});
  const showAlbum = () =>
    album.replaceChildren(
      ...files.map(({ file, caption }, i) =>
        h(
          "figure",
          {},
          file.name.endsWith(".jpg") ? thumbnail(file) : h("span.sound", {}, icon("mic")),
          h("figcaption", {}, caption),
          h(
            "button.btn",
            {
              type: "button",
              onclick: () => {
                files.splice(i, 1);
                showAlbum();
                keep();
              },
            },
            t("app.visit.take_out"),
          ),
        ),
      ),
    );
  const keep = () => state.keepDraft(name, { typed: values(form), files, point });
  const typing = soon(keep);
  const add = async (file, caption = "") => {
    files.push({ file, caption });
    showAlbum();
    await keep();
  };
  const where = h("span.more", { role: "status" }, point ? t("app.visit.point_kept") : "");
  const locate = async () => {
    where.textContent = t("app.visit.locating");
    point = await whereAmI();
    where.textContent = point ? t("app.visit.point_kept") : t("app.visit.no_point");
    if (point) await keep();
  };
  const save = async (event) => {
    event.preventDefault();
    const given = values(form);
    const errors = check("visit", [...REPORT, "purpose"], given);
    if (!errors.held && later(given.held)) errors.held = t("app.visit.not_yet");
    if (!errors.next_visit && given.next_visit && given.next_visit <= given.held) errors.next_visit = t("app.visit.next_later");
    if (!errors.minutes && given.minutes && !(given.minutes >= 1 && given.minutes <= 1440))
      errors.minutes = t("app.visit.minutes_range");
    if (!refuse(form, errors)) return;
    const moved = Object.fromEntries(
      actions
        .filter((action) => given[`action.${action.id}`] !== action.status)
        .map((action) => [action.id, given[`action.${action.id}`]]),
    );
    const newcomer = state.outbox.commands.find(({ local }) => local.kind === "newcomer" && local.organisation === id)?.id;
    await state.send(
      visitForms({
        cooperative,
        visit: visitId ?? newId(),
        known,
        typed: given,
        moved,
        files,
        point,
        newcomer,
        programme: cooperative.stage === "new" ? undefined : model.programme().id,
      }),
    );
    typing.stop();
    await state.dropDraft(name);
    location.hash = `#/c/${id}`;
  };
  const said = (name) => input(field("visit", name), { value: typed[name] });
  const actionField = (action) => ({
    table: "plan_action",
    name: `action.${action.id}`,
    kind: "choice",
    needed: true,
    codes: ["agreed", "doing", "done", "dropped"],
    words: "plan_action.status",
    label: plain(action.title),
  });
  const form = h(
    "form",
    { onsubmit: save, oninput: typing, novalidate: true },
    h("section.card", {}, said("held"), !known && said("purpose"), said("met"), said("seen")),
    actions.length > 0 &&
      h(
        "section.card",
        {},
        h("h2", {}, t("app.visit.actions")),
        actions.map((action) =>
          input(actionField(action), {
            value: typed[`action.${action.id}`] ?? action.status,
            help: action.due ? day(action.due, { dateStyle: "medium" }) : "",
          }),
        ),
      ),
    h(
      "section.card",
      {},
      h("h2", {}, t("app.visit.photos")),
      album,
      photoButton("file", t("app.visit.photo"), (file) => add(file)),
      voiceButton("file", (file) => add(file, t("app.voice.caption"))),
      h("button.btn.wide", { type: "button", onclick: locate }, icon("pin"), t("app.visit.point")),
      where,
    ),
    h("section.card", {}, said("minutes"), said("next_step"), said("next_visit")),
    h("div.foot", {}, h("button.btn.primary.wide", {}, t("app.visit.save"))),
  );
  showAlbum();
  return page(
    { title: t("app.visit.tell"), back: { href: `#/c/${id}`, word: plain(cooperative.name) }, sub: run(cooperative.name) },
    form,
  );
}
