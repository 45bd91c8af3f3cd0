// The desk at work: holds the state, passes actions to the reducer, and carries out its effects.

import { cmid as newId } from "../shared/ids.js";
import { Alerts } from "./alerts.js";
import * as api from "./net/api.js";
import * as keep from "./net/keep.js";
import { Link } from "./net/link.js";
import { reduce } from "./state/reduce.js";
import { mine, stateOf } from "./state/select.js";
import { initial } from "./state/state.js";
import { Words } from "./words/words.js";

const TYPING_EVERY_MS = 3_000;
const TYPING_ENDS_MS = 5_000;
const START_AGAIN_MS = 3_000;

export class Desk {
  constructor() {
    this.state = initial(keep.choices());
    this.listeners = new Set();
    this.words = new Words(this.state.choices.language);
    this.alerts = new Alerts(() => this.words);
    this.typing = { conversation: null, at: 0, timer: null };
    this.link = new Link({
      ticket: api.ticket,
      frame: (frame) => this.dispatch({ type: "frame", frame, now: Date.now() }),
      down: (retryAt) => this.dispatch({ type: "down", retryAt }),
      stopped: (code) => this.dispatch({ type: "stopped", code }),
      needsLogin: () => this.ended(),
    });
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dispatch(action) {
    const before = this.state;
    const [after, effects] = reduce(before, action);
    this.state = after;
    this.keepChanges(before, after);
    for (const effect of effects) this.carryOut(effect);
    for (const listener of this.listeners) listener();
  }

  keepChanges(before, after) {
    const me = after.agent?.id;
    if (before.choices !== after.choices) {
      keep.keepChoices(after.choices);
      this.words = new Words(after.choices.language);
    }
    if (!me || before.phase !== "desk") return;
    if (before.selected !== after.selected || before.chats !== after.chats) {
      keep.keepLayout(me, { selected: after.selected, chats: after.chats });
    }
    if (before.drafts !== after.drafts) keep.keepDrafts(me, after.drafts);
    if (before.streams !== after.streams) {
      const reads = Object.values(after.streams).map((one) => [one.conversation, one.read]);
      keep.keepReads(me, Object.fromEntries(reads));
    }
  }

  carryOut(effect) {
    switch (effect.do) {
      case "send":
        this.link.send(effect.frame);
        break;
      case "forget":
        keep.forgetText(effect.cmid).catch(() => {});
        break;
      case "info":
        this.fetchInfo(effect);
        break;
      case "tasks":
        this.fetchTasks();
        break;
      case "overview":
        this.fetchOverview();
        break;
      case "alert":
        this.alerts.raise(effect, this.state);
        break;
      case "whoTook":
        this.findWhoTook(effect);
        break;
      case "focus":
        this.focusComposer();
        break;
      case "connect":
        this.link.start();
        break;
      default:
        throw new Error(`No such effect: ${effect.do}`);
    }
  }

  // --- the session

  async start() {
    try {
      await this.enter(await api.me());
    } catch (error) {
      if (error.status === 0) setTimeout(() => this.start(), START_AGAIN_MS);
      this.dispatch({ type: "needsLogin", reason: error.status === 0 ? "unreachable" : null });
    }
  }

  async login(name, password) {
    await this.enter(await api.login(name, password));
  }

  async enter({ agent }) {
    const texts = keep.keptTexts(agent.id).catch(() => []);
    const [clients, outbox] = await Promise.all([api.clients(), texts]);
    if (this.state.phase === "desk") return;
    const drafts = keep.drafts(agent.id);
    const reads = keep.reads(agent.id);
    const before = keep.layout(agent.id);
    this.dispatch({ type: "entered", agent, clients, outbox, drafts, reads, before });
  }

  async logout() {
    this.link.stop();
    await api.logout().catch(() => {});
    this.dispatch({ type: "needsLogin" });
  }

  ended() {
    this.link.stop();
    this.dispatch({ type: "needsLogin", reason: "ended" });
  }

  // An answer of 401 to any call means that the session is over.
  async guarded(work) {
    try {
      return await work();
    } catch (error) {
      if (error.status === 401) this.ended();
      throw error;
    }
  }

  // Every connection of this login is closed; this one comes back by itself, in a new session.
  async changePassword(old, fresh) {
    this.link.stop();
    this.dispatch({ type: "down", retryAt: 0 });
    try {
      await this.guarded(() => api.password(old, fresh));
      this.dispatch({ type: "told", key: "passwordChanged" });
    } finally {
      if (this.state.phase === "desk") this.link.start();
    }
  }

  reconnect() {
    this.link.stop();
    this.link.start();
  }

  owns(stream) {
    return mine(stream, this.state.agent?.id);
  }

  // --- HTTP beside the socket

  async fetchInfo({ client, conversation }) {
    try {
      const info = await this.guarded(() => api.conversation(client, conversation));
      this.dispatch({ type: "info", conversation, info });
    } catch {
      // The card does without what HTTP adds; the stream holds the rest.
    }
  }

  async fetchTasks() {
    try {
      this.dispatch({ type: "tasks", tasks: await this.guarded(api.tasks) });
    } catch {
      if (this.state.tasks === null) this.dispatch({ type: "tasks", tasks: "failed" });
    }
  }

  async fetchOverview() {
    try {
      this.dispatch({ type: "overview", overview: await this.guarded(api.overview) });
    } catch {
      if (this.state.overview === null) this.dispatch({ type: "overview", overview: "failed" });
    }
  }

  async fetchPeople() {
    try {
      const { people } = await this.guarded(api.people);
      this.dispatch({ type: "people", people });
    } catch {
      if (this.state.people === null) this.dispatch({ type: "people", people: "failed" });
    }
  }

  async taskDone(id) {
    try {
      await this.guarded(() => api.taskDone(id));
    } catch (error) {
      this.trouble(error);
    }
    await this.fetchTasks();
  }

  async lookAgain(conversation, look) {
    const { client } = this.state.streams[conversation];
    try {
      const envelope = await this.guarded(() => api.lookup(client, look.operation, look.arguments));
      const { operation, arguments: args } = look;
      const again = { operation, arguments: args, ...envelope, at: Date.now() / 1000 };
      this.dispatch({ type: "looked", conversation, look: again });
    } catch (error) {
      this.trouble(error, "lookup");
    }
  }

  async findWhoTook({ client, conversation }) {
    let name = null;
    try {
      const { agent } = await this.guarded(() => api.conversation(client, conversation));
      name = this.nameOf(agent);
    } catch {
      // Who it was is a courtesy; that it is taken is known.
    }
    this.dispatch({ type: "took", name });
  }

  nameOf(agent) {
    if (agent && typeof agent === "object") return agent.name ?? null;
    return this.state.colleagues.find((one) => one.id === agent)?.name ?? null;
  }

  trouble(error, key = "refused") {
    const text = this.words.refusal({ code: error.code, text: error.message });
    const unreachable = error.status === 0;
    this.dispatch({ type: "trouble", key: unreachable ? "unreachable" : key, params: { text } });
  }

  // --- what the agent does

  async write(conversation, kind, text) {
    const stream = this.state.streams[conversation];
    const one = {
      cmid: newId(),
      kind,
      text,
      control: stateOf(stream)?.control ?? 0,
      at: Date.now() / 1000,
      agent: this.state.agent.id,
      client: stream.client,
      conversation,
    };
    this.typed(conversation, false);
    // Kept before it is sent, so that a closed page loses nothing; a browser without IndexedDB
    // still sends.
    const kept = keep.keepText(one).catch(() => {});
    this.dispatch({ type: "draft", conversation, text: "" });
    await kept;
    this.dispatch({ type: "wrote", conversation, one });
  }

  typed(conversation, on) {
    const { typing } = this;
    const stream = this.state.streams[conversation];
    if (!stream || (!on && typing.conversation !== conversation)) return;
    clearTimeout(typing.timer);
    const send = (state) =>
      this.link.send({ t: "agent_typing", client: stream.client, conversation, on: state });
    if (!on) {
      typing.conversation = null;
      send(false);
      return;
    }
    if (typing.conversation !== conversation || Date.now() - typing.at > TYPING_EVERY_MS) {
      typing.conversation = conversation;
      typing.at = Date.now();
      send(true);
    }
    typing.timer = setTimeout(() => this.typed(conversation, false), TYPING_ENDS_MS);
  }

  ask(kind, fields, conversation) {
    const request = newId();
    const frame = { t: kind, request, ...fields };
    this.dispatch({ type: "ask", request, kind, frame, conversation });
  }

  claim(row) {
    const { client, conversation, handoff, control } = row;
    this.ask("claim", { client, conversation, handoff, control }, conversation);
  }

  next() {
    this.ask("next", {}, null);
  }

  // transfer, hand_back, finish or verdict on one of this agent's conversations, or assign.
  command(kind, conversation, fields) {
    const stream = this.state.streams[conversation];
    const of = { client: stream.client, conversation };
    if (kind !== "verdict") of.control = stateOf(stream)?.control ?? 0;
    this.ask(kind, { ...of, ...fields }, conversation);
  }

  focusComposer() {
    if (matchMedia("(max-width: 799px)").matches) return;
    requestAnimationFrame(() => document.getElementById("composer-text")?.focus());
  }
}
