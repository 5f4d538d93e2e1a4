/*
 * server/before.c - names the path it had before it moved.
 */
