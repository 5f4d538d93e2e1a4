/*
 * tests/contract/examples.test.mjs - every example of openapi.yaml, tried.
 * Aim:    who copies an example of a parameter gets what is asked for; who reads an example of an
 *         answer reads what the server says, word for word.
 * Method: the document is walked, so that a new example is tried as well; what no request can know
 *         beforehand (times, counts, builds) is named here, and must be of the same kind.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { document, operations } from "./support/document.mjs";
import { faultOfText } from "./support/schemas.mjs";
import { impossible, readSummary, Situations } from "./support/situations.mjs";

let situations;

before(() => {
  situations = new Situations();
});
after(() => situations.end());

/* The request of an operation with one parameter more. */
function requestWith(operation, parameter, value) {
  const text = encodeURIComponent(value);
  const given = { query: `?${parameter.name}=${text}`, header: "", path: "" };
  const path = operation.path.replace(/\{[^}]+\}/g, parameter.in === "path" ? text : "not-found");
  const headers = parameter.in === "header" ? [`${parameter.name}: ${value}`] : [];
  return { method: operation.method, target: path + given[parameter.in], headers, situation: "" };
}

async function assertTaken(operation, parameter, value) {
  const { status } = await situations.ask(requestWith(operation, parameter, value));
  assert.ok(status >= 200 && status < 300, `${parameter.name}=${value}: ${status}`);
}

for (const operation of operations.filter(({ parameters }) => parameters.length > 0)) {
  test(`${operation.name}: the examples of its parameters`, async () => {
    for (const parameter of operation.parameters) {
      assert.ok(parameter.example !== undefined, `${parameter.name} has no example`);
      await assertTaken(operation, parameter, parameter.example);
    }
  });
}

/* HEAD of the same says whether a value is taken, without a sound for each. */
for (const operation of operations.filter(({ method }) => method === "HEAD")) {
  test(`${operation.name}: all choices of its parameters, and their defaults`, async () => {
    for (const parameter of operation.parameters) {
      for (const value of [parameter.schema.enum ?? [], parameter.schema.default ?? []].flat()) {
        await assertTaken(operation, parameter, value);
      }
    }
  });
}

test("no operation takes a body, so no example of one is missing here", () => {
  const takers = operations.filter(({ requestBody }) => requestBody !== undefined);
  assert.deepEqual(takers.map(({ name }) => name), []);
});

/* Every media type object of every response, with where it stands; shared ones once. */
function contents() {
  const found = new Map();
  const add = (where, response) => {
    for (const [type, content] of Object.entries(response.content ?? {})) {
      if (!found.has(content)) {
        found.set(content, { where: `${where} ${type}`, type, content });
      }
    }
  };
  for (const [name, response] of Object.entries(document.components.responses)) {
    add(name, response);
  }
  for (const { name, responses } of operations) {
    Object.entries(responses).forEach(([status, response]) => add(`${name} ${status}`, response));
  }
  for (const [status, response] of Object.entries(document["x-elsewhere"].responses)) {
    add(`elsewhere ${status}`, response);
  }
  return [...found.values()];
}

/* Members whose values depend on the build, the machine or the moment. */
const local = new Set([
  ...["commit", "built", "compiler", "isa", "codecClass", "opus", "ogg", "sodium"],
]);
["microhttpd", "extentsWanted", "jobsUnfinished", "readers"].forEach((name) => local.add(name));

/* How long something will last is of the moment, too. */
const timeless = (value) =>
  typeof value === "string" ? value.replace(/[0-9]+ s\b/g, "N s") : value;

/* An example may show a part of a catalogue: its entries are looked up by their names. */
function assertShows(answer, example, where) {
  if (Array.isArray(example) && example[0]?.name !== undefined) {
    for (const entry of example) {
      const found = answer.find(({ name }) => name === entry.name);
      assert.ok(found, `${where}: there is no ${entry.name}`);
      assertShows(found, entry, `${where} ${entry.name}`);
    }
  } else if (example !== null && typeof example === "object" && !Array.isArray(example)) {
    assert.deepEqual(Object.keys(answer), Object.keys(example), `${where}: other members`);
    for (const [key, value] of Object.entries(example)) {
      const known = local.has(key) ? typeof value : value;
      assertShows(local.has(key) ? typeof answer[key] : answer[key], known, `${where} ${key}`);
    }
  } else {
    assert.deepEqual(timeless(answer), timeless(example), where);
  }
}

/* What the example shows of a text must stand in it; of numbers of the moment, the name. */
function assertTextShows(answer, example, where) {
  if (answer !== example) {
    const name = example.trim().split(" ")[0];
    assert.ok(example.split("\n").length === 2 && name !== example.trim(), `${where}: ${answer}`);
    assert.match(answer, new RegExp(`^${name} [0-9.]+$`, "m"), where);
  }
}

function assertAnswers(answer, type, value, where) {
  assert.equal(answer.headers["content-type"]?.split(";")[0], type.split(";")[0], where);
  if (type.includes("json")) {
    assertShows(JSON.parse(answer.body), value, where);
  } else {
    assertTextShows(answer.body.toString(), value, where);
  }
}

for (const { where, type, content } of contents()) {
  assert.equal(content.example, undefined, `${where}: an example without its request`);
  for (const [name, { summary, value }] of Object.entries(content.examples ?? {})) {
    const request = readSummary(summary);
    if (impossible[request.situation]) {
      continue;
    }
    test(`${where}: ${summary}`, async () => {
      const headers = [...request.headers, "X-Request-Id: my-request-1"];
      const answer = await situations.ask({ ...request, headers });
      assert.equal(answer.status, type.includes("problem") ? value.status : 200, name);
      assertAnswers(answer, type, value, where);
    });
  }
}

test("every JSON and every text that is answered has an example", () => {
  const without = contents().filter(
    ({ type, content }) => /json|plain/.test(type) && content.examples === undefined,
  );
  assert.deepEqual(without.map(({ where }) => where), []);
});

test("the examples of headers are what their schemas allow", () => {
  for (const [name, { example, schema }] of Object.entries(document.components.headers)) {
    assert.ok(example !== undefined, `${name} has no example`);
    assert.equal(faultOfText(schema, String(example)), "", name);
  }
});
