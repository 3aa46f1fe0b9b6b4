// Times as the API writes them: UTC, ISO 8601, without a fraction of a second if it is zero.

export const formatTime = (time: Date) => time.toISOString().replace('.000Z', 'Z');

export interface Period {
  readonly start: string;
  readonly end: string;
}

/** A period as PostgreSQL writes it into JSON, with an offset. */
export const formatPeriod = ({ start, end }: Period): Period => ({
  start: formatTime(new Date(start)),
  end: formatTime(new Date(end)),
});
