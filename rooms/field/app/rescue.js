// When nothing leaves this phone any more: everything that waits in one file, sealed with a code, for a manager.

import { code as number, h, page } from "./dom.js";
import * as state from "./state.js";
import { envelope, inBase64, rescueCode } from "./vault.js";
import { count, t } from "./words.js";

/** What is sealed: the batches as they would have been sent, and the files they name. */
export async function rescued() {
  const { id, name, secret } = state.me;
  const files = [];
  for (const { upload, name } of state.outbox.pending().flatMap((command) => command.files)) {
    const bytes = await state.fileBytes(upload);
    if (bytes) files.push({ upload, name, data: inBase64(bytes) });
  }
  return {
    account: id,
    name,
    device: secret.device,
    batches: state.outbox.batches({ device: secret.device, skew: secret.skew }),
    files,
  };
}

export async function rescue() {
  const n = state.outbox.pending().length;
  const place = h("div", {});
  const make = async (event) => {
    event.target.disabled = true;
    const code = rescueCode();
    const file = new Blob([JSON.stringify(await envelope(await rescued(), code))], { type: "application/json" });
    const link = h(
      "a.btn.primary.wide",
      { href: URL.createObjectURL(file), download: `tiwizi-${new Date().toISOString().slice(0, 10)}.json` },
      t("app.rescue.save"),
    );
    place.replaceChildren(
      h("p", {}, t("app.rescue.code_is")),
      h("p.code-big", {}, number(code)),
      h("p.more", {}, t("app.rescue.code_once")),
      link,
    );
  };
  return page(
    {
      title: t("app.rescue.make_title"),
      back: { href: "#/waiting", word: t("app.waiting.title") },
      sub: t("app.rescue.make_about"),
    },
    h(
      "section.card",
      {},
      h("p", {}, n > 0 ? count("app.rescue.commands", n) : t("app.bar.nothing")),
      n > 0 && h("button.btn.wide", { onclick: make }, t("app.rescue.make")),
      place,
    ),
  );
}
