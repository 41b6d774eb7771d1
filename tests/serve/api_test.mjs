// SPDX-License-Identifier: Apache-2.0
// docs/openapi.json against the server: every answer it promises is given, with the status and the shape it says (ajv), and the
// server has no path or method that it does not name.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { follow, newFolder, remove, serve } from "./server.mjs";

const Ajv = createRequire(process.env.COLEY_NODE_MODULES)("ajv/dist/2020").default;
const source = (path) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

const asked = { trial: "walther-1997", patients: 60, seed: 5 };
const long = { trial: "keynote-564", patients: 400000 };
let folder, server, document, ajv;

before(async () => {
  folder = newFolder();
  server = await serve(folder);
  document = (await server.ask("GET", "/openapi.json")).json();
  ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema({ ...(await server.ask("GET", "/summary.schema.json")).json(), $id: "http://coley/summary.schema.json" });
  ajv.addSchema({ ...document, $id: "http://coley/openapi.json" });
});
after(async () => {
  await server?.end();
  remove(folder);
});

const pointer = (part) => part.replace(/~/g, "~0").replace(/\//g, "~1");

/** The document's word on an answer, and where in it that stands. */
function promised(path, method, status) {
  const place = ["paths", path, method, "responses", `${status}`];
  const found = place.reduce((value, key) => value?.[key], document);
  const steps = found?.$ref ? found.$ref.slice(2).split("/") : place;
  return { response: steps.reduce((value, key) => value?.[key], document), steps };
}

function check(path, method, answer) {
  const { response, steps } = promised(path, method, answer.status);
  const said = `${method} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`;
  assert.ok(response, `not promised: ${said}`);
  const type = answer.headers["content-type"].split(";")[0];
  assert.ok(response.content[type], `${said} is ${type}`);
  if (type !== "application/json") return;
  const where = [...steps, "content", type, "schema"].map((part) => encodeURIComponent(pointer(part))).join("/");
  const fits = ajv.compile({ $ref: `http://coley/openapi.json#/${where}` });
  assert.ok(fits(answer.json()), `${said}\n${ajv.errorsText(fits.errors)}`);
}

/** A request for every promise but 429, whose cause is many at once (load_test.mjs); 401 and 403 are asked of all. */
async function requests() {
  const { id } = (await server.ask("POST", "/api/runs", asked)).json();
  await follow(server, id);
  const saved = (await server.ask("POST", "/api/saved", { run: id, name: "one" })).json().id;
  const going = (await server.ask("POST", "/api/runs", long)).json().id;
  await follow(server, going, (run) => run.done > 0);
  return [
    ["get", "/api/info", "/api/info"],
    ["get", "/api/schema", "/api/schema"],
    ["get", "/api/trials", "/api/trials"],
    ["get", "/api/trials/{name}", "/api/trials/carmena"], ["get", "/api/trials/{name}", "/api/trials/nothing"],
    ["post", "/api/check", "/api/check", asked], ["post", "/api/check", "/api/check", { text: "x = 1" }], ["post", "/api/check", "/api/check", []],
    ["post", "/api/saved", "/api/saved", { run: going, name: "later" }], ["get", "/api/runs/{id}", `/api/runs/${going}`],
    ["get", "/api/runs/{id}/report", `/api/runs/${going}/report`],
    ["delete", "/api/runs/{id}", `/api/runs/${going}`], ["delete", "/api/runs/{id}", "/api/runs/999"],
    ["get", "/api/runs", "/api/runs"],
    ["post", "/api/runs", "/api/runs", asked], ["post", "/api/runs", "/api/runs", { ...asked, patients: 0 }],
    ["get", "/api/runs/{id}", `/api/runs/${id}`], ["get", "/api/runs/{id}", `/api/runs/${id}?since=1000`], ["get", "/api/runs/{id}", "/api/runs/999"],
    ["get", "/api/runs/{id}/summary", `/api/runs/${id}/summary`], ["get", "/api/runs/{id}/summary", "/api/runs/999/summary"],
    ["get", "/api/runs/{id}/report", `/api/runs/${id}/report`],
    ["get", "/api/runs/{id}/patients/{patient}", `/api/runs/${id}/patients/0`], ["get", "/api/runs/{id}/patients/{patient}", `/api/runs/${id}/patients/99999999999`],
    ["get", "/api/runs/{id}/patients/{patient}", "/api/runs/999/patients/0"],
    ["post", "/api/saved", "/api/saved", { run: id, name: "two" }], ["post", "/api/saved", "/api/saved", { run: 999 }],
    ["get", "/api/saved", "/api/saved"],
    ["get", "/api/saved/{id}", `/api/saved/${saved}`], ["get", "/api/saved/{id}", "/api/saved/999"],
    ["post", "/api/saved/{id}/repeat", `/api/saved/${saved}/repeat`, {}], ["post", "/api/saved/{id}/repeat", "/api/saved/999/repeat", {}],
    ["get", "/api/saved/{id}/patients/{patient}", `/api/saved/${saved}/patients/0`], ["get", "/api/saved/{id}/patients/{patient}", `/api/saved/${saved}/patients/99999999999`],
    ["get", "/api/saved/{id}/patients/{patient}", "/api/saved/999/patients/0"],
    ["delete", "/api/saved/{id}", `/api/saved/${saved}`], ["delete", "/api/saved/{id}", `/api/saved/${saved}`],
  ];
}

test("what the document promises is answered so", async () => {
  const seen = new Set();
  const ask = async (method, path, address, body, headers) => {
    const answer = await server.ask(method.toUpperCase(), address, body, headers);
    check(path, method, answer);
    seen.add(`${method} ${path} ${answer.status}`);
  };
  for (const [method, path, address, body] of await requests()) await ask(method, path, address, body);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      await ask(method, path, path, method === "post" ? {} : undefined, { Authorization: "Bearer wrong" });
      await ask(method, path, path, method === "post" ? {} : undefined, { Origin: "http://evil.example" });
      for (const status of Object.keys(responses)) assert.ok(status === "429" || seen.has(`${method} ${path} ${status}`), `no request here is answered with ${method} ${path} ${status}`);
    }
  }
});

test("the server has no path or method that the document does not name", async () => {
  const words = [...source("src/serve/api.cpp").matchAll(/(?:what|path\[\d\]) == "(\w+)"/g)].map((found) => found[1]);
  assert.ok(words.includes("runs") && words.includes("repeat"));
  const { id } = (await server.ask("POST", "/api/runs", asked)).json();
  await follow(server, id);
  const saved = (await server.ask("POST", "/api/saved", { run: id })).json().id;
  const seconds = { runs: [id], saved: [saved], trials: ["carmena"] };
  const paths = words.flatMap((first) => (seconds[first] ?? [1]).flatMap((second) => [[first], [first, second], ...words.flatMap((third) => [[first, second, third], [first, second, third, 0]])]));
  const known = Object.entries(document.paths).map(([path, methods]) => ({ methods, like: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`) }));
  for (const parts of paths) {
    const path = `/api/${parts.join("/")}`;
    const named = known.find((one) => one.like.test(path))?.methods ?? {};
    for (const method of ["GET", "PUT", "PATCH", "HEAD", "OPTIONS", "POST", "DELETE"]) {
      if (named[method.toLowerCase()] || (method === "HEAD" && named.get)) continue;
      const answer = await server.ask(method, path, method === "POST" ? {} : undefined);
      assert.ok([404, 405].includes(answer.status), `${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
    }
  }
  assert.ok(words.every((word) => Object.keys(document.paths).some((path) => path.split("/").includes(word))), "a word of the server is in no path");
});
