// Case privileges

export interface ByGroup {
  readonly i: number | null;
}

export interface ByPublic {
  readonly i: number | null;
}

export interface Children {
  readonly a: number;
  readonly b: number | null;
}

export interface NewChildren {
  readonly a: number;
  readonly b?: number | null;
}

export interface JoinedView {
  readonly b: number | null;
}

export interface Measurements {
  readonly at: Date;
  readonly value: number | null;
}

export interface NewMeasurements {
  readonly at: Date;
  readonly value?: number | null;
}

export interface Measurements2026 {
  readonly at: Date;
  readonly value: number | null;
}

export interface NewMeasurements2026 {
  readonly at: Date;
  readonly value?: number | null;
}

export type NoColumns = Record<string, never>;

export type NewNoColumns = Record<string, never>;

export type NewOnlyGenerated = Record<string, never>;

export interface Remote {
  readonly i: number;
}

export interface NewRemote {
  readonly i: number;
}

export interface RuledView {
  readonly i: number | null;
  readonly next: number | null;
}

export interface NewRuledView {
  readonly i?: number | null;
  readonly next?: number | null;
}

export interface SimpleView {
  readonly b: number | null;
  readonly c: number | null;
  readonly more: number | null;
}

export interface NewSimpleView {
  readonly b?: number | null;
  readonly c?: number | null;
}

export interface SomeColumns {
  readonly a: number | null;
  readonly c: number | null;
}

export interface NewSomeColumns {
  readonly b: number;
}

/** Refreshed at night */
export interface Stored {
  /** Never NULL, but the catalog does not know */
  readonly b: number | null;
}

export interface TriggeredView {
  readonly i: number | null;
  readonly next: number | null;
}

export interface NewWriteOnly {
  readonly a: number;
}

export interface OpenWithUsage {
  readonly i: number | null;
}
