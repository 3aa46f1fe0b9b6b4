// GET /api/rooms: every room with its equipment.

import { read } from './database';
import type { Response } from './response';
import type { Equipment, Rooms } from './tables';

interface RoomRow extends Pick<Rooms, 'id' | 'name' | 'floor' | 'seats'> {
  readonly equipment: readonly Pick<Equipment, 'code' | 'name'>[];
}

const ROOMS = `
  SELECT rooms.id, rooms.name, rooms.floor, rooms.seats,
    coalesce(
      json_agg(json_build_object('code', equipment.code, 'name', equipment.name) ORDER BY equipment.name)
        FILTER (WHERE equipment.code IS NOT NULL),
      '[]'
    ) AS equipment
  FROM rooms
  LEFT JOIN room_equipment ON room_equipment.room_id = rooms.id
  LEFT JOIN equipment ON equipment.code = room_equipment.code
  GROUP BY rooms.id
  ORDER BY rooms.name`;

export async function rooms(): Promise<Response> {
  return { status: 200, body: { rooms: await read<RoomRow>(ROOMS) } };
}
