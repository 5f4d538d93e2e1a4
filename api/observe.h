/*
 * api/observe.h - the labels under which requests are counted.
 * Why:    who counts (observe.c) and who prints (handle_metrics.c) must mean the same series.
 */
#ifndef SCR_API_OBSERVE_H
#define SCR_API_OBSERVE_H

#include <stdint.h>

#include "api/request.h"

/** The index of a status code among those we send; what is not among them shares the last. */
uint32_t scr_status_index(uint16_t status);

/** The code of an index below scr_status_count(); 0 stands for "another". */
uint16_t scr_status_code(uint32_t index);

/** How many indices there are. */
uint32_t scr_status_count(void);

/**
 * Copies the trace id of a W3C traceparent header, 32 hexadecimal digits; "" when there is none or
 * it is malformed.
 */
void scr_trace_id_read(const struct scr_request *request, char trace_id[33]);

#endif
