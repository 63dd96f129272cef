// A shop in full swing: every page has something to show.

import { REFUSED, api, hook, inbound, provider, says, until, whatsapp } from './house.mjs';

/// A flow with a node of every kind.
export const BOOKING = {
  flusso: 1,
  name: 'Prenotazione',
  reentry: 'restart',
  nodes: [
    { id: 'k1', kind: 'keyword', phrases: [{ text: 'prenota', match: 'word' }, { text: 'appuntamento', match: 'contains' }], exits: { next: 'm1' } },
    { id: 'e1', kind: 'event', on: 'tag_added', tag: 'da richiamare', exits: { next: 'm1' } },
    { id: 'm1', kind: 'message', text: 'Ciao {{ contact.name | default: "" }}, per quando vuoi prenotare?', buttons: [{ id: 'oggi', title: 'Oggi' }, { id: 'domani', title: 'Domani' }], exits: { next: 'w1', oggi: 'a1', domani: 'a1' } },
    { id: 'w1', kind: 'wait', for: '1d', reply: { save: 'run.giorno' }, window: 'business_hours', exits: { elapsed: 'm2', replied: 'c1' } },
    { id: 'c1', kind: 'condition', branches: [{ exit: 'mattina', any: [{ value: 'run.giorno', op: 'contains', to: 'mattina' }] }], exits: { mattina: 'a1', else: 's1' } },
    { id: 's1', kind: 'save', set: [{ field: 'contact.fields.giorno', to: '{{ run.giorno }}' }], add_tags: ['prenotazione'], exits: { next: 'a1' } },
    { id: 'a1', kind: 'api', method: 'POST', url: 'https://agenda.example.com/posti', body: { json: { giorno: '{{ run.giorno }}' } }, save: [{ path: '$.posto', to: 'run.posto' }], exits: { ok: 'x1', failed: 'h1', timed_out: 'h1' } },
    { id: 'x1', kind: 'split', weights: [{ exit: 'a', weight: 1 }, { exit: 'b', weight: 1 }], exits: { a: 'm3', b: 'n1' } },
    { id: 'm2', kind: 'message', text: 'Non ti abbiamo più sentito: scrivici quando vuoi.' },
    { id: 'm3', kind: 'message', text: 'Fatto: ti aspettiamo.', exits: { next: 'l1' } },
    { id: 'l1', kind: 'launch', flow: 'Listino', mode: 'continue', exits: { next: 'z1' } },
    { id: 'n1', kind: 'notify', text: 'Nuova prenotazione di {{ contact.name }}.', to: '+393331112223', exits: { next: 'm3' } },
    { id: 'h1', kind: 'handover', for: '2h', exits: { next: 'z1' } },
    { id: 'z1', kind: 'end' },
    { id: 't1', kind: 'note', text: 'Da rivedere prima di Natale.' },
  ],
};

const PEOPLE = [
  ['giulia', 'Giulia Bianchi', ['cliente', 'newsletter'], { città: 'Padova' }],
  ['marco', 'Marco Rossi', ['preventivo inviato'], { città: 'Vicenza', preventivo: '1240' }],
  ['paola', 'Paola Verdi', ['cliente'], {}],
];

/// Fills a house with it.
export async function busy(flusso) {
  await provider(async (fake) => {
    const channel = await whatsapp(flusso, fake.url, 'Negozio WhatsApp');
    await api(flusso, 'POST', '/flows?enable=true', BOOKING);
    await api(flusso, 'POST', '/flows', { ...BOOKING, name: 'Bozza', nodes: BOOKING.nodes.slice(1) });
    for (const [key, name, tags, fields] of PEOPLE) {
      await says(flusso, key, 'ciao');
      const { items } = await api(flusso, 'GET', '/contacts');
      const made = items.find(({ addresses }) => addresses.some(({ address }) => address === key));
      await api(flusso, 'PATCH', `/contacts/${made.id}`, { name, tags, fields });
    }
    await says(flusso, 'marco', 'preventivo');
    await says(flusso, 'paola', 'prenota');
    await hook(flusso, channel, inbound('393331234567', 'Luca Neri', { type: 'text', text: { body: 'listino' } }));
    await hook(flusso, channel, inbound('393331234567', 'Luca Neri', { type: 'text', text: { body: 'listino' } }), 'wrong');
    fake.answer = () => REFUSED;
    await hook(flusso, channel, inbound('393337654321', 'Sara Gallo', { type: 'text', text: { body: 'prenota per oggi' } }));
    await hook(flusso, channel, inbound('393337654322', 'Piero Costa', { type: 'text', text: { body: 'prenota per domani' } }));
    await until(async () => (await api(flusso, 'GET', '/outbox?state=dead')).items.length, (count) => count >= 2);
    await hook(flusso, channel, { messages: 'not a list of messages' });
    const flows = (await api(flusso, 'GET', '/flows')).items;
    const copied = flows.find(({ name }) => name === 'Listino');
    const copy = await api(flusso, 'POST', `/flows/${copied.id}/copies`);
    await api(flusso, 'DELETE', `/flows/${copy.id}`);
  });
}
