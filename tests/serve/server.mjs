// SPDX-License-Identifier: Apache-2.0
// Starts `coley serve` for a test, in a folder of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const program = process.env.COLEY;

export const newFolder = () => mkdtempSync(join(tmpdir(), "coley-serve-"));

/** Resolves once it listens: {url, port, token, process, ask, end}. `own` are further options, as of an address and its password. */
export async function serve(data, own = [], password = "") {
  const child = spawn(program, ["serve", "--port", "0", "--data", data, ...own], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let errors = "";
  child.stderr.on("data", (bytes) => (errors += bytes));
  const ended = new Promise((resolve) => child.on("close", resolve));
  const url = await new Promise((resolve, reject) => {
    child.stdout.on("data", (bytes) => {
      said += bytes;
      const found = /(http:\/\/\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
    child.on("exit", (code) => reject(new Error(`coley serve ended with ${code}: ${errors}`)));
  });
  const [, host, port, token = password] = /\/\/([\d.]+):(\d+)\/(?:#token=(\w+))?/.exec(url);
  const ask = (method, path, body, headers = {}) => new Promise((resolve, reject) => {
    const text = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const all = { Authorization: `Bearer ${token}`, ...(method === "POST" ? { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text ?? "") } : {}), ...headers };
    const call = request({ host, port, method, path, headers: all, agent: false }, (answer) => {
      const parts = [];
      answer.on("data", (bytes) => parts.push(bytes));
      answer.on("end", () => {
        const out = Buffer.concat(parts).toString();
        resolve({ status: answer.statusCode, headers: answer.headers, text: out, json: () => JSON.parse(out) });
      });
      answer.on("error", reject);
    });
    call.on("error", reject);
    call.end(text);
  });
  const end = async (signal = "SIGTERM") => {
    child.kill(signal);
    return { code: await ended, errors };
  };
  return { url, port: Number(port), token, process: child, ask, end, errors: () => errors };
}

export const remove = (folder) => rmSync(folder, { recursive: true, force: true });

/** Asks until the run has ended, or `until` holds of it. */
export async function follow(server, id, until = (run) => !["waiting", "running"].includes(run.state)) {
  for (;;) {
    const run = (await server.ask("GET", `/api/runs/${id}`)).json();
    if (until(run)) return run;
    await new Promise((done) => setTimeout(done, 50));
  }
}
