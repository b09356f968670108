import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { channelName, sdk } from './clients.mjs';
import { ROOT, Server, freePort } from './product.mjs';
import { until } from './wait.mjs';

const MACHINE = `${platform()}-${arch() === 'arm64' ? 'arm64' : 'amd64'}`;
const BINARY = join(ROOT, 'e2e', 'target', 'redis', `redis-server-7.0.15-${MACHINE}`);

/** A real Redis on a free port; the build has put its program below `target`. */
export class Redis {
  static async start(t) {
    const redis = new Redis(await freePort(), await mkdtemp(join(tmpdir(), 'carillon-redis-')));
    t.after(() => redis.stop());
    await redis.start();
    return redis;
  }

  constructor(port, directory) {
    this.port = port;
    this.directory = directory;
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start() {
    await chmod(BINARY, 0o755);
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.directory];
    this.process = spawn(BINARY, options, { stdio: 'ignore' });
    const answers = () =>
      new Promise((resolve) => {
        const socket = connect(this.port, '127.0.0.1', () => resolve(true) ?? socket.destroy());
        socket.once('error', () => resolve(false));
      });
    await until(answers, 'Redis answers');
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await ended;
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** So many servers that are one through that Redis, each ready. */
export async function startNodes(t, redis, count, configuration = {}) {
  const scaling = { enabled: true, node_lease: 2, redis: { url: redis.url } };
  const nodes = [];
  for (let i = 0; i < count; i++) {
    const node = await Server.start({ ...configuration, scaling });
    t.after(() => node.dispose());
    nodes.push(node);
  }
  for (const node of nodes) {
    await until(() => node.ready(), 'the node is ready');
  }
  return nodes;
}

/** One port before several nodes: each connection goes to the next one that is ready, or to a preferred one. */
export class Balancer {
  #nodes;
  #next = 0;
  #preferred = null;

  static async start(t, nodes) {
    const balancer = new Balancer(nodes);
    const server = createServer((client) => balancer.#pass(client));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    balancer.port = server.address().port;
    t.after(() => server.close());
    return balancer;
  }

  constructor(nodes) {
    this.#nodes = nodes;
  }

  /** From now on connections go to that node, as long as it is ready. */
  prefer(node) {
    this.#preferred = node;
  }

  #candidates() {
    const first = this.#next++ % this.#nodes.length;
    const inTurn = [...this.#nodes.slice(first), ...this.#nodes.slice(0, first)];
    return this.#preferred === null ? inTurn : [this.#preferred, ...inTurn];
  }

  async #pass(client) {
    client.on('error', () => client.destroy());
    for (const node of this.#candidates()) {
      if (await node.ready().catch(() => false)) {
        const server = connect(node.port, '127.0.0.1');
        server.on('error', () => client.destroy());
        client.on('close', () => server.destroy());
        server.on('close', () => client.destroy());
        client.pipe(server).pipe(client);
        return;
      }
    }
    client.destroy();
  }
}

/** An application's own server, which remembers the channels that it was told to be occupied. */
export class Told {
  occupied = new Set();

  static async start(t) {
    const told = new Told();
    const server = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        const { events } = JSON.parse(body);
        events.forEach(({ name, channel }) => name === 'channel_occupied' && told.occupied.add(channel));
        response.end();
      });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    told.url = `http://127.0.0.1:${server.address().port}/`;
    return told;
  }
}

/** Publishes, and lets clients subscribe to channels of their own, until it is stopped. */
export class Load {
  accepted = [];
  subscribed = new Set();
  #going = true;
  #ended;

  constructor(server, channel, clients) {
    this.#ended = this.#go(server, channel, clients);
  }

  async #go(server, channel, clients) {
    for (let i = 0; this.#going; i++) {
      await sdk(server)
        .trigger(channel, 'load', i)
        .then(() => this.accepted.push(i), this.#refused);
      const name = channelName();
      const { client } = clients[i % clients.length];
      client.pusher.subscribe(name).bind('pusher:subscription_succeeded', () => this.subscribed.add(name));
      await pause(20);
    }
  }

  /** Connections that end and 503 are an application's to try again; anything else is a mistake. */
  #refused(error) {
    if (error.status !== undefined && error.status !== 503) {
      throw error;
    }
  }

  async stop() {
    this.#going = false;
    await this.#ended;
  }
}
