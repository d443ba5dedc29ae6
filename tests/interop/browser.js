// What a person finds in a browser. Arguments: the browser, then pages. The first page is one with
// values filled in, the second one that a hostile profile made. Prints one line per page.
const assert = require("node:assert/strict");
const { chromium } = require("playwright-core");

const [program, ...files] = process.argv.slice(1);
const pages = files.map((file) => require("node:url").pathToFileURL(file).href);
const wide = { width: 1280, height: 800 };
const narrow = { width: 360, height: 740 };
const boxes = ".do input[type=checkbox]";

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
        .map((e) => e.htmlFor || e.getAttribute("aria-labelledby") || e.hash.slice(1));
    const nameless = [...document.querySelectorAll("button")]
        .filter((button) => !(button.getAttribute("aria-label") ?? button.textContent).trim());
    return [
        ...wanted.filter((id) => !ids.includes(id)),
        ...ids.filter((id, at) => ids.indexOf(id) !== at),
        ...nameless.map((button) => button.outerHTML),
    ];
};

async function everyPage(browser, address) {
    const { page, close } = await open(browser, address);
    const total = await page.locator(boxes).count();
    assert.ok(total > 8, `${total} boxes`);
    assert.equal(await page.locator("#count").textContent(), `0 of ${total} done`);
    assert.deepEqual(await page.evaluate(faults), [], address);
    for (const viewport of [wide, narrow]) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ["light", "dark"]) {
            await page.emulateMedia({ colorScheme });
            assert.deepEqual(await page.evaluate(overflow), { by: 0, outside: [] }, `${address} ${viewport.width}`);
            const least = await page.evaluate(contrast);
            assert.ok(least.ratio >= 4.5 && least.ratio < 21, `${address} ${colorScheme}: ${JSON.stringify(least)}`);
        }
    }
    await close();
}

async function ticks(browser, address) {
    const { page, close } = await open(browser, address);
    const count = page.locator("#count");
    const total = await page.locator(boxes).count();
    // By its words, by the box, and by the keyboard.
    await page.locator(".do label span").nth(1).click();
    await page.locator(boxes).nth(3).check();
    await page.locator(boxes).nth(4).focus();
    await page.keyboard.press("Space");
    assert.equal(await count.textContent(), `3 of ${total} done`);
    assert.equal(await page.locator("#done").evaluate((bar) => bar.value), 3);
    await page.reload();
    assert.equal(await count.textContent(), `3 of ${total} done`);
    const ticked = await page.locator(boxes).evaluateAll((all) => all.flatMap((box, at) => box.checked ? [at] : []));
    assert.deepEqual(ticked, [1, 3, 4]);
    await page.locator(boxes).nth(3).uncheck();
    assert.equal(await count.textContent(), `2 of ${total} done`);
    // A whole step.
    for (const box of await page.locator("#step-register input").all()) await box.check();
    assert.ok(await page.locator("#step-register").evaluate((step) => step.classList.contains("finished")));
    assert.equal(await page.locator("nav a[href='#step-register']").getAttribute("aria-description"), "done");
    await page.locator("#reset").click();
    assert.equal(await count.textContent(), `0 of ${total} done`);
    await page.reload();
    assert.equal(await count.textContent(), `0 of ${total} done`);
    await close();
}

// Ticks of one app are not those of another, or of the page without an app.
async function apart(browser, [one, other]) {
    const { page, context, close } = await open(browser, one);
    await page.locator(boxes).first().check();
    const beside = await context.newPage();
    await beside.goto(other);
    assert.match(await beside.locator("#count").textContent(), /^0 of/);
    await close();
}

// Every button copies what stands beside it, to the letter.
async function copies(browser, address) {
    const { page, context, close } = await open(browser, address);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const buttons = await page.locator("button.copy").all();
    assert.ok(buttons.length > 20, `${buttons.length} buttons`);
    const seen = [];
    for (const button of buttons) {
        seen.push(await pressed(page, button));
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), seen.at(-1));
    }
    for (const known of ["11111111-2222-3333-4444-555555555555", "0123456789ABCDEF0123456789ABCDEF01234567"]) {
        assert.ok(seen.includes(known), known);
    }
    await close();
}

// Where the browser hands out no clipboard, the old way does; another tab tells what was copied.
async function copiesByHand(browser, address) {
    const { page: reader, context, close } = await open(browser, address);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await page.goto(address);
    for (const button of (await page.locator("button.copy").all()).slice(0, 4)) {
        await page.bringToFront();
        const text = await pressed(page, button);
        await reader.bringToFront();
        assert.equal(await reader.evaluate(() => navigator.clipboard.readText()), text);
    }
    assert.equal(await page.locator("textarea").count(), 0);
    await close();
}

// Presses a button for copying and waits until it says so; the text beside it.
async function pressed(page, button) {
    await page.evaluate(() => { document.getElementById("status").textContent = ""; });
    await button.click();
    const name = (await button.getAttribute("aria-label")).replace(/^Copy /, "Copied: ");
    await page.waitForFunction((name) => document.getElementById("status").textContent === name, name);
    return button.evaluate((element) => element.parentElement.querySelector("code").textContent);
}

// Without scripts the page is whole: everything to read and tick, nothing that does nothing.
async function withoutScripts(browser, address) {
    const { page, close } = await open(browser, address, { javaScriptEnabled: false });
    assert.equal(await page.locator("button:visible, progress:visible").count(), 0);
    assert.ok(await page.locator("#step-consent h2").isVisible());
    await page.locator(boxes).first().check();
    assert.ok(await page.locator(boxes).first().isChecked());
    await close();
}

async function printed(browser, address) {
    const { page, close } = await open(browser, address);
    // Dark boxes on white paper would look ticked.
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light");
    assert.ok((await page.evaluate(contrast)).ratio >= 4.5);
    assert.equal(await page.locator("button:visible, .bar:visible, nav:visible").count(), 0);
    assert.ok(await page.locator("#step-permissions table").first().isVisible());
    assert.ok((await page.pdf()).length > 10000);
    await close();
}

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

// What the hostile profile says is there to be read, and nothing of it is an element.
async function hostile(browser, address) {
    const { page, close } = await open(browser, address);
    const text = `</style></script><script>window.ran=1</script><img src=x onerror=alert(1)>"'&lt;`;
    assert.equal(await page.locator("h1").textContent(), text);
    assert.equal(await page.locator("script").count(), 1);
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.evaluate(() => window.ran), undefined);
    await close();
}

(async () => {
    const browser = await chromium.launch({
        executablePath: program,
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    try {
        await ticks(browser, pages[0]);
        await apart(browser, pages);
        await copies(browser, pages[0]);
        await copiesByHand(browser, pages[0]);
        await withoutScripts(browser, pages[0]);
        await printed(browser, pages[0]);
        await policy(browser, pages[0]);
        await hostile(browser, pages[1]);
        for (const address of pages) {
            await everyPage(browser, address);
            console.log(address);
        }
    } finally {
        await browser.close();
    }
})().catch((error) => { console.error(error); process.exit(1); });
