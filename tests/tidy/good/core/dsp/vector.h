/*
 * core/dsp/vector.h - an example: the one home of vector types, which are typedefs.
 */
#ifndef SCR_DSP_VECTOR_H
#define SCR_DSP_VECTOR_H

#if SCR_VECTOR_LANES == 1
typedef float scr_vf;
#else
typedef float scr_vf __attribute__((vector_size(4 * SCR_VECTOR_LANES)));
#endif

#endif
