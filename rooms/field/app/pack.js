// What the phone takes along, in leaves. It tells the server which it holds, and is given those it lacks; what the
// server names no more is dropped at the end. A line that breaks costs one page of leaves.

/** The question for a pack. */
export function question({ programme, territories, device }, since) {
  const query = new URLSearchParams({ programme, device, since });
  for (const territory of territories) query.append("territory", territory);
  return `/field/pack?${query}`;
}

/** The digests in `all`, ten letters each. */
const digests = (all) => new Set(all.match(/.{10}/g) ?? []);

/**
 * Fetches what lacks. `held` is a map of key → digest; `keep(leaves)` stores a page; `told({ got, left, bytes })` hears
 * how far it is. Answers when it was read, and the keys to drop: all of them if the right to it was `lost`.
 */
export async function fetchPack(call, asked, held, keep, told = () => {}) {
  const now = new Map(held);
  const progress = { got: 0, left: 0, bytes: 0 };
  for (;;) {
    const answer = await call(question(asked, [...now.values()].join("")), { headers: { Accept: "application/json" } });
    // Who lost the right to the programme loses what was taken along of it; what they did themselves stays.
    if (answer.status === 403 || answer.status === 404) return { lost: true, gone: [...now.keys()], ...progress };
    if (!answer.ok) throw Object.assign(new Error(`the server answered ${answer.status}`), { status: answer.status });
    const body = await answer.text();
    const page = JSON.parse(body);
    await keep(page.leaves);
    for (const [key, digest] of page.leaves) now.set(key, digest);
    progress.got += page.leaves.length;
    progress.left = page.more;
    progress.bytes += body.length;
    told(progress);
    if (page.more === 0) {
      const all = digests(page.all);
      return { at: page.at, gone: [...now].filter(([, digest]) => !all.has(digest)).map(([key]) => key), ...progress };
    }
  }
}
