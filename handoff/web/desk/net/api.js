// The desk's HTTP calls. Each answers parsed JSON or throws an ApiError with a status and a code.

export class ApiError extends Error {
  constructor(status, code, text, retryAfter = null) {
    super(text || code);
    this.status = status; // 0 when the service could not be reached
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

const TIMEOUT_MS = 15_000;

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const error = answer.error ?? {};
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  throw new ApiError(response.status, error.code ?? "error", error.text ?? "", retryAfter);
}

const at = (client, conversation) =>
  `/api/desk/${encodeURIComponent(client)}/conversations/${encodeURIComponent(conversation)}`;

export const login = (name, password) => call("POST", "/api/login", { login: name, password });
export const logout = () => call("POST", "/api/logout", {});
export const me = () => call("GET", "/api/me");
export const ticket = () => call("POST", "/api/desk/ticket", {});
export const clients = () => call("GET", "/api/desk/clients");
export const conversation = (client, id) => call("GET", at(client, id));
export const messages = (client, id, after) =>
  call("GET", `${at(client, id)}/messages?after=${after}`);
export const tasks = () => call("GET", "/api/desk/tasks");
export const taskDone = (id) => call("POST", `/api/desk/tasks/${encodeURIComponent(id)}/done`, {});
export const password = (old, fresh) => call("POST", "/api/password", { old, new: fresh });
export const overview = () => call("GET", "/api/desk/overview");
export const people = () => call("GET", "/api/desk/people");
export const hire = (person) => call("POST", "/api/desk/people/new", person);
export const changePerson = (id, person) =>
  call("POST", `/api/desk/people/${encodeURIComponent(id)}`, person);
export const resetPassword = (id) =>
  call("POST", `/api/desk/people/${encodeURIComponent(id)}/password`, {});
export const lookup = (client, operation, args) =>
  call("POST", `/api/desk/${encodeURIComponent(client)}/lookup`, { operation, arguments: args });
