import type { ApiError } from '../api/client';
import { clock } from './dates';

/** Shown instead of the calendar while it loads. */
export function Skeleton({ what }: { what: string }) {
  return (
    <div className="skeleton">
      <p role="status" className="unseen">
        Loading {what} …
      </p>
      {[0, 1, 2].map((row) => (
        <div key={row} aria-hidden="true" />
      ))}
    </div>
  );
}

/** The browser has no network. */
export function Offline({ at }: { at: Date | null }) {
  return (
    <div role="status" className="notice">
      <p>
        <strong>You are offline.</strong>{' '}
        {at === null ? 'The calendar loads as soon as you are back online.' : `This is the calendar as of ${clock(at)}. It is updated as soon as you are back online.`}
      </p>
    </div>
  );
}

interface FailureProps {
  error: ApiError;
  /** When the displayed data was loaded. */
  at: Date | null;
  /** Seconds until the next attempt; null if there is none. */
  seconds: number | null;
  isLoading: boolean;
  retry: () => void;
}

/** The calendar could not be loaded. */
export function Failure({ error, at, seconds, isLoading, retry }: FailureProps) {
  const { title, detail } = error.problem;
  return (
    <div role="alert" className="alert">
      <h2>{title}</h2>
      {detail !== '' && <p>{detail}</p>}
      {at !== null && <p>This is the calendar as of {clock(at)}.</p>}
      {seconds !== null && <p className="muted">Tries again every {seconds} seconds.</p>}
      <button type="button" className="button" onClick={retry} aria-disabled={isLoading}>
        {isLoading ? 'Trying …' : 'Try again'}
      </button>
    </div>
  );
}

export function NoRooms() {
  return (
    <div className="empty">
      <h2>No rooms yet</h2>
      <p>Rooms appear here as soon as the database has one.</p>
    </div>
  );
}
