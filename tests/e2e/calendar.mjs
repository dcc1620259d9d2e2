// node calendar.mjs < calendar.ics: the calendar as ical.js, which Thunderbird reads calendars with, understands it, as JSON.
import { readFileSync } from 'node:fs'
import ICAL from '../../frontend/node_modules/ical.js/dist/ical.js'

const calendar = ICAL.Component.fromString(readFileSync(0, 'utf8'))
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)

const person = (property) => property && { address: property.getFirstValue(), ...property.jCal[1] }
const time = (property) => property && ({
  zone: property.getFirstParameter('tzid'),
  // The moment by the rules of the zone that the calendar itself brings along.
  moment: property.getFirstValue().toUnixTime(),
})
const events = calendar.getAllSubcomponents('vevent').map((event) => ({
  uid: event.getFirstPropertyValue('uid'),
  summary: event.getFirstPropertyValue('summary'),
  description: event.getFirstPropertyValue('description'),
  location: event.getFirstPropertyValue('location'),
  status: event.getFirstPropertyValue('status'),
  sequence: event.getFirstPropertyValue('sequence'),
  stamp: event.getFirstPropertyValue('dtstamp')?.toUnixTime(),
  start: time(event.getFirstProperty('dtstart')),
  end: time(event.getFirstProperty('dtend')),
  organizer: person(event.getFirstProperty('organizer')),
  attendees: event.getAllProperties('attendee').map(person),
}))
console.log(JSON.stringify({ method: calendar.getFirstPropertyValue('method'), events }))
