// What is somebody's on a shared phone is sealed with a random key of theirs; the key itself is sealed with their PIN.
// Six digits hold out against whoever picks the phone up, not against a laboratory: the rounds make each guess dear.

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

/** A new key, and what is kept of it under this PIN. */
export async function make(pin, rounds = ROUNDS) {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const [salt, iv] = [random(16), random(12)];
  const around = await keyOf(pin, salt, rounds, ["wrapKey"]);
  const wrapped = await crypto.subtle.wrapKey("raw", key, around, { name: "AES-GCM", iv });
  // From here on the key can be used, but no longer read.
  const bare = await unwrap({ salt, rounds, iv, wrapped }, pin);
  return { key: bare, kept: { salt, rounds, iv, wrapped, tries: 0, until: 0 } };
}

async function unwrap({ salt, rounds, iv, wrapped }, pin) {
  const around = await keyOf(pin, salt, rounds, ["unwrapKey"]);
  return crypto.subtle.unwrapKey("raw", wrapped, around, { name: "AES-GCM", iv }, "AES-GCM", false, ["encrypt", "decrypt"]);
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
