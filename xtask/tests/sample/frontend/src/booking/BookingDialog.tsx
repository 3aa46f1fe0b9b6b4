import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Booked } from '../api/answers';
import type { RoomWeek } from '../api/client';
import { parseDay, timeZone } from '../calendar/dates';
import { seatsName } from '../calendar/names';
import { Field } from './Field';
import { Refused } from './Refused';
import { type Draft, FIELDS } from './draft';
import { useBooking } from './useBooking';

interface BookingDialogProps {
  rooms: RoomWeek[];
  draft: Draft;
  onClose: () => void;
  onBooked: (booking: Booked, email: string) => void;
  onChanged: () => void;
}

/** The form that books a room. The browser keeps the focus in the dialog and returns it when it closes. */
export function BookingDialog({ rooms, draft: initial, onClose, onBooked, onChanged }: BookingDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(initial);
  const { isSending, refusal, send } = useBooking({
    onChanged,
    onBooked: (booking) => {
      dialog.current?.close();
      onBooked(booking, draft.email.trim());
    },
  });
  const errors = refusal?.fields ?? {};

  useEffect(() => {
    // In development, React runs this twice.
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);

  useEffect(() => {
    const first = FIELDS.find((field) => refusal?.fields[field] !== undefined);
    if (first !== undefined) form.current?.querySelector<HTMLElement>(`#booking-${first}`)?.focus();
  }, [refusal]);

  const change = (field: keyof Draft) => (event: { target: { value: string } }) => setDraft({ ...draft, [field]: event.target.value });
  function submit(event: FormEvent) {
    event.preventDefault();
    send(draft);
  }

  return (
    <dialog ref={dialog} className="booking-dialog" aria-labelledby="booking-title" onClose={onClose}>
      <form ref={form} noValidate onSubmit={submit} aria-busy={isSending}>
        <header>
          <h2 id="booking-title">Book a room</h2>
          <button type="button" className="button quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
            ×
          </button>
        </header>
        {refusal?.problem != null && <Refused problem={refusal.problem} />}
        <Field label="Room" name="room" error={errors.room}>
          {(attributes) => (
            <select {...attributes} value={draft.room} onChange={change('room')} required>
              {rooms.map((room) => (
                <option key={room.id} value={room.id}>
                  {room.name} ({seatsName(room.seats)})
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="field-row">
          <Field label="Date" name="date" error={errors.date}>
            {(attributes) => <input {...attributes} type="date" value={draft.date} onChange={change('date')} required />}
          </Field>
          <Field label="Start" name="start" error={errors.start}>
            {(attributes) => <input {...attributes} type="time" value={draft.start} onChange={change('start')} required />}
          </Field>
          <Field label="End" name="end" error={errors.end}>
            {(attributes) => <input {...attributes} type="time" value={draft.end} onChange={change('end')} required />}
          </Field>
        </div>
        <p className="field-hint">Times in {timeZone(parseDay(draft.date) ?? new Date())}</p>
        <Field label="E-mail" name="email" error={errors.email}>
          {(attributes) => <input {...attributes} type="email" autoComplete="email" value={draft.email} onChange={change('email')} required />}
        </Field>
        <Field label="Note (optional)" name="note" error={errors.note}>
          {(attributes) => <textarea {...attributes} rows={2} value={draft.note} onChange={change('note')} />}
        </Field>
        <footer>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="button primary" aria-disabled={isSending}>
            {isSending ? 'Booking …' : 'Book'}
          </button>
        </footer>
      </form>
    </dialog>
  );
}
