import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until, within } from './wait.mjs';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const LAUNCHER = process.env.CARILLON ?? join(ROOT, 'carillon');
const START_MS = 60_000;

// No test lasts long enough for the second compiler to pay for itself; the Java tests run with what is shipped.
const JAVA_OPTIONS = '-XX:TieredStopAtLevel=1';
const STOP_MS = 30_000;

export const APP = { id: 'app-id', key: 'app-key', secret: 'app-secret' };

// Above those that Chromium refuses, below those that Linux gives to connections.
const FIRST_PORT = 11_000;
const PORTS = 20_000;

let candidate = Math.floor(Math.random() * PORTS);

/**
 * Different ports of the loopback interface that nothing listens on, and that no other test file is given while this
 * one runs.
 */
export async function freePorts(count) {
  const ports = [];
  while (ports.length < count) {
    const port = FIRST_PORT + (candidate++ % PORTS);
    if ((await claim(port)) && (await isFree(port))) {
      ports.push(port);
    }
  }
  return ports;
}

/** Whether this process is the first to want it: until it ends it has that port of UDP, which nobody else needs. */
function claim(port) {
  const socket = createSocket('udp4').unref();
  return new Promise((resolve) => {
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}

function isFree(port) {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A port that nothing listens on at the moment. */
export async function freePort() {
  const [port] = await freePorts(1);
  return port;
}

/** One process of the packaged product, started and stopped as an operator would. */
export class Product {
  #arguments;
  #answersAt;
  #child = null;
  #log = '';

  constructor(commandLine, answersAt) {
    this.#arguments = commandLine;
    this.#answersAt = answersAt;
  }

  /** Starts it and waits until it answers. */
  async start() {
    this.#log = '';
    const env = { ...process.env, CARILLON_JAVA_OPTS: process.env.CARILLON_JAVA_OPTS ?? JAVA_OPTIONS };
    const child = spawn(LAUNCHER, this.#arguments, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let gone = null;
    child.once('error', (error) => (gone = error.message));
    child.once('exit', (code, signal) => (gone = `exit ${code ?? signal}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => (this.#log += text));
    }
    const answers = async () => {
      if (gone !== null) {
        throw new Error(`${this} ended: ${gone}\n${this.#log}`);
      }
      return fetch(this.#answersAt).then((answer) => answer.status === 200, () => false);
    };
    try {
      await until(answers, `${this} answers at ${this.#answersAt}`, { deadlineMs: START_MS });
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${error.message}\n${this.#log}`);
    }
    return this;
  }

  /** Sends the signal and gives the exit code, or the signal's name if that is what ended it. */
  async end(signal = 'SIGTERM') {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${this} had ended by itself: ${child.exitCode ?? child.signalCode}\n${this.#log}`);
    }
    const exit = new Promise((resolve) => child.once('exit', (code, by) => resolve(code ?? by)));
    child.kill(signal);
    return within(exit, `${this} ends after ${signal}\n${this.#log}`, STOP_MS).catch((error) => {
      child.kill('SIGKILL');
      throw error;
    });
  }

  /** Ends it by SIGTERM; anything but exit code 0 is a failure. */
  async stop() {
    const code = await this.end();
    if (code !== 0) {
      throw new Error(`${this} ended with ${code} after SIGTERM\n${this.#log}`);
    }
  }

  get log() {
    return this.#log;
  }

  toString() {
    return `carillon ${this.#arguments[0]}`;
  }
}

/** The server with a configuration of its own, on free ports of the loopback interface. */
export class Server extends Product {
  static async prepare({ apps = [{}], server = {}, ...rest } = {}) {
    const directory = await mkdtemp(join(tmpdir(), 'carillon-e2e-'));
    const [port, adminPort] = await freePorts(2);
    const file = join(directory, 'config.yaml');
    // JSON is YAML
    const configuration = {
      server: { host: '127.0.0.1', port, drain_seconds: 1, warm_up: 'none', ...server },
      admin: { host: '127.0.0.1', port: adminPort },
      apps: apps.map((app) => ({ ...APP, ...app })),
      ...rest,
    };
    await writeFile(file, JSON.stringify(configuration, null, 2));
    return new Server(directory, port, adminPort, file);
  }

  static async start(configuration) {
    return (await Server.prepare(configuration)).start();
  }

  constructor(directory, port, adminPort, file) {
    super(['serve', '--config', file], `http://127.0.0.1:${port}/up`);
    this.directory = directory;
    this.port = port;
    this.adminPort = adminPort;
    this.file = file;
  }

  /** Whether it wants traffic. */
  async ready() {
    return (await fetch(`http://127.0.0.1:${this.adminPort}/ready`)).status === 200;
  }

  /** Ends it and starts it again on the same port. */
  async restart() {
    await this.stop();
    await this.start();
  }

  /** Ends it for good. */
  async dispose() {
    await this.stop();
    await rm(this.directory, { recursive: true });
  }
}

/** The auth endpoint with the sample users, beside a server. */
export class AuthEndpoint extends Product {
  static async start(server) {
    return new AuthEndpoint(server.file, await freePort()).start();
  }

  constructor(file, port) {
    const url = `http://127.0.0.1:${port}/`;
    super(['auth-endpoint', '--config', file, '--port', String(port), '--sample-data'], url);
    this.url = url;
  }
}

/** Server and auth endpoint in one process, as `carillon demo` runs them. */
export class Demo extends Product {
  static async start() {
    return new Demo(...(await freePorts(2))).start();
  }

  constructor(port, authPort) {
    const url = `http://127.0.0.1:${authPort}/`;
    super(['demo', '--port', String(port), '--auth-port', String(authPort)], url);
    this.port = port;
    this.url = url;
  }
}
