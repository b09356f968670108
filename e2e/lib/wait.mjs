/** Waiting for what happens elsewhere: always for an event, never for a time, and always with a deadline. */

export const DEADLINE_MS = 15_000;

/** The promise's outcome, or a failure that says what did not happen in time. */
export async function within(promise, what, deadlineMs = DEADLINE_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${deadlineMs} ms: ${what}`)), deadlineMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks until the answer is truthy. Only for what announces itself to nobody, such as a port about to open. */
export async function until(question, what, { deadlineMs = DEADLINE_MS, everyMs = 25 } = {}) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await question();
    if (answer) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${deadlineMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Events in the order in which they came; each is taken once. */
export class Inbox {
  #name;
  #items = [];
  #waiting = null;

  constructor(name) {
    this.#name = name;
  }

  put(item) {
    this.#items.push(item);
    this.#waiting?.();
  }

  /** The oldest item that is left, as soon as there is one. */
  next(deadlineMs = DEADLINE_MS) {
    return this.nextThat(() => true, 'anything', deadlineMs);
  }

  /** The oldest item that fits; the ones before it are dropped. */
  async nextThat(fits, what, deadlineMs = DEADLINE_MS) {
    const search = async () => {
      for (;;) {
        while (this.#items.length > 0) {
          const item = this.#items.shift();
          if (fits(item)) {
            return item;
          }
        }
        await new Promise((resolve) => (this.#waiting = resolve));
      }
    };
    return within(search(), `${this.#name}: ${what}`, deadlineMs);
  }

  /** Takes out all that has come so far. */
  drain() {
    return this.#items.splice(0);
  }
}
