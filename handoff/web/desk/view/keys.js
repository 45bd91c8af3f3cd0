// Keys that work anywhere on the desk. Alt with a letter or digit, never AltGr, which types.

const WITH_ALT = {
  KeyN: (desk) => desk.next(),
  KeyI: (desk) => switchMode(desk),
  KeyO: (desk) => openDialog(desk, "transfer"),
  KeyB: (desk) => openDialog(desk, "hand_back"),
  KeyA: (desk) => openDialog(desk, "finish"),
};

export function onKey(event, desk) {
  const { state } = desk;
  if (state.phase !== "desk" || state.dialog || event.defaultPrevented) return;
  if (event.altKey && !event.ctrlKey && !event.metaKey && !event.getModifierState("AltGraph")) {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (digit) {
      const conversation = state.chats[Number(digit[1]) - 1];
      if (conversation) desk.dispatch({ type: "select", conversation });
      event.preventDefault();
    } else if (WITH_ALT[event.code]) {
      WITH_ALT[event.code](desk);
      event.preventDefault();
    }
    return;
  }
  if (event.key === "?" && !writes(event.target)) {
    desk.dispatch({ type: "dialog", dialog: { name: "shortcuts" } });
    event.preventDefault();
  }
}

function writes(element) {
  return element instanceof HTMLElement && element.matches("input, textarea, select");
}

function switchMode(desk) {
  const conversation = desk.state.selected;
  if (!conversation) return;
  const note = !desk.state.drafts[conversation]?.note;
  desk.dispatch({ type: "draft", conversation, note });
  desk.focusComposer();
}

function openDialog(desk, name) {
  const stream = desk.state.streams[desk.state.selected];
  if (stream && desk.owns(stream) && desk.state.view === "chats") {
    desk.dispatch({ type: "dialog", dialog: { name, conversation: stream.conversation } });
  }
}
