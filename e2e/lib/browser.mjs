import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from './product.mjs';
import { DEADLINE_MS, within } from './wait.mjs';

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
export const PHONE = { width: 375, height: 740 };

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

/**
 * A browser of its own, as a person has it: with tabs of which only the one in front is seen, which Playwright's own
 * browsers never say, and with a process that can be killed.
 */
export class OwnBrowser {
  static async launch(t) {
    const directory = await mkdtemp(join(tmpdir(), 'carillon-browser-'));
    const own = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${directory}`, 'about:blank'];
    const child = spawn(executable(), [...FLAGS, ...own], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const launched = new OwnBrowser(child, new Promise((resolve) => child.once('exit', resolve)));
    t.after(async () => {
      await launched.kill();
      await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    });
    const address = await within(listening(child), 'Chromium says where it listens');
    const browser = await chromium.connectOverCDP(address, { noDefaults: true });
    launched.context = browser.contexts()[0];
    launched.context.setDefaultTimeout(DEADLINE_MS);
    return launched;
  }

  #child;
  #exit;

  constructor(child, exit) {
    this.#child = child;
    this.#exit = exit;
  }

  /** The first tab, and each further one in front of the others. */
  async tab() {
    const [first] = this.context.pages();
    const page = first?.url() === 'about:blank' ? first : await this.context.newPage();
    await page.bringToFront();
    return page;
  }

  /** Ends it and all its processes, without giving a page the time to say anything. */
  async kill() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      process.kill(-this.#child.pid, 'SIGKILL');
    }
    await this.#exit;
  }
}

function listening(child) {
  let said = '';
  return new Promise((resolve) => {
    child.stderr.on('data', (text) => {
      said += text;
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found) {
        resolve(found[1]);
      }
    });
  });
}

/** A person with a browser window of their own; what the page complains about is kept in `complaints`. */
export async function openPage(t, browser, { viewport = DESKTOP, ...options } = {}) {
  const context = await browser.newContext({ viewport, ...options });
  t.after(() => context.close());
  context.setDefaultTimeout(DEADLINE_MS);
  const page = await context.newPage();
  return { page, complaints: complaintsOf(page) };
}

/** What the page will complain about. */
export function complaintsOf(page) {
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`uncaught ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(`${message.type()} ${message.text()} (${message.location().url})`);
    }
  });
  return complaints;
}

/** A person at a page of this folder, which writes down what it hears, an item of JSON each; `sees` waits for one. */
export async function openListeningPage(t, browser, url) {
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  const note = (what) => page.getByTestId('events').getByText(JSON.stringify(what), { exact: true }).first();
  return { page, complaints, sees: (what, timeout) => note(what).waitFor({ timeout }) };
}

/** Keeps a picture for whoever wants to look. */
export async function screenshot(page, name, options = {}) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), ...options });
}

/** How many pixels the page is wider than its window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
