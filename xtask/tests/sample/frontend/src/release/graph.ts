// Layout of the revision graph: a row for each revision, newest first, and a lane for each branch, as in `git log --graph`.

import type { Revision } from './release';

/** A revision's dot. Rows and lanes count from 0. */
export interface Dot {
  revision: Revision;
  row: number;
  lane: number;
}

/** A line from a revision down to a parent or a dependency. */
export interface Edge {
  from: Dot;
  to: Dot;
  kind: 'revises' | 'depends-on';
  /** The lane in which the line runs between the two. */
  lane: number;
}

export interface Layout {
  dots: Dot[];
  edges: Edge[];
  lanes: number;
}

/** Places every revision in the leftmost lane that leads to it, or in a free one. The lane continues to its first parent. */
export function layout(revisions: Revision[]): Layout {
  // The revision that each lane leads to next, from the top; null for a free lane.
  const waiting: (string | null)[] = [];
  const claim = (id: string): number => {
    const free = waiting.indexOf(null);
    const lane = free === -1 ? waiting.length : free;
    waiting[lane] = id;
    return lane;
  };
  const byId = new Map<string, Dot>();
  const dots: Dot[] = [];
  const open: { from: Dot; to: string; kind: Edge['kind']; lane: number }[] = [];

  revisions.forEach((revision, row) => {
    const led = waiting.indexOf(revision.revision);
    const lane = led === -1 ? claim(revision.revision) : led;
    const dot: Dot = { revision, row, lane };
    dots.push(dot);
    byId.set(revision.revision, dot);
    waiting.forEach((id, index) => {
      if (id === revision.revision) waiting[index] = null;
    });
    revision.revises.forEach((parent, index) => {
      const led = waiting.indexOf(parent);
      if (index === 0) {
        waiting[lane] = parent;
        open.push({ from: dot, to: parent, kind: 'revises', lane });
      } else {
        open.push({ from: dot, to: parent, kind: 'revises', lane: led === -1 ? claim(parent) : led });
      }
    });
    for (const dependency of revision.dependsOn) open.push({ from: dot, to: dependency, kind: 'depends-on', lane });
  });

  const edges = open.flatMap(({ from, to, kind, lane }) => {
    const target = byId.get(to);
    if (target === undefined) return [];
    return [{ from, to: target, kind, lane: kind === 'revises' ? lane : target.lane }];
  });
  return { dots, edges, lanes: Math.max(1, waiting.length) };
}

/** The SVG path of an edge, for rows and lanes of the given size. */
export function path(edge: Edge, rowHeight: number, laneWidth: number): string {
  const x = (lane: number) => (lane + 0.5) * laneWidth;
  const y = (row: number) => (row + 0.5) * rowHeight;
  const start = { x: x(edge.from.lane), y: y(edge.from.row) };
  const end = { x: x(edge.to.lane), y: y(edge.to.row) };
  const middle = x(edge.lane);
  let line = `M${start.x} ${start.y}`;
  // Bend into the lane within the first row, run down, and bend out of it within the last row.
  if (middle !== start.x) line += bend(start.x, start.y, middle, start.y + rowHeight);
  if (middle === end.x) return `${line}L${end.x} ${end.y}`;
  line += `L${middle} ${end.y - rowHeight}`;
  return line + bend(middle, end.y - rowHeight, end.x, end.y);
}

function bend(fromX: number, fromY: number, toX: number, toY: number): string {
  const half = (fromY + toY) / 2;
  return `C${fromX} ${half} ${toX} ${half} ${toX} ${toY}`;
}
