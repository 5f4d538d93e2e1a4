/*
 * core/base/error_table.h - every error a room can report: name, class and sentence.
 * Why:    the name is what users match on (the problem type), so it lives once and never changes.
 * Reads:  X(identifier, name, class, sentence); the sentence completes "what went wrong".
 * Classes: INPUT the caller's fault; MISSING no such thing; BUSY try again later; PEER the other
 *          side broke off; INTERNAL our own fault.
 */
X(PARAM_UNKNOWN, "unknown-parameter", INPUT, "There is no parameter of this name.")
X(PARAM_REPEATED, "repeated-parameter", INPUT,
  "This parameter is given more than once; once is right.")
X(PARAM_SYNTAX, "malformed-value", INPUT, "The value is not written the way this parameter needs.")
X(PARAM_RANGE, "value-out-of-range", INPUT, "The value is outside the allowed range.")
X(SCREAM_TOO_LARGE, "scream-too-large", INPUT,
  "This scream is larger than all memory for screams together.")
X(PRESET_UNKNOWN, "unknown-preset", INPUT, "There is no preset of this name.")
X(QUERY_SYNTAX, "malformed-query", INPUT,
  "The query cannot be decoded: it must be percent-encoded UTF-8; a percent sign is %25.")
X(QUERY_TOO_MANY, "too-many-parameters", INPUT, "The query has too many parameters.")
X(URI_TOO_LONG, "uri-too-long", INPUT, "The request target is longer than 2,048 bytes.")
X(BODY_UNEXPECTED, "unexpected-body", INPUT, "This request must not carry a body.")
X(HEADER_SYNTAX, "malformed-header", INPUT, "A request header cannot be understood.")
X(HEADERS_TOO_MANY, "too-many-headers", INPUT, "The request has more than 64 header lines.")
X(VERSION, "http-version-not-supported", INPUT, "The server speaks HTTP/1.1 and HTTP/1.0 only.")
X(EXPECTATION, "expectation-failed", INPUT, "Expect allows 100-continue only.")
X(CLIENT_RATE, "too-many-requests", INPUT, "This client asks more often than it may.")
X(CLIENT_PLACES, "too-many-at-once", INPUT, "This client has as much open as it may.")
X(RANGE_UNSATISFIABLE, "range-not-satisfiable", INPUT, "The range begins beyond the end.")
X(PRECONDITION_FAILED, "precondition-failed", INPUT, "If-Match names another version.")
X(NOT_FOUND, "not-found", MISSING, "There is nothing at this address.")
X(METHOD_NOT_ALLOWED, "method-not-allowed", INPUT, "This address does not support the method.")
X(METHOD_UNKNOWN, "method-not-implemented", INPUT, "The server does not know the method.")
X(NOT_ACCEPTABLE, "not-acceptable", INPUT, "No available format fits the Accept header.")
X(ARENA_FULL, "arena-full", BUSY, "All memory for screams is in use.")
X(POOL_FULL, "pool-full", BUSY, "All places of this kind are in use.")
X(TOO_MANY_CONNECTIONS, "too-many-connections", BUSY, "The server has no free connection.")
X(NOT_READY, "not-ready", BUSY, "The server is starting or stopping.")
X(NO_SPACE, "no-space", INTERNAL, "The output does not fit where it was to be written.")
X(MEMORY, "out-of-memory", INTERNAL, "The memory asked for cannot be had.")
X(CODEC, "codec-failed", INTERNAL, "The Opus encoder refused its input.")
X(CRYPTO, "crypto-failed", INTERNAL, "A cryptographic primitive failed.")
X(IO, "io-failed", INTERNAL, "Reading or writing failed.")
X(INTERNAL, "internal-error", INTERNAL, "Something is wrong inside the server.")
