// Walks every journey of this folder, one after another, and closes with "N passed, N failed".
// `node run.mjs WORD…` walks those whose file or sentence has one of the words.

import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { journeys, launch, open, shot } from './kit.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const JOURNEY_MS = 180_000;
const words = process.argv.slice(2);

const walks = [];
for (const file of readdirSync(HERE).filter((name) => name.endsWith('.journey.mjs')).sort()) {
  const before = journeys.length;
  await import(`./${file}`);
  if (journeys.length === before) throw new Error(`${file} has no journey`);
  walks.push(...journeys.slice(before).map((one) => ({ ...one, file })));
}
const chosen = walks.filter(({ file, name }) => words.length === 0 || words.some((word) => `${file} ${name}`.includes(word)));

const browser = await launch();
let passed = 0;
let failed = 0;
for (const { file, name, walk } of chosen) {
  const began = Date.now();
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
    console.log(`ok      ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name} (${file})\n${error.stack ?? error}`);
    for (const [index, page] of pages.entries()) {
      await shot(page, `failed-${name}-${index}`).then((path) => console.log(`        ${path}`), () => {});
    }
  } finally {
    clearTimeout(late);
    await Promise.all(pages.map((page) => page.context().close().catch(() => {})));
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
