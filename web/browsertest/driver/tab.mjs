import { watch } from "./watch.mjs";
import { check } from "./check.mjs";
import { keyboard } from "./keyboard.mjs";

const patience = 30_000; // milliseconds until something has to be there; what is there takes none of them

// Tab is a browser of its own: no other tab knows its cookies or its storage.
export class Tab {
  static async open(browser, options) {
    const context = await browser.newContext({
      baseURL: options.origin,
      viewport: options.viewport,
      colorScheme: options.dark ? "dark" : "light",
      reducedMotion: "reduce",
      javaScriptEnabled: !options.noScript,
      locale: options.language,
      ignoreHTTPSErrors: true, // test servers sign their own certificates
      permissions: ["clipboard-read", "clipboard-write"],
    });
    context.setDefaultTimeout(patience);
    return new Tab(context, await context.newPage(), options);
  }

  constructor(context, page, options) {
    Object.assign(this, { context, page, options, dark: options.dark, scope: page });
    this.seen = watch(page, [options.origin, ...(options.others ?? [])]);
    context.on("page", (another) => this.seen.add(`a second window, with ${another.url()}`));
  }

  // run does what a call says, waits until the page that it leads to is there, and looks at that page.
  async run(call, args) {
    this.scope = args.within ? innermost(this.page, args.within) : this.page;
    this.seen.expect(args.status);
    let result, error;
    try {
      result = await actions[call](this, args);
      if (call !== "close") await this.settle();
    } catch (failure) {
      error = String(failure).split("\nCall log:")[0]; // what it tried tells no more than how long
    }
    return { result, error, findings: this.seen.take() };
  }

  // settle: a page may replace itself while it is looked at, which then begins anew.
  async settle() {
    for (let tries = 0; tries < 5; tries++) {
      await this.seen.arrival();
      try {
        return await check(this);
      } catch (error) {
        if (!this.seen.leaving()) throw error;
      }
    }
    throw new Error("the page never stands still");
  }
}

const innermost = (page, text) =>
  page.locator("li, tr, article, section, fieldset, form, dialog, details").filter({ hasText: text, visible: true }).last();

// best waits for something to be seen, and prefers what is exactly so called.
async function best(find) {
  const seen = (exact) => find(exact).filter({ visible: true });
  await seen(false).first().waitFor();
  return seen((await seen(true).count()) > 0);
}

const pressable = ["button", "link", "radio", "checkbox", "menuitem", "tab"];

// named finds what a person can press. A summary has no role of its own.
const named = ({ scope }, name) =>
  best((exact) =>
    pressable
      .map((role) => scope.getByRole(role, { name, exact }))
      .reduce((a, b) => a.or(b))
      .or(scope.locator("summary").filter({ hasText: name })),
  );

const field = ({ scope }, label) => best((exact) => scope.getByLabel(label, { exact }));

const text = (tab, wanted) => tab.scope.getByText(wanted).filter({ visible: true }).first();

const actions = {
  goto: async ({ page }, { path }) => void (await page.goto(path)),
  reload: async ({ page }) => void (await page.reload()),
  back: async ({ page }) => void (await page.goBack()),
  click: async (tab, { name }) => (await named(tab, name)).click(),
  fill: async (tab, { label, value }) => (await field(tab, label)).fill(value),
  check: async (tab, { label, on }) => (await field(tab, label)).setChecked(on),
  select: async (tab, { label, option }) => void (await (await field(tab, label)).selectOption({ label: option })),
  upload: async (tab, { label, name, text }) =>
    (await field(tab, label)).setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) }),
  sees: (tab, { text: wanted }) => text(tab, wanted).waitFor(),
  seesNot: (tab, { text: unwanted }) => text(tab, unwanted).waitFor({ state: "detached" }),
  text: (tab) => (tab.scope === tab.page ? tab.page.locator("body") : tab.scope).innerText(),
  title: ({ page }) => page.title(),
  url: ({ page }) => page.url(),
  value: async (tab, { label }) => (await field(tab, label)).inputValue(),
  evaluate: ({ page }, { expression }) => page.evaluate(expression),
  screenshot: async ({ page }, { path }) => {
    const { width, height } = page.viewportSize();
    // A window as high as the page: what is below a window's end need not be drawn (content-visibility).
    await page.setViewportSize({ width, height: Math.max(height, await page.evaluate("document.documentElement.scrollHeight")) });
    await page.screenshot({ path });
    await page.setViewportSize({ width, height });
  },
  download: async (tab, { name }) => {
    const [file] = await Promise.all([tab.page.waitForEvent("download"), named(tab, name).then((link) => link.click())]);
    const chunks = await (await file.createReadStream()).toArray();
    return { name: file.suggestedFilename(), text: Buffer.concat(chunks).toString() };
  },
  links: async ({ page }) => [...new Set(await page.locator("main a").evaluateAll((all) => all.map((a) => a.href)))],
  look: async (tab, { viewport, dark }) => {
    tab.dark = dark;
    await tab.page.setViewportSize(viewport);
    await tab.page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
  },
  close: ({ context }) => context.close(),
  ...keyboard,
};
