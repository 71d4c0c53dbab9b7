// Passes over rows of tokens: gated residual with normalisation and modulation, GELU, cross-entropy.
#pragma once

#include "kernels.h"
#include "lanes.h"

namespace bench::BT_SET {

namespace {

constexpr float epsilon = 1e-5f;

struct Moments {
    float mean, inverse;
};

BT_INLINE Moments moments(const float* x, int64_t width) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < width; i++) sum += x[i];
    const float mean = sum / static_cast<float>(width);
    float square = 0;
#pragma omp simd reduction(+ : square)
    for (int64_t i = 0; i < width; i++) square += (x[i] - mean) * (x[i] - mean);
    return {mean, 1.0f / __builtin_sqrtf(square / static_cast<float>(width) + epsilon)};
}

// x + gate · (branch + bias)
template <typename T>
BT_INLINE void add_branch(const float* x, const T* branch, const float* bias, const float* gate, float* out, int64_t width) {
    if (gate && bias) {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) out[i] = x[i] + gate[i] * (get(branch, i) + bias[i]);
    } else if (gate) {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) out[i] = x[i] + gate[i] * get(branch, i);
    } else if (bias) {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) out[i] = x[i] + (get(branch, i) + bias[i]);
    } else {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) out[i] = x[i] + get(branch, i);
    }
}

// From the gradient of the sum to that of the branch, of its bias and of its gate.
template <typename T>
BT_INLINE void add_branch_back(
    const float* gsum, const T* branch, const float* bias, const float* gate, T* gbranch, float* gbias, float* ggate, int64_t width) {
    if (gate && bias) {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) {
            ggate[i] += gsum[i] * (get(branch, i) + bias[i]);
            gbias[i] += gsum[i] * gate[i];
            put(gbranch, i, gsum[i] * gate[i]);
        }
    } else if (gate) {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) {
            ggate[i] += gsum[i] * get(branch, i);
            put(gbranch, i, gsum[i] * gate[i]);
        }
    } else if (bias) {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) {
            gbias[i] += gsum[i];
            put(gbranch, i, gsum[i]);
        }
    } else {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) put(gbranch, i, gsum[i]);
    }
}

template <typename T>
BT_INLINE void put_normal(
    const float* x, const Moments& of, const float* weight, const float* scale, const float* shift, T* out, int64_t width) {
    const auto [mean, inverse] = of;
    if (scale) {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) put(out, i, (x[i] - mean) * inverse * weight[i] * (scale[i] + 1.0f) + shift[i]);
    } else {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) put(out, i, (x[i] - mean) * inverse * weight[i]);
    }
}

#if defined(__AVX512BF16__)
BT_INLINE void put_normal(
    const float* x, const Moments& of, const float* weight, const float* scale, const float* shift, bf16* out, int64_t width) {
    put_each(out, width, BT_VECTOR {
        const vec normal = (load(x + i, some) - of.mean) * of.inverse * load(weight + i, some);
        return scale ? normal * (load(scale + i, some) + 1.0f) + load(shift + i, some) : normal;
    });
}
#endif

template <typename T>
void normalise_rows(const Branch& branch, const float* x, const float* weight, const Modulation& m, float* stream, T* y, int64_t from,
    int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++) {
        const float* row = x + token * width;
        T* out = y + token * width;
        if (branch.output) {
            float* sum = stream + token * width;
            add_branch(row, static_cast<const T*>(branch.output) + token * width, branch.bias, branch.gates.part(token, branch.gates.first),
                sum, width);
            row = sum;
        }
        put_normal(row, moments(row, width), weight, m.part(token, m.second), m.part(token, m.first), out, width);
    }
}

template <typename T>
void normalise_rows_back(const Branch& branch, const float* stream, const float* weight, const Modulation& m, const float* gstream,
    const T* gy, float* gx, T* gbranch, float* gweight, float* gbias, int64_t from, int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++) {
        const float* row = stream + token * width;
        const T* given = gy + token * width;
        float* out = gx + token * width;
        const auto [mean, inverse] = moments(row, width);
        float sum = 0, along = 0;
        if (m.table) {
            const float* scale = m.part(token, m.second);
            float* gshift = m.sums(token, m.gradient.first);
            float* gscale = m.sums(token, m.gradient.second);
#pragma omp simd reduction(+ : sum, along)
            for (int64_t i = 0; i < width; i++) {
                const float g = get(given, i), normal = (row[i] - mean) * inverse, on = g * (scale[i] + 1.0f);
                gshift[i] += g;
                gscale[i] += g * normal * weight[i];
                gweight[i] += on * normal;
                sum += on * weight[i];
                along += on * weight[i] * normal;
                out[i] = on * weight[i];
            }
        } else {
#pragma omp simd reduction(+ : sum, along)
            for (int64_t i = 0; i < width; i++) {
                const float g = get(given, i), normal = (row[i] - mean) * inverse;
                gweight[i] += g * normal;
                sum += g * weight[i];
                along += g * weight[i] * normal;
                out[i] = g * weight[i];
            }
        }
        sum /= static_cast<float>(width);
        along /= static_cast<float>(width);
#pragma omp simd
        for (int64_t i = 0; i < width; i++) out[i] = inverse * (out[i] - sum - (row[i] - mean) * inverse * along);
        if (gstream) {
            const float* past = gstream + token * width;
#pragma omp simd
            for (int64_t i = 0; i < width; i++) out[i] += past[i];
        }
        if (gbranch) {
            const Modulation& gates = branch.gates;
            const T* output = branch.output ? static_cast<const T*>(branch.output) + token * width : nullptr; // none where there is no gate
            add_branch_back(out, output, branch.bias, gates.part(token, gates.first), gbranch + token * width, gbias,
                            gates.sums(token, gates.gradient.first), width);
        }
    }
}

// x s with s = 1 / (1 + e^-2u), u = sqrt(2/pi) (x + 0.044715 x^3): GELU's tanh form.
constexpr float twice_root = 1.5957691216f, cube = 0.044715f;

template <typename T>
BT_INLINE void gelu_row(const T* x, const float* bias, T* out, int64_t width) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) {
        const float v = get(x, i) + bias[i];
        put(out, i, v / (1.0f + exponential(-twice_root * (v + cube * v * v * v))));
    }
}

template <typename T>
BT_INLINE void gelu_row_back(const T* x, const float* bias, const T* given, T* out, float* gbias, int64_t width) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) {
        const float v = get(x, i) + bias[i];
        const float s = 1.0f / (1.0f + exponential(-twice_root * (v + cube * v * v * v)));
        const float g = get(given, i) * (s + v * s * (1.0f - s) * twice_root * (1.0f + 3.0f * cube * v * v));
        gbias[i] += g;
        put(out, i, g);
    }
}

#if defined(__AVX512BF16__)
// What becomes a bfloat16 needs no more of an inverse than its first 14 bits.
BT_INLINE vec rough_inverse(const vec& x) { return _mm512_rcp14_ps(x); }

// e^-2u; finite, so that s times it is what s lacks of 1.
BT_INLINE vec fade(const vec& v, const vec& square) {
    return power<pair>(-larger(v * (twice_root * log2_e + twice_root * log2_e * cube * square), vec{} - 126.0f));
}

BT_INLINE void gelu_row(const bf16* x, const float* bias, bf16* out, int64_t width) {
    put_each(out, width, BT_VECTOR {
        const vec v = load(x + i, some) + load(bias + i, some);
        return v * rough_inverse(1.0f + fade(v, v * v));
    });
}

BT_INLINE void gelu_row_back(const bf16* x, const float* bias, const bf16* given, bf16* out, float* gbias, int64_t width) {
    put_each(out, width, BT_VECTOR {
        const vec v = load(x + i, some) + load(bias + i, some), square = v * v, e = fade(v, square), s = rough_inverse(1.0f + e);
        const vec g = load(given + i, some) * (s + v * s * (e * s) * (twice_root + 3.0f * twice_root * cube * square));
        store(gbias + i, some, load(gbias + i, some) + g);
        return g;
    });
}
#endif

template <typename T>
void gelu_rows(const T* x, const float* bias, T* y, int64_t from, int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++) gelu_row(x + token * width, bias, y + token * width, width);
}

template <typename T>
void gelu_rows_back(const T* x, const float* bias, const T* gy, T* gx, float* gbias, int64_t from, int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++)
        gelu_row_back(x + token * width, bias, gy + token * width, gx + token * width, gbias, width);
}

template <typename T>
void cross_entropy_rows(const T* logits, const float* bias, const int64_t* targets, int64_t closed, float* nats, float* norms, int64_t from,
    int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++) {
        const T* row = logits + token * width;
        // Parts that stay in the nearest cache; the closed entry is taken out of each part's sum.
        constexpr int64_t part = 2048;
        float most = -infinity;
        double sum = 0;
        for (int64_t start = 0; start < width; start += part) {
            const int64_t end = least(width, start + part);
            const bool has = closed >= start && closed < end;
            float values[part + lanes];
            float peak = -infinity;
            if (bias) {
#pragma omp simd
                for (int64_t i = start; i < end; i++) values[i - start] = get(row, i) + bias[i];
            } else {
#pragma omp simd
                for (int64_t i = start; i < end; i++) values[i - start] = get(row, i);
            }
            if (has) values[closed - start] = -infinity;
            const int64_t count = end - start;
#pragma omp simd reduction(max : peak)
            for (int64_t i = 0; i < count; i++) peak = values[i] > peak ? values[i] : peak;
            if (peak == -infinity) continue;
            if (peak > most) {
                sum *= __builtin_exp(static_cast<double>(most) - peak);
                most = peak;
            }
            for (int64_t i = count; i < padded(count, lanes); i++) values[i] = -infinity;
            vec added = {};
            for (int64_t i = 0; i < count; i += lanes) added += power<float>((at(values + i) - most) * log2_e);
            sum += total(added);
        }
        norms[token] = most + static_cast<float>(__builtin_log(sum));
        const int64_t target = targets[token];
        nats[token] = target == closed ? infinity : norms[token] - (get(row, target) + (bias ? bias[target] : 0.0f));
    }
}

// Probabilities times g, which are added to the gradient of the bias.
template <typename T>
BT_INLINE void put_probabilities(const T* logits, const float* bias, float norm, float g, T* out, float* gbias, int64_t width) {
    if (bias) {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) {
            const float p = g * exponential(get(logits, i) + bias[i] - norm);
            gbias[i] += p;
            put(out, i, p);
        }
    } else {
#pragma omp simd
        for (int64_t i = 0; i < width; i++) put(out, i, g * exponential(get(logits, i) - norm));
    }
}

#if defined(__AVX512BF16__)
BT_INLINE void put_probabilities(const bf16* logits, const float* bias, float norm, float g, bf16* out, float* gbias, int64_t width) {
    put_each(out, width, BT_VECTOR {
        vec x = load(logits + i, some);
        if (bias) x += load(bias + i, some);
        const vec p = g * power<float>((x - norm) * log2_e);
        if (bias) store(gbias + i, some, load(gbias + i, some) + p);
        return p;
    });
}
#endif

template <typename T>
void cross_entropy_rows_back(const T* logits, const float* bias, const int64_t* targets, int64_t closed, const float* norms,
    const float* gnats, T* glogits, float* gbias, int64_t from, int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++) {
        const T* row = logits + token * width;
        T* out = glogits + token * width;
        const float g = gnats[token], norm = norms[token];
        const int64_t target = targets[token];
        const bool closes = closed >= 0 && closed < width;
        const float kept = bias && closes ? gbias[closed] : 0.0f;
        const float own = get(row, target) + (bias ? bias[target] : 0.0f); // read first: the gradient may take the logits' place
        put_probabilities(row, bias, norm, g, out, gbias, width);
        if (bias) {
            if (closes) gbias[closed] = kept;
            gbias[target] -= g;
        }
        put(out, target, g * (exponential(own - norm) - 1.0f));
        if (closes) put(out, closed, 0.0f);
    }
}

#define BT_BY_TYPE(function, T, ...) \
    if (type == Element::Float32) {  \
        using T = float;             \
        function(__VA_ARGS__);       \
    } else {                         \
        using T = bf16;              \
        function(__VA_ARGS__);       \
    }
#define IN(T, pointer) static_cast<const T*>(pointer)
#define OUT(T, pointer) static_cast<T*>(pointer)

void normalise(Element type, const Branch& branch, const float* x, const float* weight, const Modulation& m, float* stream, void* y,
    int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(normalise_rows, T, branch, x, weight, m, stream, OUT(T, y), from, to, width)
}

void normalise_back(Element type, const Branch& branch, const float* stream, const float* weight, const Modulation& m, const float* gstream,
    const void* gy, float* gx, void* gbranch, float* gweight, float* gbias, int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(normalise_rows_back, T, branch, stream, weight, m, gstream, IN(T, gy), gx, OUT(T, gbranch), gweight, gbias, from, to, width)
}

void gelu(Element type, const void* x, const float* bias, void* y, int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(gelu_rows, T, IN(T, x), bias, OUT(T, y), from, to, width)
}

void gelu_back(
    Element type, const void* x, const float* bias, const void* gy, void* gx, float* gbias, int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(gelu_rows_back, T, IN(T, x), bias, IN(T, gy), OUT(T, gx), gbias, from, to, width)
}

void cross_entropy(Element type, const void* logits, const float* bias, const int64_t* targets, int64_t closed, float* nats, float* norms,
    int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(cross_entropy_rows, T, IN(T, logits), bias, targets, closed, nats, norms, from, to, width)
}

void cross_entropy_back(Element type, const void* logits, const float* bias, const int64_t* targets, int64_t closed, const float* norms,
    const float* gnats, void* glogits, float* gbias, int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(cross_entropy_rows_back, T, IN(T, logits), bias, targets, closed, norms, gnats, OUT(T, glogits), gbias, from, to, width)
}

}  // namespace

}  // namespace bench::BT_SET
