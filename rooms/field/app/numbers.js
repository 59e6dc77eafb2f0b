// Numbers that people read, such as that of an application: the house reserves some for this phone ahead of time, so that a
// receipt bears one where there is no network.

/** With fewer than these left, more are asked for. */
export const FEW = 10;

const count = (blocks) => blocks.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** Asks for numbers of these calls where few are left; answers what is held now, by call. */
export async function stock(call, device, calls, held = {}) {
  const now = {};
  for (const id of calls) {
    now[id] = held[id] ?? { known: 0, blocks: [] };
    if (count(now[id].blocks) >= FEW) continue;
    const body = new URLSearchParams({ call: id, device, known: now[id].known });
    const answer = await call("/field/numbers", { method: "POST", body, headers: { Accept: "application/json" } });
    // A call that takes no more gives no more numbers; what is held stays good.
    if (!answer.ok) continue;
    const { first, last } = await answer.json();
    now[id] = { known: last, blocks: [...now[id].blocks, [first, last]] };
  }
  return now;
}

/** Takes the next number of a call out of what is held: `{ number, held }`; no number if none is left. */
export function take(held = {}, id) {
  const { known = 0, blocks = [] } = held[id] ?? {};
  const [[first, last] = [], ...rest] = blocks;
  if (first === undefined) return { held };
  const left = first < last ? [[first + 1, last], ...rest] : rest;
  return { number: first, held: { ...held, [id]: { known, blocks: left } } };
}

/** A number as a receipt shows it, such as `017`. */
export const receipt = (number) => String(number).padStart(3, "0");
