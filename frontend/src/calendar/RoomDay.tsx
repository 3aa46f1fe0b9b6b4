import { type CSSProperties, type MouseEvent, useState } from 'react';
import type { RoomWeek } from '../api/client';
import { BookedTime } from './BookedTime';
import { type Span, clock, hoursInto, isSameDay, spanText } from './dates';
import { segmentName } from './names';
import { type Hours, type Segment, roomFor, segments } from './segments';
import type { CalendarView } from './view';

/** A click in free time starts at the half hour above it. */
const HALF_HOUR = 30 * 60_000;

interface RoomDayProps {
  room: RoomWeek;
  day: Date;
  hours: Hours;
  view: CalendarView;
}

/** A day of a room to scale: the bookings and the free time. */
export function RoomDay({ room, day, hours, view }: RoomDayProps) {
  const at = (date: Date) => (hoursInto(day, date) - hours.from) / (hours.to - hours.from);
  const place = ({ start, end }: Span): CSSProperties => ({ top: `${at(start) * 100}%`, height: `${(at(end) - at(start)) * 100}%` });
  const now = at(view.now);
  return (
    <div className="room-day" style={{ '--hours': hours.to - hours.from } as CSSProperties}>
      <ul>
        {segments(room, day, hours, view.now).map((segment) => (
          <li key={`${segment.kind}-${segment.span.start.getTime()}`} className={segment.kind} style={place(segment.span)}>
            <Piece room={room} segment={segment} view={view} />
          </li>
        ))}
      </ul>
      {isSameDay(day, view.now) && now > 0 && now < 1 && <hr className="now" aria-hidden="true" style={{ top: `${now * 100}%` }} />}
    </div>
  );
}

function Piece({ room, segment, view }: { room: RoomWeek; segment: Segment; view: CalendarView }) {
  if (segment.kind === 'booked') return <BookedTime room={room.name} segment={segment} isNew={segment.booking.id === view.newBooking} />;
  if (segment.kind === 'past') return null;
  return <FreeTime name={segmentName(room.name, segment)} span={segment.span} choose={(span) => view.choose(room, span)} />;
}

/** A free period. A mouse click chooses where the booking starts; the keyboard chooses the entire period. */
function FreeTime({ name, span, choose }: { name: string; span: Span; choose: (span: Span) => void }) {
  const [pointed, setPointed] = useState(span.start);
  return (
    <button
      type="button"
      data-room-for={roomFor(span)}
      onMouseMove={(event) => setPointed(startAt(event, span))}
      onMouseLeave={() => setPointed(span.start)}
      // The keyboard's click has no detail.
      onClick={(event) => choose(event.detail === 0 ? span : { start: startAt(event, span), end: span.end })}
    >
      <span className="unseen">{name}</span>
      <span aria-hidden="true" className="free-times">
        {spanText(span)}
      </span>
      <span aria-hidden="true" className="offer" style={{ top: `${(100 * (pointed.getTime() - span.start.getTime())) / (span.end.getTime() - span.start.getTime())}%` }}>
        + {clock(pointed)}
      </span>
    </button>
  );
}

function startAt(event: MouseEvent<HTMLElement>, { start, end }: Span): Date {
  const box = event.currentTarget.getBoundingClientRect();
  const pointed = start.getTime() + ((event.clientY - box.top) / box.height) * (end.getTime() - start.getTime());
  // Some time zones are a quarter of an hour off.
  const offset = start.getTimezoneOffset() * 60_000;
  return new Date(Math.max(start.getTime(), Math.floor((pointed - offset) / HALF_HOUR) * HALF_HOUR + offset));
}
