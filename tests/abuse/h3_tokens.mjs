/*
 * tests/abuse/h3_tokens.mjs - a token changes nothing, for no route takes one yet.
 * Aim:    what can be said until one does: a token is neither demanded, nor believed, nor repeated
 *         in answers and log.
 */
import { exchange } from "../e2e/support/raw.mjs";
import { Figures } from "./support/figures.mjs";
import { withSubject } from "./support/subject.mjs";

const canary = "canary-0123456789abcdef0123456789abcdef";

export async function figures() {
  const lines = new Figures("H3", "tokens");
  lines.note("explained", "not there yet: no route takes a token (POST /play will)");
  await withSubject({ admin: false }, async (server) => {
    const said = [];
    for (const path of ["/version", "/nothing", "/scream.ogg?duration=nan", "/metrics"]) {
      const fields = `Host: a\r\nAuthorization: Bearer ${canary}\r\n`;
      const { head, body } = await exchange(server.port, `GET ${path} HTTP/1.1\r\n${fields}\r\n`);
      said.push(JSON.stringify(head), body.toString("latin1"));
    }
    const told = [...said, server.stderr].filter((text) => text.includes(canary)).length;
    lines.hard("a token sent all the same, found in answers or log", told, "0", told === 0);
  });
  return lines;
}
