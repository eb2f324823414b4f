import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

import { HtmlValidate } from "html-validate";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const validator = new HtmlValidate({ extends: ["html-validate:standard"] });
const checked = new Set(); // what need not be looked at twice

// once reports whether it is asked for the first time.
function once(...key) {
  const text = key.join("\n");
  return !checked.has(text) && checked.add(text);
}

// check looks at the page that a tab shows: whether it is wider than the window, its accessibility, and the HTML it came as.
export async function check(tab) {
  const { page, seen, options } = tab;
  const html = await seen.document;
  if (html && once(html)) await validate(html, page.url(), seen);
  const [width, window, now] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
    document.documentElement.outerHTML,
  ]);
  if (width > window) seen.add(`${page.url()} is ${width} px wide in a window of ${window} px`);
  // axe needs timers, which a page without scripts does not have.
  if (!options.noScript && once(window, tab.dark, now)) await accessible(page, seen);
}

async function validate(html, url, seen) {
  const { results } = await validator.validateString(html);
  for (const { line, column, message } of results.flatMap((result) => result.messages)) {
    seen.add(`${url}: HTML, line ${line}, column ${column}: ${message}`);
  }
}

async function accessible(page, seen) {
  await page.evaluate(`if (!window.axe) { ${axe} }`);
  const { violations } = await page.evaluate(() =>
    axe.run(document, { preload: false, iframes: false, resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }),
  );
  for (const { id, impact, help, nodes } of violations.filter(({ impact }) => impact === "serious" || impact === "critical")) {
    const [{ html, failureSummary }] = nodes; // the others are mostly of the same kind
    seen.add(`${page.url()}: ${impact}, ${id}: ${help}: ${nodes.length} times, as ${html}: ${failureSummary}`);
  }
}
