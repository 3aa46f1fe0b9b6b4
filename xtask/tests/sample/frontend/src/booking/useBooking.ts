import { useEffect, useRef, useState } from 'react';
import type { Booked, Problem } from '../api/answers';
import { ApiError, book } from '../api/client';
import { type Draft, type FieldErrors, byField, readDraft } from './draft';

/** Why a booking was not made. */
export interface Refusal {
  fields: FieldErrors;
  /** An error that concerns no single field; null if every error belongs to a field. */
  problem: Problem | null;
}

export interface BookingRequest {
  isSending: boolean;
  refusal: Refusal | null;
  /** Sends the draft, unless a request is under way. */
  send: (draft: Draft) => void;
}

interface Outcomes {
  onBooked: (booking: Booked) => void;
  /** Called if the displayed calendar may be outdated. */
  onChanged: () => void;
}

/** Makes a booking: one request at a time, which is aborted with the form. */
export function useBooking({ onBooked, onChanged }: Outcomes): BookingRequest {
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const request = useRef<AbortController | null>(null);

  useEffect(
    () => () => {
      if (request.current === null) return;
      request.current.abort();
      // The request may have arrived.
      onChanged();
    },
    // Only on unmount.
    [],
  );

  async function send(draft: Draft) {
    if (request.current !== null) return;
    const read = readDraft(draft);
    if ('errors' in read) return setRefusal({ fields: read.errors, problem: null });
    const gone = (request.current = new AbortController());
    setSending(true);
    setRefusal(null);
    try {
      const booked = await book(read.booking, gone.signal);
      request.current = null;
      onBooked(booked);
    } catch (error) {
      request.current = null;
      if (gone.signal.aborted) return undefined;
      setSending(false);
      setRefusal(refusalOf(error));
      if (mayHaveChanged(error)) onChanged();
    }
    return undefined;
  }

  return { isSending, refusal, send: (draft) => void send(draft) };
}

function mayHaveChanged(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === null || error.status === 409 || error.status >= 500;
}

/** The message for an error. Without a response, it is unknown whether the booking was made. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ApiError)) return { fields: {}, problem: { title: 'The page has failed', detail: String(error), errors: [], taken: [] } };
  const { problem, status } = error;
  if (status === null) {
    const detail = 'The booking may have been made: check the calendar before you try again.';
    return { fields: {}, problem: { ...problem, detail } };
  }
  const { fields, others } = byField(problem.errors);
  if (Object.keys(fields).length > 0 && others.length === 0) return { fields, problem: null };
  return { fields, problem: { ...problem, detail: problem.detail || others.join('; ') } };
}
