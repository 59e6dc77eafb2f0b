// What is somebody's on a shared phone is sealed with a random key of theirs; the key itself is sealed with their PIN.
// Six digits hold out against whoever picks the phone up, not against a laboratory: the rounds make each guess dear.
// The house holds a spare key, and gives it to whoever signs in on this phone as that person: it opens nothing elsewhere.

/** Rounds of PBKDF2 at the least (OWASP's advice for SHA-256). */
export const ROUNDS = 600_000;
const MOST = 2_000_000;

/** Digits of a PIN at the least. */
export const DIGITS = 6;

const text = new TextEncoder();
const untext = new TextDecoder();
const random = (n) => crypto.getRandomValues(new Uint8Array(n));

async function keyOf(secret, salt, rounds, uses) {
  const base = await crypto.subtle.importKey("raw", text.encode(secret), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, uses);
}

/** As many rounds as this phone works out in half a second, never fewer than the least. */
export async function measuredRounds(clock = performance) {
  const began = clock.now();
  await keyOf("measure", random(16), 100_000, ["encrypt"]);
  const took = Math.max(clock.now() - began, 1);
  return Math.min(MOST, Math.max(ROUNDS, Math.round((100_000 * 500) / took / 10_000) * 10_000));
}

const CLOSED = ["encrypt", "decrypt"];
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const spareKey = (spare, uses) => crypto.subtle.importKey("raw", bytesOf(spare), "AES-GCM", false, uses);

/** What is kept of a key: sealed with the PIN, and with the spare key that the house holds of this phone. */
async function keep(key, pin, spare, rounds) {
  const [salt, iv, other] = [random(16), random(12), random(12)];
  const wrapped = await crypto.subtle.wrapKey("raw", key, await keyOf(pin, salt, rounds, ["wrapKey"]), { name: "AES-GCM", iv });
  const again = await crypto.subtle.wrapKey("raw", key, await spareKey(spare, ["wrapKey"]), { name: "AES-GCM", iv: other });
  const kept = { salt, rounds, iv, wrapped, spare: { iv: other, wrapped: again }, tries: 0, until: 0 };
  // From here on the key can be used, but no longer read.
  return { key: await unwrap(kept, pin), kept };
}

/** A new key, and what is kept of it. */
export async function make(pin, spare, rounds = ROUNDS) {
  return keep(await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, CLOSED), pin, spare, rounds);
}

/** The same key under another PIN, for who forgot theirs. Fails if the house holds another spare key than then. */
export async function remake(kept, pin, spare, rounds = ROUNDS) {
  const { iv, wrapped } = kept.spare;
  const around = await spareKey(spare, ["unwrapKey"]);
  const key = await crypto.subtle.unwrapKey("raw", wrapped, around, { name: "AES-GCM", iv }, "AES-GCM", true, CLOSED);
  return keep(key, pin, spare, rounds);
}

async function unwrap({ salt, rounds, iv, wrapped }, pin) {
  const around = await keyOf(pin, salt, rounds, ["unwrapKey"]);
  return crypto.subtle.unwrapKey("raw", wrapped, around, { name: "AES-GCM", iv }, "AES-GCM", false, CLOSED);
}

/** Seconds to wait after so many wrong PINs: two are forgiven, then half a minute, doubling up to a day. */
export const waitAfter = (tries) => (tries < 3 ? 0 : Math.min(86_400, 30 * 2 ** (tries - 3)));

/**
 * Tries a PIN. Answers `{ key, kept }` with what to keep from now on: the key is missing when the PIN was wrong, and
 * `wait` (seconds) says how long nobody may try.
 */
export async function unlock(kept, pin, now = Date.now()) {
  const wait = Math.ceil((kept.until - now) / 1000);
  if (wait > 0) return { kept, wait };
  try {
    const key = await unwrap(kept, pin);
    return { key, kept: { ...kept, tries: 0, until: 0 } };
  } catch {
    const tries = kept.tries + 1;
    const seconds = waitAfter(tries);
    return { kept: { ...kept, tries, until: now + seconds * 1000 }, wait: seconds };
  }
}

/** Seals bytes. */
export async function sealBytes(key, bytes) {
  const iv = random(12);
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

/** Opens sealed bytes. */
export const openBytes = (key, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);

/** Seals anything that JSON can say. */
export const seal = (key, value) => sealBytes(key, text.encode(JSON.stringify(value)));

/** Opens it. */
export const open = async (key, sealed) => JSON.parse(untext.decode(await openBytes(key, sealed)));

/** Twelve digits in groups of four, each as likely as another. */
export function rescueCode() {
  const digits = [];
  while (digits.length < 12) for (const byte of random(16)) if (byte < 250 && digits.length < 12) digits.push(byte % 10);
  return digits.join("").replace(/(\d{4})(?=\d)/g, "$1 ");
}

const base64 = (bytes) => {
  let out = "";
  const all = new Uint8Array(bytes);
  for (let i = 0; i < all.length; i += 0x8000) out += String.fromCharCode(...all.subarray(i, i + 0x8000));
  return btoa(out);
};

/** Bytes in base64, for a rescue file. */
export const inBase64 = base64;

/** A rescue file: what it says, sealed with a code that is told to a manager. */
export async function envelope(value, code, rounds = ROUNDS) {
  const [salt, iv] = [random(16), random(12)];
  const key = await keyOf(code.replaceAll(/\D/g, ""), salt, rounds, ["encrypt"]);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text.encode(JSON.stringify(value)));
  return { tiwizi: "rescue", salt: base64(salt), rounds, iv: base64(iv), data: base64(data) };
}
