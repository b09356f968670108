// Which device this page is. Its id is the tab's: it stays over reloads, so that a reload is no news to others, and two
// tabs are two devices.

const KEY = 'carillon.device';
const LEFT = 'carillon.device.left';
const CHANNEL = 'carillon.tabs';

/** `mobile` on a phone or tablet, `desktop` as an installed app, else `web`. */
export function kind() {
  const mobile = navigator.userAgentData ? navigator.userAgentData.mobile : /Mobi|Android/.test(navigator.userAgent);
  if (mobile) {
    return 'mobile';
  }
  return matchMedia('(display-mode: standalone)').matches ? 'desktop' : 'web';
}

/**
 * The tab's id. A duplicated tab has a copy of the other's storage, but not its own note of having left, so it gets a
 * new id. Without storage each load is a device of its own.
 */
export function id() {
  try {
    const known = sessionStorage.getItem(KEY);
    const left = sessionStorage.getItem(LEFT);
    sessionStorage.removeItem(LEFT);
    const mine = known && left ? known : fresh();
    sessionStorage.setItem(KEY, mine);
    return mine;
  } catch {
    return fresh();
  }
}

function fresh() {
  // randomUUID is only there in secure contexts.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Notes that this page goes, so that the next one in this tab is the same device. */
export function leave() {
  try {
    sessionStorage.setItem(LEFT, '1');
  } catch {
    // Without storage there is nothing to be known by.
  }
}

/** The other tabs of this browser in which the same user is signed in; all tabs of a browser share one session. */
export class OtherTabs {
  #ids = new Set();
  #channel = new BroadcastChannel(CHANNEL);
  #mine;
  #onSessionEnd;

  /** @param onSessionEnd is called when another tab has ended the session */
  constructor(userId, deviceId, onSessionEnd) {
    this.#mine = { user: String(userId), id: deviceId };
    this.#onSessionEnd = onSessionEnd;
    this.#channel.onmessage = ({ data }) => this.#heard(data);
    this.#say('hello');
  }

  #say(what) {
    this.#channel.postMessage({ ...this.#mine, what });
  }

  #heard({ user, id: other, what }) {
    if (what === 'signed-out') {
      this.#onSessionEnd();
      return;
    }
    if (user !== this.#mine.user) {
      return;
    }
    if (what === 'bye') {
      this.#ids.delete(other);
      return;
    }
    this.#ids.add(other);
    if (what === 'hello') {
      this.#say('here');
    }
  }

  get any() {
    return this.#ids.size > 0;
  }

  /** Tells the other tabs, of whichever user, that the session is over. */
  sessionEnded() {
    this.#say('signed-out');
  }

  close() {
    this.#say('bye');
    this.#channel.close();
  }
}
