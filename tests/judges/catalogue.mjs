// The catalogue in the eyes of programs that others wrote, without a network: a validator of what merchants' pages must say,
// the client of the Data Food Consortium, a parser of GS1 Digital Links.
//
// node catalogue.mjs samples              every judge accepts its good sample and refuses its broken one
// node catalogue.mjs page FILE TYPE …     an HTML page tells these types of schema.org without an error
// node catalogue.mjs dfc FILE             a document of version 1: enterprises, products, items, offers and prices
// node catalogue.mjs container FILE       a list of version 2
// node catalogue.mjs link ADDRESS         a GS1 Digital Link

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(`${process.env.TIWIZI_MODULES}/`);
const load = (name) => import(pathToFileURL(resolve(name)));
const { default: Validator } = await load("@adobe/structured-data-validator");
const { default: WebAutoExtractor } = await load("@marbec/web-auto-extractor");
const { Connector } = await load("@datafoodconsortium/connector");
const { default: links } = await load("digital-link.js");
globalThis.fetch = async (url) => assert.fail(`a judge asks the network for ${url}`);

/** Each type is told, and nothing that is told has an error in it. */
async function page(html, ...types) {
  const told = new WebAutoExtractor({ addLocation: true, embedSource: ["rdfa", "microdata"] }).parse(html);
  for (const type of types) assert.ok(told.jsonld[type]?.length, `the page tells no ${type}`);
  const issues = await new Validator(null).validate(told);
  const errors = issues.filter(({ severity }) => severity === "ERROR");
  assert.deepEqual(errors.map(({ issueMessage, fieldNames }) => `${issueMessage} ${fieldNames ?? ""}`), []);
  // Each language of the page has an address, and the page says which is its own.
  const canonical = html.match(/<link rel="canonical" href="([^"]+)"/)?.[1];
  const alternates = [...html.matchAll(/<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"/g)];
  assert.deepEqual(alternates.map(([, code]) => code).sort(), ["ar", "en", "fr", "x-default"]);
  assert.ok(alternates.some(([, , href]) => href === canonical), "the page is none of its languages");
  assert.match(html, /<meta property="og:title" content="[^"]+">/);
}

/** What the client of the consortium reads. */
async function dfc(text) {
  const read = await new Connector().import(text);
  const of = (type) => read.filter((one) => one.getSemanticType()?.endsWith(type));
  const [enterprise] = of("Enterprise");
  assert.ok(enterprise?.getName(), "an enterprise without a name");
  const products = of("SuppliedProduct");
  assert.ok(products.length, "no product");
  for (const product of products) assert.ok(product.getName(), "a product without a name");
  const ids = new Set(read.map((one) => one.getSemanticId()));
  const items = of("CatalogItem");
  assert.equal(items.length, products.length, "a product that is no item of the catalogue");
  let prices = 0;
  for (const item of items) {
    assert.ok(ids.has(item.getSemanticProperty("dfc-b:references")), "an item of no product");
    for (const offer of item.getSemanticPropertyAll("dfc-b:offeredThrough")) assert.ok(ids.has(offer), "an offer that is not there");
  }
  for (const offer of of("Offer")) {
    const price = await offer.getPrice();
    assert.ok(Number(price?.getSemanticProperty("dfc-b:value")) > 0, "an offer without a price");
    prices += 1;
  }
  assert.ok(prices, "no price");
}

/** A container names each organization that is told beside it. */
function container(text) {
  const { "@context": context, "@graph": graph } = JSON.parse(text);
  assert.match(context[0], /context_2\.0\.0\.json$/);
  const [box, ...rest] = graph;
  assert.equal(box["@type"], "ldp:Container");
  const there = rest.filter((node) => node["@type"] === "dfc-b:Organization").map((node) => node["@id"]);
  assert.deepEqual(box["ldp:contains"], there);
  assert.ok(there.length, "an empty container");
}

function link(address) {
  assert.ok(links.DigitalLink(address).isValid(), `${address} is no GS1 Digital Link`);
}

async function refuses(judge, ...given) {
  try {
    await judge(...given);
  } catch (error) {
    assert.equal(error.code, "ERR_ASSERTION", error.stack);
    return;
  }
  assert.fail(`${judge.name} accepts a broken sample`);
}

async function samples() {
  const offer = { "@type": "Offer", price: "45.00", priceCurrency: "MAD", availability: "https://schema.org/InStock" };
  const product = { "@context": "https://schema.org", "@type": "Product", name: "Rose", image: ["https://a.example/b.jpg"], offers: [offer] };
  const alternates = ["fr", "ar", "en"].map((code) => `<link rel="alternate" hreflang="${code}" href="https://a.example/?lang=${code}">`).join("");
  const head = `<link rel="canonical" href="https://a.example/?lang=fr">${alternates}<link rel="alternate" hreflang="x-default" href="https://a.example/"><meta property="og:title" content="Rose">`;
  const html = (told, before = head) => `<html><head>${before}<script type="application/ld+json">${JSON.stringify(told)}</script></head><body></body></html>`;
  await page(html(product), "Product");
  await refuses(page, html({ ...product, name: undefined }), "Product");
  await refuses(page, html({ ...product, offers: [{ ...offer, price: "45,00" }] }), "Product");
  await refuses(page, html(product), "Organization");
  await refuses(page, html(product, head.replace('hreflang="ar"', 'hreflang="de"')), "Product");

  const at = "https://a.example/api/dfc/enterprises/1";
  const graph = [
    { "@id": at, "@type": "dfc-b:Enterprise", "dfc-b:name": "Coop", "dfc-b:supplies": [`${at}/p`], "dfc-b:manages": [`${at}/c`] },
    { "@id": `${at}/p`, "@type": "dfc-b:SuppliedProduct", "dfc-b:name": "Rose" },
    { "@id": `${at}/c`, "@type": "dfc-b:CatalogItem", "dfc-b:references": `${at}/p`, "dfc-b:offeredThrough": [`${at}/o`] },
    { "@id": `${at}/o`, "@type": "dfc-b:Offer", "dfc-b:hasPrice": { "@type": "dfc-b:Price", "dfc-b:value": "45.00" } },
  ];
  const context = "https://www.datafoodconsortium.org/wp-content/plugins/wordpress-context-jsonld/context_1.16.0.jsonld";
  const document = (nodes) => JSON.stringify({ "@context": [context, { schema: "https://schema.org/" }], "@graph": nodes });
  await dfc(document(graph));
  await refuses(dfc, document(graph.slice(0, 3)));
  await refuses(dfc, document(graph.map((node) => ({ ...node, "dfc-b:name": undefined }))));

  const two = ["https://w3id.org/dfc/ontology/context/context_2.0.0.json"];
  const organization = { "@id": `${at}#o`, "@type": "dfc-b:Organization" };
  const box = { "@id": "https://a.example/api/dfc/organizations", "@type": "ldp:Container", "ldp:contains": [`${at}#o`] };
  container(JSON.stringify({ "@context": two, "@graph": [box, organization] }));
  await refuses(container, JSON.stringify({ "@context": two, "@graph": [{ ...box, "ldp:contains": [] }, organization] }));

  link("https://a.example/01/09506000134352/10/EDR-26-A");
  await refuses(link, "https://a.example/01/09506000134353/10/EDR-26-A");
}

const judges = { page: (file, ...types) => page(readFileSync(file, "utf8"), ...types), dfc: (file) => dfc(readFileSync(file, "utf8")), container: (file) => container(readFileSync(file, "utf8")), link, samples };
await judges[process.argv[2]](...process.argv.slice(3));
