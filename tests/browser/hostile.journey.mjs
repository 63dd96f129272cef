// A stranger writes markup wherever a stranger can write: it is shown as text on every page, and nothing of it is ever markup.

import assert from 'node:assert/strict';
import { crawl } from './crawl.mjs';
import { api, hook, inbound, provider, says, until, walk, whatsapp } from './house.mjs';
import { inspect, journey } from './kit.mjs';

/// Markup, a script, a way out of an attribute, a template and an address that runs, under a word to find it by.
const bad = (word) => `${word}"'></p></textarea><img src=x onerror=window.hostile=1><b data-hostile>{{7*7}}</b><script>window.hostile=1</script>`;
const WORDS = ['Nome', 'Testo', 'File', 'Didascalia', 'Bottone', 'Motivo', 'Illeggibile', 'Etichetta', 'Campo', 'Luogo'];

const KEEPER = {
  flusso: 1,
  name: 'Tiene tutto',
  reentry: 'restart',
  nodes: [
    { id: 'e1', kind: 'event', on: 'any_message', exits: { next: 's1' } },
    { id: 's1', kind: 'save', set: [{ field: 'contact.fields.detto', to: '{{ message.text }}' }, { field: 'run.detto', to: '{{ message.text }}' }], add_tags: ['{{ message.text }}'], exits: { next: 'm1' } },
    { id: 'm1', kind: 'message', text: '{{ contact.name }} ha scritto {{ message.text }}', exits: { next: 'w1' } },
    { id: 'w1', kind: 'wait', for: '1d', exits: { elapsed: 'm2' } },
    { id: 'm2', kind: 'message', text: 'Ancora {{ run.detto }}, {{ contact.name }}?' },
  ],
};

/// A house where strangers have written markup everywhere.
async function hostile(flusso) {
  await api(flusso, 'POST', '/flows?enable=true', KEEPER);
  await provider(async (fake) => {
    const channel = await whatsapp(flusso, fake.url);
    const said = [
      { type: 'text', text: { body: bad('Testo') } },
      { type: 'document', document: { caption: bad('Didascalia'), filename: `${bad('File')}.pdf`, mime_type: 'application/pdf', sha256: 'x', id: '1' } },
      { type: 'location', location: { latitude: 45.4, longitude: 11.9, name: bad('Luogo'), address: bad('Luogo') } },
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: bad('x'), title: bad('Bottone') } } },
    ];
    for (const message of said) await hook(flusso, channel, inbound('393331234567', bad('Nome'), message));
    fake.answer = () => [400, { error: { message: bad('Motivo'), type: bad('Motivo'), code: 135000, error_data: { details: bad('Motivo') } } }];
    await hook(flusso, channel, inbound('393330000001', bad('Nome'), { type: 'text', text: { body: bad('Testo') } }));
    await until(async () => (await api(flusso, 'GET', '/outbox?state=dead')).items.length, (count) => count > 0);
    await hook(flusso, channel, { messages: bad('Illeggibile') });
    await hook(flusso, channel, { messages: bad('Illeggibile') }, 'wrong');
    await says(flusso, 'stranger', bad('Testo'));
    const [contact] = (await api(flusso, 'GET', '/contacts')).items;
    const fields = { ...contact.fields, Campo: bad('Campo') };
    await api(flusso, 'PATCH', `/contacts/${contact.id}`, { tags: [bad('Etichetta').slice(0, 80)], fields });
    await api(flusso, 'POST', '/contacts', { name: 'W'.repeat(110), addresses: [], fields: { lungo: 'W'.repeat(300) }, tags: ['W'.repeat(70)] });
  });
}

/// What of a stranger's text has become more than text.
const injected = () => {
  const found = [...document.querySelectorAll('[data-hostile], img[src=x], script:not([src])')].map((each) => each.outerHTML);
  for (const each of document.querySelectorAll('*')) {
    for (const { name, value } of each.attributes) {
      if (name.startsWith('on') || /^\s*javascript:/i.test(value)) found.push(`${each.tagName} ${name}="${value}"`);
    }
  }
  if (window.hostile) found.push('a script ran');
  return found;
};

// Without the policy of the pages too, which would stop a script that markup let in. On a phone every page is measured as well, which
// is for the long walk.
for (const [shape, more] of [['desk', { bypassCSP: true }], ['plain', {}], ['phone', {}]]) {
  journey(`what strangers write stays text on every page, ${shape}${more.bypassCSP ? ' without the policy' : ''}`, walk(shape, async (page, flusso, keep) => {
    const shown = new Set();
    await crawl(page, flusso.url, async (kind, path, status) => {
      assert.equal(status, 200, path);
      assert.deepEqual(await page.evaluate(injected), [], path);
      const text = await page.evaluate(() => document.documentElement.textContent
        + [...document.querySelectorAll('input, textarea, img')].map((each) => each.value ?? each.alt).join());
      for (const word of WORDS) if (text.includes(`${word}"'></p>`) || text.includes(`${word}\\"'></p>`)) shown.add(word);
      if (shape !== 'phone') return;
      await inspect(page);
      if (/contacts|runs|simulator|un/.test(kind)) await keep(`hostile${kind.replaceAll(/[/?&=]+/g, '-')}`);
    }, { most: shape === 'phone' ? 1 : 4 });
    if (shape !== 'phone') assert.deepEqual(WORDS.filter((word) => !shown.has(word)), [], 'each was shown somewhere');
    if (shape !== 'desk') return;
    await page.goto(`${flusso.url}/runs`);
    await page.click('.rows .name');
    await page.click('form[action$="/hold"] .button >> nth=0');
    await page.waitForSelector('form[action$="/hold?method=delete"]');
    assert.deepEqual(await page.evaluate(injected), [], 'what is put in place by a script');
  }, { furnish: hostile, ...more }), { long: shape === 'phone' });
}
