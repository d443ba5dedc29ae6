"""The events of a calendar, as icalendar reads them: JSON. Argument: the file."""
import json
import sys

import icalendar

with open(sys.argv[1], "rb") as file:
    calendar = icalendar.Calendar.from_ical(file.read())
assert not calendar.errors, calendar.errors


def event(component):
    assert not component.errors, component.errors
    alarms = component.walk("VALARM")
    return {
        "uid": str(component["UID"]),
        "stamp": component.decoded("DTSTAMP").strftime("%Y-%m-%dT%H:%M:%SZ"),
        "start": component.decoded("DTSTART").strftime("%Y-%m-%dT%H:%M:%SZ"),
        "summary": str(component["SUMMARY"]),
        "description": str(component["DESCRIPTION"]),
        "categories": [str(category) for category in component["CATEGORIES"].cats],
        "alarms": [int(alarm.decoded("TRIGGER").total_seconds()) for alarm in alarms],
    }


print(json.dumps([event(component) for component in calendar.walk("VEVENT")]))
