// Ticks that stay, their count, and copying. Without this script the page is whole, only plainer.
(() => {
  "use strict";
  const key = document.body.dataset.key;
  const boxes = [...document.querySelectorAll("input[type=checkbox]")];
  const count = document.getElementById("count");
  const bar = document.getElementById("done");
  const status = document.getElementById("status");
  let clearing;

  const say = (sentence) => {
    clearTimeout(clearing);
    status.textContent = sentence;
    clearing = setTimeout(() => { status.textContent = ""; }, 3000);
  };

  // A browser may keep nothing: then the ticks last as long as the page is open.
  const load = () => {
    try {
      const ids = JSON.parse(localStorage.getItem(key));
      return Array.isArray(ids) ? ids : [];
    } catch { return []; }
  };
  const save = () => {
    try {
      localStorage.setItem(key, JSON.stringify(boxes.filter((box) => box.checked).map((box) => box.id)));
    } catch { say("This browser does not keep the ticks."); }
  };

  const show = () => {
    const done = boxes.filter((box) => box.checked).length;
    count.textContent = `${done} of ${boxes.length} done`;
    bar.value = done;
    for (const step of document.querySelectorAll(".step")) {
      const own = [...step.querySelectorAll("input[type=checkbox]")];
      const finished = own.length > 0 && own.every((box) => box.checked);
      step.classList.toggle("finished", finished);
      const link = document.querySelector(`nav a[href="#${step.id}"]`);
      link.classList.toggle("finished", finished);
      if (finished) link.setAttribute("aria-description", "done");
      else link.removeAttribute("aria-description");
    }
  };

  const byHand = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "away";
    field.setAttribute("aria-hidden", "true");
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { return byHand(text); }
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const copied = await copy(button.parentElement.querySelector("code").textContent);
    button.focus();
    if (copied) {
      button.classList.add("copied");
      setTimeout(() => button.classList.remove("copied"), 1500);
    }
    say(copied ? `Copied: ${button.getAttribute("aria-label").slice("Copy ".length)}`
      : "Copying is not allowed here: select the text by hand.");
  });

  document.getElementById("reset").addEventListener("click", () => {
    if (!confirm("Take all ticks away?")) return;
    for (const box of boxes) box.checked = false;
    save();
    show();
    say("All ticks are gone.");
  });

  const kept = new Set(load());
  for (const box of boxes) {
    box.checked = kept.has(box.id);
    box.addEventListener("change", () => { save(); show(); });
  }
  document.documentElement.classList.add("scripted");
  document.querySelector(".bar").hidden = false;
  show();
})();
