// The scoring of a diagnosis in whole numbers, by the same rules as the server's (instruments/boussole-1/SCORING.md);
// both are held to the same vectors (scoring.vectors.json).

/** How sure an answer is, from the least. */
export const EVIDENCE = ["said", "seen", "attached", "confirmed"];

/** Stages, from the lowest. */
export const STAGES = ["fragile", "emerging", "structured", "autonomous"];

/** Rounded half away from zero. */
const rounded = (top, bottom) => Math.floor((2 * top + bottom) / (2 * bottom));

/** The level that counts as verified: hearsay is worth at most 1, what the coach saw at most 3. */
export const verified = (level, evidence) =>
  evidence === "said" ? Math.min(level, 1) : evidence === "seen" ? Math.min(level, 3) : level;

function series(marks, weights, worth) {
  const dimensions = weights.map((_, dimension) => {
    let [sum, answered, applicable] = [0, 0, 0];
    for (const mark of marks) {
      if (mark.dimension !== dimension || mark.level === null) continue;
      applicable += mark.weight;
      if (mark.level === undefined) continue;
      answered += mark.weight;
      sum += mark.weight * worth(mark.level, mark.evidence);
    }
    return answered > 0 && 3 * answered >= 2 * applicable ? rounded(1000 * sum, 4 * answered) : null;
  });
  const scored = dimensions.map((score, i) => [score, weights[i]]).filter(([score]) => score !== null);
  const weight = scored.reduce((sum, [, w]) => sum + w, 0);
  const enough = weight > 0 && 5 * scored.length >= 4 * weights.length;
  const sum = scored.reduce((all, [score, w]) => all + score * w, 0);
  return { dimensions, overall: enough ? rounded(sum, weight) : null };
}

function ceiling(marks) {
  const gates = marks
    .filter((mark) => mark.gate && mark.level !== null)
    .map((mark) => (mark.level === undefined ? 0 : verified(mark.level, mark.evidence)));
  const lowest = Math.min(...gates);
  return lowest <= 1 ? 1 : lowest === 2 ? 2 : 3;
}

const stageOf = (permille) => (permille < 250 ? 0 : permille < 500 ? 1 : permille < 750 ? 2 : 3);

/**
 * Scores a diagnosis. A mark is `{ dimension, weight, gate, level, evidence }`; its level is a number, `null` where the
 * item does not apply, `undefined` where nothing was answered yet.
 */
export function score(marks, weights) {
  const declared = series(marks, weights, (level) => level);
  const proven = series(marks, weights, verified);
  const answered = marks.filter((mark) => typeof mark.level === "number");
  const weight = (some) => some.reduce((sum, mark) => sum + mark.weight, 0);
  const sure = answered.filter((mark) => EVIDENCE.indexOf(mark.evidence) >= 2);
  return {
    declared,
    verified: proven,
    evidence: weight(answered) > 0 ? rounded(1000 * weight(sure), weight(answered)) : null,
    stage: proven.overall === null ? null : STAGES[Math.min(stageOf(proven.overall), ceiling(marks))],
    answered: answered.length,
    applicable: marks.filter((mark) => mark.level !== null).length,
  };
}
