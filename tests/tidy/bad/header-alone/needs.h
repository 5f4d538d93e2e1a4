/*
 * tests/tidy/bad/header-alone/needs.h - uses a type it does not include.
 */
size_t scr_needs(void);
