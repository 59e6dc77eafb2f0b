// Photos and sounds travel in pieces by tus 1.0, so that a line that breaks costs one piece and not the photo.

/** Bytes of a piece. */
export const PIECE = 128 * 1024;

const VERSION = { "Tus-Resumable": "1.0.0" };

const inBase64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** How far the server has it; nothing if it has not begun. */
async function offsetOf(call, id) {
  const answer = await call(`/field/uploads/${id}`, { method: "HEAD", headers: VERSION });
  if (answer.status === 404 || answer.status === 410) return undefined;
  if (!answer.ok) throw new Refused(answer.status);
  return Number(answer.headers.get("Upload-Offset"));
}

/** An answer that ends this try; the next one begins with what the server has. */
export class Refused extends Error {
  constructor(status) {
    super(`the server answered ${status}`);
    this.status = status;
  }
}

async function begin(call, { id, name }, bytes) {
  const headers = {
    ...VERSION,
    "Upload-Length": String(bytes.byteLength),
    "Upload-Metadata": `id ${inBase64(id)},filename ${inBase64(name)}`,
  };
  const answer = await call("/field/uploads", { method: "POST", headers });
  if (answer.status !== 201) throw new Refused(answer.status);
  return 0;
}

/** Sends a file from where the server has it to its end; `told(offset)` hears how far it is. */
export async function upload(call, file, bytes, told = () => {}) {
  let offset = (await offsetOf(call, file.id)) ?? (await begin(call, file, bytes));
  while (offset < bytes.byteLength) {
    told(offset);
    const headers = { ...VERSION, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
    const body = bytes.slice(offset, offset + PIECE);
    const answer = await call(`/field/uploads/${file.id}`, { method: "PATCH", headers, body });
    // Another try was quicker: go on from where that left it.
    const next = answer.status === 409 ? await offsetOf(call, file.id) : Number(answer.headers.get("Upload-Offset"));
    if ((answer.status !== 204 && answer.status !== 409) || !(next > offset)) throw new Refused(answer.status);
    offset = next;
  }
  told(offset);
}
