#include "app/present/html_style.h"

#include "views/scene/theme.h"

#include <utility>

namespace flamewright {
namespace {

std::string hex(Rgba color)
{
    std::string out = "#";
    for (int shift = 28; shift >= 8; shift -= 4)
        out += "0123456789abcdef"[color.value >> shift & 15];
    return out;
}

// The tokens of a theme as custom properties.
std::string properties(Theme theme)
{
    const auto &p = palette(theme);
    const auto good = theme == Theme::Dark ? p.better[3] : p.better[3];
    const auto bad = theme == Theme::Dark ? p.worse[3] : p.worse[3];
    const auto ground = theme == Theme::Dark ? p.surface0 : p.surface1;
    const auto card = theme == Theme::Dark ? p.surface1 : p.surface1;
    const std::pair<std::string_view, Rgba> all[] = {
        {"ground", ground},
        {"card", card},
        {"stripe", p.surface2},
        {"canvas", p.surface0},
        {"border", p.border},
        {"text1", p.text1},
        {"text2", p.text2},
        {"text3", p.text3},
        {"accent", p.accent},
        {"a", p.sideA},
        {"b", p.sideB},
        {"atint", mixed(ground, p.sideA, 0.1)},
        {"btint", mixed(ground, p.sideB, 0.1)},
        {"good", good},
        {"goodtint", mixed(ground, good, 0.12)},
        {"bad", bad},
        {"badtint", mixed(ground, bad, 0.12)},
        {"warn", p.warn},
        {"warntint", mixed(ground, p.warn, 0.12)},
        {"none", p.noEvidence},
    };
    std::string out = "{";
    for (const auto &[name, color] : all)
        out.append("--").append(name).append(":").append(hex(color)).append(";");
    return out += "}\n";
}

// Figures are laid out when they are scrolled to: fifty of them open at once.
constexpr std::string_view kRules = R"css(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:16px}
body{margin:0;background:var(--ground);color:var(--text1);font:15px/1.6 var(--ui);
font-variant-numeric:tabular-nums;overflow-wrap:break-word}
.page{max-width:1064px;margin:0 auto;padding:56px 32px 96px}
h1,h2,h3,p,ol,ul,dl,dd,figure,table{margin:0;padding:0}
h1{font-size:34px;line-height:1.2;font-weight:600;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{font-size:22px;line-height:1.3;font-weight:600;letter-spacing:-.01em;margin:72px 0 16px;
overflow-wrap:anywhere}
h3{font-size:15px;line-height:1.4;font-weight:600;overflow-wrap:anywhere}
a{color:var(--accent);text-decoration:none}
a:hover{text-decoration:underline}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
small{font-size:13px;color:var(--text3)}
.brand{display:flex;justify-content:space-between;gap:16px;font-size:13px;color:var(--text3);
margin-bottom:40px}
.brand b{color:var(--text1);font-weight:600}
.sub{font-size:18px;line-height:1.5;color:var(--text2);margin-top:10px;overflow-wrap:anywhere}
.sides{display:flex;flex-wrap:wrap;gap:12px;margin-top:28px}
.side{display:flex;align-items:center;gap:12px;padding:10px 16px 10px 10px;border-radius:8px;
min-width:0;max-width:100%}
.side .letter{flex:none;width:32px;height:32px;line-height:32px;border-radius:6px;color:var(--ground);
font-weight:600;text-align:center}
.side div{min-width:0;line-height:1.35;overflow-wrap:anywhere}
.side small{display:block}
.side.a{background:var(--atint)}.side.a .letter{background:var(--a)}
.side.b{background:var(--btint)}.side.b .letter{background:var(--b)}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 24px;margin-top:28px;
font-size:14px}
.facts dt{color:var(--text3)}.facts dd{color:var(--text1);overflow-wrap:anywhere}
.keys{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:16px;
margin-top:40px}
.keys.four{grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}
.key{border:1px solid var(--border);border-top:4px solid var(--none);border-radius:8px;
background:var(--card);padding:18px 22px 20px;min-width:0}
.key.improved{border-top-color:var(--good)}.key.regressed{border-top-color:var(--bad)}
.key .label{font-size:14px;font-weight:600;line-height:1.4;overflow-wrap:anywhere}
.key .values{font-size:28px;line-height:1.25;font-weight:600;letter-spacing:-.02em;
margin:10px 0 6px}
.key .values span{display:inline-block;max-width:100%;white-space:nowrap;overflow:hidden;
text-overflow:ellipsis;vertical-align:top}
.key .values i{font-style:normal;font-weight:400;color:var(--text3);padding:0 .12em}
.key .change{display:flex;flex-wrap:wrap;align-items:center;gap:6px 10px;font-size:17px;
font-weight:600}
.key .evidence{font-size:13px;line-height:1.5;color:var(--text2);margin-top:8px}
.va{color:var(--a)}.vb{color:var(--b)}
.chip{display:inline-block;font-size:12px;line-height:18px;font-weight:600;padding:1px 10px;
border-radius:11px;background:var(--none);color:var(--text2);white-space:nowrap}
.chip.improved{background:var(--goodtint);color:var(--good)}
.chip.regressed,.chip.critical,.chip.grave{background:var(--badtint);color:var(--bad)}
.chip.warning{background:var(--warntint);color:var(--warn)}
.headlines{list-style:none;counter-reset:n;margin-top:8px}
.headlines li{counter-increment:n;display:flex;gap:20px;padding:16px 0;font-size:18px;
line-height:1.5;border-top:1px solid var(--border)}
.headlines li:first-child{border-top:0}
.headlines li::before{content:counter(n);flex:none;width:32px;height:32px;line-height:32px;
border-radius:16px;background:var(--stripe);color:var(--text2);font-size:15px;font-weight:600;
text-align:center;margin-top:-2px}
.headlines span{min-width:0;overflow-wrap:anywhere}
.toc{columns:2;column-gap:40px;list-style:none;margin-top:8px;font-size:15px}
.toc li{break-inside:avoid;padding:3px 0;overflow-wrap:anywhere}
.lead{max-width:76ch;margin-top:10px;overflow-wrap:anywhere}
.lead:first-of-type{font-size:17px}
.notes{list-style:none;margin-top:20px;font-size:13px;line-height:1.55;color:var(--text2)}
.notes li{max-width:96ch;padding:2px 0 2px 16px;position:relative;overflow-wrap:anywhere}
.notes li::before{content:"";position:absolute;left:2px;top:.75em;width:5px;height:5px;
border-radius:3px;background:var(--border)}
.finding{border-left:4px solid var(--none);padding:2px 0 2px 20px;margin-top:28px}
.finding.improved{border-color:var(--good)}
.finding.regressed,.finding.critical{border-color:var(--bad)}
.finding.warning{border-color:var(--warn)}
.finding>p{font-size:17px;line-height:1.5;font-weight:600;overflow-wrap:anywhere}
.finding>p.note{font-size:15px;font-weight:400;color:var(--text2);margin-top:6px}
.tablebox{margin-top:28px}
.tablebox h3{margin-bottom:8px}
.scroll{overflow-x:auto;border:1px solid var(--border);border-radius:8px;background:var(--card)}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:1.45}
th{font-weight:600;text-align:left;color:var(--text2);background:var(--stripe);
white-space:nowrap}
th,td{padding:7px 14px;vertical-align:top;border-top:1px solid var(--border)}
thead th{border-top:0}
td.n,th.n{text-align:right;white-space:nowrap}
td{overflow-wrap:anywhere;unicode-bidi:isolate;min-width:6em}
td:first-child{min-width:180px}
td.n{min-width:0}
td .chip{margin:-1px 0}
td.improved{color:var(--good);font-weight:600}
td.regressed{color:var(--bad);font-weight:600}
td.no_evidence,td.not_enough_data{color:var(--text3)}
.under{font-size:13px;line-height:1.5;color:var(--text2);margin-top:8px;max-width:96ch;
overflow-wrap:anywhere}
.figure{margin-top:28px;min-width:0}
.figure figcaption{display:flex;flex-wrap:wrap;gap:2px 16px;align-items:baseline;
margin-bottom:8px}
.figure figcaption h3{margin-right:auto;min-width:0}
.figure figcaption a{font-size:13px}
.figure figcaption p{flex:1 0 100%;font-size:13px;line-height:1.5;color:var(--text2);
overflow-wrap:anywhere}
.canvas{border:1px solid var(--border);border-radius:8px;background:var(--canvas);
overflow-x:auto;padding:8px;content-visibility:auto;contain-intrinsic-size:auto 480px}
.figure:target .canvas{content-visibility:visible}
.canvas.light{background:#f3f5f8}
.canvas svg{display:block;width:100%;height:auto;margin:0 auto}
.canvas text{white-space:pre;font-family:var(--ui);font-feature-settings:"calt" 0}
.frame:hover>rect{stroke:var(--text1)}
.close,.zoom,.paper{display:none}
.figure:target{position:fixed;inset:0;z-index:2;margin:0;padding:16px 24px;overflow:auto;
background:var(--ground)}
.figure:target .open{display:none}
.figure:target .close{display:inline}
.figure:target .zoom{display:inline-flex;gap:4px}
.figure:target .canvas{overflow:visible;width:max-content;min-width:100%}
.figure:target .canvas svg{min-width:min(1400px,calc(100vw - 66px))}
.zoom button{font:600 14px/22px var(--ui);width:30px;padding:0;border:1px solid var(--border);
border-radius:6px;background:var(--card);color:var(--text1);cursor:pointer}
footer{margin-top:72px;padding-top:16px;border-top:1px solid var(--border);font-size:13px;
color:var(--text3)}
@media (max-width:720px){
body{font-size:16px}
.page{padding:24px 16px 64px}
h1{font-size:26px}h2{font-size:20px;margin-top:52px}
.brand{margin-bottom:24px}
.toc{columns:1}.toc a{display:inline-block;padding:4px 0}
.facts{grid-template-columns:minmax(0,1fr);gap:0}.facts dd{margin-bottom:8px}
.headlines li{font-size:17px;gap:14px}
.key .values{font-size:26px}
.canvas svg{min-width:680px}
th,td{padding:7px 10px}
table{min-width:560px}
}
@media print{
@page{size:A4;margin:16mm 15mm 18mm}
body{font-size:10pt;line-height:1.45;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.page{max-width:none;padding:0}
h1{font-size:22pt}h2{font-size:14pt;margin-top:26pt}h3{font-size:10pt}
h2,h3,figcaption{break-after:avoid}
.sub{font-size:12pt}.headlines li{font-size:11pt;padding:8pt 0}
.lead:first-of-type,.finding>p{font-size:11pt}
.keys{grid-template-columns:repeat(2,minmax(0,1fr));gap:10pt;margin-top:20pt}
.key .values{font-size:18pt}.key .change{font-size:11pt}.key .evidence,small{font-size:8.5pt}
.key,.headlines li,.finding,tr,.side,nav,.facts dd{break-inside:avoid}
.figure{break-inside:avoid;position:static!important;padding:0!important;margin-top:16pt!important}
.canvas{border:0;padding:0;background:none!important;overflow:visible;content-visibility:visible}
.canvas svg{max-height:225mm;min-width:0!important;width:100%!important}
.scroll{overflow:visible;border-radius:0}
table{font-size:8pt;min-width:0}
th,td{padding:3pt 5pt}td,td:first-child{min-width:3em}th{white-space:normal}
thead{display:table-header-group}
.open,.close,.zoom,.screen{display:none!important}.paper{display:block}
a{color:inherit}
footer{margin-top:26pt}
}
)css";

constexpr std::string_view kScript = R"js(
(function(){
'use strict';
var figures=document.querySelectorAll('.figure');
function close(){
var open=document.querySelector('.figure:target');
if(!open)return;
var y=open.dataset.y;
location.hash='';
history.replaceState(null,'',location.pathname+location.search);
scrollTo(0,Number(y)||0);
}
figures.forEach(function(figure){
var scale=1,zoom=figure.querySelector('.zoom'),svgs=figure.querySelectorAll('svg');
function set(by){
scale=by===0?1:Math.min(16,Math.max(1,scale*by));
svgs.forEach(function(svg){svg.style.width=scale*100+'%';
svg.style.minWidth=scale===1?'':scale*(innerWidth-66)+'px';});
}
[['\u2212',1/1.5,'Smaller'],['+',1.5,'Larger'],['1',0,'Fit']].forEach(function(b){
var button=document.createElement('button');
button.type='button';button.textContent=b[0];button.title=b[2];
button.addEventListener('click',function(){set(b[1]);});
zoom.appendChild(button);
});
figure.querySelector('.open').addEventListener('click',function(){figure.dataset.y=scrollY;});
figure.querySelector('.close').addEventListener('click',function(e){
e.preventDefault();set(0);close();});
figure.querySelector('.canvas').addEventListener('dblclick',function(){
if(figure.matches(':target')){set(1.5);}
else{figure.dataset.y=scrollY;location.hash=figure.id;}
});
});
addEventListener('keydown',function(e){if(e.key==='Escape')close();});
})();
)js";

} // namespace

std::string reportStyle()
{
    std::string out = ":root{color-scheme:light dark;--ui:Inter,'Segoe UI',Roboto,'Helvetica "
                      "Neue','Noto Sans','DejaVu Sans',sans-serif;--mono:'JetBrains "
                      "Mono','DejaVu Sans Mono',monospace}\n:root";
    out += properties(Theme::Light);
    out += "@media screen and (prefers-color-scheme:dark){:root" + properties(Theme::Dark) + "}\n";
    out += "@media print{:root" + properties(Theme::Print) + "}\n";
    return out += kRules;
}

std::string_view reportScript()
{
    return kScript;
}

} // namespace flamewright
