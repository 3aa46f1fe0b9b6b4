// The tables and views that the role `rooms_api` can read or insert into, with values as node-postgres returns them.
// `cargo xtask db types` writes this file, `cargo xtask test db` compares it.

export type BookingStatus = 'requested' | 'confirmed' | 'cancelled';

export interface Bookings {
  readonly id: string;
  readonly room_id: string;
  readonly member_id: string;
  readonly during: string;
  readonly status: BookingStatus;
  readonly note: string | null;
  readonly created_at: Date;
  readonly cancelled_at: Date | null;
}

export interface NewBookings {
  readonly room_id: string;
  readonly member_id: string;
  readonly during: string;
  readonly status?: BookingStatus;
  readonly note?: string | null;
}

export interface Equipment {
  readonly code: string;
  readonly name: string;
}

export interface Members {
  readonly id: string;
  readonly email: string;
  readonly created_at: Date;
  readonly given_name: string;
  readonly family_name: string | null;
}

export interface RoomEquipment {
  readonly room_id: string;
  readonly code: string;
}

/** What can be booked */
export interface Rooms {
  readonly id: string;
  readonly name: string;
  readonly floor: number;
  readonly seats: number;
  readonly created_at: Date;
}
