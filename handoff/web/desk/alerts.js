// How the desk calls for attention: two short tones, a desktop notification, the page's title.

const TONES = {
  queue: [
    [523.25, 0],
    [783.99, 0.11],
  ],
  message: [[659.25, 0]],
};
const LOUDNESS = 0.07;
const PEACE_MS = 1_500; // at most one sound in this time

export class Alerts {
  constructor(words) {
    this.words = words;
    this.context = null;
    this.soundedAt = 0;
  }

  raise({ kind, client, conversation }, state) {
    const { soundQueue, soundMessage, notify } = state.choices;
    const watching = document.visibilityState === "visible" && document.hasFocus();
    const reading = kind === "message" && watching && state.selected === conversation;
    if (!reading && (kind === "queue" ? soundQueue : soundMessage)) this.sound(kind);
    if (notify && !watching) {
      // No word of the customer's: notifications are shown on locked screens.
      const name = state.clients[client]?.name ?? client;
      this.notification(this.words().t(`alert.${kind}`, { client: name }), `${kind}-${client}`);
    }
  }

  sound(kind) {
    const now = Date.now();
    if (now - this.soundedAt < PEACE_MS) return;
    this.soundedAt = now;
    this.context ??= new AudioContext();
    this.context.resume();
    for (const [pitch, after] of TONES[kind]) this.tone(pitch, this.context.currentTime + after);
  }

  tone(pitch, at) {
    const voice = this.context.createOscillator();
    const level = this.context.createGain();
    voice.type = "sine";
    voice.frequency.value = pitch;
    level.gain.setValueAtTime(0, at);
    level.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015);
    level.gain.exponentialRampToValueAtTime(0.0001, at + 0.45);
    voice.connect(level).connect(this.context.destination);
    voice.start(at);
    voice.stop(at + 0.5);
  }

  notification(text, tag) {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const shown = new Notification("Stafett", { body: text, tag, icon: "/desk/icon.svg" });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  }
}

export async function mayNotify() {
  if (!("Notification" in window)) return false;
  if (Notification.permission === "default") await Notification.requestPermission();
  return Notification.permission === "granted";
}
