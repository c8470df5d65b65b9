/** Why an operator's act was not done, in words for the operator; each line stands for itself. */
export class OperationError extends Error {
  readonly code = 'operation_failed';

  constructor(lines: readonly string[], options?: ErrorOptions) {
    super(lines.join('\n'), options);
    this.name = 'OperationError';
  }
}
