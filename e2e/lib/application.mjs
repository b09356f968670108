import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ROOT } from './product.mjs';

const MODULES = join(ROOT, 'e2e', 'node_modules');
const FILES = {
  '/pusher.js': [join(MODULES, 'pusher-js', 'dist', 'web', 'pusher-with-encryption.js'), 'text/javascript'],
  '/pusher.worker.js': [join(MODULES, 'pusher-js', 'dist', 'worker', 'pusher-with-encryption.worker.js'), 'text/javascript'],
  '/echo.js': [join(MODULES, 'laravel-echo', 'dist', 'echo.js'), 'text/javascript'],
  '/': [join(ROOT, 'e2e', 'page', 'index.html'), 'text/html; charset=utf-8'],
  '/fallback': [join(ROOT, 'e2e', 'page', 'fallback.html'), 'text/html; charset=utf-8'],
  '/page.js': [join(ROOT, 'e2e', 'page', 'page.js'), 'text/javascript'],
  '/worker.html': [join(ROOT, 'e2e', 'page', 'worker.html'), 'text/html; charset=utf-8'],
  '/worker.js': [join(ROOT, 'e2e', 'page', 'worker.js'), 'text/javascript'],
};

async function body(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return new URLSearchParams(text);
}

/**
 * A small application with a page and an auth endpoint, as a website would have them. Its users are who the
 * query of the page says they are.
 */
export class Application {
  #sdk;
  #server;

  static async start(sdk) {
    const application = new Application(sdk);
    await new Promise((resolve) => application.#server.listen(0, '127.0.0.1', resolve));
    return application;
  }

  constructor(sdk) {
    this.#sdk = sdk;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
    });
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.url);
    if (url.pathname === '/broadcasting/auth') {
      return this.#authorize(url.searchParams.get('user'), await body(request), response);
    }
    if (url.pathname === '/favicon.ico') {
      return response.writeHead(204).end();
    }
    const [file, type] = FILES[url.pathname] ?? [];
    return file
      ? response.writeHead(200, { 'Content-Type': type }).end(await readFile(file))
      : response.writeHead(404).end();
  }

  #authorize(user, form, response) {
    const [socketId, channel] = [form.get('socket_id'), form.get('channel_name')];
    if (channel.includes('forbidden')) {
      return response.writeHead(403).end('Forbidden');
    }
    const data = channel.startsWith('presence-') ? { user_id: user, user_info: { name: user } } : undefined;
    const auth = this.#sdk.authorizeChannel(socketId, channel, data);
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(auth));
  }
}
