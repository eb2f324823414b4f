// watch keeps what goes wrong in a page: what breaks the content security policy, errors of scripts, requests that fail or
// go to other origins, and pages that answer with another status than expected.
export function watch(page, origins) {
  const seen = new Seen();
  const isPage = (request) => request.isNavigationRequest() && request.frame() === page.mainFrame();

  page.on("console", (message) => {
    const known = message.text().startsWith("Failed to load resource"); // told below, with its address
    if (message.type() === "error" && !known) seen.add(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => seen.add(`script: ${error.stack ?? error}`));
  page.on("crash", () => seen.add("the page crashed"));
  page.on("request", (request) => {
    if (isPage(request)) seen.departs();
    const url = new URL(request.url());
    if (!origins.includes(url.origin) && !["data:", "blob:", "about:"].includes(url.protocol)) {
      seen.add(`a request to another origin: ${request.method()} ${url}`);
    }
  });
  page.on("requestfailed", (request) => {
    if (isPage(request)) seen.arrives();
    // Aborted is what the page or the person broke off: a download, or a stream of events when the page is left.
    const reason = request.failure().errorText;
    if (reason !== "net::ERR_ABORTED") seen.add(`${request.method()} ${request.url()}: ${reason}`);
  });
  page.on("response", (response) => {
    const status = response.status();
    const redirect = status >= 300 && status < 400;
    const wanted = isPage(response.request()) ? seen.expected : 0;
    if (wanted ? !redirect && status !== wanted : status >= 400) {
      seen.add(`${response.request().method()} ${response.url()}: status ${status}${wanted ? `, not ${wanted}` : ""}`);
    }
    if (isPage(response.request()) && !redirect) {
      seen.answered();
      seen.document = response.text().catch(() => ""); // "": left before it was read
    }
  });
  page.on("load", () => seen.arrives());
  return seen;
}

// Seen is what was found since it was last taken, and whether the page is about to be replaced.
class Seen {
  findings = [];
  expected = 0; // status of the next page; 0: any below 400
  #missed = false; // whether it is still to come
  document = Promise.resolve("");
  #arrival = Promise.resolve();
  #arrive = null;

  add(finding) {
    this.findings.push(finding);
  }

  expect(status) {
    this.expected = status;
    this.#missed = status !== 0;
  }

  answered() {
    this.#missed = false;
  }

  take() {
    if (this.#missed) this.add(`no page came, let alone one with status ${this.expected}`);
    return this.findings.splice(0);
  }

  departs() {
    if (!this.#arrive) this.#arrival = new Promise((resolve) => (this.#arrive = resolve));
  }

  arrives() {
    this.#arrive?.();
    this.#arrive = null;
  }

  leaving() {
    return this.#arrive !== null;
  }

  arrival() {
    return this.#arrival;
  }
}
