/*
 * server/config_table.h - every setting: the one place where each fact stands.
 * Why:    environment, configuration file, flags, help, completion and `scream config` read it.
 * Reads:  X(identifier, environment, key, flag, letter, kind, allowed, default, minimum, maximum,
 *           commands, sentence)
 *         environment, flag: "" where there is none; letter: short flag or 0;
 *         kind: SECRET, TEXT, GUILD, CHOICE (allowed: names between bars), PRESET, DURATION, REAL,
 *         COUNT, SIZE, BOOL, ADDRESS, NETWORKS; minimum and maximum: DURATION in seconds, SIZE in
 *         bytes;
 *         default: text, "" where the setting is unset; commands: which take the flag.
 * Names:  the first eleven are go-scream's and keep its names; the rest is ours.
 */
X(TOKEN, "DISCORD_TOKEN", "token", "token", 0, SECRET, "", "", 0, 0, SCR_IN_SERVE,
  "Discord bot token; shown masked, and wiped from the process list.")
X(GUILD_ID, "SCREAM_GUILD_ID", "guild_id", "", 0, GUILD, "", "", 0, 0, 0,
  "Discord server to scream in when a request names none.")
X(BACKEND, "SCREAM_BACKEND", "backend", "backend", 0, CHOICE, "native", "native", 0, 0,
  SCR_IN_GENERATE, "Sound engine; native is the only one.")
X(PRESET, "SCREAM_PRESET", "preset", "preset", 0, PRESET, "", "classic", 0, 0, SCR_IN_GENERATE,
  "Named sound of the commands; random draws every parameter.")
X(DURATION, "SCREAM_DURATION", "duration", "duration", 0, DURATION, "", "", 0.05, 300,
  SCR_IN_GENERATE, "Length of the sound (3s, 500ms, 1m30s, seconds); unset: the preset's own.")
X(VOLUME, "SCREAM_VOLUME", "volume", "volume", 0, REAL, "", "1", 0, 1, SCR_IN_GENERATE,
  "Linear loudness; 0 is silence.")
X(FORMAT, "SCREAM_FORMAT", "format", "format", 0, CHOICE, "ogg|wav", "ogg", 0, 0, SCR_IN_GENERATE,
  "File format, where the file's name does not tell.")
X(OUTPUT_FILE, "", "output_file", "output", 'o', TEXT, "", "", 0, 0, SCR_IN_GENERATE,
  "File to write (.ogg, .opus, .wav); - is standard output.")
X(DRY_RUN, "", "dry_run", "", 0, BOOL, "", "false", 0, 0, 0,
  "Rehearse: render and encode, send nothing to Discord.")
X(VERBOSE, "SCREAM_VERBOSE", "verbose", "verbose", 'v', BOOL, "", "false", 0, 0, SCR_IN_ALL,
  "Log more: info instead of warn; debug in serve.")
X(LOG_LEVEL, "SCREAM_LOG_LEVEL", "log_level", "log-level", 0, CHOICE, "debug|info|warn|error", "",
  0, 0, SCR_IN_ALL, "Least level that is logged; unset: warn, in serve info.")
X(LOG_FORMAT, "SCREAM_LOG_FORMAT", "log_format", "log-format", 0, CHOICE, "auto|json|text", "auto",
  0, 0, SCR_IN_SERVE | SCR_IN_GENERATE, "Form of log lines; auto: text on a terminal, else JSON.")
X(ISA, "SCREAM_ISA", "isa", "", 0, CHOICE, "auto|scalar|sse2|avx2|avx512|neon", "auto", 0, 0, 0,
  "Instruction set of the sound engine; auto: the widest that runs. All make the same samples.")
X(HTTP_ADDR, "SCREAM_HTTP_ADDR", "http_addr", "http-addr", 0, ADDRESS, "", "127.0.0.1", 0, 0,
  SCR_IN_SERVE | SCR_IN_HEALTHCHECK, "IPv4 or IPv6 address to listen on; * is all of both.")
X(HTTP_PORT, "SCREAM_HTTP_PORT", "http_port", "http-port", 0, COUNT, "", "8080", 0, 65535,
  SCR_IN_SERVE | SCR_IN_HEALTHCHECK, "Port to listen on; 0 takes any free one.")
X(ADMIN_PORT, "SCREAM_ADMIN_PORT", "admin_port", "admin-port", 0, COUNT, "", "", 0, 65535,
  SCR_IN_SERVE | SCR_IN_HEALTHCHECK,
  "Port for health and metrics alone; unset: they are on http_port; 0 takes any free one.")
X(ARENA_BYTES, "SCREAM_ARENA_BYTES", "arena_bytes", "arena-bytes", 0, SIZE, "", "32MiB",
  SCR_ARENA_BYTES_MIN, SCR_ARENA_BYTES_MAX, SCR_IN_SERVE,
  "Memory for screams, being rendered and cached (bytes, KiB, MiB, GiB).")
X(MAX_DURATION, "SCREAM_MAX_DURATION", "max_duration", "max-duration", 0, DURATION, "", "60s",
  0.05, 300, SCR_IN_SERVE | SCR_IN_GENERATE, "Longest sound that may be asked for.")
X(MAX_VOLUME, "SCREAM_MAX_VOLUME", "max_volume", "max-volume", 0, REAL, "", "1", 0, 1,
  SCR_IN_SERVE | SCR_IN_GENERATE, "Louder requests are turned down to this.")
X(MAX_CONNECTIONS, "SCREAM_MAX_CONNECTIONS", "max_connections", "max-connections", 0, COUNT, "",
  "256", SCR_CONNECTIONS_MIN, SCR_CONNECTIONS_MAX, SCR_IN_SERVE,
  "Connections served at once; more are answered 503.")
X(MAX_PER_ADDRESS, "SCREAM_MAX_PER_ADDRESS", "max_per_address", "max-per-address", 0, COUNT, "",
  "0", 0, SCR_CONNECTIONS_MAX, SCR_IN_SERVE,
  "Connections, and likewise responses, that one client address may have open; 0: no limit.")
X(RATE, "SCREAM_RATE", "rate", "rate", 0, REAL, "", "0", 0, 10000, SCR_IN_SERVE,
  "Requests per second of one client address; more are answered 429; 0: no limit.")
X(RATE_BURST, "SCREAM_RATE_BURST", "rate_burst", "rate-burst", 0, COUNT, "", "20", 1,
  SCR_CLIENT_BURST_MAX, SCR_IN_SERVE,
  "Requests one client address may make at once before the rate counts.")
X(TRUSTED_PROXIES, "SCREAM_TRUSTED_PROXIES", "trusted_proxies", "trusted-proxies", 0, NETWORKS, "",
  "", 0, 0, SCR_IN_SERVE,
  "Proxies whose X-Forwarded-For is believed: addresses and networks, parted by commas.")
X(DRAIN_DELAY, "SCREAM_DRAIN_DELAY", "drain_delay", "drain-delay", 0, DURATION, "", "0s", 0, 3600,
  SCR_IN_SERVE, "How long a stop keeps serving, not ready, so that load balancers look away.")
X(DRAIN_TIMEOUT, "SCREAM_DRAIN_TIMEOUT", "drain_timeout", "drain-timeout", 0, DURATION, "", "30s",
  0, 3600, SCR_IN_SERVE, "How long a stop then waits for running responses to end.")
