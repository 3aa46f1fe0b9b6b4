import type { Diagram } from './release';

/** The drawing of the schema, which is opened by itself to be read, and the same in words. */
export function SchemaDiagram({ diagram }: { diagram: Diagram }) {
  return (
    <figure className="diagram">
      <a href={diagram.file} aria-label="Open the diagram of the schema in its full size">
        <img src={diagram.file} alt={diagram.title} loading="lazy" />
      </a>
      <figcaption>
        <a href={diagram.file}>Open in full size</a>
        {diagram.tables.length > 0 && (
          <details>
            <summary>The tables in words</summary>
            <ul>
              {diagram.tables.map((table) => (
                <li key={table}>{table}</li>
              ))}
            </ul>
          </details>
        )}
      </figcaption>
    </figure>
  );
}
