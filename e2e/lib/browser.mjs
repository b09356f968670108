import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from './product.mjs';
import { DEADLINE_MS } from './wait.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const SCREENSHOTS = join(ROOT, 'e2e', 'target', 'screenshots');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };

function executable() {
  const places = (process.env.PATH ?? '').split(delimiter);
  const found = [
    process.env.CHROMIUM,
    ...NAMES.flatMap((name) => places.map((place) => join(place, name))),
  ].find((file) => file && existsSync(file));
  if (!found) {
    throw new Error(`no Chromium: looked for ${NAMES.join(', ')} in the PATH and at $CHROMIUM; e2e/setup.sh gets it`);
  }
  return found;
}

export function launchBrowser() {
  return chromium.launch({ executablePath: executable(), args: FLAGS });
}

/** A person with a browser window of their own; what the page complains about is kept in `complaints`. */
export async function openPage(t, browser, { viewport = DESKTOP } = {}) {
  const context = await browser.newContext({ viewport });
  t.after(() => context.close());
  context.setDefaultTimeout(DEADLINE_MS);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`uncaught ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(`${message.type()} ${message.text()} (${message.location().url})`);
    }
  });
  return { page, complaints };
}

/** A person at a page of this folder, which writes down what it hears, an item of JSON each; `sees` waits for one. */
export async function openListeningPage(t, browser, url) {
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  const note = (what) => page.getByTestId('events').getByText(JSON.stringify(what), { exact: true }).first();
  return { page, complaints, sees: (what, timeout) => note(what).waitFor({ timeout }) };
}

/** Keeps a picture for whoever wants to look. */
export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** How many pixels the page is wider than its window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
