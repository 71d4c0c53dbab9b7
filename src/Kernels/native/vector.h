// Element types and functions that the compiler turns into vector code; each file of kernels is compiled once for every instruction set.
// Nothing of the standard library that is compiled: the linker keeps one copy of it for all sets, which might be one that a processor
// lacks.
#pragma once

#include <cstdint>

#ifndef BT_SET
#error "BT_SET names the instruction set that this file is compiled for (see CMakeLists.txt)"
#endif

#define BT_INLINE inline __attribute__((always_inline))

namespace bench::BT_SET {

// The upper half of a float32.
struct bf16 {
    uint16_t bits;
};

BT_INLINE float as_float(uint32_t bits) {
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

BT_INLINE uint32_t as_bits(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

BT_INLINE float get(const float* from, int64_t i) { return from[i]; }
BT_INLINE float get(const bf16* from, int64_t i) { return as_float(static_cast<uint32_t>(from[i].bits) << 16); }

BT_INLINE void put(float* to, int64_t i, float value) { to[i] = value; }

// To the nearest, ties to even; what is no number stays none.
BT_INLINE void put(bf16* to, int64_t i, float value) {
    const uint32_t bits = as_bits(value);
    const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    to[i].bits = static_cast<uint16_t>(value == value ? rounded : 0x7fc0u);
}

// e^x to about one unit in the last place; exactly 0 below -87.
BT_INLINE float exponential(float x) {
    const float in = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
    const float shifted = in * 1.44269504f + 12582912.0f; // rounds to the nearest integer
    const float n = shifted - 12582912.0f;
    const float r = (in - n * 0.693359375f) - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const float scale = as_float(static_cast<uint32_t>(static_cast<int32_t>(n) + 127) << 23);
    return x < -87.0f ? 0.0f : p * scale;
}

constexpr float infinity = __builtin_inff(), log2_e = 1.44269504f, ln_2 = 0.69314718f;

BT_INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

}  // namespace bench::BT_SET
