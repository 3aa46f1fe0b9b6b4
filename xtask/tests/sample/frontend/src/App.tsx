import { useEffect, useRef } from 'react';
import { CalendarPage } from './calendar/CalendarPage';
import { ReleaseLine } from './release/ReleaseLine';
import { ReleasePage } from './release/ReleasePage';
import { useRelease } from './release/useRelease';
import { useRoute } from './route';

const TITLES = { calendar: 'Rooms', release: 'Release · Rooms' };

/** The page: the calendar, or the release, which every view also names in its footer. */
export function App() {
  const route = useRoute();
  const release = useRelease();
  const shown = useRef(route.view);
  useEffect(() => {
    document.title = TITLES[route.view];
    if (shown.current === route.view) return;
    // A screen reader continues at the heading of the new view.
    shown.current = route.view;
    document.querySelector<HTMLElement>('h1')?.focus();
  }, [route.view]);
  return (
    <>
      <header className="site">
        <a href="#/">Rooms</a>
      </header>
      {route.view === 'release' ? <ReleasePage state={release} /> : <CalendarPage day={route.day} />}
      <footer className="site">
        <ReleaseLine state={release} />
      </footer>
    </>
  );
}
