/*
 * tests/contract/support/schemas.mjs - the schemas of openapi.yaml, compiled by ajv.
 * Why:    OpenAPI 3.1 schemas are JSON Schema 2020-12, so a validator of that judges them, not we.
 * Rule:   clients must bear members they do not know, so the document closes no object; the server
 *         must not send any that it does not describe, so here every described object is closed.
 * Source: JSON Schema 2020-12; OpenAPI Specification 3.1.0, section 4.8.24.
 */
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { document } from "./document.mjs";

/* strictRequired and strictTypes ask for the style of a schema, not for its sense. */
const ajv = new Ajv2020({ allErrors: true, strictRequired: false, strictTypes: false });
addFormats(ajv);
ajv.addVocabulary(["example"]);

const prefix = "#/components/schemas/";

/* The schema with its references made names of ajv, and closed where it describes an object. */
function adapt(schema) {
  if (Array.isArray(schema)) {
    return schema.map(adapt);
  }
  if (schema === null || typeof schema !== "object") {
    return schema;
  }
  const adapted = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === "$ref" ? value.replace(prefix, "schema:") : adapt(value),
    ]),
  );
  const isObject = adapted.type === "object" && adapted.properties !== undefined;
  return isObject ? { additionalProperties: false, ...adapted } : adapted;
}

for (const [name, schema] of Object.entries(document.components.schemas)) {
  ajv.addSchema(adapt(schema), `schema:${name}`);
}

const compiled = new Map();

/** What is wrong with a value, as one sentence; "" when nothing is. */
export function faultOf(schema, value) {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(adapt(schema));
    compiled.set(schema, validate);
  }
  return validate(value) ? "" : ajv.errorsText(validate.errors, { dataVar: "value" });
}

/** The same for a value that HTTP carries as text: a header, a parameter. */
export function faultOfText(schema, text) {
  const isNumber = ["integer", "number"].includes(schema.type);
  if (isNumber && !/^-?[0-9]+(\.[0-9]+)?$/.test(text)) {
    return "value must be a number";
  }
  return faultOf(schema, isNumber ? Number(text) : text);
}
