/*
 * core/base/stats_table.h - every counter, gauge and histogram the program keeps.
 * Why:    names, help and the number of series live once; GET /metrics prints this table.
 * Reads:  X(identifier, name, kind, labels, series, sentence)
 *         labels: which label set api/handle_metrics.c prints for a series index:
 *           NONE one series; REQUEST route x method x status; ROUTE; RENDER preset x format x
 *           result; FORMAT; CUT head, body, idle, stream, slow, half_dead; LIMIT rate, open.
 *         series: how many; indices are computed by series.h.
 * Rule:   labels come from closed enums only; no seed, path, address or user.
 */
#ifndef SCR_SERIES_ROUTES
#define SCR_SERIES_ROUTES 24
#define SCR_SERIES_METHODS 4
#define SCR_SERIES_STATUSES 24
#define SCR_SERIES_PRESETS 32
#define SCR_SERIES_FORMATS 4
#define SCR_SERIES_RESULTS 2
#define SCR_SERIES_CUTS 6
#define SCR_SERIES_LIMITS 2
#endif
X(HTTP_REQUESTS, "http_requests_total", COUNTER, REQUEST,
  SCR_SERIES_ROUTES * SCR_SERIES_METHODS * SCR_SERIES_STATUSES,
  "Requests answered, by route, method and status code.")
X(HTTP_DURATION, "http_request_duration_seconds", HISTOGRAM, ROUTE, SCR_SERIES_ROUTES,
  "Time from the request's first byte to the response's last, by route.")
X(HTTP_IN_FLIGHT, "http_requests_in_flight", GAUGE, NONE, 1, "Requests being answered now.")
X(HTTP_RESPONSE_BYTES, "http_response_body_bytes_total", COUNTER, ROUTE, SCR_SERIES_ROUTES,
  "Body bytes handed to the network, by route.")
X(HTTP_CONNECTIONS, "scream_http_connections", GAUGE, NONE, 1, "Open client connections.")
X(HTTP_CONNECTIONS_TOTAL, "scream_http_connections_total", COUNTER, NONE, 1,
  "Client connections accepted.")
X(HTTP_REFUSED, "scream_http_connections_refused_total", COUNTER, NONE, 1,
  "Client connections answered 503 because all places were taken or no descriptor was free.")
X(HTTP_CUT, "scream_http_connections_cut_total", COUNTER, CUT, SCR_SERIES_CUTS,
  "Client connections cut off, by reason.")
X(HTTP_LIMITED, "scream_http_limited_total", COUNTER, LIMIT, SCR_SERIES_LIMITS,
  "Requests and connections answered 429, by limit (rate, open).")
X(RENDERS, "scream_renders_total", COUNTER, RENDER,
  SCR_SERIES_PRESETS * SCR_SERIES_FORMATS * SCR_SERIES_RESULTS,
  "Screams rendered, by preset, format and result (ok, dropped).")
X(RENDER_DURATION, "scream_render_duration_seconds", HISTOGRAM, FORMAT, SCR_SERIES_FORMATS,
  "Time one scream took to render, by format.")
X(RENDERED_SAMPLES, "scream_rendered_samples_total", COUNTER, FORMAT, SCR_SERIES_FORMATS,
  "Samples per channel rendered, by format.")
X(FIRST_BYTE, "scream_time_to_first_byte_seconds", HISTOGRAM, FORMAT, SCR_SERIES_FORMATS,
  "Time from the request to the first byte of its audio, by format.")
X(CACHE_HITS, "scream_cache_hits_total", COUNTER, NONE, 1,
  "Requests that found their job finished.")
X(CACHE_MISSES, "scream_cache_misses_total", COUNTER, NONE, 1, "Requests that admitted a new job.")
X(SINGLEFLIGHT_SHARED, "scream_singleflight_shared_total", COUNTER, NONE, 1,
  "Requests that joined a job still being rendered.")
X(ARENA_EVICTED, "scream_arena_evicted_total", COUNTER, NONE, 1, "Finished jobs evicted.")
X(ARENA_FULL, "scream_arena_full_total", COUNTER, NONE, 1,
  "Requests answered 503 because no memory could be evicted.")
X(LOG_DROPPED, "scream_log_lines_dropped_total", COUNTER, NONE, 1,
  "Log lines lost because the ring was full.")
