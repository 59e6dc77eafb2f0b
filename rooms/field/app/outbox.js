// What was done on the phone, in the order it was done, until the server has it for good. A command is a form that a
// page of the house would post. Nothing is laid aside before the server said `done`, and nothing is given up.

import { newId } from "./ids.js";

/** States in which a command still stands only, or also, on this phone. */
const OPEN = new Set(["here", "received", "waiting", "held", "needs_you", "set_aside", "clash"]);

/** States in which the server has it and something may still become of it. */
const KEPT = new Set(["received", "waiting", "held"]);

/** Bytes of a batch: under the server's 200 KB with room for its head. */
export const BATCH = 150_000;

const text = new TextEncoder();

/** A command as it travels. */
export const wire = ({ id, at, skew, branch, after, instead, path, form, files }) => ({
  id,
  at,
  skew,
  branch,
  after,
  instead,
  path,
  form,
  files: files.map(({ field, upload, name }) => ({ field, upload, name })),
});

export class Outbox {
  /** `store` keeps: `save(commands)`, `drop(ids)`, `lay(commands)` aside; `commands` is what it held. */
  constructor(store, commands = []) {
    this.store = store;
    this.commands = commands.sort((a, b) => a.seq - b.seq);
  }

  find(id) {
    return this.commands.find((command) => command.id === id);
  }

  /** Those that the server has not done yet; what a manager put aside is with the server. */
  pending() {
    return this.commands.filter(({ state }) => state !== "done" && state !== "set_aside");
  }

  /** How many stand only on this phone, how many the server has, how many need the person. */
  counts() {
    const counts = { here: 0, received: 0, needs: 0, aside: 0 };
    for (const { state } of this.commands) {
      if (state === "here") counts.here++;
      else if (KEPT.has(state)) counts.received++;
      else if (state === "needs_you" || state === "clash") counts.needs++;
      else if (state === "aside") counts.aside++;
    }
    return counts;
  }

  /** Makes commands out of forms and keeps them; `files` of a form are `{ field, upload, name, size }`. */
  async add(forms, { branch, skew = 0, now = Date.now() }) {
    let seq = this.commands.reduce((most, command) => Math.max(most, command.seq), 0);
    const made = forms.map(({ id = newId(), path, form, files = [], after = [], local = {} }) => ({
      id,
      seq: ++seq,
      state: "here",
      at: now,
      skew,
      branch,
      after: after.filter((other) => other && this.find(other)?.state !== "done"),
      path,
      form: form.filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [name, String(value)]),
      files,
      local,
    }));
    await this.store.save(made);
    this.commands.push(...made);
    return made;
  }

  /** Takes back a command that was never sent: what replaces it has another id. */
  async takeBack(id) {
    const command = this.find(id);
    if (!command || command.state !== "here" || command.tried) return false;
    await this.store.drop([id]);
    this.commands = this.commands.filter((other) => other !== command);
    return true;
  }

  /** The next commands to send, as many as fit into one batch. */
  next(most = BATCH) {
    const found = [];
    let bytes = 0;
    for (const command of this.commands) {
      if (command.state !== "here") continue;
      const size = text.encode(JSON.stringify(wire(command))).length;
      if (found.length && bytes + size > most) break;
      bytes += size;
      found.push(command);
    }
    return found;
  }

  /** Notes that these leave now: from here on they keep their id and their content. */
  async leaving(commands) {
    const first = commands.filter((command) => !command.tried);
    for (const command of first) command.tried = true;
    if (first.length) await this.store.save(first);
  }

  /** Those that the server has and has not done. */
  asked() {
    return this.commands.filter(({ state }) => KEPT.has(state));
  }

  /** Takes what the server answered of these commands. One it does not know any more is sent again. */
  async take(sent, answers, now = Date.now()) {
    const changed = [];
    for (const command of sent) {
      const answer = answers.find(({ id }) => id === command.id);
      const state = answer ? (OPEN.has(answer.state) || answer.state === "done" ? answer.state : "received") : "here";
      if (command.state === "aside") continue;
      if (state === command.state && (answer?.sentence ?? "") === (command.sentence ?? "")) continue;
      Object.assign(command, { state, sentence: answer?.sentence, errors: answer?.errors, location: answer?.location });
      if (state === "done") command.doneAt = now;
      changed.push(command);
    }
    if (changed.length) await this.store.save(changed);
    return changed;
  }

  /** Lays aside what the server has done and the phone has read back since; `keep` says what stays nevertheless. */
  async settle(readAt, keep = () => false) {
    const gone = this.commands.filter((command) => command.state === "done" && command.doneAt < readAt && !keep(command));
    if (!gone.length) return [];
    await this.store.lay(gone);
    this.commands = this.commands.filter((command) => !gone.includes(command));
    return gone;
  }

  /** Sends done work once more, with the id and the content it had, before whatever was done later. */
  async again(commands) {
    const first = this.commands.filter((command) => !commands.includes(command));
    let seq = first.reduce((least, command) => Math.min(least, command.seq), 1) - commands.length;
    for (const command of commands) Object.assign(command, { seq: seq++, state: "here", tried: true, doneAt: undefined });
    await this.store.save(commands);
    this.commands = [...commands, ...first];
  }

  /** Sends a refused command anew with what the person corrected; what stands on the first stands on this one. */
  async correct(id, form, { branch, skew = 0 }) {
    const old = this.find(id);
    const seq = this.commands.reduce((most, command) => Math.max(most, command.seq), 0) + 1;
    const made = {
      ...old,
      id: newId(),
      seq,
      state: "here",
      tried: false,
      skew: old.skew ?? skew,
      branch,
      // The id of a clash belongs to other work, which this one does not stand in for.
      instead: old.state === "clash" ? old.instead : id,
      form: form.map(([name, value]) => [name, String(value)]),
      sentence: undefined,
      errors: undefined,
    };
    // The new one is kept before the old one goes: a phone that dies between holds both, and repeats are harmless.
    await this.store.save([made]);
    await this.store.drop([id]);
    this.commands = this.commands.filter((command) => command !== old).concat(made);
    return made;
  }

  /** Puts a refused command aside: it is kept, and no longer asks for anybody. */
  async setAside(id, aside = true) {
    const command = this.find(id);
    if (aside ? command?.state !== "needs_you" && command?.state !== "clash" : command?.state !== "aside") return;
    command.state = aside ? "aside" : "needs_you";
    await this.store.save([command]);
  }

  /** The pending work as batches, for a rescue file. */
  batches({ device, skew = 0, now = Date.now() }, most = BATCH) {
    const batches = [];
    let bytes = most;
    for (const command of this.pending().map(wire)) {
      const size = text.encode(JSON.stringify(command)).length;
      if (bytes + size > most) {
        batches.push({ id: newId(), device, sent_at: now, skew, commands: [] });
        bytes = 0;
      }
      bytes += size;
      batches.at(-1).commands.push(command);
    }
    return batches;
  }
}
