#ifndef DOVETAIL_CFFTW_SHIM_H
#define DOVETAIL_CFFTW_SHIM_H
#include <fftw3.h>
#endif
