// One connection of a guest, by the package `ws`. Every frame is held to what clients demand of it.

import { randomUUID } from 'node:crypto';

import WebSocket from 'ws';

import { check } from './strict.mjs';

export class Messenger {
  #arrived = [];
  #waiting = [];

  /** A socket on a deployment; sessions are known by their token. */
  static async open(base, deployment, token = randomUUID()) {
    const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/v1?deploymentId=${deployment}`);
    const messenger = new Messenger(socket, token);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return messenger;
  }

  constructor(socket, token) {
    this.socket = socket;
    this.token = token;
    this.frames = [];
    socket.on('message', (data, isBinary) => {
      const frame = JSON.parse(isBinary ? 'null' : data.toString());
      check(frame);
      this.frames.push(frame);
      const waiting = this.#waiting.shift();
      waiting ? waiting(frame) : this.#arrived.push(frame);
    });
  }

  /** Everything that was said here, oldest first; typing and health checks are not. */
  get messages() {
    const said = this.frames.filter((frame) => frame.type === 'message' && frame.class === 'StructuredMessage');
    return said.map(({ body }) => body).filter(({ events = [] }) => events.every(({ eventType }) => eventType !== 'Typing'));
  }

  send(frame) {
    this.socket.send(JSON.stringify({ token: this.token, ...frame }));
  }

  next() {
    return this.#arrived.length ? this.#arrived.shift() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close() {
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.close(1000);
    return closed;
  }
}
