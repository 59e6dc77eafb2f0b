// Texts that are listened to, and recorded. Without this file the browser's own player and a file input do the same.

// One button for one sound; a second tap stops it, and only one speaks at a time.
let speaking = null;
for (const box of document.querySelectorAll("[data-sound=listen]")) {
  const audio = box.querySelector("audio");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "listen-button";
  button.setAttribute("aria-label", audio.getAttribute("aria-label"));
  button.setAttribute("aria-pressed", "false");
  button.innerHTML = '<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path class="play" d="M4 9v6h4l5 4V5L8 9z"/><path class="waves" d="M16 8.5a5 5 0 010 7M18.5 6a8.5 8.5 0 010 12"/></svg>';
  const state = (on) => {
    button.setAttribute("aria-pressed", String(on));
    box.classList.toggle("speaking", on);
    if (on) speaking = audio;
  };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (!audio.paused) { audio.pause(); audio.currentTime = 0; return; }
    speaking?.pause();
    audio.play().catch(() => { audio.hidden = false; state(false); });
  });
  audio.addEventListener("play", () => state(true));
  for (const end of ["pause", "ended", "error"]) audio.addEventListener(end, () => state(false));
  audio.hidden = true;
  box.append(button);
}

// The microphone: what was spoken becomes the file of the form, to be heard before it is sent.
const LONGEST = 120_000;
for (const place of document.querySelectorAll("[data-sound=record]")) {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder || !window.DataTransfer) continue;
  const input = place.querySelector("input[type=file]");
  const button = place.querySelector("button");
  const heard = place.querySelector("audio");
  const told = place.querySelector("[role=status]");
  button.hidden = false;
  let recorder = null;
  button.addEventListener("click", async () => {
    if (recorder?.state === "recording") { recorder.stop(); return; }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      told.textContent = place.dataset.refused;
      return;
    }
    const kind = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"].find((type) => MediaRecorder.isTypeSupported(type));
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32_000 });
    const parts = [];
    const timer = setTimeout(() => recorder.stop(), LONGEST);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearTimeout(timer);
      for (const track of stream.getTracks()) track.stop();
      const blob = new Blob(parts, { type: recorder.mimeType });
      const ending = { "audio/webm": "webm", "audio/ogg": "ogg" }[blob.type.split(";")[0]] ?? "m4a";
      const list = new DataTransfer();
      list.items.add(new File([blob], `voice.${ending}`, { type: blob.type }));
      input.files = list.files;
      heard.src = URL.createObjectURL(blob);
      heard.hidden = false;
      button.textContent = place.dataset.again;
      button.classList.remove("recording");
      told.textContent = place.dataset.done;
    });
    recorder.start();
    button.textContent = place.dataset.stop;
    button.classList.add("recording");
    told.textContent = place.dataset.running;
  });
}
