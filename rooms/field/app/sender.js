// Sends what waits: first the records, then how they fare, then the files. It tries for ever, more and more slowly
// while nothing answers, and at once when the phone finds a network or is looked at.

import { newId } from "./ids.js";
import { wire } from "./outbox.js";
import { upload } from "./uploads.js";

/** Longest pause between two tries; one minute, as a minute's walk may find a network. */
const LONGEST = 60_000;

export class Sender {
  /**
   * `outbox` and `call` (as fetch, with the token) do the work; `files` lists what is to be sent and reads it:
   * `files.waiting()`, `files.bytes(id)`, `files.sent(id)`; `about()` says device and skew; `told()` hears of changes;
   * `alone(work)` lets one tab work at a time.
   */
  constructor({ outbox, call, files, about, told = () => {}, alone = (work) => work(), now = Date.now }) {
    Object.assign(this, { outbox, call, files, about, told, alone, now, pause: 2_000, sending: false, trouble: "" });
  }

  /** One round: everything that can be sent now. Answers true if nothing is left to do but to wait. */
  async round() {
    return (
      (await this.alone(async () => {
        this.sending = true;
        this.told();
        try {
          await this.records();
          await this.fates();
          await this.photos();
          await this.fates();
          [this.pause, this.trouble] = [2_000, ""];
          return true;
        } catch (error) {
          this.trouble = error.status === 401 ? "signed_out" : error.status ? "refused" : "offline";
          this.pause = Math.min(this.pause * 2, LONGEST);
          return false;
        } finally {
          this.sending = false;
          this.told();
        }
      })) ?? false
    );
  }

  /** Sends records batch by batch until none stands only here. */
  async records() {
    for (;;) {
      const commands = this.outbox.next();
      if (!commands.length) return;
      await this.outbox.leaving(commands);
      const { device, skew } = this.about();
      const batch = { id: newId(), device, sent_at: this.now(), skew, commands: commands.map(wire) };
      const answer = await this.call("/field/batches", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(batch),
      });
      const told = await read(answer);
      // Only what is named was taken; were nothing named, the same batch would leave again at once.
      const changed = await this.outbox.take(commands, told.commands ?? [], this.now());
      this.told();
      if (!changed.some(({ state }) => state !== "here")) return;
    }
  }

  /** Asks what became of what the server has. */
  async fates() {
    const asked = this.outbox.asked();
    for (let i = 0; i < asked.length; i += 50) {
      const some = asked.slice(i, i + 50);
      const ids = some.map(({ id }) => id).join(",");
      const told = await read(await this.call(`/field/commands?ids=${ids}`, { headers: { Accept: "application/json" } }));
      await this.outbox.take(some, told.commands ?? [], this.now());
      this.told();
    }
  }

  /** Sends files, the smallest first. One that is refused does not keep those behind it from leaving. */
  async photos() {
    const waiting = (await this.files.waiting()).sort((a, b) => a.size - b.size);
    let refused;
    for (const file of waiting) {
      try {
        const told = (offset) => this.told({ file: file.id, offset, size: file.size });
        await upload(this.call, file, await this.files.bytes(file.id), told);
        await this.files.sent(file.id);
      } catch (error) {
        if (!(error.status >= 400 && error.status < 500) || error.status === 401) throw error;
        refused = error;
      }
      this.told();
    }
    if (refused) throw refused;
  }
}

async function read(answer) {
  if (!answer.ok) throw Object.assign(new Error(`the server answered ${answer.status}`), { status: answer.status });
  return answer.json();
}

/** Keeps a sender going: on the network's return, when the page is looked at, after something new, and by the clock. */
export function keepSending(sender, { after = () => {}, window = globalThis } = {}) {
  let timer;
  let stopped = false;
  let asked = 0;
  /** Soon again while the house works on what it has, then more and more slowly. */
  const delay = () => {
    if (sender.outbox.next().length || sender.trouble) return sender.pause;
    asked = sender.outbox.asked().length ? asked + 1 : 0;
    return asked ? Math.min(LONGEST, 1_500 * 2 ** asked) : LONGEST;
  };
  const go = async () => {
    clearTimeout(timer);
    if (stopped) return;
    await sender.round();
    await after();
    if (!stopped) timer = setTimeout(go, delay());
  };
  const soon = () => {
    sender.pause = 2_000;
    asked = 0;
    clearTimeout(timer);
    timer = setTimeout(go, 50);
  };
  const seen = () => window.document?.visibilityState === "visible" && soon();
  window.addEventListener?.("online", soon);
  window.document?.addEventListener?.("visibilitychange", seen);
  soon();
  return {
    soon,
    stop() {
      stopped = true;
      clearTimeout(timer);
      window.removeEventListener?.("online", soon);
      window.document?.removeEventListener?.("visibilitychange", seen);
    },
  };
}
