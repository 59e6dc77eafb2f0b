// Credentials and their status list, judged by libraries that others wrote, without a network.
//
// node credentials.mjs FOLDER       exit code 1 and a sentence when a judge refuses, or accepts what was changed

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(`${process.env.TIWIZI_MODULES}/`);
const load = (name) => import(pathToFileURL(resolve(name)));
const { DataIntegrityProof } = await load("@digitalbazaar/data-integrity");
const { cryptosuite } = await load("@digitalbazaar/eddsa-rdfc-2022-cryptosuite");
const { verifyCredential } = await load("@digitalbazaar/vc");
const { checkStatus } = await load("@digitalbazaar/vc-bitstring-status-list");
const { securityLoader } = await load("@digitalcredentials/security-document-loader");

const read = (name) => JSON.parse(readFileSync(join(process.argv[2], name), "utf8"));
const did = read("did.json");
const list = read("status.json");

// What is published stands here; contexts are in the libraries; nothing else is to be had.
const known = securityLoader().build();
async function documentLoader(url) {
  const answer = (document) => ({ contextUrl: null, documentUrl: url, document });
  if (url === list.id) return answer(list);
  if (url === did.id) return answer(did);
  const method = did.verificationMethod.find(({ id }) => id === url);
  if (method) return answer({ "@context": did["@context"][1], ...method });
  return known(url);
}
globalThis.fetch = async (url) => assert.fail(`a judge asks the network for ${url}`);

const suite = new DataIntegrityProof({ cryptosuite });
const status = (credential) => checkStatus({ credential, documentLoader, suite });
const verify = (credential) =>
  verifyCredential({ credential, suite, documentLoader, checkStatus: ({ credential }) => status(credential) });
const why = ({ error }) => [error, ...(error?.errors ?? [])].map((one) => one?.message).join(" ");

async function accepted(name, credential) {
  const verdict = await verify(credential);
  assert.ok(verdict.verified, `${name} is refused: ${why(verdict)}`);
  console.log(`${name}: accepted`);
}

async function refused(name, credential, change) {
  const changed = structuredClone(credential);
  change(changed);
  const verdict = await verify(changed);
  assert.ok(!verdict.verified, `${name} is accepted`);
  console.log(`${name}: refused: ${why(verdict)}`);
}

for (const name of ["badge.json", "badge-web.json"]) {
  const badge = read(name);
  await accepted(name, badge);
  await refused(`${name} with another achievement`, badge, (it) => (it.credentialSubject.achievement.name += "!"));
  await refused(`${name} of another holder`, badge, (it) => (it.credentialSubject.identifier[0].identityHash = "x"));
  await refused(`${name} signed later`, badge, (it) => (it.proof.created = "2026-03-09T10:00:00Z"));
}

await accepted("status.json", list);
await refused("status.json with other bits", list, (it) => {
  it.credentialSubject.encodedList = it.credentialSubject.encodedList.replace(/.{8}$/, "AAAAAAAA");
});
const badge = read("badge.json");
const taken = structuredClone(badge);
taken.credentialStatus.statusListIndex = String(badge.credentialStatus.statusListIndex - 1);
for (const [credential, expected] of [[badge, false], [taken, true]]) {
  const verdict = await status(credential);
  assert.equal(verdict.results?.[0].status, expected, `wrong bit in the list: ${why(verdict)}`);
}
console.log("status.json: holds the one, and the other was taken back");
