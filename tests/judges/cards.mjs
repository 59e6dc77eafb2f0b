// Payment by card in the eyes of a merchants' client of the Moroccan payment centre that others wrote: it seals what the
// buyer carries to the payment page as we do, and what it seals in the name of the centre is believed.
//
// node cards.mjs samples              the client agrees with its good sample and not with its broken one
// node cards.mjs pays ADDRESS COOKIE  an order of the demonstration is paid by card, and nothing forged pays it

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.TIWIZI_MODULES}/`);
const { default: Client } = require("cmi-payment-nodejs");

const KEY = "CLE_ESSAI_1";
const SECRET = "cafe".repeat(16);
const BOUGHT = `/bought/${SECRET}`;
const PRODUCT = "/products/e46bcc43-b451-8ef4-a723-5ed77c5cfcbc";
const DUMMY = {
  storekey: "k",
  clientid: "1",
  oid: "1",
  okUrl: "https://tiwizi.example",
  failUrl: "https://tiwizi.example",
  callbackURL: "https://tiwizi.example",
  email: "a@tiwizi.example",
  BillToName: "a",
  amount: "1",
};

/** How the client seals these fields. */
function seal(fields, key) {
  const client = new Client(DUMMY);
  client.requiredOpts = { ...fields };
  return client.generateHash(key);
}

/** The seal on these fields is the client's own. */
function sealed({ HASH, ...fields }, key) {
  assert.equal(HASH, seal(fields, key), "the client seals otherwise");
}

async function pays(address, cookie) {
  const call = async (path, form, who = {}) => {
    const body = form && new URLSearchParams(form);
    const headers = { Accept: "application/json", ...who };
    const answer = await fetch(`${address}${path}`, { method: form ? "POST" : "GET", body, headers, redirect: "manual" });
    assert.ok(answer.status < 400, `${path} answers ${answer.status}: ${await answer.clone().text()}`);
    return answer;
  };
  const { panels, organisation } = await (await call(PRODUCT)).json();
  const { article, price } = panels.buy.articles.find(({ price }) => price?.currency === "MAD");
  const buyer = { name: "Épicerie (inventée)", buyer: "individual", phone: "0522000009", country: "MA", town: "Casablanca" };
  const seen = { [`seen.${organisation}`]: `${price.minor} MAD` };
  await call("/basket/orders", { secret: SECRET, act: "order", ...buyer, ...seen }, { Cookie: `tiwizi_basket=${article}.1` });
  const orders = async () => (await (await call(BOUGHT)).json()).orders;
  const order = (await orders()).find(({ due }) => due?.minor > 0 && due.currency === "MAD");
  assert.ok(order, "an order of the demonstration is to be paid in dirhams");
  const account = { provider: "cmi", client: "600002599", testing: "yes", key: KEY };
  await call(`/organisations/${order.organisation}/card-payments`, account, { Cookie: cookie });

  const { url, fields } = await (await call(`${BOUGHT}/card`, { order: order.id })).json();
  assert.match(url, /^https:\/\/testpayment\.cmi\.co\.ma\//);
  const carried = Object.fromEntries(fields);
  sealed(carried, KEY);
  assert.throws(() => sealed({ ...carried, amount: "1.00" }, KEY));

  const tell = async (fields, key) => {
    const answer = await call("/card-payments/cmi", { ...fields, HASH: seal(fields, key) });
    return answer.text();
  };
  const { HASH, encoding, hashAlgorithm, ...about } = carried;
  const told = { ...about, ProcReturnCode: "00", Response: "Approved", TransId: "26331XYZ", "EXTRA.TRXDATE": "20261127 20:00:00" };
  assert.equal(await tell(told, "another key"), "FAILURE");
  assert.equal(await tell({ ...told, amount: "0.01" }, KEY), "FAILURE");
  assert.equal(await tell(told, KEY), "ACTION=POSTAUTH");
  const after = (await orders()).find(({ id }) => id === order.id);
  assert.equal(after.due.minor, 0, "it is paid");
  assert.ok(after.payments.some(({ means, reference }) => means === "card" && reference === "26331XYZ"));
}

function samples() {
  const fields = { oid: "7", amount: "10.00", BillToName: "Fadma", currency: "504" };
  sealed({ ...fields, HASH: seal(fields, KEY) }, KEY);
  assert.throws(() => sealed({ ...fields, amount: "99.00", HASH: seal(fields, KEY) }, KEY));
  assert.throws(() => sealed({ ...fields, HASH: seal(fields, "another") }, KEY));
}

const [what, ...given] = process.argv.slice(2);
await { samples, pays }[what](...given);
console.log(`cards ${what}: passed`);
