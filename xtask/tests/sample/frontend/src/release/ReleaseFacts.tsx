import type { ReactNode } from 'react';
import type { Release } from './release';
import { minute } from './time';

/** The release: environment, commit, time and schema. */
export function ReleaseFacts({ release }: { release: Release }) {
  return (
    <dl className="facts">
      <Fact name="Environment">{release.environment}</Fact>
      <Fact name="Commit">
        {release.commit === null ? 'unknown (not a Git repository)' : <code title={release.commit}>{release.commit.slice(0, 12)}</code>}
      </Fact>
      <Fact name="Built">
        <time dateTime={release.builtAt}>{minute(release.builtAt)}</time>
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
