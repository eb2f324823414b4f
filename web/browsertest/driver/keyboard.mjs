// keyboard is what a person does who has no mouse.
export const keyboard = {
  press: async ({ page }, { key }) => {
    const focused = page.locator(":focus");
    // A locator waits for what Enter sets off, the bare keyboard does not; but it cannot follow Tab out of the page.
    if (key !== "Tab" && (await focused.count()) === 1) await focused.press(key);
    else await page.keyboard.press(key);
  },
  type: ({ page }, { text }) => page.keyboard.type(text),
  focused: ({ page }) => focusedName(page),
  // tabTo presses Tab until what has the focus is called name, and returns the names on the way.
  tabTo: async (tab, { name }) => {
    const way = [];
    for (let presses = 0; presses < 200; presses++) {
      await tab.page.keyboard.press("Tab");
      const stop = await focusedName(tab.page);
      if (!stop) break; // after the last one the focus leaves the page
      way.push(stop);
      if (!(await tab.page.evaluate(focusShows))) tab.seen.add(`nothing shows that ${stop} has the focus`);
      if (stop.includes(name)) return way;
    }
    throw new Error(`Tab does not reach ${JSON.stringify(name)}, only ${JSON.stringify(way)}`);
  },
};

// focusedName is the role and the name of what has the focus, `link "Songferry"`, or "".
async function focusedName(page) {
  const focused = page.locator(":focus");
  if ((await focused.count()) === 0) return "";
  return (await focused.ariaSnapshot()).split("\n")[0].replace(/^- /, "").replace(/:.*$/, "");
}

// focusShows runs in the page. Whether an outline or a shadow can be told from its background is not looked at.
function focusShows() {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const { width, height, right, bottom, left, top } = element.getBoundingClientRect();
  const inView = width > 0 && height > 0 && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  return inView && (outlined || style.boxShadow !== "none");
}
