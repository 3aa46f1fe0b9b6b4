import { spanText } from './dates';
import { segmentName } from './names';
import { type Segment, roomFor } from './segments';

interface BookedTimeProps {
  room: string;
  segment: Extract<Segment, { kind: 'booked' }>;
  isNew: boolean;
}

/** A booking. One that has just been made can take the focus. */
export function BookedTime({ room, segment, isNew }: BookedTimeProps) {
  const name = segmentName(room, segment);
  return (
    <div className="booking" data-new={isNew || undefined} data-room-for={roomFor(segment.span)} tabIndex={isNew ? -1 : undefined} title={name}>
      <span className="unseen">{name}</span>
      <span aria-hidden="true">
        <b>{segment.booking.by}</b> <span className="span">{spanText(segment.booking)}</span>
      </span>
    </div>
  );
}
