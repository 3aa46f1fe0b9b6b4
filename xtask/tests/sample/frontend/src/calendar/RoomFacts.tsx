import type { Room } from '../api/answers';
import { floorName, seatsName } from './names';

/** A room: its floor, seats and equipment. */
export function RoomFacts({ room }: { room: Room }) {
  return (
    <>
      <p className="room-place">
        {floorName(room.floor)} · {seatsName(room.seats)}
      </p>
      {room.equipment.length > 0 && (
        <ul className="equipment" aria-label="Equipment">
          {room.equipment.map(({ code, name }) => (
            <li key={code}>{name}</li>
          ))}
        </ul>
      )}
    </>
  );
}
