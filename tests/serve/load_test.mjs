// SPDX-License-Identifier: Apache-2.0
// The server among clients that crowd, dawdle, vanish and lie: it answers those who may ask, harms no run, and loses nothing
// that was saved when it is killed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { follow, newFolder, program, remove, serve } from "./server.mjs";

const asked = { trial: "walther-1997", patients: 900, seed: 5 };
const long = { trial: "keynote-564", patients: 400000 };
let folder, server;

before(async () => {
  folder = newFolder();
  server = await serve(folder);
});
after(async () => {
  const { code, errors } = await server.end();  // in good order, so that leaks are looked for
  assert.equal(code, 0, errors);
  assert.ok(!/Sanitizer|runtime error|bug in Coley/.test(errors), errors);
  remove(folder);
});

/** A report but for how long the run took. */
const withoutTimes = (html) => html.replace(/This run took [^<]*/, "").replace(/(?<=id="data">).*?(?=<\/script>)/s, (json) => JSON.stringify({ ...JSON.parse(json), run: null }));

const alive = async () => assert.equal((await server.ask("GET", "/api/info")).status, 200);

/** Sends raw bytes and resolves with what came back when the connection has closed. */
const raw = (bytes, { pieces = 1, every = 0 } = {}) => new Promise((resolve) => {
  const socket = connect(server.port, "127.0.0.1");
  const got = [];
  socket.on("data", (part) => got.push(part));
  socket.on("error", () => {});
  socket.on("close", () => resolve(Buffer.concat(got).toString("latin1")));
  if (pieces === 1) return socket.write(bytes);
  let sent = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || sent >= bytes.length) return clearInterval(timer);
    socket.write(bytes.subarray(sent, ++sent));
  }, every);
});

const head = (line, extra = "") => `${line}\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${server.token}\r\n${extra}`;

test("a run among fifty clients, slow ones, garbage and clients that vanish has the summary of the command line", async () => {
  const { id } = (await server.ask("POST", "/api/runs", asked)).json();
  const slow = Array.from({ length: 20 }, () => raw(Buffer.from(head("GET /api/info HTTP/1.1", `X-Slow: ${"x".repeat(2000)}`)), { pieces: 2, every: 200 }));
  slow.push(raw(Buffer.from(head("GET /api/info HTTP/1.1", "X: a\r\n".repeat(50000)))));
  for (let i = 0; i < 20; ++i) {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(head("POST /api/runs HTTP/1.1", "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"));
    setTimeout(() => socket.destroy(), 20 * i);
  }
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => server.ask("GET", i % 2 ? "/api/trials" : `/api/runs/${id}`)));
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [200]);
  for (let i = 0; i < 50; ++i) {
    const answer = await server.ask("POST", i % 2 ? "/api/runs" : "/api/saved", randomBytes(1 + 200 * i));
    assert.equal(answer.status, 400);
  }
  await Promise.all(Array.from({ length: 20 }, (_, i) => raw(Buffer.concat([randomBytes(40 * i + 1), Buffer.from("\r\n\r\n")]))));
  const run = await follow(server, id);
  assert.equal(run.state, "done", run.reason);
  const own = JSON.parse(execFileSync(program, ["run", asked.trial, "--patients", `${asked.patients}`, "--seed", `${asked.seed}`, "--json"]));
  delete own.run;
  delete run.summary.run;
  assert.deepEqual(run.summary, own);
  execFileSync(program, ["run", asked.trial, "--patients", `${asked.patients}`, "--seed", `${asked.seed}`, "--quiet", "--out", join(folder, "own")]);
  const report = await server.ask("GET", `/api/runs/${id}/report`);
  assert.match(report.headers["content-type"], /^text\/html/);
  assert.equal(withoutTimes(report.text), withoutTimes(readFileSync(join(folder, "own/report.html"), "utf8")));
  for (const said of await Promise.all(slow)) assert.ok(said === "" || /^HTTP\/1.1 4/.test(said), said);  // cut off for their slowness
});

test("no door for others: Host, Origin, token, type of body", async () => {
  const foreign = [{ Host: "evil.example" }, { Host: `evil.example:${server.port}` }, { Origin: "http://evil.example" }, { Origin: "null" }, { "Sec-Fetch-Site": "cross-site" }];
  for (const headers of foreign) {
    const answer = await server.ask("GET", "/api/info", undefined, headers);
    assert.equal(answer.status, 403, JSON.stringify(headers));
    assert.ok(!Object.keys(answer.headers).some((name) => name.startsWith("access-control")));
  }
  for (const secret of ["", "Bearer ", "Bearer x", `Bearer ${server.token}x`, `Basic ${server.token}`]) {
    assert.equal((await server.ask("GET", "/api/info", undefined, { Authorization: secret })).status, 401);
  }
  assert.equal((await server.ask("POST", "/api/runs", asked, { "Content-Type": "text/plain" })).status, 415);
  assert.equal((await server.ask("OPTIONS", "/api/runs")).status, 404);
  const page = await server.ask("GET", "/", undefined, { Authorization: "" });
  assert.match(page.headers["content-security-policy"], /default-src 'none'/);
  assert.ok(!page.text.includes(server.token));
});

test("no way to the file system", async () => {
  for (const path of ["/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/app.js/../../etc/passwd", "/api/trials/..%2f..%2fetc%2fpasswd", "/..\\..\\etc\\passwd", "/api/runs/..", "/%00"]) {
    const said = await raw(Buffer.from(head(`GET ${path} HTTP/1.1`, "\r\n")));
    assert.match(said, /^HTTP\/1.1 4\d\d/, path);
    assert.ok(!said.includes("root:"), path);
  }
  const named = { text: "x = 1", file_name: "../../../../etc/passwd" };
  assert.match((await server.ask("POST", "/api/check", named)).json().message, /^passwd.toml/);
});

test("no more than the limits", async () => {
  assert.match(await raw(Buffer.from(head(`GET /${"a".repeat(20000)} HTTP/1.1`, "\r\n"))), /^(HTTP\/1.1 4|$)/);
  assert.match(await raw(Buffer.from(head("GET /api/info HTTP/1.1", `X: ${"a".repeat(100000)}\r\n\r\n`))), /^(HTTP\/1.1 4|$)/);
  assert.equal((await server.ask("GET", "/api/info", undefined, { Range: `bytes=${"0-,".repeat(2000)}0-` })).status, 200);
  assert.match(await raw(Buffer.from(head("POST /api/check HTTP/1.1", "Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{"))), /^HTTP\/1.1 413/);
  assert.match(await raw(Buffer.from(head("POST /api/check HTTP/1.1", "Content-Type: application/json\r\n\r\n"))), /^HTTP\/1.1 411/);
  assert.match((await server.ask("POST", "/api/runs", { ...long, patients: 1e9 })).json().error.message, /patients: found 1000000000.*expected a whole number from 1 to/);
  const deep = Buffer.from("[".repeat(1000000));
  assert.equal((await server.ask("POST", "/api/check", deep)).status, 400);
  assert.match((await server.ask("POST", "/api/check", { text: "a = 1\n".repeat(700000) })).json().error.message, /text/);
  const many = await Promise.all(Array.from({ length: 15 }, () => server.ask("POST", "/api/runs", long)));
  assert.ok(many.some((answer) => answer.status === 429));
  for (const run of (await server.ask("GET", "/api/runs")).json()) await server.ask("DELETE", `/api/runs/${run.id}`);
  await alive();
});

test("a run that is stopped leaves no process and no file", async () => {
  const { id } = (await server.ask("POST", "/api/runs", long)).json();
  await follow(server, id, (run) => run.done > 0);
  assert.equal((await server.ask("GET", `/api/runs/${id}/report`)).status, 404);
  await server.ask("DELETE", `/api/runs/${id}`);
  const run = await follow(server, id);
  assert.equal(run.state, "stopped");
  assert.ok(run.done < long.patients && run.summary.coley.patients === run.done);
  assert.equal(execFileSync("sh", ["-c", `ls ${folder}/runs | wc -l`]).toString().trim(), "0");
});

test("killed in the middle of a run, it starts again with every saved run, and repeats one bit for bit", async () => {
  const { id } = (await server.ask("POST", "/api/runs", asked)).json();
  await follow(server, id);
  for (let i = 0; i < 5; ++i) assert.equal((await server.ask("POST", "/api/saved", { run: id, name: `run ${i}` })).status, 201);
  const before = (await server.ask("GET", "/api/saved")).text;
  const running = (await server.ask("POST", "/api/runs", long)).json().id;
  await follow(server, running, (run) => run.done > 0);
  const children = execFileSync("sh", ["-c", `cat /proc/${server.process.pid}/task/*/children`]).toString().split(/\s+/).filter(Boolean);
  assert.ok(children.length > 0);
  await server.end("SIGKILL");
  for (let i = 0; i < 200 && children.some((pid) => existsSync(`/proc/${pid}/exe`)); ++i) await new Promise((done) => setTimeout(done, 20));
  assert.ok(!children.some((pid) => existsSync(`/proc/${pid}/exe`) && execFileSync("sh", ["-c", `cut -d' ' -f3 /proc/${pid}/stat || true`]).toString().trim() !== "Z"), "its runs ended with it");
  server = await serve(folder);
  assert.equal((await server.ask("GET", "/api/saved")).text, before);
  const exported = (await server.ask("GET", "/api/saved/1")).json();
  const repeat = (await server.ask("POST", "/api/saved/1/repeat", {})).json().id;
  assert.equal((await follow(server, repeat)).identical, true);
  const again = (await server.ask("POST", "/api/saved", exported)).json().id;
  assert.deepEqual((await server.ask("GET", `/api/saved/${again}`)).json(), exported);
  assert.equal((await server.ask("POST", "/api/saved", { ...exported, sets: ["population.size=10"] })).status, 400);
  assert.equal((await server.ask("DELETE", `/api/saved/${again}`)).status, 200);
  assert.equal((await server.ask("GET", `/api/saved/${again}`)).status, 404);
});

test("a patient is replayed as on the command line; what is not there is said", async () => {
  const { id } = (await server.ask("POST", "/api/runs", asked)).json();
  const own = JSON.parse(execFileSync(program, ["patient", asked.trial, "--id", "7", "--seed", "5", "--json"]));
  assert.deepEqual((await server.ask("GET", `/api/runs/${id}/patients/7`)).json(), own);
  assert.equal((await server.ask("GET", `/api/runs/${id}/patients/x`)).status, 404);
  assert.equal((await server.ask("GET", "/api/runs/99999")).status, 404);
  await follow(server, id);
});
