import { NotesPage } from './notes/NotesPage';
import { ReleaseLine } from './release/ReleaseLine';
import { ReleasePage } from './release/ReleasePage';
import { useRelease } from './release/useRelease';
import { useRoute } from './route';

/** The page: the notes, or the release, which every view also names in its footer. */
export function App() {
  const route = useRoute();
  const release = useRelease();
  return (
    <>
      <header className="site">
        <a href="#/">{{name}}</a>
      </header>
      {route === 'release' ? <ReleasePage state={release} /> : <NotesPage />}
      <footer className="site">
        <ReleaseLine state={release} />
      </footer>
    </>
  );
}
