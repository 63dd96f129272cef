// The pages about people: the simulator, contacts, and starting an automation by hand.

import assert from 'node:assert/strict';
import { api, everywhere, says } from './house.mjs';
import { inspect } from './kit.mjs';

/// Writes as the person who is talking.
async function say(page, text) {
  await page.fill('.compose textarea', text);
  await page.click('.compose button');
}

/// Two people who have written.
async function two(flusso) {
  await api(flusso, 'PATCH', `/flows/${(await api(flusso, 'GET', '/flows')).items[0].id}`, {}).catch(() => {});
  for (const name of ['giulia', 'marco']) await says(flusso, name, 'listino');
}

everywhere('an invented person talks and presses', async (page, flusso, keep, shape) => {
  await page.goto(`${flusso.url}/simulator`);
  await say(page, 'ciao');
  await page.waitForSelector('.bubble-choices button');
  await page.waitForSelector('.chat-why');
  await page.locator('.chat-why summary').first().click();
  await inspect(page);
  await keep('simulator');
  const before = await page.locator('.bubble').count();
  await page.locator('.bubble-choices button').first().click();
  await page.waitForFunction((count) => document.querySelectorAll('.bubble').length > count, before);
  await inspect(page);
  await keep('simulator-pressed');
  await page.locator('details:has(#person-name) > summary').click();
  await page.fill('#person-name', 'Bruno Neri');
  await page.locator('details:has(#person-name) form button').click();
  await page.waitForSelector('.people a[aria-current]:has-text("Bruno")');
  await inspect(page);
  // What they say elsewhere comes by itself, or with a reload where there are no scripts.
  const bruno = (await api(flusso, 'GET', '/contacts')).items.find(({ name }) => name === 'Bruno Neri');
  await says(flusso, bruno.addresses[0].address, 'listino');
  if (shape.startsWith('plain')) await page.reload();
  await page.waitForSelector('.bubble:has-text("listino")');
}, { also: [{ shape: 'dark' }, { shape: 'phone', language: 'en' }] });

everywhere('a contact is found, written to, tagged and edited', async (page, flusso, keep, shape) => {
  await page.goto(`${flusso.url}/contacts?q=giu`);
  await inspect(page);
  await keep('contacts');
  await page.click('.rows .name');
  await page.waitForSelector('#chat');
  await say(page, 'Ciao, sono Anna in persona');
  await page.waitForSelector('.bubble:has-text("in persona")');
  if (shape.startsWith('plain')) await page.waitForSelector('#flash .banner');
  await inspect(page);
  await keep('contact');
  await page.reload();
  await page.fill('#new-tag', 'cliente');
  await page.click('#new-tag + button');
  await page.waitForSelector('.tag-button');
  await page.goto(`${page.url().replace(/[?#].*/, '')}/edit`);
  await inspect(page);
  await keep('contact-edit');
  // A field of the pack is named in words; the first that is open for a name of one's own is new.
  const own = await page.locator('[name^="fields."][name$=".name"]:visible').first().getAttribute('name');
  await page.fill(`[name="${own}"]`, 'città');
  await page.fill(`[name="${own.replace(/name$/, 'value')}"]`, 'Padova');
  await page.click('main form.card .button-primary');
  await page.waitForSelector('dd:has-text("Padova")');
  await page.goto(`${page.url().replace(/[?#].*/, '')}/delete`);
  await inspect(page);
  await keep('contact-delete');
  await page.click('.button-bad');
  await page.waitForURL(/contacts$/);
  assert.equal(await page.locator('.rows .name').count(), 1);
  await page.goto(`${flusso.url}/contacts/new`);
  await inspect(page);
  await keep('contact-new');
}, { furnish: two, also: [{ shape: 'dark' }, { shape: 'desk', language: 'en' }] });

/// Chooses the welcome, starts it, and looks at what became of it.
async function started(page, flusso, count) {
  await page.waitForSelector('input[type=checkbox][name=contact]');
  const wanted = await page.locator('#flow option').filter({ hasText: 'Benvenuto' }).getAttribute('value');
  if ((await page.inputValue('#flow')) !== wanted) {
    await page.selectOption('#flow', wanted);
    if (!(await page.locator('html.js').count())) await page.click('form[method="get"][action="/contacts/start"] button');
    await page.waitForSelector(`form[method="post"] input[name=flow][value="${wanted}"]`, { state: 'attached' });
  }
  await inspect(page);
  assert.equal(await page.locator('input[name=contact]:checked').count(), count);
  await page.click('main form .button-primary');
  await page.waitForSelector('.list .badge');
  assert.equal(await page.locator('.list .badge-good').count(), count, await page.textContent('main'));
}

everywhere('an automation is started by hand from a contact, a chat, a list and a flow', async (page, flusso, keep) => {
  await page.goto(`${flusso.url}/contacts?q=giu`);
  await page.click('.rows .name');
  await page.click('main a[href^="/contacts/start"]');
  await keep('start');
  await started(page, flusso, 1);
  await inspect(page);
  await keep('started');
  await page.goto(`${flusso.url}/simulator`);
  await page.click('main a[href^="/contacts/start"]');
  await started(page, flusso, 1);
  await page.goto(`${flusso.url}/contacts`);
  for (const box of await page.locator('input[name=contact]').all()) await box.check();
  await page.click('.bulk button');
  await started(page, flusso, 2);
  const { id } = (await api(flusso, 'GET', '/flows')).items.find(({ name }) => name === 'Benvenuto');
  await page.goto(`${flusso.url}/flows/${id}/edit`);
  await page.click(`a[href="/contacts?flow=${id}"]`);
  await page.waitForSelector('#contacts .banner');
  await inspect(page);
  await keep('start-choose');
  await page.locator('input[name=contact]').first().check();
  await page.click('.bulk button');
  assert.equal(await page.inputValue('#flow'), id, 'the flow is chosen already');
  await started(page, flusso, 1);
  const { items } = await api(flusso, 'GET', `/runs?flow=${id}&state=any`);
  assert.equal(items.length, 5);
}, { furnish: two, also: [{ shape: 'desk', language: 'en' }] });
