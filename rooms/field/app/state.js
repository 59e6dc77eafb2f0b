// Who works on this phone now, what they hold, and what waits of theirs. Everything is read into memory once it is
// unlocked; what is written goes sealed to the disk first.

import * as db from "./db.js";
import { madeAt, newId, today } from "./ids.js";
import * as numbers from "./numbers.js";
import { Outbox } from "./outbox.js";
import { fetchPack } from "./pack.js";
import * as past from "./past.js";
import { keepSending, Sender } from "./sender.js";
import * as vault from "./vault.js";

/** The person at work; nobody while the phone is locked. */
export let me;
/** What they hold, by key. */
export let leaves = new Map();
export let outbox = new Outbox({});
export let sender;
let going;

const listeners = new Set();
/** Calls back whenever something changed that a page may show. */
export const listen = (callback) => {
  listeners.add(callback);
  return () => listeners.delete(callback);
};
const told = (what) => {
  for (const callback of listeners) callback(what);
};

/** Asks the server as the person at work, and measures how far the phone's clock is from its own. */
export async function call(path, options = {}) {
  const began = Date.now();
  const headers = { ...options.headers, ...(me?.secret.token && { Authorization: `Bearer ${me.secret.token}` }) };
  // The language of the phone's holder, not of the browser.
  const named = path.startsWith("/field/pack") || path === "/field/choices";
  const url = named ? `${path}${path.includes("?") ? "&" : "?"}lang=${document.documentElement.lang}` : path;
  const answer = await fetch(url, { ...options, headers, credentials: "omit", cache: "no-store" });
  const date = Date.parse(answer.headers.get("Date") ?? "");
  if (me && date) me.secret.skew = date + 500 - Math.round((began + Date.now()) / 2);
  return answer;
}

const sealedCommand = async (command) => {
  const { id, account, seq, state, ...rest } = command;
  return { id, account: me.id, seq, state, sealed: await vault.seal(me.key, rest) };
};

const store = {
  async save(commands) {
    const sealed = await Promise.all(commands.map(sealedCommand));
    await db.write(["commands"], (table) => sealed.forEach((command) => table.put(command)));
    going?.soon();
    told();
  },
  async drop(ids) {
    await db.write(["commands"], (table) => ids.forEach((id) => table.delete(id)));
    told();
  },
  async lay(commands) {
    await past.lay(me.id, me.key, commands);
    told();
  },
};

const files = {
  async waiting() {
    const open = new Set(
      outbox.commands
        .filter(({ state }) => state === "received" || state === "waiting" || state === "held")
        .flatMap((c) => c.files.map(({ upload }) => upload)),
    );
    return (await db.of("blobs", me.id))
      .filter((blob) => open.has(blob.id) && !blob.sent)
      .map(({ id, size, name }) => ({ id, size, name }));
  },
  bytes: async (id) => vault.openBytes(me.key, (await db.get("blobs", id)).sealed),
  async sent(id) {
    await db.put("blobs", { ...(await db.get("blobs", id)), sent: true });
  },
};

/** Keeps a photo or a sound until the server has it; answers how a command names it. */
export async function keepFile(field, name, blob) {
  const bytes = await blob.arrayBuffer();
  const id = newId();
  await db.put("blobs", {
    id,
    account: me.id,
    name,
    size: bytes.byteLength,
    sent: false,
    sealed: await vault.sealBytes(me.key, bytes),
  });
  return { field, upload: id, name, size: bytes.byteLength };
}

/** The bytes of a file that is kept here, for showing it. */
export const fileBytes = async (id) => {
  const blob = await db.get("blobs", id);
  return blob && vault.openBytes(me.key, blob.sealed);
};

/** How long a file may be named by nothing: a photo was taken, and its form is still open. */
const UNNAMED = 24 * 3_600_000;

/** Forgets work that was done long ago, and files that nothing names any more once they are old. */
export async function sweep() {
  const [rows, blobs] = [await db.of("past", me.id), await db.of("blobs", me.id)];
  const sizes = new Map(blobs.map(({ id, size }) => [id, size]));
  const gone = past.leaving(rows, (id) => sizes.get(id) ?? 0);
  if (gone.length) await db.write(["past"], (table) => gone.forEach(({ id }) => table.delete(id)));
  const named = new Set(outbox.commands.flatMap((command) => command.files.map(({ upload }) => upload)));
  for (const row of rows) if (!gone.includes(row)) for (const id of row.uploads) named.add(id);
  for (const { sealed } of await db.of("drafts", me.id))
    for (const [, id] of JSON.stringify(await vault.open(me.key, sealed)).matchAll(/"upload":"([^"]+)"/g)) named.add(id);
  for (const { id } of blobs) {
    if (!named.has(id) && Date.now() - madeAt(id) > UNNAMED) await db.remove("blobs", id);
  }
}

/** Asks whether the server still has what it has done, and sends again what it has not. */
export async function recall() {
  const here = outbox.commands.filter(({ state }) => state === "done");
  const ids = [...(await db.of("past", me.id)), ...here].map(({ id }) => id);
  const lost = await past.missing(call, ids);
  if (lost.size) {
    const commands = [...(await past.recall(me.id, me.key, lost)), ...here.filter(({ id }) => lost.has(id))];
    // Its files are asked for again, too.
    for (const { upload } of commands.flatMap(({ files }) => files)) {
      const blob = await db.get("blobs", upload);
      if (blob) await db.put("blobs", { ...blob, sent: false });
    }
    // Kept as work first: a phone that dies between holds it twice, and repeats are harmless.
    await outbox.again(commands);
    await db.write(["past"], (table) => lost.forEach((id) => table.delete(id)));
  }
  await keepSecret({ askedAt: Date.now() });
}

/** The work of everybody on this phone: who, and how many pieces wait. */
export async function people() {
  const commands = await db.all("commands");
  return (await db.all("people")).map((person) => ({
    ...person,
    waits: commands.filter(({ account, state }) => account === person.id && state !== "done" && state !== "set_aside").length,
  }));
}

/** What somebody keeps sealed beside their work: token, device, choice of pack. */
export async function keepSecret(more = {}) {
  Object.assign(me.secret, more);
  const kept = await db.get("people", me.id);
  await db.put("people", { ...kept, sealed: await vault.seal(me.key, me.secret) });
}

/** A person new on this phone: a key of their own under their PIN. */
export async function enrol({ account, name, token, device, spare }, pin) {
  const { key, kept } = await vault.make(pin, spare, await vault.measuredRounds());
  const secret = { token, device, branch: newId(), skew: 0 };
  await db.put("people", { id: account, name, device, ...kept, sealed: await vault.seal(key, secret) });
  await begin({ id: account, name, key, secret });
}

/** A person who forgot the PIN and signed in: their work opens with the spare key, from now on with a new PIN. */
export async function reopen({ account, token, spare }, pin) {
  const person = await db.get("people", account);
  const { key, kept } = await vault.remake(person, pin, spare, await vault.measuredRounds());
  const secret = { ...(await vault.open(key, person.sealed)), token };
  await db.put("people", { ...person, ...kept, sealed: await vault.seal(key, secret) });
  await begin({ id: account, name: person.name, key, secret });
}

/** Tries a PIN; answers the seconds to wait if it was wrong. */
export async function unlock(id, pin) {
  const person = await db.get("people", id);
  const { key, kept, wait } = await vault.unlock(person, pin);
  await db.put("people", { ...person, ...kept });
  if (!key) return { wait };
  await begin({ id, name: person.name, key, secret: await vault.open(key, person.sealed) });
  return {};
}

async function begin(person) {
  me = person;
  leaves = new Map();
  for (const leaf of await db.of("leaves", me.id))
    leaves.set(leaf.key, { digest: leaf.digest, said: await vault.open(me.key, leaf.sealed) });
  const commands = [];
  for (const { sealed, ...plain } of await db.of("commands", me.id))
    commands.push({ ...plain, ...(await vault.open(me.key, sealed)) });
  outbox = new Outbox(store, commands);
  const alone = (work) =>
    navigator.locks ? navigator.locks.request("tiwizi-send", { ifAvailable: true }, (lock) => lock && work()) : work();
  sender = new Sender({
    outbox,
    call,
    files,
    told,
    alone,
    about: () => ({ device: me.secret.device, skew: me.secret.skew ?? 0 }),
  });
  // Some browsers ask the person first: nobody has to wait for the answer.
  navigator.storage?.persist?.().then(() => told(), () => {});
  going = keepSending(sender, { after: settle });
  told();
}

/** Locks the phone: the key is forgotten, the work stays. */
export function lock() {
  going?.stop();
  [me, sender, going] = [undefined, undefined, undefined];
  leaves = new Map();
  outbox = new Outbox({});
  told();
}

/** Keeps forms as commands. Those of one branch are told together; a new branch begins once everything was received. */
export async function send(forms) {
  if (!outbox.pending().length) await keepSecret({ branch: newId() });
  return outbox.add(forms, { branch: me.secret.branch, skew: me.secret.skew ?? 0 });
}

export const correct = (id, form) => outbox.correct(id, form, { branch: me.secret.branch, skew: me.secret.skew ?? 0 });

/** Hours after which what is held is looked at again: rights may have ended meanwhile. */
const FRESH = 6 * 3_600_000;

/** After a round: read back what the server did, let go of it here; and look again at what is held, now and then. */
async function settle() {
  if (!me?.secret.readAt || sender?.trouble) return;
  const done = outbox.commands.some(({ state }) => state === "done");
  if (done || Date.now() - me.secret.readAt > FRESH) await refresh().catch(() => {});
  if (!(Date.now() - me?.secret.askedAt < FRESH)) await recall().catch(() => {});
}

/** Fetches what the pack lacks. */
export async function refresh(heard = () => {}) {
  const { programme, territories = [], device } = me.secret;
  const began = Date.now();
  const held = new Map([...leaves].map(([key, { digest }]) => [key, digest]));
  const keep = async (page) => {
    const sealed = [];
    for (const [key, digest, said] of page) sealed.push({ account: me.id, key, digest, sealed: await vault.seal(me.key, said) });
    await db.write(["leaves"], (table) => sealed.forEach((leaf) => table.put(leaf)));
    for (const [key, digest, said] of page) leaves.set(key, { digest, said });
  };
  const { at, gone, bytes, lost } = await fetchPack(call, { programme, territories, device }, held, keep, heard);
  await db.write(["leaves"], (table) => gone.forEach((key) => table.delete([me.id, key])));
  for (const key of gone) leaves.delete(key);
  if (lost) {
    await keepSecret({ readAt: undefined, bytes: undefined });
    told();
    throw Object.assign(new Error("the programme is not open to its holder"), { status: 403 });
  }
  await keepSecret({ readAt: at, bytes: bytes || me.secret.bytes });
  const calls = [...leaves].filter(([key]) => key[0] === "a").map(([, { said }]) => said.id);
  await keepSecret({ numbers: await numbers.stock(call, device, calls, me.secret.numbers) });
  // A newcomer is in no programme yet: the phone goes on knowing it until the pack does.
  const newcomer = (local) => local.kind === "newcomer" && !leaves.has(`c${local.organisation}`);
  // What was sold today is added up on the phone.
  const lately = (local) => local.kind === "sale" && local.day === today();
  await outbox.settle(began, ({ local }) => newcomer(local) || lately(local));
  await sweep();
  told();
}

/** The next number that was reserved of a call; nothing if none is left. */
export async function takeNumber(id) {
  const { number, held } = numbers.take(me.secret.numbers, id);
  await keepSecret({ numbers: held });
  return number;
}

const draftKey = (name) => [me.id, name];
/** What was begun and not saved, so that a phone that goes out loses nothing. */
export const draft = async (name) => {
  const kept = await db.get("drafts", draftKey(name));
  return kept && vault.open(me.key, kept.sealed);
};
export async function keepDraft(name, value) {
  // The phone may have been locked a moment ago: then its page is gone, too.
  if (!me) return;
  const { id, key } = me;
  await db.put("drafts", { account: id, name, sealed: await vault.seal(key, value) });
}
export const dropDraft = (name) => db.remove("drafts", draftKey(name));

/** Everything of somebody goes, once nothing of theirs waits. */
export async function forget(id) {
  for (const name of ["leaves", "commands", "past", "blobs", "drafts"]) {
    const rows = await db.of(name, id);
    await db.write([name], (table) =>
      rows.forEach((row) => table.delete(name === "leaves" ? [id, row.key] : name === "drafts" ? [id, row.name] : row.id)),
    );
  }
  await db.remove("people", id);
}
