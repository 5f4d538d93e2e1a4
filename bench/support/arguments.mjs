/*
 * bench/support/arguments.mjs - what was typed behind ./dev bench.
 * Form:   [PART...] [--compare OLD.json [--with NEW.json]] | --markdown RUN.json
 * Why:    what was typed is judged before anything is built or measured.
 */

/** returns { parts, compare, with, markdown } or { misuse: what is wrong } */
export function parseArguments(words, known) {
  const request = { parts: [], compare: null, with: null, markdown: null };
  for (let at = 0; at < words.length; at += 1) {
    const found = /^--(compare|with|markdown)(?:=(.*))?$/s.exec(words[at]);
    if (found) {
      const [, option, glued] = found;
      const file = glued ?? words[(at += 1)];
      if (!file) {
        return { misuse: `--${option} wants the JSON file of a run (build/bench)` };
      }
      if (request[option]) {
        return { misuse: `--${option} stands there twice` };
      }
      request[option] = file;
    } else if (known.includes(words[at])) {
      request.parts.push(words[at]);
    } else {
      return { misuse: `there is no part '${words[at]}'; there are: ${known.join(" ")}` };
    }
  }
  if (request.with && !request.compare) {
    return { misuse: "--with wants --compare beside it" };
  }
  if (request.with && request.parts.length > 0) {
    return { misuse: "--with measures nothing: leave the parts out" };
  }
  if (request.markdown && words.length > (words[0] === "--markdown" ? 2 : 1)) {
    return { misuse: "--markdown prints one run and does nothing else" };
  }
  const chosen = known.filter((name) => request.parts.includes(name));
  return { ...request, parts: chosen.length > 0 ? chosen : known };
}
