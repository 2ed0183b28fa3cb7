// Buttons of a question: each writes the line of the answer into its cell, or shows it to be copied.
const style = `[data-choices] button { display: block; width: 100%; max-width: 760px; text-align: left; margin: 4px 0; padding: 6px 12px; font: inherit;
  color: inherit; background: transparent; border: 1px solid #7a8597; border-radius: 8px; cursor: pointer; }
[data-choices] .grid { display: inline-grid; grid-template-columns: repeat(var(--columns), 2.1em); vertical-align: middle; margin: 2px 8px; border: 1px solid #7a8597; }
[data-choices] .grid > span { text-align: center; padding: 2px 0; border: 1px solid #7a859766; }
[data-choices] button[aria-pressed="true"] { border: 2px solid currentColor; font-weight: 650; }
[data-choices] button[aria-pressed="true"]::after { content: "  ✓ chosen"; }
[data-choices] button:focus-visible { outline: 3px solid #c2530a; outline-offset: 2px; }
[data-choices] p { min-height: 1.5em; margin: 6px 0; }`;

// The editor of the cell that has the answer's line: JupyterLab's (CodeMirror 6) puts it behind the element.
function editorOf(host, line) {
  const notebook = host.closest(".jp-Notebook");
  for (const content of notebook ? notebook.querySelectorAll(".cm-content") : []) {
    const view = (content.cmTile || content.cmView || {}).view;
    if (view && line.test(view.state.doc.toString())) return view;
  }
  return undefined;
}

function write(host, text) {
  const line = new RegExp(`^${settings.question}[ \\t]*=[^=\\n#]*`, "m");
  const view = editorOf(host, line);
  if (view) {
    const found = line.exec(view.state.doc.toString());
    const tail = /[ \t]*$/.exec(found[0])[0];
    view.dispatch({ changes: { from: found.index, to: found.index + found[0].length, insert: text + tail } });
    return `Written: ${text}. Run that cell, then this one.`;
  }
  if (navigator.clipboard) navigator.clipboard.writeText(text).catch(() => undefined);
  return `Your line: ${text} (copied, where your browser allows it). Put it into the cell above and run it.`;
}

for (const host of document.querySelectorAll(`[data-choices="${settings.mark}"]`)) {
  if (host.dataset.started) continue;
  host.dataset.started = "yes";
  const sheet = document.createElement("style");
  sheet.textContent = style;
  host.prepend(sheet);
  const buttons = [...host.querySelectorAll("button")];
  for (const button of buttons) button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    if (!settings.several) for (const other of buttons) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", String(on || !settings.several));
    const letters = buttons.filter((one) => one.getAttribute("aria-pressed") === "true").map((one) => one.dataset.letter).join("");
    host.querySelector("p").textContent = write(host, letters ? `${settings.question} = "${letters}"` : `${settings.question} = ...`);
  });
}
