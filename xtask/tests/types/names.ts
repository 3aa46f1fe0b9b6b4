// Case names

export type Level = 'high';

export type RoomSize_2 = 'small';

export type AuDitLevel = 'low';

export interface U2DU2DU2D {
  readonly i: number | null;
}

export interface NewU2DU2DU2D {
  readonly i?: number | null;
}

export interface _2024Sales {
  readonly i: number | null;
}

export interface New_2024Sales {
  readonly i?: number | null;
}

export interface Class {
  readonly i: number | null;
}

export interface NewClass {
  readonly i?: number | null;
}

export interface AB {
  readonly "it's": number | null;
  readonly 'say "hi"': number | null;
  readonly '\'"': number | null;
  readonly 'back\\slash': number | null;
  readonly 'new\nline': number | null;
  readonly ' ': number | null;
  readonly '🚀': number | null;
  readonly 'größe': number | null;
  readonly '1st': number | null;
  readonly 'a-b': number | null;
  readonly '*/': number | null;
  readonly '${x}': number | null;
  readonly '`': number | null;
  readonly '</script>': number | null;
  readonly __proto__: number | null;
  readonly constructor: number | null;
}

export interface NewAB {
  readonly "it's"?: number | null;
  readonly 'say "hi"'?: number | null;
  readonly '\'"'?: number | null;
  readonly 'back\\slash'?: number | null;
  readonly 'new\nline'?: number | null;
  readonly ' '?: number | null;
  readonly '🚀'?: number | null;
  readonly 'größe'?: number | null;
  readonly '1st'?: number | null;
  readonly 'a-b'?: number | null;
  readonly '*/'?: number | null;
  readonly '${x}'?: number | null;
  readonly '`'?: number | null;
  readonly '</script>'?: number | null;
  readonly __proto__?: number | null;
  readonly constructor?: number | null;
}

export interface AuDitEvents {
  readonly i: number | null;
}

export interface NewAuDitEvents {
  readonly i?: number | null;
}

export interface Buffer_2 {
  readonly buffer: Buffer | null;
}

export interface NewBuffer {
  readonly buffer?: Buffer | null;
}

/**
 * *\/ export const broken = `; //
 *
 * The second paragraph\u{202e}, with *\/ again .
 */
export interface Class_2 {
  readonly class: number | null;
  /** one line with *\/ */
  readonly default: number | null;
  /**
   * two
   * lines
   */
  readonly readonly: number | null;
  readonly function: number | null;
  readonly await: number | null;
  /** @deprecated */
  readonly any: number | null;
  readonly new: number | null;
}

/**
 * *\/ export const broken = `; //
 *
 * The second paragraph\u{202e}, with *\/ again .
 */
export interface NewClass_2 {
  readonly class?: number | null;
  /** one line with *\/ */
  readonly default?: number | null;
  /**
   * two
   * lines
   */
  readonly readonly?: number | null;
  readonly function?: number | null;
  readonly await?: number | null;
  /** @deprecated */
  readonly any?: number | null;
  readonly new?: number | null;
}

export interface Date_2 {
  readonly date: Date | null;
}

export interface NewDate {
  readonly date?: Date | null;
}

export interface Date2 {
  readonly i: number | null;
}

export interface NewDate2 {
  readonly i?: number | null;
}

export interface Größe {
  readonly i: number | null;
}

export interface NewGröße {
  readonly i?: number | null;
}

export interface Levels {
  readonly one: Level | null;
  readonly other: AuDitLevel | null;
}

export interface NewLevels {
  readonly one?: Level | null;
  readonly other?: AuDitLevel | null;
}

export interface NewOrders {
  readonly i: number | null;
}

export interface NewNewOrders {
  readonly i?: number | null;
}

export interface Orders {
  readonly i: number | null;
}

export interface NewOrders_2 {
  readonly i?: number | null;
}

export interface PgInterval_2 {
  readonly i: PgInterval | null;
}

export interface NewPgInterval {
  readonly i?: PgInterval | string | null;
}

export interface Record_2 {
  readonly i: number | null;
}

export interface NewRecord {
  readonly i?: number | null;
}

export interface RoomSize {
  readonly size: number | null;
}

export interface NewRoomSize {
  readonly size?: number | null;
}

export interface Uses {
  readonly roomSize: RoomSize_2 | null;
}

export interface NewUses {
  readonly roomSize?: RoomSize_2 | null;
}

export interface U1F469U200DU1F680 {
  readonly i: number | null;
}

export interface NewU1F469U200DU1F680 {
  readonly i?: number | null;
}

export interface U1F680 {
  readonly i: number | null;
}

export interface NewU1F680 {
  readonly i?: number | null;
}

export interface AuDitEvents_2 {
  readonly kind: RoomSize_2 | null;
}

export interface NewAuDitEvents_2 {
  readonly kind?: RoomSize_2 | null;
}

/** An interval. Parts that are 0 are missing. */
export interface PgInterval {
  readonly years?: number;
  readonly months?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
  toPostgres(): string;
  toISOString(): string;
}
