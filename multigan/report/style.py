"""How pages look: one style sheet, light and dark, for wide screens and phones, without scripts or fonts from afar."""

__all__ = ["CSS"]

CSS = """
:root{color-scheme:light dark;--paper:#faf8f4;--card:#fff;--ink:#1c1b19;--soft:#5d5850;--line:#e2ddd3;--accent:#0b6b62;
--a:#0b6b62;--b:#b4501c;--c:#4a57a8;--d:#8a6508;--good:#0b6b62;--warn:#8a5a00;--bad:#a3261f;--wash:#eef4f2;
--serif:ui-serif,"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,serif;
--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,monospace}
@media (prefers-color-scheme:dark){:root{--paper:#14161a;--card:#1b1e23;--ink:#eae7e1;--soft:#a8a398;--line:#33373e;
--accent:#62c9b8;--a:#62c9b8;--b:#f0955f;--c:#9aa7f5;--d:#e0bb5a;--good:#62c9b8;--warn:#e6b450;--bad:#f58a80;--wash:#1c2827}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,header,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:3.25rem}
h1,h2,h3{font-family:var(--serif);font-weight:600;line-height:1.15;text-wrap:balance;margin:0}
h1{font-size:clamp(2.1rem,6.5vw,3.4rem);letter-spacing:-.02em}
h2{font-size:1.65rem;letter-spacing:-.01em;margin-bottom:.35rem}
h3{font-size:1.02rem}
p{margin:.4rem 0;max-width:44rem}
a{color:var(--accent);text-underline-offset:.18em}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:3px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:2}
.kicker{font-size:.78rem;letter-spacing:.11em;text-transform:uppercase;color:var(--soft);margin:0 0 .6rem}
.lede{font:1.2rem/1.45 var(--serif);color:var(--soft);margin:.7rem 0 0}
.note{color:var(--soft);font-size:.9rem;font-weight:400}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;margin:1.5rem 0 0;font-size:.92rem}
nav a{display:inline-block;padding:.25rem 0}
section{padding:2.6rem 0 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.2rem 1.35rem}
.verdict{border-left:5px solid var(--soft);margin-top:2rem}
.verdict.good{border-left-color:var(--good)}.verdict.warn{border-left-color:var(--warn)}
.verdict.bad{border-left-color:var(--bad)}
.verdict h2{font-size:clamp(1.5rem,4.5vw,2.1rem)}
.verdict ul{margin:.6rem 0;padding-left:1.1rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.2rem,1fr));gap:1.1rem;margin:1.9rem 0 0}
.facts div{border-top:2px solid var(--ink);padding-top:.45rem}
.facts dt{font-size:.8rem;color:var(--soft)}.facts dd{margin:0;font:1.3rem/1.25 var(--serif)}
code,pre{font-family:var(--mono);font-size:.86rem}
pre{white-space:pre-wrap;margin:.5rem 0 0;background:var(--card);border:1px solid var(--line);border-radius:8px;
padding:.9rem 1rem}
.command{display:block;background:var(--wash);border-radius:6px;padding:.55rem .75rem;margin:.7rem 0 .2rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19.5rem),1fr));gap:1rem;margin-top:1.1rem}
.grid.two{grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr))}
figure{margin:0}
.chart figcaption{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .8rem;margin-bottom:.4rem}
.chart{padding:.9rem 1rem .7rem}.chart svg{display:block;width:100%;height:auto}
.key{font-size:.8rem;color:var(--soft);white-space:nowrap}
.key svg{display:inline-block;width:22px;height:8px;margin-right:.35rem;vertical-align:middle}
svg text{fill:var(--soft);font:11px system-ui,sans-serif}
.tick{stroke:var(--line);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}
.phase{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}
.s0,.s1,.s2,.s3,.s4,.s5{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
.s0{stroke:var(--a)}.s1{stroke:var(--b);stroke-dasharray:6 3}.s2{stroke:var(--c);stroke-dasharray:2 3}
.s3{stroke:var(--d);stroke-dasharray:9 3 2 3}.s4{stroke:var(--soft)}.s5{stroke:var(--soft);stroke-dasharray:3 4}
.alone{stroke-width:7;stroke-dasharray:none}.dot{fill:var(--a);stroke:none}
.sheet img{display:block;width:100%;height:auto;border-radius:6px;
border:1px solid var(--line);image-rendering:pixelated}
.sheet{max-width:40rem}
.strip{display:grid;grid-template-columns:repeat(auto-fit,minmax(4.4rem,1fr));gap:.45rem;margin-top:1rem}
.strip.wide{grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr));gap:1rem}
.media img{display:block;width:100%;height:auto;border-radius:4px;background:var(--card)}
.media img.small{image-rendering:pixelated}
.media .wave,.time{display:block;width:100%;height:auto}.time path{stroke:var(--soft)}.time text{font-size:9px}
.wave path{fill:var(--a);stroke:none}
audio{display:block;width:100%;height:38px;margin-top:.35rem}
.media figcaption{font-size:.8rem;color:var(--soft);margin-top:.25rem}
.text{font:1.02rem/1.5 var(--serif);white-space:pre-wrap;margin:0}
.texts{list-style:none;padding:0;margin:1rem 0 0;columns:2 20rem;column-gap:2.4rem}
.texts li{break-inside:avoid;padding:.42rem 0;border-bottom:1px solid var(--line)}
.pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19.5rem),1fr));gap:1rem;margin-top:1rem}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.9rem;padding:.9rem}
.pair.tall{grid-template-columns:1fr}
.pair .what{grid-column:1/-1;font-size:.82rem;color:var(--soft);margin:0}
table{border-collapse:collapse;width:100%;margin-top:1rem;font-size:.93rem}
th,td{text-align:left;vertical-align:top;padding:.55rem .9rem .55rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600}thead th{font-size:.8rem;color:var(--soft);font-weight:500}
td.n{white-space:nowrap}
.bar{width:100%;max-width:17rem;height:auto;display:block}
.bar .span{stroke:var(--a);stroke-width:6;opacity:.35;stroke-linecap:round}.bar .floor{stroke:var(--c);stroke-width:2}
.bar .base{stroke:var(--b);stroke-width:2;stroke-dasharray:3 2}.bar .rail{stroke:var(--line);stroke-width:2}
dl.plain{display:grid;grid-template-columns:minmax(7rem,13rem) 1fr;gap:.35rem 1.2rem;margin:1rem 0 0;font-size:.93rem}
dl.plain dt{color:var(--soft)}dl.plain dd{margin:0}
details{margin-top:1rem}summary{cursor:pointer;padding:.3rem 0;font-weight:600}
footer{padding-top:3rem;padding-bottom:3rem}
footer p{border-top:1px solid var(--line);padding-top:1rem;max-width:none}
@media (max-width:40rem){header{padding-top:2rem}table.stack thead{position:absolute;left:-99rem}
table.stack tr{display:block;padding:.7rem 0;border-bottom:1px solid var(--line)}
table.stack th,table.stack td{display:block;border:0;padding:.12rem 0}
table.stack td[data-h]::before{content:attr(data-h) "  ";color:var(--soft);font-size:.82rem}
dl.plain{grid-template-columns:1fr;gap:.1rem}dl.plain dd{margin-bottom:.5rem}
.strip{grid-template-columns:repeat(4,1fr)}.strip.wide{grid-template-columns:1fr}
.strip.sounds{grid-template-columns:1fr 1fr;gap:.8rem .7rem}.pair.sounds{grid-template-columns:1fr 1fr}
table.stack td .note,table.stack th .note{display:inline;font-size:.82rem;margin-left:.5em}}
@media print{nav,audio,.skip{display:none}section{break-inside:avoid}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
"""
