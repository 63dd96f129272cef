// The kit looks at itself: it finds nothing on a good page, the one fault on a page with one, and starts what says it listens.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHAPES, faults, forgive, inspect, journey, shot, start } from './kit.mjs';

const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'";
const STYLE = `:root { color-scheme: light dark } body { font: 1rem/1.5 sans-serif; margin: 1rem }
.wide { min-width: 344px; height: 1rem }`;
const SCRIPT = `document.querySelector('#live').textContent = 'alive'`;

/// A page that is right but for what is put in its head and body.
const html = ({ title = 'A page', head = '', body = '<h1>A page</h1>' } = {}) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="/app.css"><link rel="icon" href="/icon.svg">${head}</head>
<body><main>${body}<p id="live">still</p></main><script src="/app.js"></script></body></html>`;

/// Every page with exactly one fault, and the words that must be said of it.
const BROKEN = {
  '/no-title': [{ title: ' ' }, ['its title is empty', 'axe document-title']],
  '/no-heading': [{ body: '<p>Nothing</p>' }, ['it has 0 h1', 'axe page-has-heading-one']],
  '/two-headings': [{ body: '<h1>One</h1><h1>Two</h1>' }, ['it has 2 h1']],
  '/wide': [{ body: '<h1>A page</h1><pre>' + 'wide '.repeat(400) + '</pre>' }, ['it scrolls sideways']],
  '/no-label': [{ body: '<h1>A page</h1><input>' }, ['axe label']],
  '/inline': [{ body: '<h1>A page</h1><script>document.title = "changed"</script>' }, ['content security policy']],
  '/elsewhere': [{ body: '<h1>A page</h1><img alt="" src="http://localhost:9/x.png">' }, ['it asks another host', 'the console says']],
  '/missing': [{ body: '<h1>A page</h1><img alt="" src="/nowhere.png">' }, ['the console says']],
  '/throws': [{ head: '<script src="/throws.js"></script>' }, ['the console says: Error: thrown']],
};

/// Serves those pages on a free port while `use` runs.
async function served(use) {
  const server = createServer((request, response) => {
    const send = (status, type, text) => {
      response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': POLICY });
      response.end(text);
    };
    if (request.url === '/app.css') return send(200, 'text/css', STYLE);
    if (request.url === '/app.js') return send(200, 'text/javascript', SCRIPT);
    if (request.url === '/throws.js') return send(200, 'text/javascript', 'throw new Error("thrown")');
    if (request.url === '/icon.svg') return send(200, 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>');
    if (request.url === '/fits-390') return send(200, 'text/html', html({ body: '<h1>A page</h1><div class="wide"></div>' }));
    if (request.url === '/') return send(200, 'text/html', html());
    const broken = BROKEN[request.url];
    return broken ? send(200, 'text/html', html(broken[0])) : send(404, 'text/plain', 'nothing');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

journey('a good page has no fault in any shape', ({ open }) => served(async (url) => {
  for (const shape of Object.keys(SHAPES)) {
    const page = await open(shape);
    await page.goto(url);
    await inspect(page);
    assert.equal(await page.textContent('#live'), shape.startsWith('plain') ? 'still' : 'alive');
    const file = await shot(page, `kit-${shape}`);
    assert.ok(existsSync(file) && statSync(file).size > 1000);
  }
}));

journey('a shape is what it says', ({ open }) => served(async (url) => {
  const facts = () => ({
    width: innerWidth,
    touch: navigator.maxTouchPoints > 0,
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    language: navigator.language,
  });
  const seen = {};
  for (const [shape, more] of [['desk', {}], ['dark', {}], ['phone', { locale: 'en-GB' }]]) {
    const page = await open(shape, more);
    await page.goto(url);
    seen[shape] = await page.evaluate(facts);
  }
  assert.deepEqual(seen, {
    desk: { width: 1280, touch: false, dark: false, language: 'it-IT' },
    dark: { width: 1280, touch: false, dark: true, language: 'it-IT' },
    phone: { width: 390, touch: true, dark: false, language: 'en-GB' },
  });
}));

/// The pages with faults, each looked at in this shape.
async function caught(open, url, shape, paths) {
  for (const path of paths) {
    const words = BROKEN[path][1];
    const page = await open(shape);
    await page.goto(url + path);
    const found = await faults(page);
    for (const word of words) assert.ok(found.some((fault) => fault.includes(word)), `${path}: no "${word}" in ${JSON.stringify(found)}`);
    const others = found.filter((fault) => !fault.startsWith('the console says') && !words.some((word) => fault.includes(word)));
    assert.deepEqual(others, [], path);
  }
}

journey('a page with one fault is caught', ({ open }) => served((url) => caught(open, url, 'desk', Object.keys(BROKEN))));

journey('a page too wide for a phone, or wrong without scripts, is caught there', ({ open }) => served(async (url) => {
  await caught(open, url, 'phone', ['/wide']);
  await caught(open, url, 'plain', ['/no-label', '/two-headings']);
}));

journey('a page that fits a phone but not the smallest is caught', ({ open }) => served(async (url) => {
  const page = await open('phone');
  await page.goto(`${url}/fits-390`);
  assert.deepEqual(await faults(page), ['it scrolls sideways: 360 wide in a window of 320']);
  assert.equal(page.viewportSize().width, 390);
}));

journey('an error provoked on purpose can be forgiven, and only that one', ({ open }) => served(async (url) => {
  const page = await open();
  await page.goto(`${url}/missing`);
  assert.match(forgive(page).join(), /404/);
  await inspect(page);
  await page.goto(`${url}/missing`);
  await assert.rejects(inspect(page), /the console says/);
}));

/// Runs `use` with the path of a program that stands in for Flusso.
async function standIn(code, use) {
  const folder = mkdtempSync(join(tmpdir(), 'flusso-stand-in-'));
  const binary = join(folder, 'flusso');
  writeFileSync(binary, `#!${process.execPath}\n${code}\n`);
  chmodSync(binary, 0o755);
  try {
    await use(binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const LISTENS = `
const [, , verb, , data, , listen] = process.argv;
if (verb !== 'serve' || listen !== '127.0.0.1:0' || process.env.FLUSSO_LOG) process.exit(2);
const server = require('node:http').createServer((request, response) => response.end(data));
server.listen(0, '127.0.0.1', () => {
  const at = 'http://127.0.0.1:' + server.address().port;
  console.log('Listening on ' + at);
  console.log('Open ' + at + '/setup?k=abc123');
});
process.on('SIGTERM', () => process.exit(0));`;

journey('the kit starts Flusso, reads where it listens, and stops it', () => standIn(LISTENS, async (binary) => {
  process.env.FLUSSO_LOG = 'must not reach it';
  const flusso = await start({ binary });
  delete process.env.FLUSSO_LOG;
  assert.equal(await (await fetch(flusso.url)).text(), flusso.data);
  assert.equal(await flusso.setup(), `${flusso.url}/setup?k=abc123`);
  await flusso.stop();
  const again = await start({ binary, folder: flusso.folder });
  assert.equal(again.data, flusso.data);
  await again.kill();
  await again.remove();
  assert.ok(!existsSync(flusso.folder));
}));

journey('a Flusso that does not listen, or does not stop in order, is said', async () => {
  await standIn('console.error("the file is in use"); process.exit(78);', (binary) =>
    assert.rejects(start({ binary }), /ended with 78[^]*the file is in use/));
  await standIn(LISTENS.replace('process.exit(0)', 'process.exit(3)'), async (binary) => {
    const flusso = await start({ binary });
    await assert.rejects(flusso.stop(), /did not stop in order/);
    await flusso.remove();
  });
});
