import { useCallback, useEffect, useState } from 'react';
import { ApiError, type RoomWeek, fetchRooms } from '../api/client';
import { addDays, parseDay } from './dates';

interface Loaded {
  week: string;
  rooms: RoomWeek[];
  at: Date;
}

interface Failed {
  week: string;
  error: ApiError;
}

export interface CalendarState {
  /** The rooms in this week; null until they are loaded. */
  rooms: RoomWeek[] | null;
  /** When they were loaded. */
  at: Date | null;
  /** Why the last attempt failed. */
  failure: ApiError | null;
  isLoading: boolean;
  reload: () => void;
}

/** The shortest and the longest wait before a retry, in milliseconds. */
const [SHORTEST_WAIT, LONGEST_WAIT] = [5_000, 60_000];

/** Loads a week, and again whenever the browser is back online. `week` is its Monday, as in `2026-11-23`. */
export function useCalendar(week: string): CalendarState {
  const [tries, setTries] = useState(0);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failed, setFailed] = useState<Failed | null>(null);
  const [isLoading, setLoading] = useState(true);
  const reload = useCallback(() => setTries((count) => count + 1), []);

  useEffect(() => {
    const monday = parseDay(week);
    if (monday === null) throw new Error(`not a day: ${week}`);
    const gone = new AbortController();
    setLoading(true);
    fetchRooms({ start: monday, end: addDays(monday, 7) }, gone.signal).then(
      (rooms) => {
        if (gone.signal.aborted) return;
        setLoaded({ week, rooms, at: new Date() });
        setFailed(null);
        setLoading(false);
      },
      (error: unknown) => {
        if (gone.signal.aborted) return;
        setFailed({ week, error: asApiError(error) });
        setLoading(false);
      },
    );
    return () => gone.abort();
  }, [week, tries]);

  useEffect(() => {
    function recover() {
      setFailed(null);
      reload();
    }
    window.addEventListener('online', recover);
    return () => window.removeEventListener('online', recover);
  }, [reload]);

  useEffect(() => {
    const wait = failed === null || isLoading ? null : retryIn(failed.error);
    if (wait === null) return undefined;
    const timer = setTimeout(reload, wait);
    return () => clearTimeout(timer);
  }, [failed, isLoading, reload]);

  const current = loaded?.week === week ? loaded : null;
  return {
    rooms: current?.rooms ?? null,
    at: current?.at ?? null,
    failure: failed?.week === week ? failed.error : null,
    isLoading,
    reload,
  };
}

/** Milliseconds until the next automatic attempt; null if only the visitor can decide to retry. */
export function retryIn(error: ApiError): number | null {
  if (error.status !== null && error.status !== 503) return null;
  return Math.min(Math.max(error.retryAfter ?? 0, SHORTEST_WAIT), LONGEST_WAIT);
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({ title: 'The page has failed', detail: String(error), errors: [], taken: [] }, 0);
}
