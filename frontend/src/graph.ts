// Where the revision graph is drawn: a row for each revision, newest first, a lane for each branch, as `git log --graph`.

import type { Revision } from './release';

/** A revision's dot, by lane and row, from 0. */
export interface Dot {
  revision: Revision;
  row: number;
  lane: number;
}

/** A line from a revision down to one that it follows, or depends on. */
export interface Edge {
  from: Dot;
  to: Dot;
  kind: 'revises' | 'depends-on';
  /** The lane it runs down in between. */
  lane: number;
}

export interface Layout {
  dots: Dot[];
  edges: Edge[];
  lanes: number;
}

/** Gives every revision the leftmost lane that leads to it, else a free one. Its first parent is led to in the same lane. */
export function layout(revisions: Revision[]): Layout {
  // What each lane leads to next, from the top; null where a lane is free.
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

/** The line of an edge as SVG draws it, with rows and lanes of a given size. */
export function path(edge: Edge, rowHeight: number, laneWidth: number): string {
  const x = (lane: number) => (lane + 0.5) * laneWidth;
  const y = (row: number) => (row + 0.5) * rowHeight;
  const start = { x: x(edge.from.lane), y: y(edge.from.row) };
  const end = { x: x(edge.to.lane), y: y(edge.to.row) };
  const middle = x(edge.lane);
  let line = `M${start.x} ${start.y}`;
  // Into its lane within one row, down, and out of it within the last.
  if (middle !== start.x) line += bend(start.x, start.y, middle, start.y + rowHeight);
  if (middle === end.x) return `${line}L${end.x} ${end.y}`;
  line += `L${middle} ${end.y - rowHeight}`;
  return line + bend(middle, end.y - rowHeight, end.x, end.y);
}

function bend(fromX: number, fromY: number, toX: number, toY: number): string {
  const half = (fromY + toY) / 2;
  return `C${fromX} ${half} ${toX} ${half} ${toX} ${toY}`;
}
