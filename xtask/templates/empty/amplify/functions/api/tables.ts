// The tables and views that the role `{{role}}` can read or insert into, with values as node-postgres returns them.
// `cargo xtask db types` writes this file, `cargo xtask test db` compares it.

export interface Notes {
  readonly id: string;
  readonly body: string;
  readonly created_at: Date;
}

export interface NewNotes {
  readonly body: string;
}
