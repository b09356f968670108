import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import { APP } from './product.mjs';
import { within } from './wait.mjs';

/**
 * The requests of Pusher's PHP SDK and what it asks of the answers. It signs the path as the application gave it, whether
 * or not its HTTP client then escapes signs of it; it accepts status 200 alone; and it takes what it decodes for an
 * object: an array where an object should be ends in a TypeError.
 */
export class PhpSdk {
  #server;

  constructor(server) {
    this.#server = server;
  }

  /** What the SDK sends: `channel` for one channel, else `channels`. */
  trigger(channels, name, data, params = {}) {
    const where = channels.length === 1 ? { channel: channels[0] } : { channels };
    return this.post('/events', { name, data: JSON.stringify(data), ...where, ...params });
  }

  async triggerBatch(batch) {
    return this.post('/batch_events', { batch: batch.map((item) => ({ ...item, data: JSON.stringify(item.data) })) });
  }

  async getChannels(params) {
    const answer = await this.get('/channels', params);
    assertObject(answer.channels, 'channels');
    Object.entries(answer.channels).forEach(([name, info]) => assertObject(info, name));
    return answer;
  }

  getChannelInfo(channel, params) {
    return this.get(`/channels/${channel}`, params);
  }

  async getPresenceUsers(channel) {
    const answer = await this.get(`/channels/${channel}/users`);
    assert.ok(Array.isArray(answer.users), `users: expected an array, got ${JSON.stringify(answer)}`);
    return answer;
  }

  get(path, params = {}) {
    return this.#send('GET', path, params, '');
  }

  post(path, body) {
    return this.#send('POST', path, {}, JSON.stringify(body));
  }

  async #send(method, path, params, body) {
    const signed = `/apps/${APP.id}${path}`;
    const query = {
      auth_key: APP.key,
      auth_timestamp: String(Math.floor(Date.now() / 1000)),
      auth_version: '1.0',
      ...(body && { body_md5: createHash('md5').update(body).digest('hex') }),
      ...params,
    };
    const parameters = Object.keys(query).sort().map((key) => `${key}=${query[key]}`).join('&');
    query.auth_signature = createHmac('sha256', APP.secret).update(`${method}\n${signed}\n${parameters}`).digest('hex');
    const { status, text } = await this.#exchange(method, `${escaped(signed)}?${new URLSearchParams(query)}`, body);
    assert.equal(status, 200, text);
    const answer = JSON.parse(text);
    assertObject(answer, `${method} ${path}`);
    return answer;
  }

  #exchange(method, path, body) {
    const answer = new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json', 'X-Pusher-Library': 'pusher-http-php 7.2.7' };
      const sent = request({ host: '127.0.0.1', port: this.#server.port, method, path, headers }, async (response) => {
        let text = '';
        for await (const chunk of response) {
          text += chunk;
        }
        resolve({ status: response.statusCode, text });
      });
      sent.once('error', reject).end(body);
    });
    return within(answer, `${method} ${path}`);
  }
}

// what the HTTP client does to the signed path
function escaped(path) {
  return path.replaceAll('#', '%23').replaceAll('@', '%40');
}

function assertObject(value, what) {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  assert.ok(isObject, `${what}: expected an object, got ${JSON.stringify(value)}`);
}
