// Two windows of one conversation, side by side: the official JavaScript SDK is the agent's, a plain WebSocket the guest's.
// They are in an org of their own, whose clock stands until this program moves it. An agent of another org sees nothing.
//
//     cd tests/clients/node && npm ci && node two-windows.mjs http://127.0.0.1:4363

import platformClient from 'purecloud-platform-client-v2';
import WebSocket from 'ws';

import { Messenger } from './messenger.mjs';
import { base, sentBack } from './program.mjs';

const { hostname, port } = new URL(base);
const { ApiClientClass: ApiClient, ConversationsApi, NotificationsApi, PresenceApi, RoutingApi } = platformClient;

async function admin(method, path, body) {
  const answer = await fetch(`${base}/__admin${path}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const newOrg = (name) => admin('POST', '/orgs', { name, ttl: '1h', clock: '2026-01-02T09:00:00Z' });

/** The SDK with a token of the org's agent, who has signed in with a proof key. */
async function signedIn(org) {
  const [sdk, client] = [new ApiClient(), org.ids['clients.code']];
  sdk.setGateway({ host: hostname, protocol: 'http', port: Number(port) });
  const [verifier, redirectUri] = [sdk.generatePKCECodeVerifier(128), 'http://localhost:3000/'];
  const challenge = { code_challenge: await sdk.computePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  const query = new URLSearchParams({ client_id: client, redirect_uri: redirectUri, response_type: 'code', ...challenge });
  const back = await sentBack(`${base}/oauth/authorize?${query}`);
  await sdk.authorizePKCEGrant(client, verifier, back.searchParams.get('code'), redirectUri);
  return sdk;
}

/** What both windows have shown, in the order in which it came. */
const shown = [];
let now = Date.parse('2026-01-02T09:00:00Z');

/** Shows something in a window, as late as the latest time that it tells of. */
function show(window, text, told = {}) {
  const times = JSON.stringify(told).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [];
  shown.push({ window, text, at: Math.max(...times.map(Date.parse), times.length ? 0 : now) });
}

const org = await newOrg('Two windows');
const clock = (change) => admin('PUT', `/orgs/${org.id}/clock`, change);
await clock({ freeze: true });

// the agent's window: what the channel tells, and texts, which it does not tell
const sdk = await signedIn(org);
const [conversations, notifications] = [new ConversationsApi(sdk), new NotificationsApi(sdk)];
const agent = {
  id: org.ids['users.agent'],
  /** The id of the conversation that it is in. */
  conversation: undefined,
  /** How far everybody is, by their ids. */
  states: new Map(),
  /** The messages that it knows, by their ids. */
  texts: new Map(),
  own: () => [...agent.states.values()].findLast(({ purpose }) => purpose === 'agent'),

  async hear({ topicName, eventBody }) {
    if (topicName.endsWith('.presence')) return show('agent', `I am ${eventBody.presenceDefinition.systemPresence}`, eventBody);
    if (topicName.endsWith('.typing.event')) return show('agent', 'the guest is typing …', eventBody);
    agent.conversation = eventBody.id;
    for (const { id, purpose, state, messages } of eventBody.participants) {
      if (agent.states.get(id)?.state !== state) show('agent', `${purpose}: ${state}`, eventBody);
      agent.states.set(id, { id, purpose, state });
      for (const { message } of messages.filter(({ message }) => !agent.texts.has(message.id))) {
        const { textBody } = await conversations.getConversationsMessageMessage(eventBody.id, message.id);
        agent.texts.set(message.id, textBody);
        show('agent', `${purpose} says “${textBody}”`, eventBody);
      }
    }
  },
};
const channel = await notifications.postNotificationsChannels();
const topics = ['presence', 'conversations.messages', 'conversations.inbound.typing.event'];
await notifications.postNotificationsChannelSubscriptions(channel.id, topics.map((topic) => ({ id: `v2.users.${agent.id}.${topic}` })));
const desk = new WebSocket(channel.connectUri);
const events = [];
let ponged;
desk.on('message', (data) => {
  const event = JSON.parse(data);
  event.eventBody.message === 'pong' ? ponged() : events.push(event);
});
await new Promise((resolve, reject) => desk.once('open', resolve).once('error', reject));

// the guest's window: frames
const guest = await Messenger.open(base, org.deploymentId);
const say = (message) => guest.send({ action: 'onMessage', message });

function hear({ class: kind, body }) {
  if (kind === 'SessionResponse') return show('guest', body.newSession ? 'a new session' : 'the session goes on');
  const { direction, type, text, channel: { from = {} }, events: [event] = [] } = body;
  const who = direction === 'Inbound' ? 'I' : from.nickname ?? 'the bot';
  if (type === 'Text') return show('guest', who === 'I' ? `I say “${text}”` : `${who} says “${text}”`, body);
  if (event.typing) return show('guest', `${who} is typing …`, body);
  show('guest', `${who}: ${event.eventType} ${event.presence.type}`, body);
}

/** Lets a second go by, and waits until both windows have shown all that there is. */
async function settle() {
  const answer = await clock({ advance: '1s' });
  guest.send({ action: 'echo', message: { type: 'Text', text: 'all?' }, tracingId: 'all?' });
  const pong = new Promise((resolve) => (ponged = resolve));
  desk.send(JSON.stringify({ message: 'ping' }));
  for (let frame = await guest.next(); frame.tracingId !== 'all?'; frame = await guest.next()) hear(frame);
  await pong;
  for (const event of events.splice(0)) if (event.topicName !== 'channel.metadata') await agent.hear(event);
  now = Date.parse(answer.now);
}

// the agent comes to the desk, and the guest asks for a person
await new PresenceApi(sdk).patchUserPresencesPurecloud(agent.id, { presenceDefinition: { systemPresence: 'ON_QUEUE' } });
guest.send({ action: 'configureSession', deploymentId: org.deploymentId });
await settle();
say({ type: 'Text', text: 'agent' });
await settle();

// it rings, and is taken
const { id: participant } = agent.own();
await conversations.patchConversationsMessageParticipant(agent.conversation, participant, { body: { state: 'connected' } });
await settle();
const taken = await conversations.getConversation(agent.conversation);
const communication = taken.participants.find(({ id }) => id === participant).messages[0].id;

// both type, and both speak
await conversations.postConversationsMessageCommunicationTyping(agent.conversation, communication, { typing: { type: 'On', duration: 5000 } });
await settle();
await conversations.postConversationsMessageCommunicationMessages(agent.conversation, communication, { textBody: 'Hello! What can I do for you?' });
await settle();
say({ type: 'Event', events: [{ eventType: 'Typing', typing: { type: 'On' } }] });
await settle();
say({ type: 'Text', text: 'Where is my parcel?' });
await settle();
await conversations.postConversationsMessageCommunicationMessages(agent.conversation, communication, { textBody: 'It comes today.' });
await settle();

// the agent leaves, and says what it was about
await conversations.patchConversationsMessageParticipant(agent.conversation, participant, { body: { state: 'disconnected' } });
await settle();
const code = await new RoutingApi(sdk).postRoutingWrapupcodes({ name: 'Parcel' });
await conversations.postConversationsMessageParticipantCommunicationWrapup(agent.conversation, participant, communication, {
  body: { code: code.id, notes: 'On its way.' },
});
await settle();
const wrapup = await conversations.getConversationsMessageParticipantCommunicationWrapup(agent.conversation, participant, communication);

// what an agent of another org sees of it
const strangers = new ConversationsApi(await signedIn(await newOrg('Another org')));
const refused = async (promise) => promise.then(() => 200, ({ status }) => status);
const message = [...agent.texts.keys()][0];
const foreign = await Promise.all([
  refused(strangers.getConversation(agent.conversation)),
  refused(strangers.getConversationsMessage(agent.conversation)),
  refused(strangers.getConversationsMessageMessage(agent.conversation, message)),
  refused(strangers.patchConversationsMessageParticipant(agent.conversation, participant, { body: { state: 'connected' } })),
  refused(strangers.postConversationsMessageCommunicationMessages(agent.conversation, communication, { textBody: 'Psst' })),
]);
const list = (await strangers.getConversationsMessages()).entities;

const cell = (text) => text.padEnd(52);
console.log(`           ${cell('the guest sees')}the agent sees`);
for (const { window, text, at } of shown.toSorted((a, b) => a.at - b.at)) {
  const time = new Date(at).toISOString().slice(11, 21);
  console.log(`${time} ${window === 'guest' ? text : cell('') + text}`.trimEnd());
}
const ofGuest = guest.messages.filter(({ type }) => type === 'Text');
const inBoth = ofGuest.filter(({ id, text }) => agent.texts.get(id) === text).length;
console.log(`\n${inBoth} of ${ofGuest.length} messages are in both windows, by the same ids.`);
console.log(`The agent wrapped up: ${wrapup.code === code.id ? code.name : wrapup.code}, ${wrapup.notes}`);
console.log(`An agent of another org gets ${foreign.join(' ')}, and ${list.length} conversations.`);
desk.close();
await guest.close();
