// Tells the server what the page itself knows: whether it is looked at, used, or gone.
import * as calls from './calls.js';
import * as device from './device.js';

const ACTIVITY_EVERY_MS = 20_000;
const USED = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

/**
 * How a page that goes says so. `offline` for the user, which ends what was chosen, is said by the user's last device
 * only, and never in place of a wish to be left alone or of a choice whose end has yet to come, which shall hold: then
 * only this device is gone.
 */
export function farewell({ own, deviceId, deviceKind, otherTabs }) {
  const kinds = Object.keys(own?.devices || {});
  const isLast = !otherTabs && kinds.every((kind) => kind === deviceKind);
  const holds = ['dnd', 'invisible'].includes(own?.status) || Date.parse(own?.expires_at) > Date.now();
  return isLast && !holds ? { status: 'offline' } : { status: 'offline', device_id: deviceId };
}

export class Attendance {
  #said = null;
  #saying = null;
  #usedAt = 0;
  #reloads = false;
  #gone = false;
  #missed = false;
  #stop = new AbortController();
  #known;

  /**
   * @param known gives {own, deviceId, deviceKind, otherTabs, connected} as they are now
   * @param sendActivity tells the server that this device is used
   */
  constructor(known, sendActivity) {
    this.#known = known;
    const { signal } = this.#stop;
    const passive = { signal, passive: true };
    document.addEventListener('visibilitychange', () => this.#gone || this.#say(), { signal });
    addEventListener('pageswap', (event) => (this.#reloads = event.activation?.navigationType === 'reload'), { signal });
    addEventListener('pagehide', () => this.#leave(), { signal });
    USED.forEach((event) => addEventListener(event, () => this.#used(sendActivity), passive));
  }

  /**
   * The server knows this device, perhaps again. The first time it is told what is so; later only that the page is out
   * of sight, or what it could not be told: to be connected again is no activity.
   */
  connected() {
    const news = this.#missed || this.#said === null || document.visibilityState === 'hidden';
    this.#missed = false;
    if (news) {
      this.#said = null;
      this.#say();
    }
  }

  #wanted() {
    return document.visibilityState === 'hidden' ? 'away' : 'online';
  }

  // One call at a time, so that they arrive in order; what has changed meanwhile is said after it.
  #say() {
    this.#saying ??= this.#sayAll().finally(() => (this.#saying = null));
  }

  async #sayAll() {
    while (this.#said !== this.#wanted() && !this.#gone) {
      this.#said = this.#wanted();
      const { deviceId, connected } = this.#known();
      // A device that is not connected is not known to the server.
      this.#missed ||= !connected;
      await calls.setStatus({ status: this.#said, device_id: deviceId }).catch(() => (this.#missed = true));
    }
  }

  #used(sendActivity) {
    const { own, deviceKind } = this.#known();
    const rests = ['idle', 'away'].includes(own?.devices?.[deviceKind]);
    const now = Date.now();
    if (now - this.#usedAt > (rests ? 1_000 : ACTIVITY_EVERY_MS)) {
      this.#usedAt = now;
      sendActivity();
    }
  }

  // A page that is loaded again is back in a moment, and nobody needs to see it go. Where the browser does not tell
  // (Firefox), it is seen.
  #leave() {
    this.#gone = true;
    device.leave();
    if (!this.#reloads) {
      calls.beacon(farewell(this.#known()));
    }
  }

  /** Signing out is going, too, and the browser's other tabs, which share the session, go with this one. */
  async signOut() {
    await calls.setStatus(farewell({ ...this.#known(), otherTabs: false }));
    this.close();
  }

  close() {
    this.#stop.abort();
  }
}
