import { complaintsOf, openPage } from './browser.mjs';
import { Inbox } from './wait.mjs';

const UPDATED = 'user.status.updated';

/** The demo page as one person uses it; `updates` has the statuses that it was told of the team, as they came. */
export class DemoPage {
  static async open(t, browser, url, options) {
    const { page, complaints } = await openPage(t, browser, options);
    return DemoPage.at(page, url, complaints);
  }

  static async signedIn(t, browser, url, name, options) {
    const person = await DemoPage.open(t, browser, url, options);
    await person.signIn(name);
    return person;
  }

  /** A tab of a browser that is there already. */
  static async inTab(page, url) {
    return DemoPage.at(page, url, complaintsOf(page));
  }

  static async at(page, url, complaints) {
    const person = new DemoPage(page, complaints);
    await page.goto(url);
    return person;
  }

  constructor(page, complaints) {
    this.page = page;
    this.complaints = complaints;
    this.updates = new Inbox('updates of the team');
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.#received(String(payload))));
  }

  #received(frame) {
    if (frame.includes(UPDATED)) {
      const { event, channel, data } = JSON.parse(frame);
      if (event === UPDATED && channel.startsWith('presence-')) {
        this.updates.put(JSON.parse(data));
      }
    }
  }

  /** Signs in as a sample user and waits until the team is shown as it is. */
  async signIn(name) {
    await this.page.getByTestId(`sample-${name.toLowerCase()}`).click();
    await this.connected();
    await this.hasJoined(1);
  }

  connected(timeout) {
    return this.page.locator('[data-testid=state][data-state=connected]').waitFor({ timeout });
  }

  /** Waits until the person has joined the team as often as that; the list of members may be an old one until then. */
  async hasJoined(times, timeout) {
    const joined = this.page.locator('[data-testid=log-line][data-kind=state]').filter({ hasText: 'You are here' });
    await joined.nth(times - 1).waitFor({ timeout });
  }

  /** The line of a member. */
  member(name) {
    const exactly = new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}( \\(you\\))?$`);
    return this.page.getByTestId('member').filter({ has: this.page.locator('.member-name').getByText(exactly) });
  }

  /** Waits until exactly these are shown as having the page open. */
  async seesHere(names, timeout) {
    await this.page.getByTestId('member-count').getByText(String(names.length), { exact: true }).waitFor({ timeout });
    for (const name of names) {
      await this.member(name).getByRole('img', { name: 'on this page' }).waitFor({ timeout });
    }
  }

  /** Waits until that member is shown with that status, by dot and words, and that message if one is given. */
  async sees(name, status, message, timeout) {
    const line = this.member(name).and(this.page.locator(`[data-status=${status}]`));
    await line.locator(`.dot[data-status=${status}]`).waitFor({ timeout });
    if (message) {
      await line.locator('.message').getByText(message, { exact: true }).waitFor({ timeout });
    }
    return line;
  }

  /** Waits until one's own status is shown so. */
  async isShownAs(status) {
    await this.page.locator(`[data-testid=own-dot][data-status=${status}]`).waitFor();
  }

  /** Sets a status by the form. */
  async setStatus(status, { message = '', end = '' } = {}) {
    const fold = this.page.getByTestId('status-fold');
    if (!(await fold.evaluate((summary) => summary.parentElement.open))) {
      await fold.click();
    }
    await this.page.getByTestId(`choice-${status}`).check();
    await this.page.getByTestId('message').fill(message);
    await this.page.getByTestId('end').selectOption(end);
    await this.page.getByTestId('set-status').click();
  }

  /** Unfolds one of the cards: dnd, schedule, location. */
  async unfold(what) {
    await this.page.getByTestId(`${what}-fold`).locator('summary').click();
  }

  /** Sends that member a notification. */
  async notify(name) {
    await this.member(name).getByTestId('notify').click();
  }

  /** Waits for a notification with this text. */
  async isNotified(text) {
    await this.page.getByTestId('notification').filter({ hasText: text }).first().waitFor();
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
