// Passes over rows of tokens: gated residual with normalisation and modulation, GELU, cross-entropy.
#pragma once

#include "kernels.h"
#include "vector.h"

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
BT_INLINE void add_branch_back(const float* gsum, const T* branch, const float* bias, const float* gate, T* gbranch, float* gbias, float* ggate, int64_t width) {
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
void normalise_rows(const Branch& branch, const float* x, const float* weight, const Modulation& m, float* stream, T* y, int64_t from, int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++) {
        const float* row = x + token * width;
        T* out = y + token * width;
        if (branch.output) {
            float* sum = stream + token * width;
            add_branch(row, static_cast<const T*>(branch.output) + token * width, branch.bias, branch.gates.part(token, branch.gates.first), sum, width);
            row = sum;
        }
        const auto [mean, inverse] = moments(row, width);
        if (m.table) {
            const float *shift = m.part(token, m.first), *scale = m.part(token, m.second);
#pragma omp simd
            for (int64_t i = 0; i < width; i++) put(out, i, (row[i] - mean) * inverse * weight[i] * (scale[i] + 1.0f) + shift[i]);
        } else {
#pragma omp simd
            for (int64_t i = 0; i < width; i++) put(out, i, (row[i] - mean) * inverse * weight[i]);
        }
    }
}

template <typename T>
void normalise_rows_back(const Branch& branch, const float* stream, const float* weight, const Modulation& m, const float* gstream, const T* gy, float* gx, T* gbranch, float* gweight, float* gbias,
                         int64_t from, int64_t to, int64_t width) {
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
void gelu_rows(const T* x, const float* bias, T* y, int64_t from, int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++) {
        const T* row = x + token * width;
        T* out = y + token * width;
#pragma omp simd
        for (int64_t i = 0; i < width; i++) {
            const float v = get(row, i) + bias[i];
            put(out, i, v / (1.0f + exponential(-twice_root * (v + cube * v * v * v))));
        }
    }
}

template <typename T>
void gelu_rows_back(const T* x, const float* bias, const T* gy, T* gx, float* gbias, int64_t from, int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++) {
        const T* row = x + token * width;
        const T* given = gy + token * width;
        T* out = gx + token * width;
#pragma omp simd
        for (int64_t i = 0; i < width; i++) {
            const float v = get(row, i) + bias[i];
            const float s = 1.0f / (1.0f + exponential(-twice_root * (v + cube * v * v * v)));
            const float g = get(given, i) * (s + v * s * (1.0f - s) * twice_root * (1.0f + 3.0f * cube * v * v));
            gbias[i] += g;
            put(out, i, g);
        }
    }
}

template <typename T>
void surprise_rows(const T* logits, const float* bias, const int64_t* targets, int64_t closed, float* nats, float* norms, int64_t from, int64_t to, int64_t width) {
    for (int64_t token = from; token < to; token++) {
        const T* row = logits + token * width;
        // Parts that stay in the nearest cache; the closed entry is taken out of each part's sum.
        constexpr int64_t part = 2048;
        float most = -infinity;
        double sum = 0;
        for (int64_t start = 0; start < width; start += part) {
            const int64_t end = least(width, start + part);
            const bool has = closed >= start && closed < end;
            float values[part];
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
            float added = 0;
#pragma omp simd reduction(+ : added)
            for (int64_t i = 0; i < count; i++) added += exponential(values[i] - most);
            sum += added;
        }
        norms[token] = most + static_cast<float>(__builtin_log(sum));
        const int64_t target = targets[token];
        nats[token] = target == closed ? infinity : norms[token] - (get(row, target) + (bias ? bias[target] : 0.0f));
    }
}

template <typename T>
void surprise_rows_back(const T* logits, const float* bias, const int64_t* targets, int64_t closed, const float* norms, const float* gnats, T* glogits, float* gbias, int64_t from, int64_t to,
                        int64_t width) {
    for (int64_t token = from; token < to; token++) {
        const T* row = logits + token * width;
        T* out = glogits + token * width;
        const float g = gnats[token], norm = norms[token];
        const int64_t target = targets[token];
        const bool closes = closed >= 0 && closed < width;
        if (bias) {
            const float kept = closes ? gbias[closed] : 0.0f;
#pragma omp simd
            for (int64_t i = 0; i < width; i++) {
                const float p = g * exponential(get(row, i) + bias[i] - norm);
                gbias[i] += p;
                put(out, i, p);
            }
            if (closes) gbias[closed] = kept;
            gbias[target] -= g;
        } else {
#pragma omp simd
            for (int64_t i = 0; i < width; i++) put(out, i, g * exponential(get(row, i) - norm));
        }
        put(out, target, g * (exponential(get(row, target) + (bias ? bias[target] : 0.0f) - norm) - 1.0f));
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

void normalise(Element type, const Branch& branch, const float* x, const float* weight, const Modulation& m, float* stream, void* y, int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(normalise_rows, T, branch, x, weight, m, stream, OUT(T, y), from, to, width)
}

void normalise_back(Element type, const Branch& branch, const float* stream, const float* weight, const Modulation& m, const float* gstream, const void* gy, float* gx, void* gbranch, float* gweight,
                    float* gbias, int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(normalise_rows_back, T, branch, stream, weight, m, gstream, IN(T, gy), gx, OUT(T, gbranch), gweight, gbias, from, to, width)
}

void gelu(Element type, const void* x, const float* bias, void* y, int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(gelu_rows, T, IN(T, x), bias, OUT(T, y), from, to, width)
}

void gelu_back(Element type, const void* x, const float* bias, const void* gy, void* gx, float* gbias, int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(gelu_rows_back, T, IN(T, x), bias, IN(T, gy), OUT(T, gx), gbias, from, to, width)
}

void surprise(Element type, const void* logits, const float* bias, const int64_t* targets, int64_t closed, float* nats, float* norms, int64_t from, int64_t to, int64_t width) {
    BT_BY_TYPE(surprise_rows, T, IN(T, logits), bias, targets, closed, nats, norms, from, to, width)
}

void surprise_back(Element type, const void* logits, const float* bias, const int64_t* targets, int64_t closed, const float* norms, const float* gnats, void* glogits, float* gbias, int64_t from,
                   int64_t to, int64_t width) {
    BT_BY_TYPE(surprise_rows_back, T, IN(T, logits), bias, targets, closed, norms, gnats, OUT(T, glogits), gbias, from, to, width)
}

}  // namespace

}  // namespace bench::BT_SET
