// What a person finds in a browser on the page of a scan, after page.js. The pages: an ordinary scan,
// a hostile one, one of ten thousand certificates, one that found nothing. Prints one line per page.
const rows = ".ends tbody tr";
const visible = `${rows}:not([hidden])`;

async function readable(browser, address) {
    const { page, close } = await open(browser, address);
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
    // On a phone the cells stand below each other, and no column's head is in sight.
    const heads = await page.locator("thead th").evaluateAll((all) => all.map((head) => head.getBoundingClientRect().right));
    assert.ok(heads.every((right) => right <= 0), JSON.stringify(heads));
    await close();
}

// Every mark is inside the picture, and no two lie on each other.
async function timeline(browser, address) {
    const { page, close } = await open(browser, address);
    const frame = await page.locator("svg.timeline").boundingBox();
    assert.ok(frame.width > 600 && frame.height > 100, JSON.stringify(frame));
    const marks = [];
    for (const mark of await page.locator(".column use").all()) marks.push(await mark.boundingBox());
    assert.equal(marks.length, 6);
    for (const box of marks) {
        assert.ok(box.x > frame.x && box.x + box.width < frame.x + frame.width, JSON.stringify(box));
        assert.ok(box.y > frame.y && box.y + box.height < frame.y + frame.height, JSON.stringify(box));
    }
    assert.equal(new Set(marks.map((box) => `${Math.round(box.x)} ${Math.round(box.y)}`)).size, 6);
    // What has ended is left of now; what has not is right of it.
    const now = (await page.locator("path.now").boundingBox()).x;
    const left = marks.filter((box) => box.x + box.width / 2 < now);
    assert.equal(left.length, 1);
    await close();
}

// Pictures in light and dark: neither is blank, and they differ.
async function pictures(browser, address) {
    const seen = [];
    for (const colorScheme of ["light", "dark"]) {
        const { page, context, close } = await open(browser, address, { colorScheme });
        const picture = (await page.locator("section").first().screenshot()).toString("base64");
        const blank = await context.newPage();
        seen.push(await blank.evaluate(colors, picture));
        await blank.close();
        await close();
    }
    const [light, dark] = seen;
    assert.ok(light.number > 50 && dark.number > 50, JSON.stringify(seen.map((each) => each.number)));
    assert.ok(light.mean > 200 && dark.mean < 60, JSON.stringify(seen));
}

// How many colours a picture has, and how light it is on the whole (0 to 255).
const colors = async (picture) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    const found = new Set();
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) {
        found.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
        sum += data[at] + data[at + 1] + data[at + 2];
    }
    return { number: found.size, mean: sum / (data.length / 4) / 3 };
};

async function filters(browser, address) {
    const { page, close } = await open(browser, address);
    const shown = page.locator("#shown");
    const says = (text) => page.waitForFunction((text) => document.getElementById("shown").textContent === text, text);
    assert.equal(await shown.textContent(), "10 of 10");
    // By a file, by two words in any order, by a thumbprint's beginning, by nothing that is there.
    for (const [words, count] of [["contoso/certkit", 1], ["NORTHWIND  cn=", 2], ["434e3d4f6e65", 1], ["no such thing", 0]]) {
        await page.locator("#words").fill(words);
        await says(`${count} of 10`);
        assert.equal(await page.locator(visible).count(), count, words);
        assert.equal(await page.locator(".none").isVisible(), count === 0);
    }
    await page.locator("#words").fill("");
    await says("10 of 10");
    // By the keyboard: from "all" to "ended" and on to "ends soon".
    await page.locator("input[name=state]").first().focus();
    await page.keyboard.press("ArrowRight");
    await says("1 of 10");
    await page.keyboard.press("ArrowRight");
    await says("2 of 10");
    // Both at once.
    await page.locator("#words").fill("secret");
    await says("1 of 10");
    await close();
}

async function sorts(browser, address) {
    const { page, close } = await open(browser, address);
    const names = () => page.locator(`${rows} th`).evaluateAll((all) => all.map((head) => head.firstChild.data.trim()));
    const head = (name) => page.locator(".ends thead th", { hasText: name });
    const byEnd = await names();
    await head("What").locator("button").click();
    const byName = await names();
    assert.deepEqual(byName, [...byName].sort(new Intl.Collator(undefined, { numeric: true }).compare));
    assert.notDeepEqual(byName, byEnd);
    assert.equal(await head("What").getAttribute("aria-sort"), "ascending");
    assert.equal(await head("Ends").getAttribute("aria-sort"), null);
    await head("What").locator("button").press("Enter");
    assert.deepEqual(await names(), [...byName].reverse());
    assert.equal(await head("What").getAttribute("aria-sort"), "descending");
    // What has no end stays last, whichever way.
    await head("Ends").locator("button").click();
    assert.deepEqual((await names()).slice(0, 7), byEnd.slice(0, 7));
    await head("Ends").locator("button").click();
    assert.deepEqual((await names()).slice(0, 7), byEnd.slice(0, 7).reverse());
    await close();
}

// Without scripts the table is whole, and nothing is there that does nothing.
async function withoutScripts(browser, address) {
    const { page, close } = await open(browser, address, { javaScriptEnabled: false });
    assert.equal(await page.locator("button:visible, input:visible").count(), 0);
    assert.equal(await page.locator(`${rows}:visible`).count(), 10);
    await close();
}

async function printed(browser, address) {
    const { page, close } = await open(browser, address);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light");
    assert.ok((await page.evaluate(contrast)).ratio >= 4.5);
    assert.equal(await page.locator("form:visible, nav:visible").count(), 0);
    assert.ok((await page.pdf()).length > 10000);
    await close();
}

// What the hostile names say is there to be read, and nothing of it is an element.
async function hostile(browser, address) {
    const { page, close } = await open(browser, address);
    const text = await page.locator(`${rows} th`).nth(1).evaluate((head) => head.firstChild.data.trim());
    assert.ok(text.startsWith(`</style></script><script>window.ran=1</script><img src=x onerror=alert(1)>"'&lt;|}\\,;\\u{a}`), text);
    assert.equal(await page.locator("script").count(), 1);
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.evaluate(() => window.ran), undefined);
    await close();
}

// Ten thousand rows are found, filtered and sorted like ten.
async function thousands(browser, address) {
    const { page, close } = await open(browser, address);
    const says = (text) => page.waitForFunction((text) => document.getElementById("shown").textContent === text, text);
    assert.equal(await page.locator(rows).count(), 10000);
    assert.ok(await page.locator(".piece").count() > 20);
    await page.locator("#words").fill("store-7777.pfx");
    await says("1 of 10000");
    assert.ok(await page.locator(visible).isVisible());
    await page.locator("#words").fill("");
    await says("10000 of 10000");
    await page.locator(".ends thead button").nth(1).click();
    assert.match(await page.locator(`${rows} th`).first().textContent(), /^CN=Connector 0,/);
    await close();
}

async function nothing(browser, address) {
    const { page, close } = await open(browser, address);
    assert.match(await page.locator("main").innerText(), /No certificate, client secret or key was found in 3 files/);
    assert.equal(await page.locator("table, svg.timeline, form").count(), 0);
    await close();
}

look(async (browser) => {
    const [ordinary, wicked, many, empty] = pages;
    await timeline(browser, ordinary);
    await pictures(browser, ordinary);
    await filters(browser, ordinary);
    await sorts(browser, ordinary);
    await withoutScripts(browser, ordinary);
    await printed(browser, ordinary);
    await policy(browser, ordinary);
    await readable(browser, ordinary);
    console.log(ordinary);
    await hostile(browser, wicked);
    await readable(browser, wicked);
    console.log(wicked);
    await thousands(browser, many);
    console.log(many);
    await nothing(browser, empty);
    await readable(browser, empty);
    console.log(empty);
});
