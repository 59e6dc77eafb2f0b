// The cooperatives on the phone: found by name, and what can be done for one of them.

import { calls } from "./apply.js";
import { bare, code, face, h, icon, joined, page, plain, row, run, typed } from "./dom.js";
import * as model from "./model.js";
import { counter } from "./sale.js";
import { today } from "./ids.js";
import { count, day, score, t } from "./words.js";

export async function list() {
  const rows = h("div.card.rows", {});
  const all = model.cooperatives();
  const show = (asked = "") => {
    const wanted = bare(asked);
    const found = all.filter(
      ({ name, other, at }) => !wanted || [name, other, at].some((text) => text && bare(text).includes(wanted)),
    );
    rows.replaceChildren(
      ...(found.length
        ? found.map((one) => row(`#/c/${one.id}`, run(one.name), one.at, { mark: one.name }))
        : [h("p", {}, t("app.home.nobody"))]),
    );
  };
  show();
  return page(
    { title: t("app.home.cooperatives"), back: { href: "#/", word: t("app.home.title") } },
    h(
      "div.field",
      {},
      h("label", { for: "find" }, t("app.home.find")),
      h("input", { id: "find", type: "search", dir: "auto", oninput: ({ target }) => show(target.value) }),
    ),
    rows,
  );
}

function diagnosis(one) {
  const rounds = model.rounds(one);
  const running = rounds.filter(({ concluded }) => !concluded);
  return h(
    "section.card",
    {},
    h("h2", {}, t("app.diagnosis.title")),
    one.last &&
      h(
        "p",
        {},
        h("span.chip.good", {}, t(`stage.${one.last.stage ?? "fragile"}`)),
        " ",
        t("app.diagnosis.last", { score: score(one.last.overall), when: day(one.last.held, { dateStyle: "medium" }) }),
      ),
    rounds
      .filter(({ concluded }) => concluded)
      .map((round) => row(`#/d/${round.id}`, t("app.diagnosis.concluded_here"), day(round.held))),
    running.map((round) => row(`#/d/${round.id}`, t("app.diagnosis.go_on"), count("app.diagnosis.answered", round.answers.size))),
    !running.length &&
      model.instruments().length > 0 &&
      h("a.btn.wide", { href: `#/c/${one.id}/diagnosis` }, icon("plus"), t("app.diagnosis.begin")),
  );
}

function visits(one) {
  const all = model.visits(one);
  const planned = all.filter(({ status }) => status === "planned").reverse();
  const done = all.filter(({ status }) => status === "done").slice(0, 3);
  return h(
    "section.card",
    {},
    h("h2", {}, t("app.visit.title")),
    planned.map((visit) =>
      row(`#/c/${one.id}/visit/${visit.id}`, t("app.visit.tell"), joined(day(visit.held), visit.purpose && typed(visit.purpose))),
    ),
    done.map((visit) =>
      h("p.more", {}, h("span.chip.good", {}, t("visit.status.done")), " ", day(visit.held, { dateStyle: "medium" })),
    ),
    h("a.btn.primary.wide", { href: `#/c/${one.id}/visit` }, icon("plus"), t("app.visit.new")),
  );
}

export async function cooperative(id) {
  const one = model.cooperative(id);
  if (!one) return undefined;
  const actions = model.actions(one);
  const officers = one.members.filter(({ office }) => office);
  const others = one.members.filter(({ office }) => !office);
  return page(
    {
      title: run(one.name),
      back: { href: "#/cooperatives", word: t("app.home.cooperatives") },
      sub: [one.other && [run(one.other), " · "], one.at],
    },
    h(
      "p.chips",
      {},
      h("span.chip", {}, one.stage === "new" ? t("app.newcomer.new") : t(`enrolment.status.${one.stage}`)),
      one.members.length > 0 && h("span.chip", {}, count("app.cooperative.members", one.members.length)),
    ),
    one.phone && h("a.btn.wide", { href: `tel:${one.phone}` }, icon("phone"), code(one.phone)),
    visits(one),
    diagnosis(one),
    actions.length > 0 &&
      h(
        "section.card",
        {},
        h("h2", {}, t("app.action.title")),
        actions.map((action) =>
          row(
            `#/c/${one.id}/action/${action.id}`,
            run(action.title),
            joined(action.due && day(action.due), action.owner && typed(action.owner)),
            {
              chip: h(
                `span.chip${action.due && action.due < today() ? ".late" : action.status === "doing" ? ".wait" : ""}`,
                {},
                t(`plan_action.status.${action.status}`),
              ),
            },
          ),
        ),
      ),
    counter(one),
    calls(one),
    one.equipment.length > 0 &&
      h(
        "section.card",
        {},
        h("h2", {}, t("app.equipment.title")),
        one.equipment.map((piece) =>
          row(
            `#/c/${one.id}/equipment/${piece.id}`,
            run(piece.name),
            piece.next
              ? t("app.equipment.due", { when: day(piece.next[1], { dateStyle: "medium" }) })
              : t("app.equipment.followed"),
            {
              chip:
                piece.found &&
                h(`span.chip${piece.found === "works" ? ".good" : ".late"}`, {}, t(`inspection.state.${piece.found}`)),
            },
          ),
        ),
      ),
    h(
      "section.card",
      {},
      h("h2", {}, t("app.cooperative.people")),
      officers.map(({ name, office, phone }) =>
        h(
          "div.row",
          {},
          face(name),
          h("span.what", {}, h("strong", {}, run(name)), h("span.more", {}, t(`participant.role.${office}`))),
          phone && h("a.btn", { href: `tel:${phone}`, "aria-label": `${t("person.phone")} ${plain(name)}` }, icon("phone")),
        ),
      ),
      others.length > 0 &&
        h(
          "details",
          {},
          h("summary", {}, count("app.cooperative.others", others.length)),
          others.map(({ name }) => h("div.row", {}, face(name), h("span.what", {}, run(name)))),
        ),
      h("a.btn.wide", { href: `#/c/${one.id}/member` }, icon("plus"), t("app.member.title")),
    ),
  );
}
