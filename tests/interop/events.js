// The events of a calendar, as ical.js (Thunderbird's) reads them: JSON. Argument: the file.
const ical = require("ical.js");

const calendar = new ical.Component(ical.parse(require("node:fs").readFileSync(process.argv[1], "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ical.Event(component);
    return {
        uid: event.uid,
        stamp: component.getFirstPropertyValue("dtstamp").toString(),
        start: event.startDate.toString(),
        summary: event.summary,
        description: event.description,
        categories: component.getFirstProperty("categories").getValues(),
        alarms: component.getAllSubcomponents("valarm")
            .map((alarm) => alarm.getFirstPropertyValue("trigger").toSeconds()),
    };
});
console.log(JSON.stringify(events));
