// What the server has done stays on the phone for some weeks, sealed like the rest: a house that goes on from an older
// backup has forgotten it, and is told again.

import * as db from "./db.js";
import * as vault from "./vault.js";

/** How long it stays. */
export const KEPT = 30 * 86_400_000;

/** Bytes of photos and sounds that stay at the most; then the oldest work goes, with its own. */
export const MOST = 100_000_000;

/** Ids of one question. */
const ASKED = 1_000;

/** Lays done commands aside: they are no longer part of what a page shows. */
export async function lay(account, key, commands) {
  const rows = [];
  for (const { id, seq, doneAt, files, ...rest } of commands) {
    const uploads = files.map(({ upload }) => upload);
    rows.push({ id, account, seq, doneAt, uploads, sealed: await vault.seal(key, { files, ...rest }) });
  }
  await db.write(["commands", "past"], (open, past) => {
    for (const row of rows) past.put(row);
    for (const { id } of rows) open.delete(id);
  });
}

/** Those of some work that the server does not have. */
export async function missing(call, ids) {
  const found = new Set();
  for (let i = 0; i < ids.length; i += ASKED) {
    const answer = await call("/field/commands/missing", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ ids: ids.slice(i, i + ASKED) }),
    });
    if (!answer.ok) throw Object.assign(new Error(`the server answered ${answer.status}`), { status: answer.status });
    for (const id of (await answer.json()).missing) found.add(id);
  }
  return found;
}

/** Takes these commands out again, in the order they were done, as they were when they left. */
export async function recall(account, key, ids) {
  const rows = (await db.of("past", account)).filter(({ id }) => ids.has(id));
  const commands = [];
  for (const { sealed, uploads, ...plain } of rows) commands.push({ ...plain, ...(await vault.open(key, sealed)) });
  return commands.sort((a, b) => a.at + a.skew - b.at - b.skew || a.seq - b.seq);
}

/** Which of these rows go: those that are too old, and the oldest once their files take too much room. */
export function leaving(rows, sizeOf, now = Date.now()) {
  let bytes = 0;
  const newest = [...rows].sort((a, b) => b.doneAt - a.doneAt);
  return newest.filter(({ doneAt, uploads }) => {
    bytes += uploads.reduce((sum, id) => sum + sizeOf(id), 0);
    return now - doneAt > KEPT || (uploads.length > 0 && bytes > MOST);
  });
}
