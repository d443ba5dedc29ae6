// What the scripts that look at certkit's pages in a browser share; it stands before each of them.
// Arguments: the browser, then pages.
const assert = require("node:assert/strict");
const { chromium } = require("playwright-core");

const [program, ...files] = process.argv.slice(1);
const pages = files.map((file) => require("node:url").pathToFileURL(file).href);
const wide = { width: 1280, height: 800 };
const narrow = { width: 360, height: 740 };

// A page on which nothing may go wrong unnoticed: no message, no fault, no request but for itself.
async function open(browser, address, options = {}) {
    const context = await browser.newContext({ viewport: wide, reducedMotion: "reduce", ...options });
    context.setDefaultTimeout(10000);
    const page = await context.newPage();
    const trouble = [];
    page.on("console", (message) => trouble.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => trouble.push(`fault: ${error}`));
    page.on("request", (request) => {
        if (request.url().split("#")[0] !== address) trouble.push(`request: ${request.url()}`);
    });
    page.on("dialog", (dialog) => {
        if (dialog.type() === "confirm") dialog.accept();
        else { trouble.push(`dialog: ${dialog.message()}`); dialog.dismiss(); }
    });
    await page.goto(address);
    return {
        page, context, trouble,
        async close() {
            assert.deepEqual(trouble, [], address);
            await context.close();
        },
    };
}

// How far the page itself can be scrolled to the side, and what stands out.
const overflow = () => {
    const edge = document.documentElement.clientWidth;
    const scrolls = (element) => element.closest(".scroll, .skip, thead") !== null;
    const outside = [...document.body.querySelectorAll("*")]
        .filter((element) => element.getBoundingClientRect().right > edge + 1 && !scrolls(element));
    return { by: document.documentElement.scrollWidth - edge, outside: outside.map((e) => e.outerHTML.slice(0, 80)) };
};

// The least contrast between text and what is behind it (WCAG 2.2, 1.4.3).
const contrast = () => {
    const parse = (color) => color.match(/[\d.]+/g).map(Number);
    const light = ([r, g, b]) => {
        const part = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = parse(getComputedStyle(at).backgroundColor);
            if (color.length < 4 || color[3] === 1) return color;
        }
        return [255, 255, 255];
    };
    let least = { ratio: 21, text: "" };
    for (const element of document.body.querySelectorAll("*")) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!own || !element.checkVisibility() || element.closest("script, style")) continue;
        const pair = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
        const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
        if (ratio < least.ratio) least = { ratio, text: element.textContent.trim().slice(0, 40) };
    }
    return least;
};

// Ids that are named and missing, or stand twice; buttons without a name.
const faults = () => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    const wanted = [...document.querySelectorAll("label[for], a[href^='#'], [aria-labelledby]")]
        .flatMap((e) => e.htmlFor || e.getAttribute("aria-labelledby")?.split(" ") || e.hash.slice(1));
    const nameless = [...document.querySelectorAll("button")]
        .filter((button) => !(button.getAttribute("aria-label") ?? button.textContent).trim());
    return [
        ...wanted.filter((id) => !ids.includes(id)),
        ...ids.filter((id, at) => ids.indexOf(id) !== at),
        ...nameless.map((button) => button.outerHTML),
    ];
};

// The policy is alive: neither a script that gets in nor a picture from elsewhere does anything.
async function policy(browser, address) {
    const { page, context, trouble } = await open(browser, address);
    await page.evaluate(() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        const picture = document.createElement("img");
        picture.src = "http://127.0.0.1:9/x.png";
        document.body.append(script, picture);
    });
    await page.waitForTimeout(200);
    assert.equal(await page.evaluate(() => window.ran), undefined);
    assert.ok(trouble.some((line) => /Content Security Policy/.test(line)), trouble.join("\n"));
    await context.close();
}

// Looks at pages with a browser that asks nobody for anything.
function look(at) {
    (async () => {
        const browser = await chromium.launch({
            executablePath: program,
            args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        try {
            await at(browser);
        } finally {
            await browser.close();
        }
    })().catch((error) => { console.error(error); process.exit(1); });
}

