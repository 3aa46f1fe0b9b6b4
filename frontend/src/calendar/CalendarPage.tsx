import { useEffect, useRef, useState } from 'react';
import type { Booked } from '../api/answers';
import type { RoomWeek } from '../api/client';
import { BookingDialog } from '../booking/BookingDialog';
import { type Draft, draftFor, proposal } from '../booking/draft';
import { useIsOnline, useMedia, useNow } from '../browser';
import { weekAddress } from '../route';
import { DayList } from './DayList';
import { Failure, NoRooms, Offline, Skeleton } from './Notices';
import { Toolbar } from './Toolbar';
import { WeekTable } from './WeekTable';
import { type Span, addDays, isSameDay, isoDay, parseDay, startOfDay, startOfWeek, weekTitle } from './dates';
import { bookingName } from './names';
import { type CalendarState, retryIn, useCalendar } from './useCalendar';
import type { CalendarView } from './view';

/** The rooms and their week, and the form that books one. `day` is as in `2026-11-23`; null is today. */
export function CalendarPage({ day: chosen }: { day: string | null }) {
  const now = useNow();
  const isOnline = useIsOnline();
  const day = parseDay(chosen ?? '') ?? startOfDay(now);
  const calendar = useCalendar(isoDay(startOfWeek(day)));
  const [draft, setDraft] = useState<Draft | null>(null);
  const [email, setEmail] = useState('');
  const [booked, setBooked] = useState<Booked | null>(null);
  const { rooms, failure, reload } = calendar;
  useFocusOnNew(booked, rooms);

  function open(room: string, span: Span) {
    setBooked(null);
    setDraft(draftFor(room, proposal(span), email));
  }

  function show(booking: Booked, by: string) {
    setDraft(null);
    setEmail(by);
    setBooked(booking);
    if (!isSameDay(booking.start, day)) window.location.hash = weekAddress(booking.start);
    reload();
  }

  const view: CalendarView = { day, now, newBooking: booked?.id ?? null, choose: (room, span) => open(room.id, span) };
  const first = rooms?.[0];
  return (
    <main className="calendar" aria-busy={calendar.isLoading}>
      <Toolbar day={day} now={now} book={first === undefined ? null : () => open(first.id, nextHour(day, now))} />
      <p role="status" className="booked-status">
        {booked !== null && `Booked: ${bookingName(rooms?.find(({ id }) => id === booked.room)?.name ?? 'the room', booked)}`}
      </p>
      {!isOnline && <Offline at={calendar.at} />}
      {isOnline && failure !== null && <FailureOf calendar={calendar} />}
      {rooms !== null && <Rooms rooms={rooms} view={view} />}
      {rooms === null && failure === null && isOnline && <Skeleton what={weekTitle(day)} />}
      {draft !== null && rooms !== null && (
        <BookingDialog rooms={rooms} draft={draft} onClose={() => setDraft(null)} onChanged={reload} onBooked={show} />
      )}
    </main>
  );
}

/** Moves the focus to a new booking once, when the calendar contains it: the free time that had the focus is gone. */
function useFocusOnNew(booked: Booked | null, rooms: RoomWeek[] | null) {
  const focused = useRef<string | null>(null);
  useEffect(() => {
    if (booked === null || focused.current === booked.id) return;
    const element = document.querySelector<HTMLElement>('[data-new]');
    if (element === null) return;
    element.focus();
    focused.current = booked.id;
  }, [booked, rooms]);
}

function FailureOf({ calendar: { failure, at, isLoading, reload } }: { calendar: CalendarState }) {
  if (failure === null) return null;
  const wait = retryIn(failure);
  return <Failure error={failure} at={at} seconds={wait === null ? null : Math.round(wait / 1000)} isLoading={isLoading} retry={reload} />;
}

function Rooms({ rooms, view }: { rooms: RoomWeek[]; view: CalendarView }) {
  const isWide = useMedia('(min-width: 62rem)');
  if (rooms.length === 0) return <NoRooms />;
  const isEmpty = rooms.every((room) => room.bookings.length === 0);
  return (
    <>
      {isEmpty && <p className="hint">No bookings this week. Choose a free time to book a room.</p>}
      {isWide ? <WeekTable rooms={rooms} view={view} label={`Rooms, ${weekTitle(view.day)}`} /> : <DayList rooms={rooms} view={view} />}
    </>
  );
}

/** An hour on the day that is shown: the next full one today, otherwise the first of the working day. */
function nextHour(day: Date, now: Date): Span {
  const morning = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 9);
  const next = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + 1);
  const start = morning > now ? morning : next;
  return { start, end: addDays(start, 1) };
}
