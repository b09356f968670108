import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { APP, ROOT } from './product.mjs';
import { Inbox } from './wait.mjs';

const FOLDER = join(ROOT, 'e2e', 'python');

/** Pusher's Python SDK in a process of its own. */
export class PythonSdk {
  #child;
  #outcomes = new Inbox('the Python SDK');

  /** The options are the arguments of its constructor; it takes only numbers as app ids. */
  constructor(server, options = {}) {
    const where = { host: '127.0.0.1', port: server.port, ssl: false };
    const { id, ...app } = APP;
    const constructed = JSON.stringify({ app_id: id, ...app, ...where, ...options });
    this.#child = spawn(join(FOLDER, '.venv', 'bin', 'python'), [join(FOLDER, 'sdk.py'), constructed], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.once('error', (error) => this.#outcomes.put({ error: 'no process', text: error.message }));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#outcomes.put(JSON.parse(line)));
  }

  /** Calls a method and gives its value; what it raises is thrown as an Error with its name. One call at a time. */
  async call(method, ...args) {
    this.#child.stdin.write(`${JSON.stringify([method, ...args])}\n`);
    const { value, error, text } = await this.#outcomes.next();
    if (error) {
      throw Object.assign(new Error(text), { name: error });
    }
    return value;
  }

  stop() {
    this.#child.stdin.end();
  }
}
