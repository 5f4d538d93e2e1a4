/*
 * core/dsp/kernel.h - an example of a vector type outside its home.
 */
typedef float scr_vf __attribute__((vector_size(16)));
