// What every journey needs: a running Flusso, a browser in the shapes people have, and the eye that looks at every page.
// Knows nothing of particular pages.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const HERE = dirname(fileURLToPath(import.meta.url));
const SHOTS = join(HERE, 'shots');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/// Where Flusso keeps its data here: in memory, where there is such a place, for no journey cuts the power.
const ROOM = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const START_MS = 20_000;
const STOP_MS = 15_000;

/// Journeys in the order they were written down; `run.mjs` walks them.
export const journeys = [];

/// Writes down one journey: a sentence, and what to do. It gets `{ browser, open }`. What is `long` the gate leaves out.
export function journey(name, walk, { long = false } = {}) {
  journeys.push({ name, walk, long });
}

// --- Flusso -------------------------------------------------------------------------------------------------------------

/// An empty folder for the data of a Flusso.
export const newFolder = () => mkdtempSync(join(ROOM, 'flusso-journey-'));

/// Starts Flusso on an empty folder, or on the folder of an earlier one, and waits until it listens.
/// `setup` is the address of the first page, while nobody has set it up. `stop` ends it in order, `kill` as a power cut does,
/// both leaving the folder; `remove` takes the folder away too.
export async function start({ binary = process.env.FLUSSO_BINARY, folder, args = [], env = {} } = {}) {
  assert.ok(binary && existsSync(binary), 'FLUSSO_BINARY must name a built flusso');
  const home = folder ?? newFolder();
  const data = join(home, 'flusso.redb');
  const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FLUSSO_')));
  const child = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', ...args], {
    cwd: home,
    env: { ...outside, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  const url = await new Promise((resolve, reject) => {
    const fail = (why) => {
      child.kill('SIGKILL');
      reject(new Error(`${why}; it said:\n${output}`));
    };
    const late = setTimeout(() => fail(`Flusso does not listen after ${START_MS} ms`), START_MS);
    const read = (bytes) => {
      output += bytes;
      const found = /Listening on (http:\/\/\S+)\r?\n/.exec(output);
      if (found) {
        clearTimeout(late);
        resolve(found[1]);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', (error) => { clearTimeout(late); fail(error.message); });
    ended.then(({ code }) => { clearTimeout(late); fail(`Flusso ended with ${code} before it listened`); });
  });
  const end = (signal) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  const flusso = {
    url,
    data,
    folder: home,
    pid: child.pid,
    output: () => output,
    async setup() {
      const until = Date.now() + 2000;
      for (;;) {
        const found = /Open (http:\/\/\S+)/.exec(output);
        if (found || Date.now() > until) return found?.[1] ?? null;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const { code, signal } = await end('SIGTERM');
      clearTimeout(late);
      assert.equal(code, 0, `Flusso did not stop in order (${code ?? signal}); it said:\n${output}`);
    },
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
  return flusso;
}

// --- the browser --------------------------------------------------------------------------------------------------------

/// Without windows of its own first: it takes a third of the time.
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/// The one browser of a test run.
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path)),
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/// The shapes in which people meet a page.
export const SHAPES = {
  desk: DESK,
  dark: { ...DESK, colorScheme: 'dark' },
  phone: PHONE,
  plain: { ...DESK, javaScriptEnabled: false },
  'dark-phone': { ...PHONE, colorScheme: 'dark' },
  'plain-phone': { ...PHONE, javaScriptEnabled: false },
};

/// With scripts and without, at a desk and on a phone: how every journey is walked.
export const ALL = ['desk', 'phone', 'plain', 'plain-phone'];

const OPPOSITES = [['desk', 'plain-phone'], ['phone', 'plain']];
let turn = 0;

/// Every shape for one journey, as `{ shape, long }`: the gate walks two opposites, so that scripts, none, a desk and a phone all
/// come, and the next journey takes the other two; all four come in the long walk.
export function inTurn() {
  const now = OPPOSITES[turn % OPPOSITES.length];
  turn += 1;
  return ALL.map((shape) => ({ shape, long: !now.includes(shape) }));
}

const watched = new WeakMap();
const plain = new WeakSet();

/// Opens a page in one of the shapes, in a language, with everything it says and asks for written down.
export async function open(browser, shape = 'desk', { locale = 'it-IT', ...more } = {}) {
  assert.ok(SHAPES[shape], `no shape "${shape}"`);
  const wanted = { reducedMotion: 'reduce', locale, ...SHAPES[shape], ...more };
  const context = await browser.newContext(wanted);
  if (wanted.javaScriptEnabled === false) plain.add(context);
  context.setDefaultTimeout(30_000);
  await context.addInitScript(() => {
    window.addEventListener('securitypolicyviolation', (event) => {
      console.error(`content security policy: ${event.effectiveDirective} refused ${event.blockedURI}`);
    });
  });
  context.on('page', watch);
  return context.newPage();
}

function watch(page) {
  const seen = { errors: [], requests: [] };
  watched.set(page, seen);
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) seen.errors.push(message.text());
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('request', (request) => seen.requests.push(request.url()));
}

/// Takes back what the page has said so far, where a journey provokes an error on purpose; gives it to look at.
export function forgive(page) {
  return watched.get(page).errors.splice(0);
}

// --- the eye ------------------------------------------------------------------------------------------------------------

/// Everything wrong with a page that no page may have wrong, a sentence each.
export async function faults(page) {
  await page.waitForLoadState();
  const { errors, requests } = watched.get(page);
  const found = errors.map((text) => `the console says: ${text}`);
  const home = new URL(page.url()).host;
  for (const address of new Set(requests)) {
    const { protocol, host } = new URL(address);
    if (['http:', 'https:', 'ws:', 'wss:'].includes(protocol) && host !== home) found.push(`it asks another host: ${address}`);
  }
  const seen = await page.evaluate(() => ({
    title: document.title.trim(),
    headings: document.querySelectorAll('h1').length,
    language: document.documentElement.lang,
  }));
  if (seen.title === '') found.push('its title is empty');
  if (seen.headings !== 1) found.push(`it has ${seen.headings} h1, not one`);
  found.push(...(await sideways(page)));
  return found.concat(await accessibility(page));
}

/// What axe finds. It goes in through DevTools, past the page's policy and its being without scripts; only timers never come
/// where scripts are off, so there its short ones run at once, and its long ones, which give up on slow styles, not at all.
async function accessibility(page) {
  // What sticks to an edge covers, on a page that is scrolled, things that are not in the way.
  await page.evaluate(() => window.scrollTo(0, 0));
  if (plain.has(page.context())) {
    await page.evaluate(() => {
      window.setTimeout = (run, ms = 0, ...rest) => {
        if (ms < 100) Promise.resolve().then(() => run(...rest));
        return 0;
      };
    });
  }
  await page.evaluate(AXE);
  return page.evaluate(async (runOnly) => {
    const result = await window.axe.run(document, { runOnly, preload: false });
    return result.violations.map((rule) => `axe ${rule.id}: ${rule.help}: ${rule.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  }, AXE_TAGS);
}

/// Whether a page is wider than its window; one seen on a phone is looked at on the smallest phone too. `others` are more widths.
export async function sideways(page, others) {
  const size = page.viewportSize();
  const widths = others ?? (size.width < 400 ? [320] : []);
  const found = [];
  for (const width of [size.width, ...widths]) {
    if (width !== size.width) await page.setViewportSize({ ...size, width });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) found.push(`it scrolls sideways: ${wide} wide in a window of ${width}`);
  }
  if (widths.length > 0) await page.setViewportSize(size);
  return found;
}

/// Fails, naming everything, where a page has a fault.
export async function inspect(page) {
  const found = await faults(page);
  assert.equal(found.length, 0, `${page.url()} has ${found.length} faults:\n  ${found.join('\n  ')}`);
}

/// Keeps a picture of the whole page for a person to look at. The window grows to the page first, so that what sticks to an edge
/// is at that edge.
export async function shot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  const file = join(SHOTS, `${name.replaceAll(/[^\w.-]+/g, '_')}.png`);
  const size = page.viewportSize();
  await page.evaluate(() => window.scrollTo(0, 0));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (height > size.height) await page.setViewportSize({ ...size, height });
  await page.screenshot({ path: file });
  if (height > size.height) await page.setViewportSize(size);
  return file;
}
