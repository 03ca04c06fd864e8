'use strict';
// Connections to hosts of the platform go to the emulator, whatever library opens them. Names in TLS and HTTP stay as they are.
const net = require('node:net');

const emulator = new URL(`http://${process.env.EMULATOR_ADDRESS || '127.0.0.1:4363'}`);
const domains = /* domains */;
const connect = net.Socket.prototype.connect;

const isPlatform = (host) =>
  typeof host === 'string' && domains.some((domain) => host === domain || host.endsWith(`.${domain}`));

const there = (options) => ({
  ...options,
  host: emulator.hostname.replace(/^\[|\]$/g, ''),
  port: Number(emulator.port) || 80,
});

net.Socket.prototype.connect = function (...given) {
  const [first, second] = given;
  if (Array.isArray(first) && first[0] && isPlatform(first[0].host)) {
    first[0] = there(first[0]);
  } else if (first && typeof first === 'object' && isPlatform(first.host)) {
    given[0] = there(first);
  } else if (isPlatform(second)) {
    const { host, port } = there({});
    given.splice(0, 2, port, host);
  }
  return connect.apply(this, given);
};
