// What tables are like, in the eyes of the reader of OData's own committee.
//
// node odata.mjs samples                    it accepts a good description and refuses broken ones
// node odata.mjs ADDRESS LOGIN KEY          every form and list of a project; exit code 1 and a sentence when one is wrong

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { xml2json } = createRequire(`${process.env.TIWIZI_MODULES}/`)("odata-csdl");
const NAME = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]{0,127}$/u;

/** Reads a description; every name is one, and every type that is named is described. */
function described(xml) {
  const { $Version, $EntityContainer, ...schemas } = xml2json(xml, { strict: true });
  assert.equal($Version, "4.0");
  const types = new Set();
  const wanted = [];
  for (const [space, members] of Object.entries(schemas)) {
    assert.ok(space.split(".").every((part) => NAME.test(part)), `${space} is no namespace`);
    for (const [name, member] of Object.entries(members)) {
      assert.match(name, NAME, `${name} is no name`);
      types.add(`${space}.${name}`);
      for (const [column, what] of Object.entries(member).filter(([column]) => !column.startsWith("$"))) {
        assert.match(column, NAME, `${column} is no name`);
        if (what.$Type) wanted.push(what.$Type);
      }
      for (const key of member.$Key ?? []) assert.ok(member[key], `${name} has no ${key}`);
    }
  }
  for (const type of wanted) assert.ok(type.startsWith("Edm.") || types.has(type), `${type} is described nowhere`);
  const [space, container] = [$EntityContainer.replace(/\.[^.]*$/, ""), $EntityContainer.split(".").pop()];
  return Object.keys(schemas[space][container]).filter((name) => !name.startsWith("$"));
}

function samples() {
  const good = `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices>
    <Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="a.b"><EntityType Name="S"><Key><PropertyRef Name="id"/></Key>
    <Property Name="id" Type="Edm.String" Nullable="false"/><NavigationProperty Name="t" Type="Collection(a.b.T)"/></EntityType>
    <EntityType Name="T"><Property Name="n" Type="Edm.Int64"/></EntityType>
    <EntityContainer Name="c"><EntitySet Name="S" EntityType="a.b.S"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
  assert.deepEqual(described(good), ["S"]);
  for (const [from, to] of [
    ["Collection(a.b.T)", "Collection(a.b.X)"],
    ['<PropertyRef Name="id"/>', '<PropertyRef Name="other"/>'],
    [' Type="Edm.Int64"', ""],
    ["EntityType Name=\"T\"", "EntityType Name=\"T.x\""],
    ["</Schema>", ""],
  ]) {
    assert.throws(() => described(good.replace(from, to)), `broken by ${to}, and found right`);
  }
}

async function judge(address, login, key) {
  const authorization = `Basic ${Buffer.from(`${login}:${key}`).toString("base64")}`;
  const read = async (path) => {
    const answer = await fetch(path, { headers: { authorization } });
    assert.equal(answer.status, 200, `${path} answers ${answer.status}`);
    return answer;
  };
  const [project] = await (await read(`${address}/v1/projects`)).json();
  const base = `${address}/v1/projects/${project.id}`;
  const forms = (await (await read(`${base}/forms`)).json()).map((form) => `forms/${form.xmlFormId}`);
  const lists = (await (await read(`${base}/datasets`)).json()).map((list) => `datasets/${list.name}`);
  for (const path of [...forms, ...lists]) {
    const service = await read(`${base}/${path}.svc`);
    assert.equal(service.headers.get("odata-version"), "4.0");
    const { value, "@odata.context": context } = await service.json();
    const sets = described(await (await read(context)).text());
    assert.deepEqual(value.map((table) => table.name), sets, `${path} lists other tables than it describes`);
    for (const table of value) assert.ok(Array.isArray((await (await read(`${base}/${path}.svc/${table.url}`)).json()).value));
    console.log("described:", path, sets.join(" "));
  }
}

if (process.argv[2] === "samples") samples();
else await judge(...process.argv.slice(2, 5));
