// The panel's look. Sizes of type follow the reader's own setting (em), never the host page's.
// Colours of the client come from colours.js: --paper --mist --brand --on --link --accent.

export const css = `
:host{--ink:#1b2421;--soft:#56625e;--edge:#e2dfd7;--field:#858d89;--lift:#fff;--bad:#a3231b}
@media (prefers-color-scheme:dark){:host{--ink:#ebeeea;--soft:#a8b3af;--edge:#333c39;--field:#7b8783;--lift:#1d2321;--bad:#ff9d92}}
*{box-sizing:border-box}
h2,h3,p{margin:0;font-size:1em;font-weight:400}
h2,h3,strong{color:var(--ink);font-weight:600}
button,input,textarea{margin:0;font:inherit;color:inherit}
button{min-height:44px;padding:8px 16px;border:1px solid var(--field);border-radius:14px;background:none;line-height:1.3;text-align:start;cursor:pointer}
button:hover{background:var(--mist)}
a,.link{color:var(--link);text-decoration:underline;text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
p:empty,.intro:empty{display:none}
svg{display:block;width:22px;height:22px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
input,textarea,header i{display:block}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}

.panel{position:fixed;z-index:2147483001;inset:auto max(20px,env(safe-area-inset-right)) max(20px,env(safe-area-inset-bottom)) auto;
  width:380px;height:min(600px,100dvh - 40px);max-width:none;max-height:none;padding:0;border:1px solid var(--edge);border-radius:22px;
  flex-direction:column;overflow:clip;background:var(--paper);color:var(--ink);box-shadow:0 24px 64px -16px #0006;overflow-wrap:anywhere}
.panel[open]{display:flex;animation:come .26s cubic-bezier(.2,.8,.3,1)}
.panel:focus,h3:focus{outline:0}

header{flex:none;display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px;padding:12px 8px 0 18px}
.names{flex:1;min-width:0;line-height:1.3}
.names p,.intro,.day,.who,.status,.typing,.notice,.card p,.menu p{color:var(--soft);font-size:.875em}
.face{flex:none;width:2.375em;border-radius:30%;background:var(--brand);color:var(--on);font-weight:600;line-height:2.375em;text-align:center}
.item .face,[data-mode=agent] .face{border-radius:50%;background:var(--accent);color:var(--paper)}
.tool{flex:none;width:44px;padding:10px;border:0}
.dots svg{stroke-width:3}
.track{flex:0 0 100%;display:flex;gap:6px;padding-right:10px;color:var(--soft)}
.track i{flex:1;border-top:3px solid var(--edge);font-size:.75em;font-style:normal;text-align:center;transition:border .7s}
.track .here{border-color:var(--brand);color:var(--ink);font-weight:600}
[data-mode=waiting] .here,[data-mode=agent] .here{border-color:var(--accent)}

.scroller{position:relative;flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;padding:14px 18px 10px}
.scroller:focus-visible{outline-offset:-3px}
.intro h3{font-size:1.25em;line-height:1.3}
.intro p{margin-top:4px}
.languages{display:flex;flex-wrap:wrap;gap:6px;margin-top:10px}
.quick button,[aria-pressed=true]{border-color:var(--link);color:var(--link)}
[aria-pressed=true]{box-shadow:inset 0 0 0 1px}

.item{display:flex;flex-direction:column;align-items:flex-start;margin-top:4px}
.first{margin-top:12px}
.own{align-items:flex-end}
.day,.system .notice{align-self:center;text-align:center}
.day{margin:4px 0 8px}
.who,.typing{display:flex;align-items:center;gap:7px;margin:0 4px 4px}
.who .face{width:1.75em;line-height:1.75em}
.own .who bdi{position:absolute;clip-path:inset(50%)}
.bubble{max-width:86%;padding:9px 14px;border-radius:6px 18px 18px;background:var(--mist);animation:come .22s}
.own .bubble{border-radius:18px 18px 6px;background:var(--brand);color:var(--on)}
.own a{color:inherit}
.agent .bubble,.joined,.card,.menu{background:var(--lift);box-shadow:inset 0 0 0 1px var(--edge)}
.said{white-space:pre-wrap;unicode-bidi:isolate}
.notice{padding:4px 8px}
.joined{display:flex;align-items:center;gap:10px;padding:8px 18px 8px 8px;border-radius:26px}
.joined .said{text-align:start;color:var(--ink)}
.status{margin:3px 4px 0}
.link{min-height:24px;padding:0;border:0}
.quick,.row{display:flex;flex-wrap:wrap;gap:8px;margin-top:8px}
.quick button{border-radius:22px}

.typing{margin-top:12px}
.typing i{width:7px;height:7px;border-radius:50%;background:currentColor;animation:breathe .6s infinite alternate}
.typing i+i{animation-delay:.2s}

.card{margin-top:14px;padding:16px;border-radius:18px;animation:come .3s}
.choices{display:grid;gap:8px;margin-top:12px}
.lit svg{fill:var(--accent)}
label{display:block;margin-top:10px;font-size:.875em;font-weight:500}
input,textarea{width:100%;min-height:44px;padding:9px 12px;border:1px solid var(--field);border-radius:12px;background:var(--paper)}
.card .error{color:var(--bad)}
[aria-invalid]{border-color:var(--bad);box-shadow:inset 0 0 0 1px var(--bad)}
.row{justify-content:flex-end;margin-top:14px}
.solid{border:0;background:var(--brand);color:var(--on)}
.solid:hover{background:var(--brand);text-decoration:underline}

.menu{position:absolute;z-index:2;top:68px;right:10px;left:10px;max-height:calc(100% - 80px);overflow-y:auto;padding:12px;border-radius:18px;filter:drop-shadow(0 12px 24px #0004);animation:come .16s}
.menu>.plain{margin-top:12px}
.entry{display:block;width:100%;padding:8px;border:0}

.newest{position:absolute;z-index:1;bottom:86px;left:50%;display:flex;gap:6px;border-radius:22px;background:var(--ink);color:var(--paper);transform:translateX(-50%)}
.newest:hover{background:var(--ink)}
.line{background:var(--mist);font-size:.875em}
.line:not(:empty){padding:6px 18px}
.composer{flex:none;display:flex;align-items:flex-end;gap:8px;padding:10px 12px max(12px,env(safe-area-inset-bottom))}
.composer textarea{min-height:48px;max-height:min(136px,30vh);padding:11px 16px;border-radius:24px;background:var(--lift);resize:none}
.composer textarea:focus{outline-offset:-1px}
textarea::placeholder{color:var(--soft);opacity:1}
.send,.send:hover{flex:none;width:48px;height:48px;padding:13px;border:0;border-radius:50%;background:var(--brand);color:var(--on)}
textarea:placeholder-shown~.send{background:var(--mist);color:var(--soft)}

@media (max-width:480px),(max-height:480px){
  .panel{inset:var(--top,0) 0 auto;width:100%;height:var(--height,100dvh);border:0;border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left)}
}
@media (max-height:400px){.track{display:none}header,.composer{padding-block:4px 6px}}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media (forced-colors:active){.bubble,.card,.menu{border:1px solid}[aria-pressed=true]{outline:2px solid}}
@keyframes come{from{opacity:0;transform:translateY(8px)}}
@keyframes breathe{to{opacity:.4}}
`;
