// What the strictest of the vendor's clients demands of a frame. It drops one that it cannot read, in silence; this throws.

const is = (what, fits) => (value, path) => {
  if (!fits(value)) throw new Error(`${path} is ${JSON.stringify(value)}, not ${what}`);
};
const text = is('a text', (value) => typeof value === 'string');
const flag = is('true or false', (value) => typeof value === 'boolean');
const whole = is('a whole number', Number.isInteger);
const object = is('an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const time = is('a time of whole milliseconds', (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value));
const oneOf = (...all) => is(`one of ${all.join(', ')}`, (value) => all.includes(value));

/** Absent is fine, null is not. */
const maybe = (check) => (value, path) => value === undefined || check(value, path);
const list = (check) => (value, path) => {
  is('a list', Array.isArray)(value, path);
  value.forEach((one, nth) => check(one, `${path}[${nth}]`));
};
const texts = (value, path) => {
  object(value, path);
  Object.entries(value).forEach(([name, one]) => text(one, `${path}.${name}`));
};
const shape = (members) => (value, path) => {
  object(value, path);
  Object.entries(members).forEach(([name, check]) => check(value[name], `${path}.${name}`));
};
/** One of several shapes, as a member of theirs says; others are passed over. */
const byMember = (name, shapes) => (value, path) => {
  shape({ [name]: text })(value, path);
  shapes[value[name]]?.(value, path);
};

const action = shape({ type: text, text, url: maybe(text), payload: maybe(text) });
const card = shape({ title: text, description: text, actions: list(action), image: maybe(text), defaultAction: maybe(action) });
const content = byMember('contentType', {
  Attachment: shape({ attachment: shape({ id: text, url: text, filename: text, mediaType: text, fileSize: maybe(whole) }) }),
  QuickReply: shape({ quickReply: shape({ text, payload: text }) }),
  ButtonResponse: shape({ buttonResponse: shape({ text, payload: text, type: text, originatingMessageId: maybe(text) }) }),
  Card: shape({ card }),
  Carousel: shape({ carousel: shape({ cards: list(card) }) }),
});
const event = byMember('eventType', {
  Typing: shape({ typing: shape({ type: text, duration: maybe(whole) }) }),
  Presence: shape({ presence: shape({ type: oneOf('Disconnect', 'Join', 'Clear', 'SignIn') }) }),
});
const persona = shape({ firstName: maybe(text), lastName: maybe(text), nickname: maybe(text), image: maybe(text) });
const channel = shape({ time, messageId: maybe(text), type: maybe(text), to: maybe(persona), from: maybe(persona) });

/** A message, live or of the history. */
export const message = shape({
  id: text,
  type: oneOf('Text', 'Event', 'Structured'),
  direction: oneOf('Inbound', 'Outbound'),
  text: maybe(text),
  channel: maybe(channel),
  content: maybe(list(content)),
  metadata: maybe(texts),
  events: maybe(list(event)),
  originatingEntity: maybe(oneOf('Human', 'Bot')),
});
const media = shape({ inbound: shape({ fileTypes: list(shape({ type: text })), maxFileSizeKB: maybe(whole) }) });
const fileError = { attachmentId: text, errorCode: whole, errorMessage: text };
const bodies = {
  string: text,
  StructuredMessage: message,
  SessionResponse: shape({
    connected: flag,
    newSession: maybe(flag),
    readOnly: maybe(flag),
    maxCustomDataBytes: maybe(whole),
    allowedMedia: maybe(media),
    blockedExtensions: maybe(list(text)),
    clearedExistingSession: maybe(flag),
    durationSeconds: maybe(whole),
    expirationDate: maybe(whole),
  }),
  PresignedUrlResponse: shape({ attachmentId: text, headers: texts, url: text, fileName: maybe(text), fileSize: maybe(whole) }),
  UploadSuccessEvent: shape({ attachmentId: text, downloadUrl: text, timestamp: time }),
  UploadFailureEvent: shape({ ...fileError, timestamp: time }),
  GenerateUrlError: shape(fileError),
  AttachmentDeletedResponse: shape({ attachmentId: text }),
  TooManyRequestsErrorMessage: shape({ retryAfter: whole, errorCode: whole, errorMessage: text }),
  JwtResponse: shape({ jwt: text, exp: whole }),
  ConnectionClosedEvent: shape({ reason: maybe(text) }),
  SessionExpiredEvent: object,
  SessionClearedEvent: object,
  LogoutEvent: object,
};

/** Throws when a frame is not as expected, and says where. */
export function check(frame) {
  shape({ type: oneOf('response', 'message'), class: oneOf(...Object.keys(bodies)), code: whole, tracingId: maybe(text) })(frame, 'frame');
  bodies[frame.class](frame.body, 'body');
  // another client sorts by time, and a third keys by it
  if (frame.type === 'message' && frame.class === 'StructuredMessage') channel(frame.body.channel, 'body.channel');
}
