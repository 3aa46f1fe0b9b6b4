import { useMedia } from '../browser';
import { layout, path } from './graph';
import type { Release } from './release';

const LANE = 22;

/** On a phone, rows are taller because their text wraps. */
function useRowHeight(): number {
  return useMedia('(max-width: 40rem)') ? 116 : 60;
}

/** The revisions, newest first: a list, next to a drawing of the graph. */
export function RevisionGraph({ release }: { release: Release }) {
  const { dots, edges, lanes } = layout(release.revisions);
  const row = useRowHeight();
  const width = lanes * LANE;
  const heads = new Set(release.heads);
  return (
    <div className="graph">
      {/* Hidden from screen readers: the list has the same information. */}
      <svg aria-hidden="true" width={width} height={dots.length * row} viewBox={`0 0 ${width} ${dots.length * row}`}>
        {edges.map((edge) => (
          <path
            key={`${edge.from.revision.revision}-${edge.to.revision.revision}-${edge.kind}`}
            className={edge.kind}
            data-lane={edge.lane % 4}
            d={path(edge, row, LANE)}
          />
        ))}
        {dots.map((dot) => (
          <circle
            key={dot.revision.revision}
            className={heads.has(dot.revision.revision) ? 'head' : 'past'}
            data-lane={dot.lane % 4}
            cx={(dot.lane + 0.5) * LANE}
            cy={(dot.row + 0.5) * row}
            r={heads.has(dot.revision.revision) ? 7 : 5}
          />
        ))}
      </svg>
      <ol style={{ gridAutoRows: row }}>
        {dots.map(({ revision }) => (
          <li key={revision.revision} id={revision.revision}>
            <p className="message">{revision.message}</p>
            <p className="details">
              <code>{revision.revision}</code>
              {heads.has(revision.revision) && <strong className="badge head">head</strong>}
              {revision.branchLabels.map((label) => (
                <span key={label} className="badge">
                  {label}
                </span>
              ))}
              {revision.revises.length > 1 && <span className="muted">merges {revision.revises.join(', ')}</span>}
              {revision.dependsOn.length > 0 && <span className="muted">depends on {revision.dependsOn.join(', ')}</span>}
              {revision.createDate !== '' && <span className="muted">{revision.createDate.slice(0, 10)}</span>}
            </p>
          </li>
        ))}
      </ol>
    </div>
  );
}
