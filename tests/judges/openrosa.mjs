// A form for ODK Collect, filled in by an engine that others wrote and sent as it writes it.
//
// node openrosa.mjs ADDRESS       exit code 1 and a sentence when what it fills in is not taken

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.TIWIZI_MODULES}/`);
// The engine is made for browsers: it looks for these there.
const { window } = new (require("jsdom").JSDOM)("<!doctype html>");
for (const name of Object.getOwnPropertyNames(window)) {
  if (/^(DOM|XML|XPath|Node|Element|Document|Attr|Text|CDATA|Comment|CharacterData|Processing|HTMLElement)/.test(name)) {
    globalThis[name] ??= window[name];
  }
}
globalThis.document ??= window.document;
globalThis.require = require;
globalThis.__dirname = process.cwd();
const { createInstance } = await import(
  pathToFileURL(`${process.env.TIWIZI_MODULES}/node_modules/@getodk/xforms-engine/dist/index.js`)
);

const base = process.argv[2];
const read = async (path) => (await fetch(base + path)).text();
const form = await read("/forms/tiwizi-cooperative/form");
const { root } = await createInstance(form, {
  form: {
    fetchFormAttachment: async (name) => {
      const list = String(name).split("/").pop().replace(".csv", "");
      return new Response(await read(`/lists/${list}`), { headers: { "content-type": "text/csv" } });
    },
  },
});
assert.ok(root, "the form does not load");
const question = (name) =>
  root.currentState.children.find((child) => child.currentState.reference === `/data/${name}`);
const cooperative = question("organisation").currentState.valueOptions[0];
question("organisation").selectValue(cooperative.value);
const before = question("phone").currentState.value;
assert.equal(question("was_phone").currentState.value, before, "what stands there is not seen");
assert.equal(root.languages.length, 2, "not two languages");
question("phone").setValue(before.endsWith("1") ? "0661234562" : "0661234561");
const { status, data } = await root.prepareInstancePayload({ payloadType: "monolithic" });
assert.equal(status, "ready", "the form is not ready to be sent");
const xml = await data[0].get("xml_submission_file").text();
assert.match(xml, /<entity dataset="cooperatives" id="[^"]{36}" update="1" baseVersion="\d+"/);
const body = new FormData();
body.append("xml_submission_file", new Blob([xml], { type: "text/xml" }), "form.xml");
const answer = await fetch(`${base}/submission?deviceID=engine`, { method: "POST", body });
assert.equal(answer.status, 201, await answer.text());
const rows = (await read("/lists/cooperatives")).split("\n");
const row = rows.find((row) => row.startsWith(cooperative.value));
assert.match(row, /\+21266123456/, `what was filled in is not there: ${row}`);
console.log("filled in and taken:", cooperative.label.asString);
