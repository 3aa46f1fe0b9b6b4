import type { RoomWeek } from '../api/client';
import type { Span } from './dates';

/** The state that the parts of the calendar share. */
export interface CalendarView {
  /** The day that is shown, or whose week is shown. */
  day: Date;
  now: Date;
  /** The booking that was just made. */
  newBooking: string | null;
  /** Called when free time is chosen: with the whole period, or its part from the clicked time on. */
  choose: (room: RoomWeek, span: Span) => void;
}
