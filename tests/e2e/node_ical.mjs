// node node_ical.mjs < calendar.ics: the same calendar as node-ical, another reader with another time zone code, understands it, as JSON.
import { readFileSync } from 'node:fs'
import ical from 'node-ical'

const text = (value) => (value && typeof value === 'object' && 'val' in value ? value.val : value)
const found = ical.sync.parseICS(readFileSync(0, 'utf8'))
const events = Object.values(found).filter((entry) => entry.type === 'VEVENT').map((event) => ({
  uid: event.uid,
  summary: text(event.summary),
  status: event.status,
  sequence: Number(event.sequence),
  start: event.start.getTime() / 1000,
  end: event.end ? event.end.getTime() / 1000 : null,
  attendees: [event.attendee].flat().filter(Boolean).map(text),
}))
console.log(JSON.stringify({ method: found.vcalendar?.method, events }))
