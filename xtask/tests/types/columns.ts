// Case columns

export type LongEnum =
  | 'a value that is long'
  | 'another value that is long'
  | 'a third value that is long'
  | 'a fourth value that is long';

/** How one feels */
export type Mood = 'sad' | 'it\'s "ok"' | 'say \\' | '';

export type NoValue = never;

export interface Arrays {
  readonly boolean: boolean[] | null;
  readonly smallint: number[] | null;
  readonly integer: number[] | null;
  readonly bigint: string[] | null;
  readonly oid: number[] | null;
  readonly real: number[] | null;
  readonly double: number[] | null;
  readonly numeric: number[] | null;
  readonly money: string[] | null;
  readonly text: string[] | null;
  readonly varchar: string[] | null;
  readonly bpchar: string[] | null;
  readonly char: string | null;
  readonly name: string | null;
  readonly bytea: Buffer[] | null;
  readonly date: Date[] | null;
  readonly time: string[] | null;
  readonly timetz: string[] | null;
  readonly timestamp: Date[] | null;
  readonly timestamptz: Date[] | null;
  readonly interval: PgInterval[] | null;
  readonly json: unknown[] | null;
  readonly jsonb: unknown[] | null;
  readonly uuid: string[] | null;
  readonly inet: string[] | null;
  readonly cidr: string[] | null;
  readonly macaddr: string[] | null;
  readonly point: { readonly x: number; readonly y: number }[] | null;
  readonly circle: string | null;
  readonly regproc: string[] | null;
  readonly int4range: string | null;
  readonly numrange: string[] | null;
  readonly tstzrange: string | null;
  readonly mood: string | null;
  readonly pair: string | null;
  readonly label: string | null;
}

export interface NewArrays {
  readonly boolean?: boolean[] | null;
  readonly smallint?: number[] | null;
  readonly integer?: number[] | null;
  readonly bigint?: string[] | null;
  readonly oid?: number[] | null;
  readonly real?: number[] | null;
  readonly double?: number[] | null;
  readonly numeric?: number[] | null;
  readonly money?: string[] | null;
  readonly text?: string[] | null;
  readonly varchar?: string[] | null;
  readonly bpchar?: string[] | null;
  readonly char?: string | null;
  readonly name?: string | null;
  readonly bytea?: Buffer[] | null;
  readonly date?: Date[] | null;
  readonly time?: string[] | null;
  readonly timetz?: string[] | null;
  readonly timestamp?: Date[] | null;
  readonly timestamptz?: Date[] | null;
  readonly interval?: (PgInterval | string)[] | null;
  readonly json?: unknown[] | null;
  readonly jsonb?: unknown[] | null;
  readonly uuid?: string[] | null;
  readonly inet?: string[] | null;
  readonly cidr?: string[] | null;
  readonly macaddr?: string[] | null;
  readonly point?: string[] | null;
  readonly circle?: string | null;
  readonly regproc?: string[] | null;
  readonly int4range?: string | null;
  readonly numrange?: string[] | null;
  readonly tstzrange?: string | null;
  readonly mood?: string | null;
  readonly pair?: string | null;
  readonly label?: string | null;
}

export interface Kinds {
  readonly boolean: boolean | null;
  readonly smallint: number | null;
  readonly integer: number | null;
  readonly bigint: string | null;
  readonly oid: number | null;
  readonly real: number | null;
  readonly double: number | null;
  readonly numeric: string | null;
  readonly money: string | null;
  readonly text: string | null;
  readonly varchar: string | null;
  readonly bpchar: string | null;
  readonly char: string | null;
  readonly name: string | null;
  readonly bytea: Buffer | null;
  readonly date: Date | null;
  readonly time: string | null;
  readonly timetz: string | null;
  readonly timestamp: Date | null;
  readonly timestamptz: Date | null;
  readonly interval: PgInterval | null;
  readonly json: unknown;
  readonly jsonb: unknown;
  readonly uuid: string | null;
  readonly xml: string | null;
  readonly bit: string | null;
  readonly varbit: string | null;
  readonly inet: string | null;
  readonly cidr: string | null;
  readonly macaddr: string | null;
  readonly macaddr8: string | null;
  readonly point: { readonly x: number; readonly y: number } | null;
  readonly line: string | null;
  readonly lseg: string | null;
  readonly box: string | null;
  readonly path: string | null;
  readonly polygon: string | null;
  readonly circle: { readonly x: number; readonly y: number; readonly radius: number } | null;
  readonly tsvector: string | null;
  readonly tsquery: string | null;
  readonly pg_lsn: string | null;
  readonly regclass: string | null;
  readonly regproc: string | null;
  readonly jsonpath: string | null;
  readonly int4range: string | null;
  readonly int4multirange: string | null;
  readonly numrange: string | null;
  readonly tstzrange: string | null;
  readonly float_range: string | null;
  readonly mood: Mood | null;
  readonly no_value: NoValue | null;
  readonly long_enum: LongEnum | null;
  readonly pair: string | null;
  readonly label: string | null;
  readonly count: number | null;
  readonly tags: string[] | null;
  readonly more_tags: string[] | null;
  readonly feeling: Mood | null;
  readonly moods: string | null;
}

export interface NewKinds {
  readonly boolean?: boolean | null;
  readonly smallint?: number | null;
  readonly integer?: number | null;
  readonly bigint?: string | null;
  readonly oid?: number | null;
  readonly real?: number | null;
  readonly double?: number | null;
  readonly numeric?: string | null;
  readonly money?: string | null;
  readonly text?: string | null;
  readonly varchar?: string | null;
  readonly bpchar?: string | null;
  readonly char?: string | null;
  readonly name?: string | null;
  readonly bytea?: Buffer | null;
  readonly date?: Date | null;
  readonly time?: string | null;
  readonly timetz?: string | null;
  readonly timestamp?: Date | null;
  readonly timestamptz?: Date | null;
  readonly interval?: PgInterval | string | null;
  readonly json?: unknown;
  readonly jsonb?: unknown;
  readonly uuid?: string | null;
  readonly xml?: string | null;
  readonly bit?: string | null;
  readonly varbit?: string | null;
  readonly inet?: string | null;
  readonly cidr?: string | null;
  readonly macaddr?: string | null;
  readonly macaddr8?: string | null;
  readonly point?: string | null;
  readonly line?: string | null;
  readonly lseg?: string | null;
  readonly box?: string | null;
  readonly path?: string | null;
  readonly polygon?: string | null;
  readonly circle?: string | null;
  readonly tsvector?: string | null;
  readonly tsquery?: string | null;
  readonly pg_lsn?: string | null;
  readonly regclass?: string | null;
  readonly regproc?: string | null;
  readonly jsonpath?: string | null;
  readonly int4range?: string | null;
  readonly int4multirange?: string | null;
  readonly numrange?: string | null;
  readonly tstzrange?: string | null;
  readonly float_range?: string | null;
  readonly mood?: Mood | null;
  readonly no_value?: NoValue | null;
  readonly long_enum?: LongEnum | null;
  readonly pair?: string | null;
  readonly label?: string | null;
  readonly count?: number | null;
  readonly tags?: string[] | null;
  readonly more_tags?: string[] | null;
  readonly feeling?: Mood | null;
  readonly moods?: string | null;
}

export type None = Record<string, never>;

export type NewNone = Record<string, never>;

export interface Presence {
  readonly id: string;
  readonly number: number;
  readonly serial: number;
  readonly doubled: number | null;
  readonly required: string;
  readonly default: string;
  readonly optional: string | null;
  readonly optional_json: unknown;
  readonly required_json: unknown;
  readonly required_domain: string;
  readonly default_of_domain: number;
}

export interface NewPresence {
  readonly number?: number;
  readonly serial?: number;
  readonly required: string;
  readonly default?: string;
  readonly optional?: string | null;
  readonly optional_json?: unknown;
  readonly required_json: unknown;
  readonly required_domain: string;
  readonly default_of_domain?: number;
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
