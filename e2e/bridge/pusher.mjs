// A process with pusher-js and Pusher's Node SDK, for tests in other languages: `node bridge/pusher.mjs <port> <key>`
// with the server's port and the encryption master key. It is told by lines of JSON on its standard input and answers by
// lines of JSON on its standard output; it ends with its input.
//
//   {"join": "<channel>"}                          {"joined": "<channel>"}, then each {"event": "…", "data": …}
//   {"trigger": ["<channel>", "<event>", data]}    {"status": 200}
import { createInterface } from 'node:readline';
import { Client, sdk } from '../lib/clients.mjs';

const [port, encryptionMasterKeyBase64] = process.argv.slice(2);
const server = { port: Number(port) };
const application = sdk(server, { encryptionMasterKeyBase64 });

function tell(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

async function obey({ join, trigger }) {
  if (join) {
    const client = new Client(server, { application });
    await client.reaches('connected');
    const { channel } = await client.join(join);
    channel.bind_global((event, data) => tell({ event, data }));
    return tell({ joined: join });
  }
  const { status } = await application.trigger(...trigger);
  return tell({ status });
}

for await (const line of createInterface({ input: process.stdin })) {
  await obey(JSON.parse(line));
}
process.exit(0);
