/**
 * The version of the wire, a whole number. A client sends it in the `Continuo-Version` header of every request; a
 * server that does not speak it answers `426` with the code `version_unsupported` and the versions it speaks.
 * It grows only when an old client would misread a new server.
 */
export const PROTOCOL_VERSION = 1;
export type ProtocolVersion = typeof PROTOCOL_VERSION;

/** Name of the header that carries {@link PROTOCOL_VERSION} in both directions. */
export const VERSION_HEADER = 'continuo-version';
