// Photos made small enough for a village's line, and voices. Both stay on the phone until the server has them.

import { h, icon } from "./dom.js";
import { fileBytes, keepFile } from "./state.js";
import { count, t } from "./words.js";

/** The longer side of a photo at the most. */
export const LONGEST = 1600;

/** Width and height of a picture that fits. */
export function fitted(width, height, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** A photo as a JPEG that fits; what the phone cannot read is kept as it is. */
export async function shrink(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const [width, height] = fitted(bitmap.width, bitmap.height);
    const canvas = h("canvas", { width, height });
    canvas.getContext("2d").drawImage(bitmap, 0, 0, width, height);
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return small ?? file;
  } catch {
    return file;
  }
}

/** A button that takes a photo; `taken(file)` is given how a command names it. */
export function photoButton(fieldName, label, taken) {
  const status = h("span.more", { role: "status" });
  const input = h("input.visually-hidden", {
    type: "file",
    accept: "image/*",
    capture: "environment",
    onchange: async () => {
      const [file] = input.files;
      if (!file) return;
      status.textContent = t("app.photo.working");
      const name = file.name.replace(/\.\w+$/, "") || "photo";
      await taken(await keepFile(fieldName, `${name}.jpg`, await shrink(file)));
      status.textContent = "";
      input.value = "";
    },
  });
  return h("label.btn.wide", {}, icon("camera"), label, input, status);
}

/** A photo that is kept here, small. */
export function thumbnail(file) {
  const image = h("img.thumb", { alt: t("app.photo.one") });
  fileBytes(file.upload).then((bytes) => {
    if (!bytes) return;
    const url = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
    image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
    image.src = url;
  });
  return image;
}

/** Kinds of sound that the house takes, the first that this phone makes. */
const SOUNDS = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/ogg;codecs=opus", "ogg"],
  ["audio/mp4", "m4a"],
];

/** A button that records a voice; nothing where the phone cannot. */
export function voiceButton(fieldName, taken) {
  const [type, ending] = SOUNDS.find(([type]) => globalThis.MediaRecorder?.isTypeSupported(type)) ?? [];
  if (!type) return undefined;
  let recorder;
  let timer;
  const label = h("span", {}, t("app.voice.begin"));
  const status = h("p.more", { role: "status" });
  const stop = () => recorder?.state === "recording" && recorder.stop();
  const begin = async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const pieces = [];
      recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 24_000 });
      recorder.ondataavailable = ({ data }) => pieces.push(data);
      recorder.onstop = async () => {
        clearInterval(timer);
        for (const track of stream.getTracks()) track.stop();
        label.textContent = t("app.voice.begin");
        status.textContent = "";
        await taken(await keepFile(fieldName, `voice.${ending}`, new Blob(pieces, { type })));
      };
      recorder.start();
      label.textContent = t("app.voice.end");
      const began = Date.now();
      timer = setInterval(() => {
        const seconds = Math.round((Date.now() - began) / 1000);
        status.textContent = count("app.voice.seconds", seconds);
        // Five minutes say a lot, and still pass a slow line.
        if (seconds >= 300) stop();
      }, 1000);
    } catch {
      status.textContent = t("app.voice.refused");
    }
  };
  return h(
    "div",
    {},
    h(
      "button.btn.wide",
      { type: "button", onclick: () => (recorder?.state === "recording" ? stop() : begin()) },
      icon("mic"),
      label,
    ),
    status,
  );
}
