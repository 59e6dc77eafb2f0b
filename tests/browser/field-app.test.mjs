// The parts of the field app that need no page: scoring, words, what waits, what is sent, what is sealed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const app = (name) => import(new URL(`../../rooms/field/app/${name}.js`, import.meta.url));
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const { score, verified } = await app("scoring");
const { madeAt, namedId, newId, today } = await app("ids");
const { Outbox, wire } = await app("outbox");
const { Sender } = await app("sender");
const { upload, PIECE } = await app("uploads");
const { fetchPack } = await app("pack");
const numbers = await app("numbers");
const past = await app("past");
const vault = await app("vault");
const words = await app("words");

test("scores are those of exact fractions, as on the server", () => {
  const { cases } = JSON.parse(read("rooms/coaching/instruments/scoring-vectors.json"));
  assert.ok(cases.length > 80);
  for (const { marks, weights, outcome } of cases) {
    const told = marks.map(([dimension, weight, gate, given, evidence]) => ({
      dimension,
      weight,
      gate,
      evidence,
      level: given === "na" ? null : given === "nothing" ? undefined : given,
    }));
    assert.deepEqual(score(told, weights), outcome);
  }
  assert.equal(verified(4, "said"), 1);
});

test("identifiers are in the order of time and say that they are of version 7", () => {
  const [one, other] = [newId(1_700_000_000_000), newId(1_700_000_000_001)];
  assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(one < other);
  assert.equal(madeAt(other), 1_700_000_000_001);
  assert.equal(one.slice(0, 13), "018bcfe5-6800");
  assert.equal(today(new Date(2026, 0, 5)), "2026-01-05");
});

test("who is listed by two phones is the same participant, as the server names her", async () => {
  const [person, session] = [await namedId("person"), await namedId("session")];
  assert.equal(await namedId(`participant ${person} of ${session}`), "096967de-f1c0-869c-b3fc-4ec22bd54a02");
});

test("words take their plural forms and arguments", () => {
  words.speak("ar", {
    n: "{ $n -> \n [one] عمل واحد\n [two] عملان\n [few] { $shown } أعمال\n *[other] { $shown } عملا\n}",
    hello: "أهلا { $name }",
  });
  assert.deepEqual(
    [1, 2, 3, 11].map((n) => words.count("n", n)),
    ["عمل واحد", "عملان", "3 أعمال", "11 عملا"],
  );
  assert.equal(words.t("hello", { name: "هنان" }), "أهلا هنان");
  assert.equal(words.t("nobody.wrote"), "nobody.wrote");
  words.speak("fr", { n: "{ $n -> \n [one] { $shown } travail\n *[other] { $shown } travaux\n}" });
  assert.deepEqual(
    [0, 1, 2].map((n) => words.count("n", n)),
    ["0 travail", "1 travail", "2 travaux"],
  );
  assert.equal(words.score(583), "58,3");
  assert.equal(words.score(null), "–");
});

/** An outbox with a store that remembers what it was told. */
function outbox() {
  const [kept, laid] = [new Map(), []];
  const store = {
    save: async (commands) => commands.forEach((command) => kept.set(command.id, structuredClone(command))),
    drop: async (ids) => ids.forEach((id) => kept.delete(id)),
    lay: async (commands) => commands.forEach((command) => kept.delete(command.id) && laid.push(command)),
  };
  return { box: new Outbox(store), kept, laid };
}
const about = { branch: newId(), skew: 5 };

test("a command is kept until the server has done it, whatever else happens", async () => {
  const { box, kept } = outbox();
  const [first, second] = await box.add(
    [
      {
        path: "/visits/1/report",
        form: [
          ["met", "Fatima"],
          ["seen", undefined],
        ],
      },
      { path: "/visits/2/report", form: [] },
    ],
    about,
  );
  assert.deepEqual(first.form, [["met", "Fatima"]]);
  assert.deepEqual(box.counts(), { here: 2, received: 0, needs: 0, aside: 0 });
  await box.take([first, second], [{ id: first.id, state: "received" }]);
  assert.equal(second.state, "here", "what the server does not name stays here");
  await box.take([first], [{ id: first.id, state: "done", location: "/visits/1" }], 1_000);
  assert.equal(kept.size, 2);
  assert.deepEqual(await box.settle(900), [], "what was read before it was done does not show it");
  await box.settle(2_000);
  assert.deepEqual([...kept.keys()], [second.id]);
  // A server that lost it and says so is sent it again.
  await box.take([second], [{ id: second.id, state: "waiting" }]);
  await box.take([second], []);
  assert.equal(second.state, "here");
});

test("what a house that went on from a backup has forgotten is sent again, as it was and before what came later", async () => {
  const { box, kept, laid } = outbox();
  const done = await box.add([{ path: "/a", form: [["met", "Itto"]] }, { path: "/b", form: [] }], about);
  const sent = done.map((command) => JSON.stringify(wire(command)));
  await box.take(done, done.map(({ id }) => ({ id, state: "done" })), 1_000);
  await box.settle(2_000);
  assert.equal(laid.length, 2);
  assert.equal(kept.size, 0);
  const [later] = await box.add([{ path: "/c", form: [] }], about);
  await box.again(laid);
  assert.deepEqual(box.next().map(({ id }) => id), [...done, later].map(({ id }) => id));
  assert.deepEqual(box.next().slice(0, 2).map((command) => JSON.stringify(wire(command))), sent);
  assert.equal(await box.takeBack(done[0].id), false, "it was sent once");
  assert.equal(kept.size, 3);
});

test("done work stays for a month, and no longer than its photos have room", () => {
  const now = 1_800_000_000_000;
  const day = 86_400_000;
  const row = (id, days, uploads = []) => ({ id, doneAt: now - days * day, uploads });
  const rows = [row("old", 31), row("new", 1), row("first", 9, ["x"]), row("second", 3, ["y"])];
  const gone = (size) => past.leaving(rows, () => size, now).map(({ id }) => id);
  assert.deepEqual(gone(1_000), ["old"]);
  assert.deepEqual(gone(past.MOST * 0.6), ["first", "old"]);
});

test("what was never sent can be taken back; what was sent keeps its content", async () => {
  const { box, kept } = outbox();
  const [one] = await box.add([{ path: "/a", form: [] }], about);
  assert.equal(await box.takeBack(one.id), true);
  assert.equal(kept.size, 0);
  const [other] = await box.add([{ path: "/a", form: [] }], about);
  await box.leaving([other]);
  assert.equal(await box.takeBack(other.id), false);
  assert.equal(kept.get(other.id).tried, true);
});

test("a refused command is sent anew with what stands on it, or put aside and kept", async () => {
  const { box, kept } = outbox();
  const [begun] = await box.add([{ path: "/organisations", form: [["name.fr", "Tiniri"]] }], about);
  const [visit] = await box.add([{ path: "/organisations/1/visits", form: [], after: [begun.id] }], about);
  const [report] = await box.add([{ path: "/visits/1/report", form: [], after: [visit.id] }], about);
  const [alone] = await box.add([{ path: "/actions/1", form: [] }], about);
  await box.take(
    [begun, visit, report],
    [
      { id: begun.id, state: "needs_you", sentence: "Déjà connue." },
      { id: visit.id, state: "waiting" },
      { id: report.id, state: "waiting" },
    ],
  );
  await box.setAside(begun.id);
  assert.deepEqual([box.counts().aside, kept.has(begun.id)], [1, true]);
  await box.setAside(begun.id, false);
  const made = await box.correct(begun.id, [["name.fr", "Tiniri n’Dadès"]], about);
  assert.deepEqual([made.path, made.instead, made.state], ["/organisations", begun.id, "here"]);
  assert.notEqual(made.id, begun.id);
  assert.equal(wire(made).instead, begun.id, "the server is told for which it stands, and wakes what waited for that");
  assert.deepEqual(new Set(kept.keys()), new Set([made.id, visit.id, report.id, alone.id]));
});

test("what waits for a manager is with the server; what a manager put aside is kept and asks for nobody", async () => {
  const { box, kept } = outbox();
  const [held, aside] = await box.add(
    [
      { path: "/a", form: [] },
      { path: "/b", form: [] },
    ],
    about,
  );
  await box.take(
    [held, aside],
    [
      { id: held.id, state: "held" },
      { id: aside.id, state: "set_aside" },
    ],
  );
  assert.deepEqual(box.counts(), { here: 0, received: 1, needs: 0, aside: 0 });
  assert.deepEqual(box.asked(), [held]);
  assert.equal(kept.size, 2);
});

test("batches stay small, and a rescue holds the same", async () => {
  const { box } = outbox();
  await box.add(
    Array.from({ length: 12 }, () => ({ path: "/visits/1/report", form: [["seen", "x".repeat(30_000)]] })),
    about,
  );
  const next = box.next();
  assert.ok(next.length < 12 && JSON.stringify(next.map(wire)).length < 200_000);
  const batches = box.batches({ device: newId() });
  assert.equal(batches.flatMap(({ commands }) => commands).length, 12);
  assert.ok(batches.every((batch) => JSON.stringify(batch).length < 200_000));
});

const answer = (status, body, headers = {}) => ({
  ok: status < 400,
  status,
  headers: new Headers(headers),
  json: async () => body,
  text: async () => JSON.stringify(body),
});

test("a sender tries again after a broken line, records before files, the smallest file first", async () => {
  const { box } = outbox();
  const [photo] = await box.add(
    [
      {
        path: "/visits/1/photos",
        form: [],
        files: [
          { field: "file", upload: "big", name: "a.jpg" },
          { field: "file", upload: "small", name: "b.jpg" },
        ],
      },
    ],
    about,
  );
  const sizes = { big: PIECE + 10, small: 20 };
  const server = new Map();
  const said = [];
  let broken = true;
  const call = async (path, options = {}) => {
    said.push(`${options.method ?? "GET"} ${path.split("?")[0]}`);
    if (broken) throw new TypeError("no network");
    if (path === "/field/batches")
      return answer(200, { commands: JSON.parse(options.body).commands.map(({ id }) => ({ id, state: "waiting" })) });
    if (path.startsWith("/field/commands"))
      return answer(200, { commands: [{ id: photo.id, state: sent.size === 2 ? "done" : "waiting" }] });
    const id = path.split("/")[3];
    if (options.method === "HEAD") return server.has(id) ? answer(200, {}, { "Upload-Offset": server.get(id) }) : answer(404);
    if (options.method === "POST") return answer(201, {}, { Location: "/field/uploads/x" });
    server.set(id, Number(options.headers["Upload-Offset"]) + options.body.byteLength);
    return answer(204, {}, { "Upload-Offset": server.get(id) });
  };
  const sent = new Set();
  const files = {
    waiting: async () =>
      Object.entries(sizes)
        .map(([id, size]) => ({ id, size, name: `${id}.jpg` }))
        .filter(({ id }) => !sent.has(id)),
    bytes: async (id) => new Uint8Array(sizes[id]).buffer,
    sent: async (id) => sent.add(id),
  };
  const sender = new Sender({ outbox: box, call, files, about: () => ({ device: "phone", skew: 0 }) });
  assert.equal(await sender.round(), false);
  assert.deepEqual([sender.trouble, photo.state, sender.pause], ["offline", "here", 4_000]);
  broken = false;
  said.length = 0;
  assert.equal(await sender.round(), true);
  assert.equal(photo.state, "done");
  assert.equal(said[0], "POST /field/batches");
  assert.deepEqual(
    said.filter((line) => line.startsWith("PATCH")).map((line) => line.split("/").at(-1)),
    ["small", "big", "big"],
  );
});

test("a sender tells a signed-out phone from a line that is down, and stops at neither", async () => {
  const { box } = outbox();
  await box.add([{ path: "/a", form: [] }], about);
  let status = 401;
  const files = { waiting: async () => [] };
  const call = async () => answer(status, { commands: [] });
  const sender = new Sender({ outbox: box, call, files, about: () => ({}) });
  await sender.round();
  assert.equal(sender.trouble, "signed_out");
  status = 500;
  for (let i = 0; i < 12; i++) await sender.round();
  assert.deepEqual([sender.trouble, sender.pause], ["refused", 60_000]);
  assert.equal(box.counts().here, 1);
});

test("a file that is refused keeps none behind it from leaving", async () => {
  const { box } = outbox();
  const sent = [];
  const call = async (path, { method, headers } = {}) => {
    if (method === "HEAD") return answer(404);
    if (method === "POST") return answer(headers["Upload-Length"] === "10" ? 413 : 201);
    return answer(204, {}, { "Upload-Offset": 20 });
  };
  const files = {
    waiting: async () => [
      { id: newId(), size: 20, name: "b.jpg" },
      { id: newId(), size: 10, name: "a.jpg" },
    ],
    bytes: async () => new ArrayBuffer(sent.length ? 20 : (sent.push("tried"), 10)),
    sent: async (id) => sent.push(id),
  };
  const sender = new Sender({ outbox: box, call, files, about: () => ({}) });
  assert.equal(await sender.round(), false);
  assert.deepEqual([sender.trouble, sent.length], ["refused", 2]);
});

test("an upload goes on where the line broke", async () => {
  let held = PIECE;
  const offsets = [];
  const call = async (_, { method, headers, body }) => {
    if (method === "HEAD") return answer(200, {}, { "Upload-Offset": held });
    offsets.push(Number(headers["Upload-Offset"]));
    held += body.byteLength;
    return answer(204, {}, { "Upload-Offset": held });
  };
  await upload(call, { id: newId(), name: "a.jpg" }, new ArrayBuffer(2 * PIECE + 5));
  assert.deepEqual(offsets, [PIECE, 2 * PIECE]);
});

test("a pack comes page by page and drops what is gone", async () => {
  const pages = [
    { at: 1, all: "aaaaaaaaaabbbbbbbbbb", leaves: [["c1", "aaaaaaaaaa", { n: 1 }]], more: 1 },
    { at: 2, all: "aaaaaaaaaabbbbbbbbbb", leaves: [["c2", "bbbbbbbbbb", { n: 2 }]], more: 0 },
  ];
  const asked = [];
  const call = async (path) => (asked.push(new URL(path, "http://x").searchParams.get("since")), answer(200, pages.shift()));
  const kept = [];
  const told = await fetchPack(
    call,
    { programme: "p", territories: ["08.577"], device: "d" },
    new Map([["c9", "zzzzzzzzzz"]]),
    async (leaves) => kept.push(...leaves),
  );
  assert.deepEqual(asked, ["zzzzzzzzzz", "zzzzzzzzzzaaaaaaaaaa"]);
  assert.deepEqual([kept.length, told.gone, told.at], [2, ["c9"], 2]);
});

test("who lost the right to a programme loses what was taken along of it", async () => {
  const held = new Map([
    ["c1", "aaaaaaaaaa"],
    ["s1", "bbbbbbbbbb"],
  ]);
  for (const status of [403, 404]) {
    const told = await fetchPack(
      async () => answer(status),
      { programme: "p", territories: [], device: "d" },
      held,
      async () => assert.fail("nothing comes"),
    );
    assert.deepEqual([told.lost, told.gone], [true, ["c1", "s1"]]);
  }
  await assert.rejects(
    fetchPack(
      async () => answer(500),
      { programme: "p", territories: [], device: "d" },
      held,
      async () => {},
    ),
  );
});

test("numbers are asked for while enough are left, and each is given once", async () => {
  let next = 1;
  const asked = [];
  const call = async (_path, { body }) => {
    asked.push(body.get("known"));
    const first = next;
    next += 20;
    return { ok: true, json: async () => ({ first, last: first + 19 }) };
  };
  let held = await numbers.stock(call, "phone", ["a"], {});
  held = await numbers.stock(call, "phone", ["a"], held);
  assert.deepEqual(asked, ["0"], "twenty are enough");
  const given = [];
  for (let n = 0; n < 11; n++) {
    const taken = numbers.take(held, "a");
    given.push(taken.number);
    held = taken.held;
  }
  held = await numbers.stock(call, "phone", ["a"], held);
  assert.deepEqual(asked, ["0", "20"]);
  for (let number; ({ number, held } = numbers.take(held, "a")), number; ) given.push(number);
  assert.deepEqual(given, Array.from({ length: 40 }, (_, n) => n + 1));
  assert.equal(numbers.receipt(7), "007");
  const closed = await numbers.stock(async () => ({ ok: false }), "phone", ["a"], held);
  assert.equal(numbers.take(closed, "a").number, undefined);
});

test("a PIN opens what is sealed; wrong ones are made to wait, longer each time", async () => {
  const rounds = 1_000; // The measure of a real phone is another; here only the way counts.
  const spare = "0f".repeat(32);
  const { key, kept } = await vault.make("135791", spare, rounds);
  const sealed = await vault.seal(key, { token: "secret" });
  assert.ok(!Buffer.from(sealed.data).toString("latin1").includes("secret"));
  await assert.rejects(crypto.subtle.exportKey("raw", key), "the key is used and never read");
  let now = 0;
  let state = kept;
  for (const expected of [0, 0, 30, 60, 120]) {
    const tried = await vault.unlock(state, "000000", now);
    assert.deepEqual([tried.key, tried.wait], [undefined, expected]);
    state = tried.kept;
    now = Math.max(now, state.until);
  }
  const early = await vault.unlock(state, "135791", state.until - 5_000);
  assert.deepEqual([early.key, early.wait], [undefined, 5]);
  const opened = await vault.unlock(state, "135791", state.until);
  assert.deepEqual(await vault.open(opened.key, sealed), { token: "secret" });
  assert.equal(opened.kept.tries, 0);
  const [other] = [await vault.make("135791", spare, rounds)];
  await assert.rejects(vault.open(other.key, sealed), "the same PIN of another person opens nothing");
  assert.ok(vault.ROUNDS >= 600_000);
  // Who forgot the PIN opens the same with the spare key, and with no other; the former PIN then opens nothing.
  await assert.rejects(vault.remake(kept, "864202", "f0".repeat(32), rounds));
  const again = await vault.remake(kept, "864202", spare, rounds);
  assert.deepEqual(await vault.open(again.key, sealed), { token: "secret" });
  await assert.rejects(crypto.subtle.exportKey("raw", again.key), "it is never read either");
  assert.equal((await vault.unlock(again.kept, "135791")).key, undefined);
  assert.ok((await vault.unlock(again.kept, "864202")).key);
});

test("a rescue file opens with its code and with nothing else", async () => {
  const code = vault.rescueCode();
  assert.match(code, /^\d{4} \d{4} \d{4}$/);
  const told = { batches: [{ id: "b" }], files: [{ data: vault.inBase64(new Uint8Array([1, 2, 3])) }] };
  const file = await vault.envelope(told, code, 1_000);
  const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(code.replaceAll(" ", "")), "PBKDF2", false, [
    "deriveKey",
  ]);
  const key = await crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt: bytes(file.salt), iterations: file.rounds },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["decrypt"],
  );
  const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(file.iv) }, key, bytes(file.data));
  assert.deepEqual(JSON.parse(new TextDecoder().decode(opened)), told);
});
