// The panel's look. Sizes of type follow the reader's own setting (em), never the host page's.
// Colours of the client come from colours.js: --paper --brand --on --link --accent.

export const css = `
:host{--ink:#1b2421;--soft:#56625e;--mist:#f1efea;--edge:#e2dfd7;--field:#8b9490;--lift:#fff;--bad:#a3231b}
@media (prefers-color-scheme:dark){:host{--ink:#ebeeea;--soft:#a8b3af;--mist:#232a28;--edge:#333c39;--field:#7b8783;--lift:#1d2321;--bad:#ff9d92}}
*{box-sizing:border-box}
h2,h3,p{margin:0;font-size:1em;font-weight:inherit}
button,input,textarea{font:inherit;color:inherit;letter-spacing:inherit;margin:0}
button{cursor:pointer;touch-action:manipulation}
a{color:var(--link);text-underline-offset:.15em}
strong{font-weight:600}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}

.panel{position:fixed;z-index:2147483001;inset:auto max(20px,env(safe-area-inset-right)) max(20px,env(safe-area-inset-bottom)) auto;
  width:380px;height:min(600px,100dvh - 40px);max-width:none;max-height:none;margin:0;padding:0;border:1px solid var(--edge);border-radius:22px;
  flex-direction:column;overflow:hidden;background:var(--paper);color:var(--ink);
  box-shadow:0 2px 6px #00000014,0 24px 64px -16px #0000004d;overflow-wrap:anywhere}
.panel[open]{display:flex;animation:rise .26s cubic-bezier(.2,.8,.3,1)}
.panel:focus{outline:0}
.panel::backdrop{background:var(--paper)}

header{position:relative;flex:none;display:flex;align-items:center;gap:12px;padding:12px 8px 14px 18px}
.names{flex:1;min-width:0}
h2{font-weight:600;line-height:1.25;letter-spacing:-.005em}
.sub{color:var(--soft);font-size:.8125em;line-height:1.35}
.face{flex:none;display:inline-grid;place-items:center;width:2.375em;height:2.375em;border-radius:30%;background:var(--brand);color:var(--on);font-weight:600;line-height:1;transition:border-radius .5s}
.face.person,.item .face{border-radius:50%}
.tool{flex:none;display:grid;place-items:center;width:44px;height:44px;padding:0;border:0;border-radius:14px;background:none;color:var(--soft)}
.tool:hover,.tool[aria-expanded=true]{background:var(--mist);color:var(--ink)}
svg{width:22px;height:22px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.track{position:absolute;inset:auto 18px 0;height:3px;border-radius:2px;background:var(--edge)}
.track i{position:absolute;inset:0 auto 0 0;width:28%;border-radius:2px;background:var(--brand);transition:left .7s cubic-bezier(.5,0,.2,1),background .7s,opacity .7s}
.track[data-mode=waiting] i{left:36%;background:var(--accent);animation:breathe 2.4s ease-in-out infinite}
.track[data-mode=agent] i{left:72%;background:var(--accent)}
.track[data-mode=closed] i{opacity:0}

.scroller{flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;padding:16px 18px 10px;scrollbar-width:thin;scrollbar-color:var(--edge) transparent}
.scroller:focus-visible{outline-offset:-3px;border-radius:8px}
.intro{padding:0 0 4px;color:var(--soft);font-size:.875em;line-height:1.5}
.intro:empty{display:none}
h3{color:var(--ink);font-weight:600;font-size:1.0625em}
.intro h3{font-size:1.1875em;letter-spacing:-.01em;line-height:1.3}
.intro p{margin-top:6px}
.intro strong{color:var(--ink)}
.languages{display:flex;flex-wrap:wrap;gap:6px;margin-top:10px}
.languages button{min-height:44px;padding:0 14px;border:1px solid var(--edge);border-radius:14px;background:none;color:var(--ink);font-size:.9375em}
.languages button:hover{background:var(--mist)}
.languages [aria-pressed=true]{border-color:var(--link);color:var(--link);box-shadow:inset 0 0 0 1px var(--link)}

.item{display:flex;flex-direction:column;align-items:flex-start;margin-top:4px}
.item.first{margin-top:14px}
.item.own{align-items:flex-end}
.day{align-self:center;margin:4px 0 12px;color:var(--soft);font-size:.8125em}
.day::first-letter{text-transform:uppercase}
.who{display:flex;align-items:center;gap:7px;margin:0 4px 4px;color:var(--soft);font-size:.8125em}
.who .face{width:1.75em;height:1.75em;font-size:.875em;background:var(--accent);color:var(--paper)}
.own .who bdi{display:none}
.bubble{max-width:86%;padding:9px 14px;border-radius:18px;background:var(--mist);animation:come .22s ease-out}
.own .bubble{border-bottom-right-radius:6px;background:var(--brand);color:var(--on)}
.bot .bubble,.agent .bubble{border-top-left-radius:6px}
.agent .bubble{background:var(--lift);box-shadow:inset 0 0 0 1px var(--edge)}
.own .bubble a{color:inherit}
.waits .bubble{opacity:.72}
.said{white-space:pre-wrap;unicode-bidi:isolate}
.notice{align-self:center;max-width:94%;padding:4px 0;color:var(--soft);font-size:.875em;line-height:1.45;text-align:center}
.joined{display:flex;align-items:center;gap:10px;padding:8px 18px 8px 8px;border-radius:26px;background:var(--lift);box-shadow:inset 0 0 0 1px var(--edge);color:var(--ink);text-align:start}
.joined .face,.face.person{background:var(--accent);color:var(--paper)}
.status{display:flex;flex-wrap:wrap;align-items:center;gap:4px;margin:3px 4px 0;color:var(--soft);font-size:.8125em}
.status:empty{display:none}
.status svg{width:14px;height:14px}
.link{min-height:24px;padding:0 2px;border:0;background:none;color:var(--link);text-decoration:underline;text-underline-offset:.15em}
.quick{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0 2px;animation:come .3s ease-out}
.quick button,.choices button{min-height:44px;padding:8px 16px;border:1px solid var(--link);border-radius:22px;background:var(--paper);color:var(--link);font-weight:500;line-height:1.3;text-align:start}
.quick button:hover,.choices button:hover{background:var(--mist)}

.typing{display:flex;align-items:center;gap:4px;margin-top:12px;color:var(--soft);font-size:.8125em}
.typing i{width:7px;height:7px;border-radius:50%;background:currentColor;animation:hop 1.2s infinite}
.typing i:nth-child(2){animation-delay:.15s}
.typing i:nth-child(3){animation-delay:.3s}
.typing span{margin-left:6px}

.card{margin-top:14px;padding:16px;border-radius:18px;background:var(--lift);box-shadow:inset 0 0 0 1px var(--edge);animation:come .3s ease-out}
.place{font-weight:600;font-size:1.0625em}
.estimate{color:var(--soft)}
.fine{color:var(--soft);font-size:.875em}
.choices{display:flex;flex-direction:column;gap:8px;margin:12px 0 10px}
.choices button{border-radius:14px;border-color:var(--field);color:var(--ink);background:none}
.choices [aria-pressed=true]{border-color:var(--link);color:var(--link);box-shadow:inset 0 0 0 1px var(--link)}
.contact label{display:block;margin-top:12px;font-size:.875em;font-weight:500}
.contact input,.contact textarea{display:block;width:100%;min-height:44px;margin-top:4px;padding:9px 12px;border:1px solid var(--field);border-radius:12px;background:var(--paper);resize:vertical}
.contact [aria-invalid]{border-color:var(--bad);box-shadow:inset 0 0 0 1px var(--bad)}
.error{margin-top:4px;color:var(--bad);font-size:.875em}
.error:empty{display:none}
.row{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:8px;margin-top:14px}
.solid,.plain{min-height:44px;padding:8px 18px;border:1px solid transparent;border-radius:14px;font-weight:600}
.solid{background:var(--brand);color:var(--on)}
.plain{border-color:var(--field);background:none}
.solid:hover{filter:brightness(1.08)}
.plain:hover{background:var(--mist)}

.menu{position:absolute;z-index:2;top:66px;right:10px;left:10px;max-height:calc(100% - 80px);overflow-y:auto;padding:8px;border-radius:18px;background:var(--lift);box-shadow:inset 0 0 0 1px var(--edge),0 16px 40px -12px #00000059;animation:come .16s ease-out}
.menu h3,.menu>p{padding:8px 12px 0}
.menu>p{color:var(--soft);font-size:.9375em}
.menu .plain{margin:12px}
.menu .row{margin:0}
.menu .row .plain{margin:12px 0}
.menu .solid{margin:12px 12px 12px 0}
.entry{display:block;width:100%;min-height:44px;padding:9px 12px;border:0;border-radius:12px;background:none;text-align:start}
.entry:hover{background:var(--mist)}
.menu .languages{margin:6px 0 0;padding:12px 8px 8px;border-top:1px solid var(--edge);font-size:.9375em}

.newest{position:absolute;z-index:1;bottom:86px;left:50%;display:flex;align-items:center;gap:6px;min-height:44px;padding:0 16px 0 12px;border:0;border-radius:22px;background:var(--ink);color:var(--paper);font-size:.875em;transform:translateX(-50%);box-shadow:0 6px 20px -6px #0008}
.line{flex:none;padding:6px 18px;border-top:1px solid var(--edge);background:var(--mist);font-size:.875em}
.line:empty{display:none}
.composer{flex:none;display:flex;align-items:flex-end;gap:8px;padding:10px 12px max(12px,env(safe-area-inset-bottom))}
.composer textarea{flex:1;min-width:0;min-height:48px;max-height:min(136px,30vh);padding:11px 16px;border:1px solid var(--field);border-radius:24px;background:var(--lift);line-height:1.5;resize:none;overflow-y:auto;scrollbar-width:thin}
.composer textarea:focus{outline:2px solid var(--link);outline-offset:-1px;border-color:transparent}
textarea::placeholder{color:var(--soft);opacity:1}
.send{flex:none;display:grid;place-items:center;width:48px;height:48px;padding:0;border:0;border-radius:50%;background:var(--brand);color:var(--on);transition:transform .2s,opacity .2s}
textarea:placeholder-shown~.send{background:var(--mist);color:var(--soft)}
.send:active{transform:scale(.94)}

@media (max-width:480px),(max-height:480px){
  .panel{inset:var(--top,0) 0 auto;width:100%;height:var(--height,100dvh);border:0;border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left)}
  header{touch-action:pinch-zoom}
  .menu{top:calc(66px + env(safe-area-inset-top))}
}
@media (max-height:400px){
  header{padding-block:4px 7px}
  .scroller{padding-top:8px}
  .composer{padding-block:6px}
}
@media (prefers-reduced-motion:reduce){*,::before,::after{animation:none!important;transition:none!important}}
@media (forced-colors:active){.bubble,.card,.menu,.solid,.send,.joined{border:1px solid}.track i{background:Highlight}[aria-pressed=true]{outline:2px solid Highlight}}
@keyframes rise{from{opacity:0;transform:translateY(14px) scale(.985)}}
@keyframes come{from{opacity:0;transform:translateY(6px)}}
@keyframes breathe{50%{opacity:.45}}
@keyframes hop{0%,60%,100%{transform:none;opacity:.5}30%{transform:translateY(-4px);opacity:1}}
`;
