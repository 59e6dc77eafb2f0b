// What the pages show: the leaves of the pack (their short keys are written in `src/app/leaves.rs`), with what was done
// here since laid over them.

import { leaves, outbox } from "./state.js";
import { plain } from "./dom.js";
import { today } from "./ids.js";

const said = (letter) => [...leaves].filter(([key]) => key[0] === letter).map(([, leaf]) => leaf.said);

/** What was done here and stands: in order, without what was put aside. */
const done = (kind) =>
  outbox.commands.filter(({ local, state }) => local.kind === kind && state !== "aside").map((command) => command);

/** The programme that is taken along. */
export const programme = () => said("p")[0];

/** The account at work, as the pack says. */
export const account = () => programme()?.a;

const cooperativeOf = (leaf) => ({
  id: leaf.id,
  version: leaf.v,
  name: leaf.n,
  other: leaf.o,
  place: leaf.pl,
  at: leaf.at,
  stage: leaf.s,
  phone: leaf.ph,
  point: leaf.g,
  members: (leaf.m ?? []).map(([id, name, office, phone]) => ({ id, name, office, phone })),
  equipment: (leaf.eq ?? []).map(([id, funding, name, quantity, handed, found, next]) => ({
    id,
    funding,
    name,
    quantity,
    handed,
    found,
    next,
  })),
  sells: (leaf.se ?? []).map(([id, name, price, currency, places, most]) => ({ id, name, price, currency, places, most })),
  proposed: new Map(leaf.pr ?? []),
  last: leaf.la && { held: leaf.la[0], overall: leaf.la[1], stage: leaf.la[2], dimensions: leaf.la[3], instrument: leaf.la[4] },
  leaf,
});

/** Cooperatives that were met here and are in no pack yet. */
const newcomers = () =>
  done("newcomer")
    .filter(({ local }) => !leaves.has(`c${local.organisation}`))
    .map(({ local }) =>
      cooperativeOf({ id: local.organisation, v: 1, n: local.name, pl: local.place, at: local.at, ph: local.phone, s: "new" }),
    );

/** Members who were met here and are in no pack yet. */
const met = (cooperative) =>
  done("member")
    .filter(
      ({ local }) =>
        local.organisation === cooperative &&
        !leaves.get(`c${cooperative}`)?.said.m?.some(([, name]) => plain(name) === local.name),
    )
    .map(({ local }) => ({ id: local.member, name: local.name }));

/** Every cooperative on the phone, in the order of names. */
export function cooperatives() {
  const all = [...said("c").map(cooperativeOf), ...newcomers()].map((one) => ({
    ...one,
    members: [...one.members, ...met(one.id)],
  }));
  return all.sort((a, b) => plain(a.name).localeCompare(plain(b.name)));
}

export const cooperative = (id) => cooperatives().find((one) => one.id === id);

/** Open actions of a plan, as they stand here. */
export function actions(cooperative) {
  const moved = new Map(done("action").map((command) => [command.local.action, command]));
  for (const { local } of done("visit"))
    for (const [id, status] of Object.entries(local.actions ?? {})) moved.set(id, { local: { status } });
  return (cooperative.leaf.ac ?? []).map(([id, version, title, owner, due, status]) => ({
    id,
    version,
    title,
    owner,
    due,
    status: moved.get(id)?.local.status ?? status,
    before: moved.get(id)?.id,
  }));
}

/** Visits of a cooperative, the latest first. */
export function visits(cooperative) {
  const told = new Map(done("visit").map((command) => [command.local.visit, command]));
  const known = (cooperative.leaf.vi ?? []).map(([id, version, held, status, purpose, coach]) => ({
    id,
    version,
    held,
    status,
    purpose,
    coach,
  }));
  const here = [...told.values()]
    .filter(({ local }) => local.organisation === cooperative.id && !known.some(({ id }) => id === local.visit))
    .map(({ local }) => ({ id: local.visit, version: 0, held: local.held, status: "done", purpose: local.purpose }));
  const all = [
    ...known.map((visit) => (told.has(visit.id) ? { ...visit, held: told.get(visit.id).local.held, status: "done" } : visit)),
    ...here,
  ];
  return all.sort((a, b) => b.held.localeCompare(a.held));
}

/** What was sold here today over the counter of a cooperative: sums. */
export const soldToday = (organisation) =>
  done("sale")
    .filter(({ local }) => local.organisation === organisation && local.day === today())
    .map(({ local }) => local.sum);

/** Sessions in the order of their days. */
export function sessions() {
  const all = said("s").map((leaf) => ({
    id: leaf.id,
    name: leaf.n,
    at: leaf.at,
    venue: leaf.ve,
    hosts: leaf.h ?? [],
    expected: (leaf.x ?? []).map(([person, name, organisation, role]) => ({ person, name, organisation, role })),
    days: daysOf(leaf),
    leaf,
  }));
  return all.sort((a, b) => (a.days[0]?.day ?? "").localeCompare(b.days[0]?.day ?? ""));
}

const daysOf = (leaf) => leaf.d.map(([id, day, part, minutes]) => ({ id, day, part, minutes }));

/** A session with everybody on its list and what was written down of them, by half-day. */
export function session(id) {
  const found = sessions().find((one) => one.id === id);
  if (!found) return undefined;
  const people = found.leaf.p.map(([person, name, organisation, role, marks]) => ({
    id: person,
    name,
    organisation,
    role,
    // What the server had written down, and what stands here.
    was: new Map(found.days.map((half, i) => [half.id, { 1: true, 0: false }[marks[i]]])),
    marks: new Map(found.days.map((half, i) => [half.id, { 1: true, 0: false }[marks[i]]])),
  }));
  for (const command of outbox.commands) {
    const { local, state } = command;
    if (state === "aside" || local.session !== id) continue;
    if (local.kind === "door" && !people.some((one) => one.id === local.participant)) {
      const marks = new Map([[local.half, true]]);
      people.push({
        id: local.participant,
        name: local.name,
        organisation: local.organisation,
        role: local.role,
        door: command.id,
        was: new Map(),
        marks,
      });
    }
    if (local.kind === "listed" && !people.some((one) => one.id === local.participant)) {
      people.push({
        id: local.participant,
        person: local.person,
        name: local.name,
        organisation: local.organisation,
        role: local.role,
        door: command.id,
        was: new Map(),
        marks: new Map(),
      });
    }
    if (local.kind === "rollcall") {
      for (const [person, there] of Object.entries(local.marks)) {
        people.find((one) => one.id === person)?.marks.set(local.half, there);
      }
    }
  }
  const here = new Set(people.map(({ person }) => person));
  return { ...found, people, expected: found.expected.filter(({ person }) => !here.has(person)) };
}

/** The last command that wrote down this half-day here. */
export const rollCallHere = (half) => done("rollcall").findLast?.(({ local }) => local.half === half);

/** Calls that are open, or will be soon. */
export const calls = () =>
  said("a").map((leaf) => ({
    id: leaf.id,
    name: leaf.n,
    opens: leaf.o,
    closes: leaf.cl,
    questions: leaf.q.map(([id, label, kind, needed, options, hint]) => ({ id, label, kind, needed, options, hint })),
    applied: new Map(leaf.ap),
  }));

/** The application of a cooperative to a call, as the house knows it or as it was done here. */
export function applied(call, cooperative) {
  if (call.applied.has(cooperative)) return { number: call.applied.get(cooperative) };
  return done("application").find(({ local }) => local.call === call.id && local.organisation === cooperative)?.local;
}

/** Instruments in use. */
export function instruments() {
  return said("i").map((leaf) => ({
    id: leaf.id,
    name: leaf.n,
    edition: leaf.e,
    dimensions: leaf.d.map(([code, name, weight]) => ({ code, name, weight })),
    items: leaf.it.map(([id, dimension, code, topic, ask, levels, weight, bits]) => ({
      id,
      dimension,
      code,
      topic,
      ask,
      levels,
      weight,
      gate: (bits & 1) > 0,
      optional: (bits & 2) > 0,
      short: (bits & 4) > 0,
    })),
  }));
}

/** Rounds of a cooperative that run, or were concluded here. */
export function rounds(cooperative) {
  const known = (cooperative.leaf.ro ?? []).map(([id, instrument, extent, held, answers]) => ({
    id,
    instrument,
    extent,
    held,
    answers: new Map(
      Object.entries(answers).map(([item, [level, evidence, version, note]]) => [
        item,
        { level, evidence, version, note: note ?? "" },
      ]),
    ),
  }));
  for (const { local, id: command } of done("round")) {
    if (local.organisation !== cooperative.id || known.some(({ id }) => id === local.assessment)) continue;
    known.push({
      id: local.assessment,
      instrument: local.instrument,
      extent: local.extent,
      held: local.held,
      answers: new Map(),
      begun: command,
    });
  }
  for (const round of known) {
    for (const command of done("answer")) {
      const { local } = command;
      if (local.assessment !== round.id) continue;
      const before = round.answers.get(local.item);
      const version = command.form.find(([name]) => name === "version")?.[1];
      round.answers.set(local.item, {
        level: local.level,
        evidence: local.evidence,
        note: local.note ?? "",
        version: Number(version) + 1,
        before,
        command: command.id,
        file: command.files[0],
      });
    }
    round.concluded = done("conclusion").find(({ local }) => local.assessment === round.id)?.id;
  }
  return known;
}

/** A round by its id, with its cooperative and its questions. */
export function round(id) {
  for (const one of cooperatives()) {
    const found = rounds(one).find((round) => round.id === id);
    if (!found) continue;
    const instrument = instruments().find((other) => other.id === found.instrument);
    const items = instrument?.items.filter((item) => found.extent === "full" || item.short) ?? [];
    return { ...found, cooperative: one, instrument, items };
  }
  return undefined;
}

/** Every item of a round as the scoring sees it; what is not asked does not apply. */
export const marksOf = ({ instrument, extent, answers }) =>
  instrument.items.map((item) => {
    const answer = answers.get(item.id);
    const asked = extent === "full" || item.short;
    const level = answer ? answer.level : asked ? undefined : null;
    return { dimension: item.dimension, weight: item.weight, gate: item.gate, level, evidence: answer?.evidence };
  });
