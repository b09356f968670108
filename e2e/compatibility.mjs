// Makes target/clients.json and the tables of docs/CLIENTS.md out of what the tests have proven. Without `--write` it
// fails if the document says anything else.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proven } from './lib/compatibility.mjs';
import { ROOT } from './lib/product.mjs';

const DOCUMENT = join(ROOT, 'docs', 'CLIENTS.md');
const GENERATED = /(<!-- generated: node e2e\/compatibility.mjs --write -->\n)[^]*(<!-- end -->)/;

/** One table: a row a client, a column a feature that any of them was shown to have; and what the columns mean. */
function markdown({ title, features, rows }) {
  const columns = Object.keys(features);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    `## ${title}`,
    '',
    line(['', 'version', ...columns]),
    line(['---', '---', ...columns.map(() => ':-:')]),
    ...rows.map(({ name, version, features }) =>
      line([name, version, ...columns.map((column) => (features.includes(column) ? '✓' : ''))]),
    ),
    '',
    line(['✓ under', 'shown by a test']),
    line(['---', '---']),
    ...Object.entries(features).map(line),
    '',
  ].join('\n');
}

/** The lines that only one of the texts has. */
function differences(written, generated) {
  const [is, shouldBe] = [written.split('\n'), generated.split('\n')];
  return [
    ...is.filter((line) => !shouldBe.includes(line)).map((line) => `- ${line}`),
    ...shouldBe.filter((line) => !is.includes(line)).map((line) => `+ ${line}`),
  ].join('\n');
}

const tables = proven();
writeFileSync(join(ROOT, 'e2e', 'target', 'clients.json'), `${JSON.stringify(tables, null, 2)}\n`);
const written = readFileSync(DOCUMENT, 'utf8');
if (!GENERATED.test(written)) {
  throw new Error(`${DOCUMENT} has no place for the tables: no text matches ${GENERATED}`);
}
const generated = written.replace(GENERATED, (_, begin, end) => `${begin}\n${tables.map(markdown).join('\n')}\n${end}`);
if (process.argv.includes('--write')) {
  writeFileSync(DOCUMENT, generated);
} else if (written !== generated) {
  console.error(`e2e: docs/CLIENTS.md does not say what the tests have proven:\n${differences(written, generated)}`);
  console.error('e2e: this writes it anew: node e2e/compatibility.mjs --write');
  process.exitCode = 1;
}
