/*
 * bench/load/nginx.mjs - nginx, well set up, to be measured beside us.
 * Why:    it is what people would put cached files behind; nothing is easier to beat than a server
 *         that was left at its defaults, so: open_file_cache, a worker for each core with a socket
 *         of its own, no access log, files in memory. Measured: tcp_nopush saves it 15 % of its
 *         time per file (head and body leave together), and one buffer that holds a file of 37 kB
 *         another 5 % against sendfile.
 *         A file is served as it comes, and below other paths with headers added that one wants.
 * Flow:   Debian's package -> unpacked into the cache folder, never installed -> a folder below
 *         /dev/shm with its files, its configuration and its logs -> workers.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import os from "node:os";

import { freePort } from "../../tests/abuse/support/subject.mjs";
import { waitFor } from "../../tests/e2e/support/wait.mjs";
import { makeFolder, removeFolder } from "../support/broken_off.mjs";

const memory = "/dev/shm";

function command(name, args, options = {}) {
  const done = spawnSync(name, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  if (done.error || done.status !== 0) {
    throw new Error(`${name} ${args.join(" ")}: ${done.error?.message ?? done.stderr}`.trim());
  }
}

function download(folder) {
  const ask = () => command("apt-get", ["-q", "download", "nginx"], { cwd: folder });
  try {
    ask();
  } catch {
    /* Perhaps there are no lists yet. */
    const update = ["apt-get", "-q", "update"];
    const [first, ...rest] = process.getuid() === 0 ? update : ["sudo", "-n", ...update];
    command(first, rest);
    ask();
  }
}

/** The program; throws with a sentence when it cannot be had. */
function unpacked(cache) {
  const folder = `${cache}/nginx`;
  const program = `${folder}/usr/sbin/nginx`;
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    download(folder);
    const [file] = readdirSync(folder).filter((name) => /^nginx_.*\.deb$/.test(name));
    command("dpkg", ["-x", `${folder}/${file}`, folder]);
  }
  command(program, ["-v"]);
  return program;
}

/* A value is one word to nginx, with its variables. */
function locationOf(folder, headers) {
  const lines = Object.entries(headers).map(
    ([name, value]) => `      add_header ${name} '${value}';\n`,
  );
  return `    location /${folder}/ {\n${lines.join("")}    }\n`;
}

function configuration(folder, port, headers) {
  const user = process.getuid() === 0 ? `user ${os.userInfo().username};` : "";
  return `${user}
daemon off;
worker_processes ${os.availableParallelism()};
error_log ${folder}/error.log warn;
pid ${folder}/pid;
events { use epoll; worker_connections 4096; multi_accept on; }
http {
  access_log off;
  sendfile off;
  output_buffers 1 128k;
  tcp_nopush on;
  tcp_nodelay on;
  open_file_cache max=1000 inactive=10m;
  open_file_cache_valid 10m;
  open_file_cache_min_uses 1;
  keepalive_timeout 10m;
  keepalive_requests 1000000000;
  reset_timedout_connection on;
  server_tokens off;
  types { audio/ogg ogg; }
  client_body_temp_path ${folder}/t1;
  proxy_temp_path ${folder}/t2;
  fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4;
  scgi_temp_path ${folder}/t5;
  server {
    listen 127.0.0.1:${port} reuseport backlog=1024;
    root ${folder}/files;
    etag on;
${Object.entries(headers)
  .map(([path, added]) => locationOf(path, added))
  .join("")}  }
}
`;
}

function children(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ").filter(Boolean);
}

/** The reason why this machine has none. */
export class NoNginx extends Error {}

/**
 * Runs work(nginx) beside files.
 * in      files    { name: bytes }
 *         headers  { folder: { name: value } }: the files once more, with these headers added
 * out     nginx    { port, pids, version }
 * throws  NoNginx
 */
export async function withNginx(context, { files, headers = {} }, work) {
  let program;
  try {
    program = unpacked(context.cache);
  } catch (error) {
    throw new NoNginx(`nginx cannot be had here: ${error.message.split("\n")[0]}`);
  }
  const folder = makeFolder(existsSync(memory) ? memory : os.tmpdir());
  const port = await freePort();
  for (const path of [".", ...Object.keys(headers)]) {
    mkdirSync(`${folder}/files/${path}`, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) {
      await writeFile(`${folder}/files/${path}/${name}`, bytes);
    }
  }
  await writeFile(`${folder}/nginx.conf`, configuration(folder, port, headers));
  const words = ["-p", folder, "-e", `${folder}/error.log`, "-c", `${folder}/nginx.conf`];
  const child = spawn(program, words, { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(child, "close");
  try {
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => child.exitCode !== null,
      );
    await waitFor(answers, "nginx");
    const version = spawnSync(program, ["-v"])
      .stderr.toString()
      .trim()
      .replace(/^nginx version: /, "");
    return await work({ port, pids: [child.pid, ...children(child.pid)], version });
  } finally {
    child.kill("SIGTERM");
    await ended;
    removeFolder(folder);
  }
}
