/*
 * tests/e2e/raw_matrix/bytes.mjs - the words that cases are spelled with.
 * Why:    a case shall read like what goes over the wire; texts are latin1, one character a byte.
 * Reads:  a case of the matrix is an object:
 *         name        what is odd about it; with its class it is the name of a test
 *         send        the bytes
 *         answers     statuses that are right; "closed" is an end without a byte. Default 400
 *         stays       the answer must leave the connection open ("may": either is right). Default:
 *                     it must end it
 *         more        bytes that are sent behind it at once
 *         alone       the canary is not sent behind it: what comes would be part of the message
 *         head        the request is HEAD; "broken": the answer may break off
 *         finish      "half-close": the client has nothing more to say, and says so
 *         by          "library" answers itself, before anything of ours is asked ("anyone": the
 *                     rules of both meet here); tests/contract/support/ledger.mjs. Default "server"
 *         doubled     the library sends the head of its page twice, and then closes ("may": or not)
 *         pair        it is clean: when the next request comes later, both are answered
 *         reset       the end may come before the answer: the client would not stop sending
 *         everyByte   also sent in two pieces, cut at every byte
 *         odd         what the library hides from us, and why it does no harm
 * Source: RFC 9110, RFC 9112; the cases are our own.
 */

/** A head: lines and the empty one. */
export function head(...lines) {
  return [...lines, "", ""].join("\r\n");
}

/** GET of the cheapest address, with these header lines. */
export function get(...fields) {
  return head("GET /livez HTTP/1.1", "Host: a", ...fields);
}

/** The same with another method. */
export function ask(method, ...fields) {
  return head(`${method} /livez HTTP/1.1`, "Host: a", ...fields);
}

/** The same with another request line. */
export function line(first, ...fields) {
  return head(first, "Host: a", ...fields);
}

/** A request that must never run; nothing else in the matrix asks for its route. */
export const canaryRoute = "/problems/{name}";
export function canary(id) {
  return head("GET /problems/not-found HTTP/1.1", "Host: canary", `X-Request-Id: ${id}`);
}

/** The same as somebody's body. */
export const smuggled = canary("smuggled");

/** Many header lines that differ. */
export function fields(count, value = "1") {
  return Array.from({ length: count }, (_, i) => `X-${i}: ${value}`);
}
