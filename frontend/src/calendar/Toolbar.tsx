import { weekAddress } from '../route';
import { addDays, startOfWeek, timeZone, weekTitle } from './dates';

interface ToolbarProps {
  day: Date;
  now: Date;
  /** Opens the form; null while there is no room to book. */
  book: (() => void) | null;
}

/** The displayed week, with buttons to change it and to book a room. */
export function Toolbar({ day, now, book }: ToolbarProps) {
  const isThisWeek = startOfWeek(day).getTime() === startOfWeek(now).getTime();
  return (
    <div className="toolbar">
      <div className="toolbar-title">
        <h1 tabIndex={-1}>{weekTitle(day)}</h1>
        <p className="muted">Times in {timeZone(day)}</p>
      </div>
      <nav aria-label="Weeks">
        <a className="button" href={weekAddress(addDays(day, -7))} aria-label="Previous week">
          ‹
        </a>
        <a className="button" href="#/" aria-current={isThisWeek ? 'date' : undefined}>
          Today
        </a>
        <a className="button" href={weekAddress(addDays(day, 7))} aria-label="Next week">
          ›
        </a>
      </nav>
      <button type="button" className="button primary" onClick={book ?? undefined} disabled={book === null}>
        Book a room
      </button>
    </div>
  );
}
