// The responses of the API, checked.

import type { Span } from '../calendar/dates';
import { StructureError, integer, listOf, object, string, time } from '../parse';

export interface Equipment {
  code: string;
  name: string;
}

export interface Room {
  /** A bigint, which does not fit a number. */
  id: string;
  name: string;
  /** 0 is the ground floor. */
  floor: number;
  seats: number;
  equipment: Equipment[];
}

export interface Booking extends Span {
  id: string;
  /** The given name of the member. */
  by: string;
}

/** The bookings of a room and the free periods between them. */
export interface Occupancy {
  id: string;
  bookings: Booking[];
  free: Span[];
}

/** A booking that was created. */
export interface Booked extends Span {
  id: string;
  room: string;
}

/** An error in one field of a request. */
export interface FieldError {
  path: string;
  message: string;
}

/** An error as the API reports it (RFC 9457). */
export interface Problem {
  title: string;
  detail: string;
  errors: FieldError[];
  /** The times that a refused booking overlaps. */
  taken: Span[];
}

export function parseRooms(value: unknown): Room[] {
  return listOf(object(value, 'the answer')['rooms'], 'rooms', (item, at) => {
    const room = object(item, at);
    return {
      id: string(room['id'], `${at}.id`),
      name: string(room['name'], `${at}.name`),
      floor: integer(room['floor'], `${at}.floor`),
      seats: integer(room['seats'], `${at}.seats`),
      equipment: listOf(room['equipment'], `${at}.equipment`, (item, at) => {
        const equipment = object(item, at);
        return { code: string(equipment['code'], `${at}.code`), name: string(equipment['name'], `${at}.name`) };
      }),
    };
  });
}

export function parseCalendar(value: unknown): Occupancy[] {
  return listOf(object(value, 'the answer')['rooms'], 'rooms', (item, at) => {
    const room = object(item, at);
    return {
      id: string(room['id'], `${at}.id`),
      bookings: listOf(room['bookings'], `${at}.bookings`, (item, at) => {
        const booking = object(item, at);
        return { ...parseSpan(item, at), id: string(booking['id'], `${at}.id`), by: string(booking['by'], `${at}.by`) };
      }),
      free: listOf(room['free'], `${at}.free`, parseSpan),
    };
  });
}

export function parseBooked(value: unknown): Booked {
  const booking = object(value, 'the answer');
  return { ...parseSpan(value, 'the answer'), id: string(booking['id'], 'id'), room: string(booking['room'], 'room') };
}

/** Fields that only some problems have may be missing. */
export function parseProblem(value: unknown): Problem {
  const problem = object(value, 'the answer');
  return {
    title: string(problem['title'], 'title'),
    detail: string(problem['detail'] ?? '', 'detail'),
    errors: listOf(problem['errors'] ?? [], 'errors', (item, at) => {
      const error = object(item, at);
      return { path: string(error['path'], `${at}.path`), message: string(error['message'], `${at}.message`) };
    }),
    taken: listOf(problem['bookings'] ?? [], 'bookings', parseSpan),
  };
}

function parseSpan(value: unknown, at: string): Span {
  const span = object(value, at);
  const [start, end] = [time(span['start'], `${at}.start`), time(span['end'], `${at}.end`)];
  if (end <= start) throw new StructureError(`${at} ends before it starts`);
  return { start, end };
}
