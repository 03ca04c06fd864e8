// A guest's whole life: the bot's buttons, a file, a person who takes over, the end, a new beginning, signing in and out.
// Frames are those of the vendor's mobile clients. An org of its own whose clock stands, so that nothing depends on when.

import { randomUUID } from 'node:crypto';

import { Messenger } from './messenger.mjs';
import { base, report } from './program.mjs';
import { message as checkMessage } from './strict.mjs';

const healthCheck = 'SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=';
const facts = {};

async function json(url, options = {}) {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
const post = (url, body, method = 'POST') => json(url, { method, body: JSON.stringify(body) });

const org = await post(`${base}/__admin/orgs`, { name: 'A life', ttl: '1h' });
const admin = `${base}/__admin/orgs/${org.id}`;
await post(`${admin}/clock`, { freeze: true }, 'PUT');
const advance = (span) => post(`${admin}/clock`, { advance: span }, 'PUT');
const conversations = async () => (await json(`${admin}/conversations`)).entities;
const byHand = async (what, body) => {
  const { id } = (await conversations()).at(-1);
  const answer = await fetch(`${admin}/conversations/${id}/${what}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
};

/** A frame in short: nothing that is another one in the next run. */
function told({ type, class: kind, code, tracingId, body }) {
  const words = [type, kind === 'string' ? `${code} “${body}”` : kind];
  if (kind === 'SessionResponse') words.push(...Object.keys(body).filter((name) => body[name] === true));
  if (kind === 'StructuredMessage') {
    const { direction, originatingEntity, channel, text, content = [], events = [], metadata = {} } = body;
    words.push(direction, ...(originatingEntity ? [originatingEntity] : []), body.type);
    if (channel?.from?.nickname ?? channel?.from?.firstName) words.push(`from ${channel.from.nickname ?? channel.from.firstName}`);
    if (text) words.push(`“${text}”`);
    words.push(...content.map(({ contentType }) => contentType));
    words.push(...events.map(({ presence, typing }) => presence?.type ?? `typing ${typing.type} ${typing.duration}`));
    words.push(...['readOnly', 'authenticated'].filter((flag) => flag in metadata).map((flag) => `${flag}=${metadata[flag]}`));
  }
  return tracingId ? `${words.join(' ')} [${tracingId}]` : words.join(' ');
}

/** The next frames of a connection, in their order. */
async function hear(messenger, count = 1) {
  const frames = [];
  while (frames.length < count) frames.push(told(await messenger.next()));
  return frames;
}

const configure = (messenger, tracingId, more = {}) => {
  const customer = { id: messenger.token, idType: 'cookie' };
  const journeyContext = { customer, customerSession: { id: '', type: 'web' } };
  const deploymentId = org.deploymentId;
  messenger.send({ action: 'configureSession', deploymentId, startNew: false, journeyContext, tracingId, ...more });
};
const say = (messenger, tracingId, message) => {
  messenger.send({ action: 'onMessage', tracingId, message: typeof message === 'string' ? { type: 'Text', text: message } : message });
};
const event = (eventType, type) => ({ type: 'Event', events: [{ eventType, [eventType.toLowerCase()]: { type } }] });
const button = (type, { text, payload }, more = {}) => [{ contentType: 'ButtonResponse', buttonResponse: { type, text, payload, ...more } }];

/** Says something; the echo, and then what the bot makes of it. */
async function talk(messenger, tracingId, message) {
  say(messenger, tracingId, message);
  const echo = await hear(messenger);
  await advance('1s');
  return [...echo, ...(await hear(messenger))];
}

// a new session begins, and the client joins by itself
let guest = await Messenger.open(org.url, org.deploymentId);
const { token } = guest;
configure(guest, 'configure');
facts['01 new'] = await hear(guest);
say(guest, 'join', event('Presence', 'Join'));
facts['02 join'] = await hear(guest);

// a quick reply is chosen, a card's button pressed
facts['03 offered'] = await talk(guest, 'replies', 'quick replies');
const offer = guest.frames.at(-1).body;
const chosen = button('QuickReply', offer.content[1].quickReply, { originatingMessageId: offer.id });
facts['04 chosen'] = await talk(guest, 'blue', { type: 'Text', text: '', content: chosen });
facts['05 shown'] = await talk(guest, 'card', 'card');
const postback = guest.frames.at(-1).body.content[0].card.actions.find(({ type }) => type === 'Postback');
facts['06 pressed'] = await talk(guest, 'book', { type: 'Structured', text: postback.text, content: button('Button', postback) });

// a file goes up, into the conversation, and down again
const file = Buffer.from('\x89PNG\r\n\x1a\n and the rest', 'latin1');
const attachmentId = randomUUID();
const announced = { attachmentId, fileName: 'bill.png', fileType: 'image/png', fileSize: file.length, errorsAsJson: true };
guest.send({ action: 'onAttachment', tracingId: 'file', ...announced });
facts['07 announced'] = await hear(guest);
const { url, headers } = guest.frames.at(-1).body;
const put = await fetch(url, { method: 'PUT', headers: { ...headers, 'Content-Type': 'image/png' }, body: file });
facts['08 uploaded'] = [put.status, await put.json(), ...(await hear(guest))];
const attached = [{ contentType: 'Attachment', attachment: { id: attachmentId } }];
facts['09 attached'] = await talk(guest, 'bill', { type: 'Text', text: 'My bill', content: attached });
const { attachment } = guest.frames.at(-2).body.content[0];
guest.send({ action: 'getAttachment', tracingId: 'again', attachmentId });
facts['10 again'] = await hear(guest);
const again = guest.frames.at(-1).body;
const down = async (from) => file.equals(Buffer.from(await (await fetch(from)).arrayBuffer()));
facts['11 file'] = {
  upload: Object.keys(headers).length > 0,
  sameId: attachment.id === attachmentId,
  download: { headers: again.headers, fileSize: again.fileSize },
  same: [await down(attachment.url), await down(again.url)],
};

// a person takes over, and both type
facts['12 handover'] = await talk(guest, 'agent', 'agent');
await byHand('messages', { text: 'How can I help?', from: { nickname: 'Dana' } });
await byHand('typing', { duration: '5s' });
facts['13 person'] = await hear(guest, 2);
say(guest, 'typing', event('Typing', 'On'));
guest.send({ action: 'echo', tracingId: healthCheck, message: { type: 'Text', text: 'ping' } });
facts['14 alive'] = await hear(guest);
const typing = await (await fetch(`${admin}/events?type=typing&follow=false`)).text();
facts['15 typing'] = typing.match(/^event: .*$/gm).map((line) => line.replace('event: ', ''));

// the person leaves: another tab finds the session read-only, and the history has what was said here
await byHand('disconnect', {});
facts['16 left'] = await hear(guest);
say(guest, 'too late', 'One more thing');
facts['17 refused'] = await hear(guest);
const tab = await Messenger.open(org.url, org.deploymentId, token);
configure(tab, 'resume');
facts['18 resumed'] = await hear(tab);
tab.send({ action: 'getJwt', tracingId: 'jwt' });
facts['19 jwt'] = await hear(tab);
const bearer = (jwt) => ({ headers: { Authorization: `bearer ${jwt}` } });
const history = await json(`${org.url}/api/v2/webmessaging/messages?pageSize=25&pageNumber=1`, bearer(tab.frames.at(-1).body.jwt));
history.entities.forEach((entity, nth) => checkMessage(entity, `entities[${nth}]`));
const key = ({ id, channel }) => `${id} ${channel.time}`;
const times = guest.messages.map(({ channel }) => channel.time);
facts['20 history'] = {
  total: history.total,
  same: history.entities.map(key).reverse().join() === guest.messages.map(key).join(),
  timesIncrease: times.every((time, nth) => nth === 0 || times[nth - 1] < time),
};

// a new chat on the same socket; the other tab has to go
guest.send({ action: 'closeSession', closeAllConnections: true, tracingId: 'close' });
facts['21 closed'] = [...(await hear(guest)), ...(await hear(tab)), await tab.close()];
configure(guest, 'start new', { startNew: true });
facts['22 started'] = await hear(guest);
facts['23 anew'] = await talk(guest, 'hello', 'Hello again');

// cleared, and begun once more by the same token
say(guest, 'clear', event('Presence', 'Clear'));
facts['24 cleared'] = [...(await hear(guest, 3)), await guest.close()];
guest = await Messenger.open(org.url, org.deploymentId, token);
configure(guest, 'after clear');
facts['25 fresh'] = await hear(guest);
say(guest, 'third', 'Third time');
facts['26 third'] = await hear(guest);

// the guest turns out to be Alice, and signs out
const person = { subject: 'user-alice', firstName: 'Alice', lastName: 'Adams' };
const { jwt } = await post(`${admin}/person-tokens`, { deploymentId: org.deploymentId, person });
const signIn = { action: 'configureAuthenticatedSession', data: { code: jwt } };
configure(guest, 'sign in', signIn);
facts['27 signed in'] = await hear(guest, 2);
await advance('1s');
facts['28 still answered'] = await hear(guest);
say(guest, 'as Alice', 'It is me');
facts['29 authenticated'] = await hear(guest);
configure(guest, 'as guest');
facts['30 no guest'] = await hear(guest);
const revoked = await fetch(`${org.url}/api/v2/webdeployments/token/revoke`, { method: 'DELETE', ...bearer(jwt) });
facts['31 signed out'] = [revoked.status, ...(await hear(guest)), await guest.close()];
const late = await Messenger.open(org.url, org.deploymentId);
configure(late, 'revoked', signIn);
facts['32 revoked'] = [...(await hear(late)), await late.close()];
facts['33 conversations'] = (await conversations()).map(({ ending }) => ending ?? 'open');
report(facts);
