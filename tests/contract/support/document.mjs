/*
 * tests/contract/support/document.mjs - openapi.yaml, as the tests read it.
 * Why:    which answers a request may get is looked up in one place, by rules that the document
 *         states in words: HEAD is as GET, and x-elsewhere holds what no operation describes.
 * Flow:   parse -> operations -> answersTo(request) -> the responses that are allowed.
 * Source: OpenAPI Specification 3.1.0; openapi.yaml, info.description.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** Where the document is. */
export const documentPath = fileURLToPath(new URL("../../../openapi.yaml", import.meta.url));

/** The document as an object. */
export const document = parse(readFileSync(documentPath, "utf8"));

/** A node of the document, or what its $ref points to. */
export function resolve(node) {
  if (node?.$ref === undefined) {
    return node;
  }
  const found = node.$ref
    .replace(/^#\//, "")
    .split("/")
    .reduce((at, name) => at?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
  if (found === undefined) {
    throw new Error(`openapi.yaml: ${node.$ref} points nowhere`);
  }
  return found;
}

function resolveAll(responses) {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [status, resolve(response)]),
  );
}

/* HEAD says what GET would send, so its answers take the content of GET's. */
function responsesOf(item, verb) {
  const responses = resolveAll(item[verb].responses);
  if (verb !== "head") {
    return responses;
  }
  const gotten = resolveAll(item.get.responses);
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      { content: gotten[status]?.content, ...response },
    ]),
  );
}

const verbs = ["get", "head", "options", "post", "put", "patch", "delete", "trace"];

function pattern(path) {
  const quoted = path.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${quoted.replace(/\{[^}]+\}/g, "[^/]+")}$`);
}

/** Every operation: { name, method, path, matches, listener, parameters, responses }. */
export const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  verbs
    .filter((verb) => item[verb])
    .map((verb) => ({
      name: `${verb.toUpperCase()} ${path}`,
      method: verb.toUpperCase(),
      path,
      matches: pattern(path),
      listener: item["x-listener"] ?? "public",
      parameters: [...(item.parameters ?? []), ...(item[verb].parameters ?? [])].map(resolve),
      requestBody: item[verb].requestBody,
      responses: responsesOf(item, verb),
    })),
);

/** What no operation describes. */
export const elsewhere = resolveAll(document["x-elsewhere"].responses);

/** The path of a target: without query, fragment, and the authority of the absolute form. */
export function pathOf(target) {
  return target.replace(/^https?:\/\/[^/?#]*/i, "").replace(/[?#].*$/s, "") || "/";
}

const isKnownMethod = (method) =>
  [...verbs, "connect"].some((verb) => verb.toUpperCase() === method);

/* Answers to a request without an operation; who asks where decides which of them are right. */
function answersElsewhere(method, target, pathIsKnown) {
  const allowed = { ...elsewhere };
  const wrong = [
    pathIsKnown ? "404" : "405",
    isKnownMethod(method) ? "501" : "",
    method === "OPTIONS" && target === "*" ? "404" : "204",
  ];
  for (const status of wrong) {
    delete allowed[status];
  }
  return allowed;
}

/**
 * The answers that a request may get, by status.
 * in      method, target  undefined when no request line was sent
 *         listener        "public", "admin" (of a server with both) or "both"
 * returns { name, responses }
 */
export function answersTo({ method, target, listener = "both" }) {
  if (method === undefined) {
    return { name: "no request", responses: elsewhere };
  }
  const path = pathOf(target);
  const here = operations.filter(
    (operation) =>
      operation.matches.test(path) && (listener === "both" || operation.listener === listener),
  );
  const found =
    here.find((operation) => operation.method === method) ??
    here.find((operation) => method === "HEAD" && operation.method === "GET");
  if (found) {
    return { name: `${method} ${found.path}`, responses: found.responses };
  }
  const verb = isKnownMethod(method) ? method : "unknown method";
  const name = `${verb} ${here.length ? here[0].path : "elsewhere"}`;
  return { name, responses: answersElsewhere(method, target, here.length > 0) };
}
