import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './product.mjs';

const E2E = join(ROOT, 'e2e');
const PROVEN = join(E2E, 'target', 'proven.tsv');

/** Which clients and SDKs there are in docs/CLIENTS.md, and what each can be shown to do. */
const TABLES = JSON.parse(readFileSync(join(E2E, 'compatibility.json'), 'utf8'));

/**
 * Writes down, as the last line of a test, that it has shown a feature at work with these clients or SDKs. The names
 * are those of compatibility.json.
 */
export function proves(feature, ...names) {
  names.forEach((name) => check(feature, name));
  mkdirSync(dirname(PROVEN), { recursive: true });
  appendFileSync(PROVEN, names.map((name) => `${feature}\t${name}\n`).join(''));
}

function check(feature, name) {
  const table = Object.values(TABLES).find(({ names }) => name in names);
  if (!table) {
    const known = Object.values(TABLES).flatMap(({ names }) => Object.keys(names));
    throw new Error(`no such client or SDK: got '${name}', known are '${known.join("', '")}'`);
  }
  if (!(feature in table.features)) {
    const known = Object.keys(table.features);
    throw new Error(`no such feature of ${name}: got '${feature}', known are '${known.join("', '")}'`);
  }
}

/** What the tests since the last `setup.sh` have shown: for each table its rows, and what the features mean that any has. */
export function proven() {
  if (!existsSync(PROVEN)) {
    throw new Error(`nothing is proven: no test has written ${PROVEN}`);
  }
  const lines = new Set(readFileSync(PROVEN, 'utf8').split('\n').filter(Boolean));
  lines.forEach((line) => check(...line.split('\t')));
  const has = (feature, name) => lines.has(`${feature}\t${name}`);
  return Object.values(TABLES).map(({ title, features, names }) => ({
    title,
    features: Object.fromEntries(
      Object.entries(features).filter(([feature]) => Object.keys(names).some((name) => has(feature, name))),
    ),
    rows: Object.entries(names).map(([name, source]) => ({
      name,
      version: version(source),
      features: Object.keys(features).filter((feature) => has(feature, name)),
    })),
  }));
}

/** The version that the build uses. */
function version({ npm, maven, pip }) {
  if (npm) {
    return JSON.parse(readFileSync(join(E2E, 'package.json'), 'utf8')).devDependencies[npm];
  }
  if (maven) {
    return only(join(ROOT, 'pom.xml'), new RegExp(`<${maven}\\.version>(.+)</`));
  }
  return pip ? only(join(E2E, 'python', 'requirements.txt'), new RegExp(`^${pip}==(\\S+)`, 'm')) : '–';
}

function only(file, pattern) {
  const [, found] = readFileSync(file, 'utf8').match(pattern) ?? [];
  if (!found) {
    throw new Error(`${file} has nothing that matches ${pattern}`);
  }
  return found;
}
