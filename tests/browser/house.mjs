// What journeys through the panel share: houses prepared once and copied for each journey, walks in every shape, the API, and
// programs on loopback that stand in for the world outside.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn, journey, newFolder, open, shot, start } from './kit.mjs';

export const PASSWORD = 'una frase abbastanza lunga';
const PACK = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'starter-pack');

/// A flow of the starter pack.
export const starter = (name) => JSON.parse(readFileSync(join(PACK, `${name}.json`), 'utf8'));

// --- houses -------------------------------------------------------------------------------------------------------------

const houses = new Map();
const LOCALES = { it: 'it-IT', en: 'en-GB' };

/// Fills the form of the first page, and presses its button.
export async function setUp(page, flusso) {
  await page.goto(await flusso.setup());
  await page.fill('#name', 'Anna');
  await page.fill('#password', PASSWORD);
  await page.click('main form button');
  await page.waitForURL(/\/first$/);
}

/// A house as it is after `furnish`: its folder, the cookie of its owner, a key of its API. Made once in a test run.
function house(browser, furnish) {
  if (!houses.has(furnish)) houses.set(furnish, build(browser, furnish));
  return houses.get(furnish);
}

async function build(browser, furnish) {
  const before = furnish === tried ? null : await house(browser, tried);
  const flusso = await start({ folder: before ? copy(before.folder) : undefined });
  const page = await open(browser, 'desk', before ? { storageState: before.state } : {});
  try {
    if (before) flusso.key = before.key;
    await furnish(flusso, page);
    const state = await page.context().storageState();
    await flusso.stop();
    return { folder: flusso.folder, key: flusso.key, state };
  } catch (error) {
    await flusso.remove();
    throw error;
  } finally {
    await page.context().close();
  }
}

/// Set up with "try it now" ticked: a simulator and three automations. What all other houses begin from.
export async function tried(flusso, page) {
  await setUp(page, flusso);
  await page.goto(`${flusso.url}/settings/keys`);
  await page.fill('#name', 'Prove');
  for (const box of await page.locator('input[name=scope]').all()) await box.check();
  await page.click('main form.card .button-primary');
  flusso.key = await page.inputValue('#key');
}

function copy(folder) {
  const own = newFolder();
  cpSync(folder, own, { recursive: true });
  return own;
}

/// Takes the prepared houses away.
export async function tearDown() {
  for (const made of houses.values()) await made.then(({ folder }) => rmSync(folder, { recursive: true, force: true }), () => {});
}

// --- walks --------------------------------------------------------------------------------------------------------------

/// One journey in one shape, in a house of its own: `use(page, flusso, keep)`.
export function walk(shape, use, { furnish = tried, language = 'it', tag = '', ...more } = {}) {
  return async ({ browser, open: opened }) => {
    const made = await house(browser, furnish);
    const flusso = await start({ folder: copy(made.folder) });
    flusso.key = made.key;
    try {
      const page = await opened(shape, { storageState: made.state, locale: LOCALES[language], ...more });
      if (language !== 'it') await speak(page, flusso, language);
      // Without scripts a page looks as it does with them.
      const keep = (name) => (shape.startsWith('plain') ? null : shot(page, `${name}-${shape}${tag}`));
      await use(page, flusso, keep, shape);
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  };
}

/// The same journey in every shape; `also` has more of them for the long walk, as `{ shape, language }`.
export function everywhere(name, use, { also = [], ...options } = {}) {
  for (const { shape, long } of inTurn()) journey(`${name}, ${shape}`, walk(shape, use, options), { long });
  for (const { shape, language } of also) {
    const tag = language ? `-${language}` : '';
    journey(`${name}, ${shape}${tag}`, walk(shape, use, { ...options, language, tag }), { long: true });
  }
}

/// The owner's language is kept with the owner, so another language is chosen where they choose it.
export async function speak(page, flusso, language) {
  await page.goto(`${flusso.url}/settings/account`);
  await page.selectOption('#language', language);
  await page.click('form[action$="/look"] button');
  await page.waitForSelector(`html[lang=${language}]`);
}

// --- the outside --------------------------------------------------------------------------------------------------------

/// Asks the API, and gives what it answers.
export async function api(flusso, method, path, body) {
  const headers = { authorization: `Bearer ${flusso.key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${flusso.url}/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/// Moves the clock of this house.
export async function later(flusso, ahead) {
  const headers = { authorization: `Bearer ${flusso.key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${flusso.url}/test/clock`, { method: 'POST', headers, body: JSON.stringify({ ahead }) });
  assert.ok(answer.ok, `the clock: ${answer.status} ${await answer.text()}`);
}

/// Asks again until `holds` says yes, and gives what was found.
export async function until(find, holds = Boolean) {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await find();
    if (holds(found)) return found;
    assert.ok(Date.now() < end, `it did not come to be: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/// An invented person says something to the simulator; gives their contact.
export async function says(flusso, contact, text) {
  const { items } = await api(flusso, 'GET', '/channels');
  const { hook_url } = items.find(({ kind }) => kind === 'simulator');
  const headers = { authorization: `Bearer ${flusso.key}`, 'content-type': 'application/json' };
  const answer = await fetch(hook_url.replace(/^.*(?=\/hooks\/)/, flusso.url), { method: 'POST', headers, body: JSON.stringify({ contact, text }) });
  assert.ok(answer.ok, `${contact} could not say it: ${answer.status} ${await answer.text()}`);
}

/// A provider on loopback. `answer(request)` gives `[status, body]` and may change while it runs; `seen` has the bodies.
export async function provider(use) {
  const fake = { seen: [], answer: ({ to }) => [200, { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id: `wamid.fake.${fake.seen.length}` }] }] };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (bytes) => { text += bytes; });
    request.on('end', () => {
      const body = text.startsWith('{') ? JSON.parse(text) : {};
      fake.seen.push(body);
      const [status, said] = fake.answer(body);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(said));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.url = `http://127.0.0.1:${server.address().port}`;
  try {
    return await use(fake);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/// How Meta refuses for good: the number is not on WhatsApp.
export const REFUSED = [400, { error: { message: 'Message undeliverable', type: 'OAuthException', code: 131026, fbtrace_id: 'x' } }];

const NUMBER = '106540352242922';
const APP_SECRET = 'app-secret-of-the-shop';

/// Makes a WhatsApp channel whose provider is this address.
export function whatsapp(flusso, url, name = 'Negozio') {
  const settings = { phone_number_id: NUMBER, access_token: 'EAAG-token', app_secret: APP_SECRET, verify_token: 'verify-me', base_url: url, allow_private_addresses: true };
  return api(flusso, 'POST', '/channels', { kind: 'whatsapp', name, settings });
}

/// Posts a webhook to a WhatsApp channel, signed as Meta does. `value` has what came: messages, statuses, contacts.
export async function hook(flusso, channel, value, secret = APP_SECRET) {
  const about = { messaging_product: 'whatsapp', metadata: { display_phone_number: '393510001111', phone_number_id: NUMBER } };
  const change = { field: 'messages', value: { ...about, ...value } };
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes: [change] }] });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
  const answer = await fetch(channel.hook_url.replace(/^.*(?=\/hooks\/)/, flusso.url), { method: 'POST', headers, body });
  return answer.status;
}

/// What a person on WhatsApp sends, to be put into a webhook.
export function inbound(from, name, message) {
  const now = Math.floor(Date.now() / 1000).toString();
  const messages = [{ from, id: `wamid.in.${from}.${now}.${Math.random()}`, timestamp: now, ...message }];
  return { contacts: [{ profile: { name }, wa_id: from }], messages };
}
