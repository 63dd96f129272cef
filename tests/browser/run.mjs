// Walks every journey of this folder, several at a time, and closes with "N passed, N failed".
// `node run.mjs WORD…` walks those whose file or sentence has one of the words; `node run.mjs --long` what the gate leaves out, all of
// it or what has one of the words behind.

import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { availableParallelism } from 'node:os';
import { tearDown } from './house.mjs';
import { journeys, launch, open, shot } from './kit.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const JOURNEY_MS = 900_000;
const LANES = Number(process.env.LANES) || Math.min(4, availableParallelism() + 1);
const words = process.argv.slice(2);

const walks = [];
for (const file of readdirSync(HERE).filter((name) => name.endsWith('.journey.mjs')).sort()) {
  const before = journeys.length;
  await import(`./${file}`);
  if (journeys.length === before) throw new Error(`${file} has no journey`);
  walks.push(...journeys.slice(before).map((one) => ({ ...one, file })));
}
const isLong = words[0] === '--long';
if (isLong) words.shift();
const isNamed = ({ file, name }) => words.length === 0 || words.some((word) => `${file} ${name}`.includes(word));
const chosen = walks.filter((one) => isNamed(one) && (isLong ? one.long : words.length > 0 || !one.long));

const browser = await launch();
const began = Date.now();
let passed = 0;
let failed = 0;
const again = [];

/// Walks one journey, and says how it went. One that fails beside others is walked once more alone: a busy machine may be late.
async function go({ file, name, walk }, isLast = false) {
  const from = Date.now();
  const pages = [];
  const opened = async (...rest) => {
    const page = await open(browser, ...rest);
    pages.push(page);
    return page;
  };
  let late;
  try {
    const limit = new Promise((_, reject) => {
      late = setTimeout(() => reject(new Error(`not done after ${JOURNEY_MS} ms`)), JOURNEY_MS);
    });
    await Promise.race([walk({ browser, open: opened }), limit]);
    passed += 1;
    console.log(`ok      ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
  } catch (error) {
    if (isLast) failed += 1;
    else again.push({ file, name, walk });
    console.log(`${isLast ? 'FAILED ' : 'again  '} ${name} (${file})\n${error.stack ?? error}`);
    for (const [index, page] of pages.entries()) {
      await shot(page, `failed-${name}-${index}`).then((path) => console.log(`        ${path}`), () => {});
    }
  } finally {
    clearTimeout(late);
    await Promise.all(pages.map((page) => page.context().close().catch(() => {})));
  }
}

// Each journey has a Flusso and a browser context of its own, so several can be under way.
const waiting = [...chosen];
const lane = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await go(next);
};
await Promise.all(Array.from({ length: LANES }, lane));
for (const journey of [...again]) await go(journey, true);
await tearDown();
await browser.close();
console.log(`${Math.round((Date.now() - began) / 1000)} s in ${LANES} lanes`);
if (again.length > 0) console.log(`${again.length} were walked twice`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
