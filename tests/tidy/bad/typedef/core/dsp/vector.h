/*
 * core/dsp/vector.h - an example of another type in the home of vector types.
 */
typedef struct scr_vector {
    float numbers[16];
} scr_vector;
