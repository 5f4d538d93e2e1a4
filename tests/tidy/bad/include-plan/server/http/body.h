/*
 * server/http/body.h - an example of what the rule include-plan refuses.
 */
