// A small server of the fediverse, made with Fedify, for tests. It takes calls as lines of JSON on standard input,
// {"call":"send","args":{…}}, answers one after the other with {"result":…} or {"error":"…"} on standard output, and ends
// when its input does. Its first line is {"port":…}. Its log is standard error.
import { createServer } from "node:http";
import { createInterface } from "node:readline";

import { configure, getTextFormatter } from "@logtape/logtape";

import { makeCalls } from "./calls.mjs";
import { makeFederation } from "./federation.mjs";
import { answerWith } from "./http.mjs";

const options = JSON.parse(process.argv[2]); // what they mean: Options in fedifytest.go
const format = getTextFormatter();
await configure({
  sinks: { stderr: (record) => process.stderr.write(format(record)) },
  loggers: [
    { category: "fedify", lowestLevel: "debug", sinks: ["stderr"] },
    { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
  ],
});

const state = { received: [], deleted: false };
const federation = makeFederation(options, state);
const calls = makeCalls(federation, options, state);
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

const server = createServer(answerWith((request) => federation.fetch(request, { contextData: undefined }), options.origin));
server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));

for await (const line of createInterface({ input: process.stdin })) {
  const { call, args } = JSON.parse(line);
  try {
    say({ result: (await calls[call](args)) ?? null });
  } catch (error) {
    console.error(error);
    say({ error: String(error) });
  }
}
process.exit();
