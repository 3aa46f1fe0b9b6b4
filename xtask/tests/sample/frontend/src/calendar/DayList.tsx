import type { RoomWeek } from '../api/client';
import { weekAddress } from '../route';
import { BookedTime } from './BookedTime';
import { RoomFacts } from './RoomFacts';
import { dayName, daysOfWeek, isSameDay, shortWeekday, spanText } from './dates';
import { segmentName } from './names';
import { type Segment, hoursToShow, segments } from './segments';
import type { CalendarView } from './view';

/** A day for a narrow screen: the days of the week to choose from, and a list for each room. */
export function DayList({ rooms, view }: { rooms: RoomWeek[]; view: CalendarView }) {
  const hours = hoursToShow(rooms, view.day);
  return (
    <>
      <nav className="days" aria-label="Days of the week">
        {daysOfWeek(view.day).map((day) => (
          <a
            key={day.getTime()}
            href={weekAddress(day)}
            aria-current={isSameDay(day, view.day) ? 'date' : undefined}
            data-today={isSameDay(day, view.now) || undefined}
          >
            <span className="unseen">{dayName(day)}</span>
            <span aria-hidden="true">{shortWeekday(day)}</span>
            <b aria-hidden="true">{day.getDate()}</b>
          </a>
        ))}
      </nav>
      <h2 className="day-name">{dayName(view.day)}</h2>
      <div className="day">
        {rooms.map((room) => (
          <section key={room.id} aria-label={room.name}>
            <h3>{room.name}</h3>
            <RoomFacts room={room} />
            <ul className="times">
              {segments(room, view.day, hours, view.now).map((segment) => (
                <li key={`${segment.kind}-${segment.span.start.getTime()}`} className={segment.kind}>
                  <Row room={room} segment={segment} view={view} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

function Row({ room, segment, view }: { room: RoomWeek; segment: Segment; view: CalendarView }) {
  if (segment.kind === 'booked') return <BookedTime room={room.name} segment={segment} isNew={segment.booking.id === view.newBooking} />;
  if (segment.kind === 'past') {
    return (
      <p>
        <span className="span">{spanText(segment.span)}</span> Past
      </p>
    );
  }
  return (
    <button type="button" onClick={() => view.choose(room, segment.span)}>
      <span className="unseen">{segmentName(room.name, segment)}</span>
      <span aria-hidden="true">
        <span className="span">{spanText(segment.span)}</span> Free
      </span>
      <span aria-hidden="true" className="offer">
        Book
      </span>
    </button>
  );
}
