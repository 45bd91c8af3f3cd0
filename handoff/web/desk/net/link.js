// The websocket: opens, says hello, answers heartbeats, and comes back by itself with jitter.

import { mayRetry, NEW_TICKET, pause } from "../../shared/retry.js";

const VERSION = 1;
const SILENT_BEATS = 2.5;
const FORBIDDEN = 1008;

export class Link {
  // on: {ticket() -> {ticket, socket}, frame(f), down(retryAt), stopped(code), needsLogin()}
  constructor(on) {
    this.on = on;
    this.tries = 0;
    this.resumeToken = null;
    this.address = null;
    this.socket = null;
    this.timer = null;
    this.wanted = false;
    this.heartbeat = 10;
    this.heardAt = 0;
    this.again = this.again.bind(this);
    this.watch = this.watch.bind(this);
  }

  start() {
    this.wanted = true;
    this.tries = 0;
    addEventListener("online", this.again);
    document.addEventListener("visibilitychange", this.again);
    this.watchdog = setInterval(this.watch, 5_000);
    this.connect();
  }

  stop() {
    this.wanted = false;
    this.resumeToken = null;
    clearTimeout(this.timer);
    clearInterval(this.watchdog);
    removeEventListener("online", this.again);
    document.removeEventListener("visibilitychange", this.again);
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
  }

  send(frame) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  // Back in view, or the network came back: no reason to sit out the rest of a wait.
  again() {
    if (this.timer && this.wanted && document.visibilityState === "visible") this.connect();
  }

  async connect() {
    clearTimeout(this.timer);
    this.timer = null;
    const hello = { t: "hello", v: VERSION };
    if (this.resumeToken && this.address) {
      hello.resume_token = this.resumeToken;
    } else {
      try {
        const given = await this.on.ticket();
        hello.ticket = given.ticket;
        this.address = given.socket;
      } catch (error) {
        if (error.status === 401 || error.status === 403) this.on.needsLogin();
        else this.later((error.retryAfter ?? 0) * 1000);
        return;
      }
    }
    if (!this.wanted || this.socket) return;
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.onopen = () => socket.send(JSON.stringify(hello));
    socket.onmessage = (message) => this.heard(socket, message.data);
    socket.onclose = (close) => this.closed(socket, close.code);
  }

  heard(socket, data) {
    if (socket !== this.socket) return;
    this.heardAt = Date.now();
    const frame = JSON.parse(data);
    // Answered here and not by a timer: browsers slow the timers of hidden pages.
    if (frame.t === "agent_heartbeat") socket.send('{"t":"beat"}');
    if (frame.t === "agent_welcome") {
      this.tries = 0;
      this.resumeToken = frame.resume_token;
      this.heartbeat = frame.heartbeat;
    }
    this.on.frame(frame);
  }

  closed(socket, code) {
    if (socket !== this.socket) return;
    this.socket = null;
    if (!this.wanted) return;
    if (code === FORBIDDEN) {
      this.on.needsLogin();
    } else if (!mayRetry(code)) {
      this.on.stopped(code);
    } else {
      if (code === NEW_TICKET) {
        if (this.resumeToken) this.tries = 0; // the service is up: no long wait for a ticket
        this.resumeToken = null;
      }
      this.later();
    }
  }

  later(least = 0) {
    if (!this.wanted) return;
    const wait = Math.max(least, pause(this.tries));
    this.tries += 1;
    this.timer = setTimeout(() => this.connect(), wait);
    this.on.down(Date.now() + wait);
  }

  // A connection that died without a word: half-open TCP, a laptop that slept.
  watch() {
    const socket = this.socket;
    if (!socket || Date.now() - this.heardAt < SILENT_BEATS * this.heartbeat * 1000) return;
    socket.onclose = null;
    socket.close();
    this.closed(socket, 1006);
  }
}
