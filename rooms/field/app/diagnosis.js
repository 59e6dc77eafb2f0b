// One question a screen, its levels as sentences; at the end what the answers say, worked out on the phone.

import { h, icon, page, plain, run, soon } from "./dom.js";
import { refuse } from "./form.js";
import { photoButton, thumbnail } from "./media.js";
import * as model from "./model.js";
import { radar } from "./radar.js";
import { EVIDENCE, score } from "./scoring.js";
import * as state from "./state.js";
import { count, score as shown, t } from "./words.js";

/** What is wrong with an answer, by field; the same rules as the page of the house. */
export function refusals({ level, evidence, note, file }, { proposed, hadFile }) {
  const errors = {};
  if (level === undefined || level === null || level === "") errors.level = t("error.needed");
  if (!evidence && !file && level !== "na") errors.evidence = t("error.needed");
  if (evidence === "attached" && !file && !hadFile) errors.file = t("answer.file_needed");
  if (proposed !== undefined && level !== "" && String(level) !== String(proposed) && !note?.trim())
    errors.note = t("answer.contest");
  return errors;
}

/** Keeps an answer as a command, over the one before it; nothing if it says the same. */
export async function answer(round, item, { level, evidence, note, file }) {
  const before = round.answers.get(item.id);
  const sure = file && (evidence === "said" || evidence === "seen" || !evidence) ? "attached" : evidence || "said";
  const said = level === "na" ? null : Number(level);
  if (before && before.level === said && before.evidence === sure && before.note === (note ?? "") && !file) return;
  const taken = before?.command && (await state.outbox.takeBack(before.command));
  const stands = taken ? before.before : before;
  await state.send([
    {
      path: `/assessments/${round.id}/questions/${item.id}`,
      form: [
        ["level", level],
        ["evidence", sure],
        ["note", note ?? ""],
        ["version", stands?.version ?? 0],
      ],
      files: file ? [file] : taken && before.file ? [before.file] : [],
      after: [stands?.command ?? round.begun],
      local: {
        kind: "answer",
        assessment: round.id,
        item: item.id,
        level: said,
        evidence: sure,
        note,
        title: `${item.code} · ${plain(item.topic)}`,
      },
    },
  ]);
}

export async function question(id, number) {
  const round = model.round(id);
  const item = round?.items[number - 1];
  if (!item || round.concluded) return result(id);
  const before = round.answers.get(item.id);
  const proposed = round.cooperative.proposed.get(item.id);
  const draft = `question ${id} ${item.id}`;
  // What was begun here before the phone went out.
  const kept = await state.draft(draft);
  let photo = kept?.photo ?? before?.file;
  const level = kept?.level ?? (before ? (before.level ?? "na") : proposed);
  const sure = kept?.evidence ?? before?.evidence ?? (proposed !== undefined ? "confirmed" : undefined);
  const sentence = (n) =>
    h(
      "label.level",
      {},
      h("input", { type: "radio", name: "level", value: n, checked: level !== undefined && String(level) === String(n) }),
      h("span.n", {}, String(n)),
      h("span", {}, run(item.levels[n])),
    );
  const photos = h("div", {}, photo && thumbnail(photo));
  const keep = soon(() => state.keepDraft(draft, { ...Object.fromEntries(new FormData(form)), photo }));
  const save = async (event) => {
    event.preventDefault();
    const { level = "", evidence = "", note = "" } = Object.fromEntries(new FormData(event.target));
    const fresh = photo !== before?.file ? photo : undefined;
    if (
      !refuse(
        event.target,
        refusals(
          { level, evidence, note, file: fresh },
          { proposed, hadFile: Boolean(before?.file) || before?.evidence === "attached" },
        ),
      )
    )
      return;
    await answer(round, item, { level, evidence, note, file: fresh });
    keep.stop();
    await state.dropDraft(draft);
    location.hash = number < round.items.length ? `#/d/${id}/${Number(number) + 1}` : `#/d/${id}`;
  };
  const form = h(
    "form",
    { onsubmit: save, oninput: keep, novalidate: true },
    proposed !== undefined && h("p.note", {}, t("app.diagnosis.proposed", { level: proposed })),
    h(
      "fieldset.levels",
      {},
      h("legend.visually-hidden", {}, t("app.diagnosis.level")),
      [4, 3, 2, 1, 0].map(sentence),
      item.optional &&
        h(
          "label.level",
          {},
          h("input", { type: "radio", name: "level", value: "na", checked: level === "na" }),
          h("span.n", {}, "–"),
          h("span", {}, t("answer.na")),
        ),
      h("p.error", { "data-error": "level", role: "alert" }),
    ),
    h(
      "fieldset.card.choices",
      {},
      h("legend", {}, t("app.diagnosis.sure")),
      EVIDENCE.map((code) =>
        h(
          "label.tick",
          {},
          h("input", { type: "radio", name: "evidence", value: code, checked: sure === code }),
          h("span", {}, t(`answer.evidence.${code}`)),
        ),
      ),
      h("p.error", { "data-error": "evidence", role: "alert" }),
    ),
    h(
      "div.card",
      {},
      photos,
      photoButton("file", t("app.diagnosis.photo"), (file) => {
        photo = file;
        photos.replaceChildren(thumbnail(file));
        keep();
      }),
      h("p.error", { "data-error": "file", role: "alert" }),
      h(
        "div.field",
        {},
        h("label", { for: "note" }, t("app.diagnosis.note")),
        h("textarea", { id: "note", name: "note", rows: 2, dir: "auto", value: kept?.note ?? before?.note ?? "" }),
      ),
      h("p.error", { "data-error": "note", role: "alert" }),
    ),
    h(
      "div.foot",
      {},
      h(
        "a.btn",
        { href: number < round.items.length ? `#/d/${id}/${Number(number) + 1}` : `#/d/${id}` },
        t("app.diagnosis.skip"),
      ),
      h("button.btn.primary", {}, t("app.diagnosis.next"), icon("next")),
    ),
  );
  const dimension = round.instrument.dimensions[item.dimension];
  return page(
    {
      title: run(item.ask ?? item.topic),
      back: {
        href: number > 1 ? `#/d/${id}/${number - 1}` : `#/d/${id}`,
        word: number > 1 ? t("app.diagnosis.before") : t("app.diagnosis.title"),
      },
      sub: [run(dimension.name), " · ", t("app.diagnosis.position", { n: Number(number), all: round.items.length })],
    },
    h("progress", { max: round.items.length, value: Number(number), "aria-label": t("app.diagnosis.title") }),
    item.gate && h("p.chips", {}, h("span.chip.wait", {}, t("app.diagnosis.gate"))),
    form,
  );
}

/** What a round says so far, and its end. */
export async function result(id) {
  const round = model.round(id);
  if (!round?.instrument) return undefined;
  const outcome = score(
    model.marksOf(round),
    round.instrument.dimensions.map(({ weight }) => weight),
  );
  const open = round.items.map((item, i) => [item, i + 1]).filter(([item]) => !round.answers.has(item.id));
  const enough = 3 * open.length <= round.items.length && outcome.declared.overall !== null;
  const conclude = async () => {
    const after = [round.begun, ...[...round.answers.values()].map(({ command }) => command)];
    await state.send([
      {
        path: `/assessments/${id}/conclusion`,
        form: [],
        after,
        local: { kind: "conclusion", assessment: id, title: `${t("app.diagnosis.conclude")} · ${plain(round.cooperative.name)}` },
      },
    ]);
    location.hash = `#/c/${round.cooperative.id}`;
  };
  const bar = ({ code, name }, i) => {
    const [declared, verified] = [outcome.declared.dimensions[i], outcome.verified.dimensions[i]];
    return h(
      "div.score",
      {},
      h("span.what", {}, h("bdi", { dir: "ltr" }, code), " ", run(name)),
      h("meter", { min: 0, max: 1000, value: verified ?? 0, "aria-label": plain(name) }),
      h("span.figures", {}, h("b", {}, shown(verified)), declared !== verified && h("small", {}, ` / ${shown(declared)}`)),
    );
  };
  return page(
    {
      title: t("app.diagnosis.title"),
      back: { href: `#/c/${round.cooperative.id}`, word: plain(round.cooperative.name) },
      sub: [run(round.cooperative.name), " · ", run(round.instrument.name)],
    },
    h(
      "section.card",
      {},
      outcome.stage
        ? h("p.chips", {}, h("span.chip.good", {}, t(`stage.${outcome.stage}`)))
        : h("p.note", {}, t("app.diagnosis.too_few")),
      h("p.big", {}, shown(outcome.verified.overall), h("small", {}, ` / ${shown(outcome.declared.overall)}`)),
      h("p.more", {}, t("app.diagnosis.verified_declared"), " ", count("app.diagnosis.answered", round.answers.size)),
      radar(round.instrument.dimensions, outcome, document.documentElement.dir === "rtl"),
      round.instrument.dimensions.map(bar),
    ),
    !round.concluded && !enough && h("p.more", {}, t("app.diagnosis.not_enough")),
    round.concluded
      ? h("p.note", {}, t("app.diagnosis.concluded_here"))
      : h(
          "div.foot",
          {},
          open.length > 0 && h("a.btn", { href: `#/d/${id}/${open[0][1]}` }, count("app.diagnosis.left", open.length)),
          h("button.btn.primary", { onclick: conclude, disabled: !enough }, t("app.diagnosis.conclude")),
        ),
  );
}
