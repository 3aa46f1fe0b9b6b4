import { useEffect, useRef } from 'react';
import type { Problem } from '../api/answers';
import { dayName, spanText } from '../calendar/dates';

/** The reason why the API refused a booking: its message, or the times that are taken. */
export function Refused({ problem }: { problem: Problem }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone, the form may be scrolled.
    element.current?.scrollIntoView({ block: 'nearest' });
  }, [problem]);
  return (
    <div ref={element} role="alert" className="alert">
      <h3>{problem.title}</h3>
      {/* The detail has the times in UTC; these are the visitor's. */}
      {problem.taken.length === 0 ? (
        problem.detail !== '' && <p>{problem.detail}</p>
      ) : (
        <>
          <p>Already booked:</p>
          <ul>
            {problem.taken.map((span) => (
              <li key={span.start.getTime()}>
                {dayName(span.start)}, <b>{spanText(span)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
