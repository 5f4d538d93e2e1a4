/*
 * bench/parts/control.mjs - health and metrics while every core renders.
 * Why:    who asks whether a server lives, and gets no answer because it works, kills it.
 * Method: 16 clients in a closed loop of cold screams, and beside them 40 questions a second of
 *         each route at random times, each on a connection of its own, as probes and scrapers come;
 *         15 a second on the admin port of a second server. The asking clients have a priority
 *         above the server's.
 * Time:   39 s
 */
import { freePort } from "../../tests/abuse/support/subject.mjs";
import { load } from "../load/client.mjs";
import { inTurn } from "../load/runs.mjs";
import { coldTarget, withServer } from "../load/subject.mjs";
import { figureOf } from "../support/figures.mjs";

export const title = "Control routes under load";

const rounds = 3;
const seconds = 6;
/* The admin port has 16 places. */
const sides = {
  public: { routes: ["/livez", "/readyz", "/metrics", "/presets"], rate: 40 },
  admin: { routes: ["/livez", "/readyz", "/metrics"], rate: 15 },
};

async function ask(context, server, { routes, rate }) {
  const asked = { port: server.probePort, child: server.child };
  const [, ...answers] = await Promise.all([
    load(context, server, {
      ...coldTarget(),
      connections: 16,
      keep: true,
      seconds: seconds + 0.5,
    }),
    ...routes.map((target, i) =>
      load(context, asked, {
        target,
        connections: 64,
        rate,
        seed: i + 1,
        seconds,
        realTime: true,
        mayFail: true,
      }),
    ),
  ]);
  return answers;
}

/* Where more than one in a hundred has no answer, the 99th of a hundred waits for ever. */
function p99(run) {
  return run.failed * 100 > run.asked ? 60e6 : run.total_us.p99;
}

async function measure(context, side) {
  const probePort = side === "admin" ? await freePort() : 0;
  const settings = probePort ? { SCREAM_ADMIN_PORT: String(probePort) } : {};
  const { routes } = sides[side];
  return withServer(context, { settings }, async (server) => {
    server.probePort = probePort || server.port;
    const { runs } = await inTurn(rounds, { runs: () => ask(context, server, sides[side]) });
    return routes.map((route, i) =>
      figureOf({
        id: `control.${side}${route.replace("/", ".")}`,
        title: `GET ${route}, ${side} port, while every core renders: p99`,
        unit: "us",
        values: runs.map((answers) => p99(answers[i])),
        target: { line: 9, of: "value", bound: "at most", hard: 50000 },
        note: `${runs.reduce((sum, answers) => sum + answers[i].failed, 0)} not answered`,
      }),
    );
  });
}

export async function run(context) {
  return [...(await measure(context, "public")), ...(await measure(context, "admin"))];
}
