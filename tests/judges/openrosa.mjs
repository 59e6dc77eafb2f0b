// Forms for ODK Collect, filled in by an engine that others wrote and sent as it writes them: one of the house, and a
// questionnaire of the programme with a repeat, whose answers stand in its dataset.
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
const open = async (id) => {
  const form = await read(`/forms/${id}/form`);
  const { root } = await createInstance(form, {
    form: {
      fetchFormAttachment: async (name) => {
        const list = String(name).split("/").pop().replace(".csv", "");
        return new Response(await read(`/lists/${list}`), { headers: { "content-type": "text/csv" } });
      },
    },
  });
  assert.ok(root, `the form ${id} does not load`);
  return root;
};
/** What stands at this path below a node, however deep. */
const at = (node, path) => {
  for (const child of node.currentState.children ?? []) {
    if (child.currentState.reference === path) return child;
    const found = at(child, path);
    if (found) return found;
  }
};
/** Sends what was filled in; answers its XML. */
const send = async (root) => {
  const { status, data } = await root.prepareInstancePayload({ payloadType: "monolithic" });
  assert.equal(status, "ready", "the form is not ready to be sent");
  const xml = await data[0].get("xml_submission_file").text();
  const body = new FormData();
  body.append("xml_submission_file", new Blob([xml], { type: "text/xml" }), "form.xml");
  const answer = await fetch(`${base}/submission?deviceID=engine`, { method: "POST", body });
  assert.equal(answer.status, 201, await answer.text());
  return xml;
};

const root = await open("tiwizi-cooperative");
const question = (name) => at(root, `/data/${name}`);
const cooperative = question("organisation").currentState.valueOptions[0];
question("organisation").selectValue(cooperative.value);
const before = question("phone").currentState.value;
assert.equal(question("was_phone").currentState.value, before, "what stands there is not seen");
assert.equal(root.languages.length, 2, "not two languages");
question("phone").setValue(before.endsWith("1") ? "0661234562" : "0661234561");
const xml = await send(root);
assert.match(xml, /<entity dataset="cooperatives" id="[^"]{36}" update="1" baseVersion="\d+"/);
const rows = (await read("/lists/cooperatives")).split("\n");
const row = rows.find((row) => row.startsWith(cooperative.value));
assert.match(row, /\+21266123456/, `what was filled in is not there: ${row}`);
console.log("filled in and taken:", cooperative.label.asString);

const survey = await open("suivi_ventes");
const asked = (path) => {
  const found = at(survey, `/data/${path}`);
  assert.ok(found, `${path} is not asked`);
  return found;
};
assert.equal(survey.languages.length, 3, "not three languages");
const buyer = `Acheteur ${Date.now()}`;
asked("cooperative").selectValue(cooperative.value);
asked("sales/products").selectValues(["carpets", "dates"]);
asked("sales/family").selectValue("shops");
const offered = asked("sales/channel").currentState.valueOptions.map((option) => option.value);
assert.deepEqual(offered, ["grocer", "hotel"], "the choices do not follow the one before");
asked("sales/amount").setValue(1250.5);
asked("buyers").setValue(2);
asked("buyer[1]/name").setValue(buyer);
asked("buyer[2]/name").setValue("Un autre");
asked("buyer[2]/orders").setValue(4);
const total = asked("orders_total").currentState.value;
assert.equal(Number(total), 5, "the orders of both entries are not added up");
await send(survey);
const origin = new URL(base).origin;
const programme = base.split("/projects/")[1];
const data = async (path) => {
  const answer = await fetch(origin + path, {
    headers: { cookie: process.env.TIWIZI_COOKIE, accept: "application/json" },
  });
  assert.equal(answer.status, 200, `${path} answers ${answer.status}`);
  return answer.json();
};
const { surveys } = await data(`/programmes/${programme}/surveys`);
const found = await data(`/surveys/${surveys[0].id}?q=${encodeURIComponent(buyer)}`);
assert.equal(found.lines.length, 1, "what was filled in does not stand in the dataset");
const answer = JSON.stringify(await data(`/survey-answers/${found.lines[0].id}`));
for (const said of [buyer, "Un autre"]) {
  assert.ok(answer.includes(said), `${said} is not in ${answer}`);
}
console.log("a questionnaire with a repeat, filled in and read:", found.lines[0].day);
