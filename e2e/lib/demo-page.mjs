import { openPage } from './browser.mjs';

/** The demo page as one person uses it. */
export class DemoPage {
  static async open(t, browser, url, options) {
    const { page, complaints } = await openPage(t, browser, options);
    await page.goto(url);
    return new DemoPage(page, complaints);
  }

  static async signedIn(t, browser, url, name, options) {
    const person = await DemoPage.open(t, browser, url, options);
    await person.signIn(name);
    return person;
  }

  constructor(page, complaints) {
    this.page = page;
    this.complaints = complaints;
  }

  /** Signs in as a sample user and waits for the connection. */
  async signIn(name) {
    await this.page.getByTestId(`sample-${name.toLowerCase()}`).click();
    await this.connected();
  }

  connected(timeout) {
    return this.page.locator('[data-testid=state][data-state=connected]').waitFor({ timeout });
  }

  /** Waits until the person has joined the team as often as that; the list of members may be an old one until then. */
  async hasJoined(times, timeout) {
    const joined = this.page.locator('[data-testid=log-line][data-kind=state]').filter({ hasText: 'You are here' });
    await joined.nth(times - 1).waitFor({ timeout });
  }

  /** Waits until exactly these are shown as being here. */
  async seesHere(names, timeout) {
    await this.page.getByTestId('member-count').getByText(String(names.length), { exact: true }).waitFor({ timeout });
    for (const name of names) {
      await this.page.getByTestId('member').getByText(name, { exact: true }).waitFor({ timeout });
    }
  }

  /** Waits for a line of the log of this kind with this text. */
  async reads(kind, text) {
    await this.page.locator(`[data-testid=log-line][data-kind=${kind}]`).filter({ hasText: text }).first().waitFor();
  }

  async whisper(text) {
    await this.page.getByTestId('whisper-input').fill(text);
    await this.page.getByTestId('whisper-send').click();
  }
}
