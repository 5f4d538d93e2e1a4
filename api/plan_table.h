/*
 * api/plan_table.h - the plans of URLs that were asked for lately.
 * Why:    measured: making a plan was a third of our own work for a cached scream, and depends on
 *         nothing but the text of its query, the format and what is set at boot.
 * Layout: a text's hash names the one place where its plan may stand; who comes later takes it.
 * Memory: SCR_PLANS_MAX places, made at boot.
 * Limits: texts of up to SCR_PLAN_TEXT_BYTES_MAX bytes. Whoever fills the table with other texts
 *         only brings back the work that was saved.
 * Thread: any. A place is locked while it is copied; nobody waits for one, but works it out.
 */
#ifndef SCR_API_PLAN_TABLE_H
#define SCR_API_PLAN_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/plan.h"
#include "core/base/error.h"

struct scr_plan_table;

/** Bytes that scr_plan_table_create takes at boot. */
uint64_t scr_plan_table_memory_bytes(void);

/** Makes an empty table. Boot only. errors SCR_ERR_MEMORY */
SCR_MUST_USE enum scr_err scr_plan_table_create(struct scr_plan_table **table);

/** Frees it and nulls *table. */
void scr_plan_table_destroy(struct scr_plan_table **table);

/**
 * Finds the plan of exactly this text and format.
 * in      table  NULL: there is none
 * out     plan   written when the answer is true
 */
bool scr_plan_table_find(struct scr_plan_table *table,
                         const char *text,
                         enum scr_format format,
                         struct scr_plan *plan);

/** Remembers a plan that is not fresh, if its text fits; in table NULL: does nothing. */
void scr_plan_table_keep(struct scr_plan_table *table,
                         const char *text,
                         const struct scr_plan *plan);

#endif
