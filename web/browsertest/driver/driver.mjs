// Drives one Chromium for tests. It takes calls as lines of JSON on standard input, {"id":1,"tab":1,"call":"click","args":{…}},
// and answers each on standard output, in whatever order they end, with {"id":1,"result":…,"error":"…","findings":[…]}.
// findings are what is wrong with the pages that the tab has shown since its last answer. The first line is {"id":0}, or says
// why there is no browser. It ends when its input does, and Chromium with it, however it ends.
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

import { Tab } from "./tab.mjs";

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const lines = createInterface({ input: process.stdin });
lines.on("close", () => process.exit()); // also in the middle of a call; Chromium goes when its pipe breaks

const browser = await launch();
const tabs = new Map();

async function launch() {
  try {
    const started = await chromium.launch({
      executablePath: process.argv[2],
      chromiumSandbox: process.getuid() !== 0, // root has none
      args: ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.*, EXCLUDE localhost"], // nothing leaves this machine
      timeout: 45_000,
    });
    say({ id: 0 });
    return started;
  } catch (error) {
    say({ id: 0, error: String(error) });
    process.exit(1);
  }
}

async function run({ tab: number, call, args }) {
  if (call === "open") {
    tabs.set(number, await Tab.open(browser, args));
    return {};
  }
  const tab = tabs.get(number);
  if (call === "close") tabs.delete(number);
  return tab.run(call, args);
}

lines.on("line", async (line) => {
  const { id, ...call } = JSON.parse(line);
  try {
    say({ id, ...(await run(call)) });
  } catch (error) {
    say({ id, error: String(error) });
  }
});
