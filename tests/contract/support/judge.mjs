/*
 * tests/contract/support/judge.mjs - whether an answer is one that openapi.yaml describes.
 * Why:    a contract that is checked on a few chosen requests is kept on those; this is asked of
 *         every answer that the tests see.
 * Flow:   judgeHead (status, headers, media type) -> judgeBody (length, schema) -> faults.
 * Rule:   a header the document does not name is a fault, but for those of the transport.
 */
import { answersTo, resolve } from "./document.mjs";
import { faultOf, faultOfText } from "./schemas.mjs";

/* What HTTP itself says about a message; OpenAPI leaves them out. */
const transport = new Set(["connection", "content-length", "content-type", "date", "keep-alive"]);
transport.add("transfer-encoding");

function mediaType(text) {
  const [type, ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  return { type, parameters };
}

/* The entry of a content map that a Content-Type fits: its type, and all of its parameters. */
function contentFor(response, contentType) {
  const sent = mediaType(contentType);
  const found = Object.entries(response.content ?? {}).find(([key]) => {
    const described = mediaType(key);
    return (
      described.type === sent.type &&
      described.parameters.every((parameter) => sent.parameters.includes(parameter))
    );
  });
  return found?.[1];
}

function headerFaults(response, headers, names) {
  const faults = [];
  const described = Object.fromEntries(
    Object.entries(response.headers ?? {}).map(([name, header]) => [
      name.toLowerCase(),
      resolve(header),
    ]),
  );
  for (const [name, header] of Object.entries(described)) {
    if (headers[name] === undefined) {
      if (header.required) {
        faults.push(`the header ${name} is missing`);
      }
      continue;
    }
    const fault = faultOfText(header.schema, headers[name]);
    if (fault) {
      faults.push(`the header ${name}: ${JSON.stringify(headers[name])}: ${fault}`);
    }
  }
  for (const name of Object.keys(headers)) {
    if (!transport.has(name) && described[name] === undefined) {
      faults.push(`the header ${name} is not described`);
    }
  }
  for (const name of new Set(names.filter((one, i) => names.indexOf(one) !== i))) {
    faults.push(`the header ${name} is sent more than once`);
  }
  return faults;
}

/**
 * Judges the head of an answer.
 * in      request   { method, target, listener }; see answersTo
 *         names     of the header lines as sent, in lower case
 * returns { name, status, bodiless, headers, content, faults }
 */
export function judgeHead(request, { status, headers, names = [] }) {
  const { name, responses } = answersTo(request);
  const response = responses[status];
  const bodiless = request.method === "HEAD" || status === 204 || status === 304;
  const ruling = { name, status, bodiless, headers, content: undefined, faults: [] };
  if (response === undefined) {
    const known = Object.keys(responses).join(", ");
    ruling.faults.push(`status ${status} is not described (only ${known})`);
    return ruling;
  }
  ruling.faults.push(...headerFaults(response, headers, names));
  if (response.content && status !== 304) {
    ruling.content = contentFor(response, headers["content-type"] ?? "");
    if (!ruling.content) {
      const known = Object.keys(response.content).join(", ");
      ruling.faults.push(`Content-Type ${headers["content-type"]} is not described (${known})`);
    }
  } else if (headers["content-type"] !== undefined) {
    ruling.faults.push(`Content-Type ${headers["content-type"]}, but no content is described`);
  }
  return ruling;
}

/* What a problem document says about its own answer must be so. */
function problemFaults(ruling, problem) {
  const faults = [];
  if (problem.status !== ruling.status) {
    faults.push(`the problem's status is ${problem.status}`);
  }
  if (problem.requestId !== ruling.headers["x-request-id"]) {
    faults.push(`requestId ${problem.requestId} is not X-Request-Id`);
  }
  return faults;
}

function jsonFaults(ruling, type, text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [`the body is no JSON: ${error.message}`];
  }
  const fault = faultOf(ruling.content.schema, value);
  const faults = fault ? [`the body: ${fault}`] : [];
  const isProblem = type === "application/problem+json";
  return isProblem ? [...faults, ...problemFaults(ruling, value)] : faults;
}

/** Judges a whole body; returns the faults. */
export function judgeBody(ruling, body) {
  const faults = [];
  const length = ruling.headers["content-length"];
  if (ruling.bodiless) {
    return body.length > 0 ? [`${body.length} bytes of body where none may be`] : [];
  }
  if (length !== undefined && Number(length) !== body.length) {
    faults.push(`Content-Length is ${length}, the body has ${body.length} bytes`);
  }
  if (!ruling.content) {
    return faults;
  }
  const { type } = mediaType(ruling.headers["content-type"]);
  if (type.endsWith("json")) {
    faults.push(...jsonFaults(ruling, type, body.toString("utf8")));
  } else if (!type.startsWith("audio/")) {
    const fault = faultOf(ruling.content.schema, body.toString("utf8"));
    faults.push(...(fault ? [`the body: ${fault}`] : []));
  }
  return faults;
}
