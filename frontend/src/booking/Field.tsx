import type { ReactNode } from 'react';

interface FieldProps {
  label: string;
  name: string;
  error: string | undefined;
  hint?: string;
  /** The control, with the attributes that associate it with its label and its error. */
  children: (attributes: { id: string; name: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ReactNode;
}

/** A labeled control with its error. */
export function Field({ label, name, error, hint, children }: FieldProps) {
  const id = `booking-${name}`;
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter((part) => part !== false);
  return (
    <div className="field" data-field={name}>
      <label htmlFor={id}>{label}</label>
      {children({ id, name, 'aria-invalid': error !== undefined, 'aria-describedby': described.join(' ') || undefined })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  );
}
