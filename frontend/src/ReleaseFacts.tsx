import type { ReactNode } from 'react';
import type { Release } from './release';

/** The release: environment, commit, time and schema. */
export function ReleaseFacts({ release }: { release: Release }) {
  const built = new Date(release.builtAt);
  return (
    <dl className="facts">
      <Fact name="Environment">{release.environment}</Fact>
      <Fact name="Commit">
        {release.commit === null ? 'unknown (not a Git repository)' : <code title={release.commit}>{release.commit.slice(0, 12)}</code>}
      </Fact>
      <Fact name="Built">
        {Number.isNaN(built.getTime()) ? (
          release.builtAt
        ) : (
          <time dateTime={release.builtAt}>{built.toISOString().slice(0, 16).replace('T', ' ')} UTC</time>
        )}
      </Fact>
      <Fact name={release.heads.length === 1 ? 'Schema head' : 'Schema heads'}>
        {release.heads.map((head) => (
          <a key={head} href={`#${head}`}>
            <code>{head}</code>
          </a>
        ))}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
