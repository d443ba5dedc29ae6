// What a person finds in a browser, after page.js. The first page is one with values filled in, the
// second one that a hostile profile made. Prints one line per page.
const boxes = ".do input[type=checkbox]";

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

look(async (browser) => {
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
});
