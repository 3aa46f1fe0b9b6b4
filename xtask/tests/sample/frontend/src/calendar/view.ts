import type { RoomWeek } from '../api/client';
import type { Span } from './dates';

/** What the parts of the calendar share. */
export interface CalendarView {
  /** The day that is shown, or whose week is. */
  day: Date;
  now: Date;
  /** The booking that has just been made. */
  newBooking: string | null;
  /** Called when free time is chosen: with the whole stretch, or from where it was clicked. */
  choose: (room: RoomWeek, span: Span) => void;
}
