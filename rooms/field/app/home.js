// The first screen: what is on today, what was begun, and the ways to everything else.

import { h, icon, joined, page, row, run, typed } from "./dom.js";
import { today } from "./ids.js";
import * as model from "./model.js";
import { held, prepare } from "./prepare.js";
import * as state from "./state.js";
import { count, day, t } from "./words.js";

/** Days that a session stays in sight after it was. */
const PAST = 14;

const shift = (days) => today(new Date(Date.now() + days * 86_400_000));

function sessionRow(session) {
  const next = session.days.find((half) => half.day >= today()) ?? session.days.at(-1);
  const on = session.days.some((half) => half.day === today());
  return row(
    `#/s/${session.id}`,
    run(session.name),
    joined(next && day(next.day), session.at, session.venue && typed(session.venue)),
    {
      chip: on && h("span.chip.wait", {}, t("app.home.today")),
      mark: session.name,
    },
  );
}

export async function home() {
  if (!state.me.secret.readAt) return prepare();
  const all = model.cooperatives();
  const sessions = model.sessions().filter(({ days }) => days.some((half) => half.day >= shift(-PAST)));
  const visits = all
    .flatMap((cooperative) =>
      model
        .visits(cooperative)
        .filter(({ status }) => status === "planned")
        .map((visit) => ({ ...visit, cooperative })),
    )
    .sort((a, b) => a.held.localeCompare(b.held))
    .slice(0, 6);
  const running = all.flatMap((cooperative) =>
    model
      .rounds(cooperative)
      .filter(({ concluded }) => !concluded)
      .map((round) => ({ ...round, cooperative })),
  );
  return page(
    { title: t("app.home.title"), sub: run(model.programme()?.n ?? "") },
    running.length > 0 &&
      h(
        "section.card",
        {},
        h("h2", {}, t("app.home.running")),
        running.map((round) =>
          row(`#/d/${round.id}`, run(round.cooperative.name), count("app.diagnosis.answered", round.answers.size), {
            mark: round.cooperative.name,
          }),
        ),
      ),
    sessions.length > 0 && h("section.card", {}, h("h2", {}, t("app.home.sessions")), sessions.slice(0, 8).map(sessionRow)),
    visits.length > 0 &&
      h(
        "section.card",
        {},
        h("h2", {}, t("app.home.visits")),
        visits.map((visit) =>
          row(
            `#/c/${visit.cooperative.id}/visit/${visit.id}`,
            run(visit.cooperative.name),
            joined(day(visit.held), visit.purpose && typed(visit.purpose)),
            { mark: visit.cooperative.name, chip: visit.held < today() && h("span.chip.late", {}, t("app.home.late")) },
          ),
        ),
      ),
    all.length > 0 &&
      h(
        "section.card",
        {},
        h("h2", {}, t("app.home.cooperatives")),
        row("#/cooperatives", count("app.prepare.cooperatives", all.length), t("app.home.find")),
      ),
    model.programme()?.pl.length > 0 && h("a.btn.wide", { href: "#/new" }, icon("plus"), t("app.newcomer.title")),
    held(),
    h("a.btn.wide", { href: "#/prepare" }, t("app.prepare.again")),
  );
}
