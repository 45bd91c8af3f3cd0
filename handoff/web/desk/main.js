// Puts the desk on the page.

import { Desk } from "./desk.js";
import { App } from "./view/app.js";
import { html, render } from "./view/html.js";

const desk = new Desk();
render(html`<${App} desk=${desk} />`, document.getElementById("desk"));
desk.start();
