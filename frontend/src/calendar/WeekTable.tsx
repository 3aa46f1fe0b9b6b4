import type { RoomWeek } from '../api/client';
import { RoomFacts } from './RoomFacts';
import { RoomDay } from './RoomDay';
import { dayName, daysOfWeek, isSameDay, shortWeekday } from './dates';
import { hoursToShow } from './segments';
import type { CalendarView } from './view';

/** The week for a wide screen: a row for each room, a column for each day. */
export function WeekTable({ rooms, view, label }: { rooms: RoomWeek[]; view: CalendarView; label: string }) {
  const days = daysOfWeek(view.day);
  const hours = hoursToShow(rooms, view.day);
  return (
    <table className="week" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Room</th>
          {days.map((day) => (
            <th key={day.getTime()} scope="col" aria-current={isSameDay(day, view.now) ? 'date' : undefined}>
              <span aria-hidden="true">
                {shortWeekday(day)} <b>{day.getDate()}</b>
              </span>
              <span className="unseen">{dayName(day)}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rooms.map((room) => (
          <tr key={room.id}>
            <th scope="row">
              <div className="room">
                <span className="room-name">{room.name}</span>
                <RoomFacts room={room} />
                <Ruler from={hours.from} to={hours.to} />
              </div>
            </th>
            {days.map((day) => (
              <td key={day.getTime()} data-weekend={day.getDay() % 6 === 0 || undefined}>
                <RoomDay room={room} day={day} hours={hours} view={view} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The hours at the left of a row: decoration only, because the name of every block includes its times. */
function Ruler({ from, to }: { from: number; to: number }) {
  const labels = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((hour) => (hour - from) % 2 === 0);
  return (
    <ol className="ruler" aria-hidden="true">
      {labels.map((hour) => (
        <li key={hour} style={{ top: `${(100 * (hour - from)) / (to - from)}%` }}>
          {hour}
        </li>
      ))}
    </ol>
  );
}
