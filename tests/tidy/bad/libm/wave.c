/*
 * tests/tidy/bad/libm/wave.c - a sound object that calls libm.
 */
double sin(double);
double scr_wave(double x);

double scr_wave(double x)
{
    return sin(x);
}
