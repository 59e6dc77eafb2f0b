// Small comforts. Every page works without them.

// Suggestions while typing: an input with data-suggest="/address" asks it with ?q= and offers what comes back.
for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `suggest-${Math.random().toString(36).slice(2)}`;
  input.after(list);
  input.setAttribute("list", list.id);
  const known = new Map();
  let last = 0;
  input.addEventListener("input", async () => {
    const goal = known.get(input.value);
    if (goal) { location.href = goal; return; }
    if (input.value.trim().length < 2) return;
    const turn = ++last;
    const url = `${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`;
    const found = await fetch(url, { headers: { accept: "application/json" } }).then((r) => (r.ok ? r.json() : []), () => []);
    if (turn !== last) return; // a later keystroke already asked
    list.replaceChildren(...found.map(({ value, label, href }) => {
      if (href) known.set(value, href);
      const option = new Option(label, value);
      return option;
    }));
  });
}

// Progress of background work: <progress data-job="/address"> asks every second until the job ends.
for (const bar of document.querySelectorAll("[data-job]")) {
  const timer = setInterval(async () => {
    const job = await fetch(bar.dataset.job, { headers: { accept: "application/json" } }).then((r) => (r.ok ? r.json() : null), () => null);
    if (!job) return;
    if (job.total) { bar.max = job.total; bar.value = job.done; }
    if (job.state === "done" || job.state === "failed") { clearInterval(timer); location.reload(); }
  }, 1000);
}

// A form sent twice by an impatient finger is sent once.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
  setTimeout(() => delete event.target.dataset.sent, 4000);
});

// An open menu closes when something else is touched.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.me[open], details.langs[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});

// A roll-call: how many are ticked, all or none at once, a name among many, and when the device says it was taken.
for (const list of document.querySelectorAll(".roll")) {
  const boxes = [...list.querySelectorAll("[type=checkbox]")];
  const count = () => {
    const shown = String(boxes.filter((box) => box.checked).length);
    for (const place of document.querySelectorAll("[data-count]")) place.textContent = shown;
  };
  list.addEventListener("change", count);
  for (const link of document.querySelectorAll("[data-check]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      for (const box of boxes) box.checked = link.dataset.check === "all";
      count();
    });
  const find = document.querySelector("[data-filter]");
  if (!find) continue;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  find.hidden = false;
  find.addEventListener("input", () => {
    for (const row of list.children) row.hidden = !plain(row.textContent).includes(plain(find.value));
  });
}
for (const form of document.querySelectorAll("form:has([data-now])"))
  form.addEventListener("submit", () => { form.querySelector("[data-now]").value = Date.now(); });

// A card that was read says that somebody is here: one tap less.
document.querySelector("form[data-auto]")?.requestSubmit();
