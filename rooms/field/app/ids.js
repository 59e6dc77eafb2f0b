// Identifiers are made where the record is made, also without a network: UUIDv7, in the order of time.

/** A new identifier; `now` and `random` are given by tests. */
export function newId(now = Date.now(), random = crypto.getRandomValues(new Uint8Array(16))) {
  const bytes = Uint8Array.from(random);
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 0xff;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return written(bytes);
}

function written(bytes) {
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}

/** An identifier that is always the same for the same name, as the server makes it (`Id::named`). */
export async function namedId(name) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name)));
  const bytes = digest.slice(0, 16);
  bytes[6] = 0x80 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return written(bytes);
}

/** Today where the phone is, as the server writes days. */
export function today(now = new Date()) {
  const two = (n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** When an identifier was made; milliseconds since 1970. */
export const madeAt = (id) => parseInt(id.replaceAll("-", "").slice(0, 12), 16);
