// Before leaving: one programme, some places; the phone takes those cooperatives along and says what that weighs.

import { h, page } from "./dom.js";
import * as model from "./model.js";
import * as state from "./state.js";
import { count, instant, num, t } from "./words.js";

async function choices() {
  try {
    const answer = await state.call("/field/choices", { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : { status: answer.status };
  } catch {
    return { status: 0 };
  }
}

/** What the phone holds, and how old it is. */
export function held() {
  const { readAt, bytes } = state.me.secret;
  if (!readAt) return undefined;
  const days = Math.floor((Date.now() - readAt) / 86_400_000);
  return h(
    "section.card",
    {},
    h("h2", {}, t("app.prepare.held")),
    h(
      "p",
      {},
      count("app.prepare.cooperatives", model.cooperatives().length),
      " · ",
      count("app.prepare.sessions", model.sessions().length),
      " · ",
      count("app.prepare.instruments", model.instruments().length),
    ),
    h(
      "p.more",
      {},
      t("app.prepare.read_at", { when: instant(readAt) }),
      bytes ? ` · ${t("app.prepare.weight", { kilobytes: num(Math.ceil(bytes / 1000)) })}` : "",
    ),
    days >= 7 && h("p.note", {}, count("app.prepare.old", days)),
  );
}

export async function prepare() {
  const back = state.me.secret.programme && { href: "#/", word: t("app.home.title") };
  const found = await choices();
  if (!found.programmes) {
    const why = found.status === 401 ? t("app.enter.signed_out") : t("app.prepare.offline");
    return page({ title: t("app.prepare.title"), back }, h("p.note", { role: "status" }, why), held());
  }
  if (!found.programmes.length) return page({ title: t("app.prepare.title"), back }, h("p.card", {}, t("app.prepare.none")));
  const chosen = found.programmes.find(({ id }) => id === state.me.secret.programme) ?? found.programmes[0];
  const places = h("fieldset", {});
  const showPlaces = (programme) => {
    const mine = programme.id === state.me.secret.programme ? state.me.secret.territories : undefined;
    const ticked = (code) => !mine?.length || mine.includes(code);
    places.replaceChildren(
      h("legend", {}, t("app.prepare.places")),
      ...programme.places.map(({ code, name, cooperatives }) =>
        h(
          "label.tick",
          {},
          h("input", { type: "checkbox", name: "territory", value: code, checked: ticked(code) }),
          h("span.what", {}, h("strong", {}, name), h("span.more", {}, count("app.prepare.cooperatives", cooperatives))),
        ),
      ),
    );
  };
  showPlaces(chosen);
  const select = h(
    "select",
    {
      id: "programme",
      name: "programme",
      onchange: ({ target }) => showPlaces(found.programmes.find(({ id }) => id === target.value)),
    },
    found.programmes.map(({ id, name }) => h("option", { value: id, selected: id === chosen.id }, name)),
  );
  const status = h("p", { role: "status" });
  const meter = h("progress", { max: 1, value: 0, hidden: true, "aria-label": t("app.prepare.title") });
  const button = h("button.btn.primary.wide", {}, t("app.prepare.action"));
  const submit = async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const territories = data.getAll("territory");
    if (places.querySelector("input") && !territories.length) return void (status.textContent = t("app.prepare.no_place"));
    button.disabled = true;
    meter.hidden = false;
    try {
      await state.keepSecret({ programme: data.get("programme"), territories });
      await state.refresh(({ got, left, bytes }) => {
        meter.value = got / Math.max(1, got + left);
        status.textContent = t("app.prepare.progress", {
          got: num(got),
          all: num(got + left),
          kilobytes: num(Math.ceil(bytes / 1000)),
        });
      });
      await state.recall();
      location.hash = "#/";
    } catch (error) {
      // What came stays: the next try goes on from there.
      status.textContent =
        error.status === 401 ? t("app.enter.signed_out") : error.status ? t("app.prepare.refused") : t("app.prepare.broken");
      button.disabled = false;
    }
  };
  return page(
    { title: t("app.prepare.title"), back, sub: t("app.prepare.about") },
    h(
      "form.card",
      { onsubmit: submit },
      h("div.field", {}, h("label", { for: "programme" }, t("app.prepare.programme")), select),
      places,
      status,
      meter,
      button,
    ),
    held(),
  );
}
