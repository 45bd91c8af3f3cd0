// Login: a form that password managers know, with errors in words.

import { html, useDesk, useLayoutEffect, useRef, useState } from "./html.js";
import { Icon, Mark } from "./icons.js";

const LANGUAGES = ["nb", "en"];

export function Login() {
  const { desk, state, w } = useDesk();
  const [error, setError] = useState(null); // {key, params}
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const name = useRef(null);
  const password = useRef(null);
  const first = useRef(null);

  useLayoutEffect(() => {
    // In a frame the page around it would scroll here, away from what its reader looks at.
    if (window === window.top) (state.loginReason ? first : name).current?.focus();
  }, []);

  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    const login = name.current.value.trim();
    const secret = password.current.value;
    if (!login || !secret) {
      setError({ key: "login.missing" });
      (login ? password : name).current.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await desk.login(login, secret);
    } catch (problem) {
      setBusy(false);
      setError(wording(problem, w));
      password.current?.select();
    }
  };
  const choose = (language) => desk.dispatch({ type: "choose", choices: { language } });
  const told = state.loginReason === "unreachable" ? "login.unreachable" : "login.ended";

  return html`<div class="login">
    <div class="login-track" aria-hidden="true"><${Track} /></div>
    <main class="login-main">
      <div class="login-lang" role="group" aria-label=${w.t("language")}>
        ${LANGUAGES.map(
          (one) => html`<button
            type="button"
            key=${one}
            lang=${one}
            aria-pressed=${String(w.language === one)}
            onClick=${() => choose(one)}
          >
            ${w.t(`language.${one}`)}
          </button>`,
        )}
      </div>
      <form class="login-form" method="post" onSubmit=${submit} novalidate>
        <p class="brand"><${Mark} /><span>${w.t("product")}</span></p>
        <h1>${w.t("login.title")}</h1>
        <p class="login-lead">${w.t("login.lead")}</p>
        ${state.loginReason &&
        !error &&
        html`<p class="login-told" role="status" tabindex="-1" ref=${first}>${w.t(told)}</p>`}
        <label class="field">
          <span>${w.t("login.name")}</span>
          <input
            ref=${name}
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck=${false}
            required
            aria-invalid=${error ? "true" : null}
            aria-describedby=${error ? "login-error" : null}
          />
        </label>
        <div class="field">
          <label for="login-password"><span>${w.t("login.password")}</span></label>
          <div class="with-button">
            <input
              id="login-password"
              ref=${password}
              name="password"
              type=${shown ? "text" : "password"}
              autocomplete="current-password"
              required
              aria-invalid=${error ? "true" : null}
              aria-describedby=${error ? "login-error" : null}
            />
            <button
              type="button"
              class="bare"
              aria-pressed=${String(shown)}
              aria-label=${w.t(shown ? "login.hide" : "login.show")}
              onClick=${() => setShown(!shown)}
            >
              <${Icon} name="eye" />
            </button>
          </div>
        </div>
        <p class="login-error" id="login-error" role="alert">
          ${error && w.t(error.key, error.params)}
        </p>
        <button type="submit" class="primary big" disabled=${busy}>
          ${w.t(busy ? "login.busy" : "login.submit")}
        </button>
      </form>
    </main>
  </div>`;
}

function wording(problem, w) {
  if (problem.code === "no_desk") return { key: "login.noDesk" };
  if (problem.code === "disabled") return { key: "login.disabled" };
  if (problem.status === 401) return { key: "login.wrong" };
  if (problem.status === 429) {
    if (!problem.retryAfter) return { key: "login.many" };
    return { key: "login.manyFor", params: { wait: w.span(problem.retryAfter) } };
  }
  if (problem.status === 0) return { key: "login.unreachable" };
  return { key: "login.failed", params: { text: problem.message } };
}

// Running lanes through an exchange zone, and the baton on its way.
function Track() {
  const lanes = [0, 1, 2, 3, 4, 5, 6];
  return html`<svg viewBox="0 0 600 900" preserveAspectRatio="xMidYMid slice" focusable="false">
    ${lanes.map(
      (lane) => html`<path
        key=${lane}
        class="lane"
        d=${`M${-60 + lane * 78} 960C${-10 + lane * 78} 620 ${120 + lane * 70} 420 ${430 + lane * 62} -60`}
      />`,
    )}
    <path class="zone" d="M40 560 560 700" />
    <path class="zone" d="M150 318 640 450" />
    <g transform="translate(300 470) rotate(-62)">
      <rect class="track-tail" x="-92" y="-17" width="184" height="34" rx="17" />
      <path class="track-head" d="M-75 -17H14v34h-89a17 17 0 0 1 0-34z" />
      <path class="track-band" d="M30 -17v34M44 -17v34" />
    </g>
  </svg>`;
}
